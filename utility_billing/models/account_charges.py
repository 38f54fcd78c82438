from odoo import fields, models


class Account(models.Model):
    """What was charged to an account, and what corrections await it."""

    _inherit = "utility.account"

    charge_count = fields.Integer(
        compute="_compute_charge_count", groups="utility_base.group_reader"
    )

    def _compute_charge_count(self):
        counts = dict(
            self.env["utility.charge"]._read_group(
                [("account_id", "in", self.ids), ("state", "!=", "cancelled")],
                ["account_id"],
                ["__count"],
            )
        )
        for account in self:
            account.charge_count = counts.get(account, 0)

    def action_open_charges(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Charges"),
            "res_model": "utility.charge",
            "view_mode": "list,pivot,graph,form",
            "domain": [("account_id", "=", self.id)],
            "context": {"search_default_live": 1, "search_default_group_month": 1},
        }

    def action_preview_corrections(self):
        """What changed facts will bring on the next bill."""
        self.ensure_one()
        preview = self.env["utility.correction.preview"].create({"account_id": self.id})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Corrections to Come"),
            "res_model": "utility.correction.preview",
            "res_id": preview.id,
            "view_mode": "form",
            "target": "new",
        }
