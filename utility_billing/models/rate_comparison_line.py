from odoo import fields, models


class RateComparisonLine(models.Model):
    """What an account pays for a service, and what it would pay."""

    _name = "utility.rate.comparison.line"
    _description = "Line of a Comparison of Tariffs"
    _order = "comparison_id desc, difference desc, id"
    _rec_name = "account_id"

    comparison_id = fields.Many2one(
        "utility.rate.comparison", required=True, index=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    account_id = fields.Many2one(
        "utility.account", required=True, index=True, readonly=True, ondelete="cascade"
    )
    service_point_id = fields.Many2one(
        "utility.service.point", required=True, readonly=True, ondelete="cascade"
    )
    service_id = fields.Many2one("utility.service", readonly=True, ondelete="cascade")
    premise_id = fields.Many2one(
        "utility.premise", index="btree_not_null", readonly=True, ondelete="cascade"
    )
    building_id = fields.Many2one("utility.premise", readonly=True, ondelete="cascade")
    was = fields.Monetary(readonly=True, help="With taxes.")
    now = fields.Monetary("Would Be", readonly=True, help="With taxes.")
    difference = fields.Monetary(readonly=True)
    percent = fields.Float("Change, %", digits=(16, 1), readonly=True, aggregator="avg")
    bucket_id = fields.Many2one(
        "utility.rate.comparison.bucket",
        "How Much More",
        index="btree_not_null",
        readonly=True,
        ondelete="set null",
    )
    problem = fields.Char(readonly=True, help="Why it could not be rated both ways.")

    def action_check(self):
        """The account in the rate check, with all that it rests on."""
        self.ensure_one()
        comparison = self.comparison_id
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Tariff Check"),
            "res_model": "utility.rate.check",
            "view_mode": "form",
            "target": "new",
            "context": {
                "dialog_size": "extra-large",
                "default_about": "account",
                "default_account_id": self.account_id.id,
                "default_service_id": self.service_id.id,
                "default_service_point_id": self.service_point_id.id,
                "default_date_start": fields.Date.to_string(comparison._span()[0]),
                "default_date_end": fields.Date.to_string(comparison._span()[1]),
                "default_version_id": comparison.other_version_id.id,
                "default_plan_id": comparison.other_plan_id.id,
            },
        }
