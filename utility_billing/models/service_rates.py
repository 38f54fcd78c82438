from odoo import fields, models


class Service(models.Model):
    """What a service's prices are multiplied by, and how they are taxed."""

    _inherit = "utility.service"

    source_ids = fields.One2many(
        "utility.service.source",
        "service_id",
        "Order of Quantities",
        help="On each day the first source that has a quantity counts; empty: usage, or else a "
        "share of the building.",
    )
    dated_tax_ids = fields.One2many("utility.service.tax", "service_id", "Taxes from a Day on")
    schedule_count = fields.Integer(
        compute="_compute_schedule_count", groups="utility_base.group_reader"
    )

    def _compute_schedule_count(self):
        counts = dict(
            self.env["utility.rate.schedule"]._read_group(
                [("service_id", "in", self.ids)], ["service_id"], ["__count"]
            )
        )
        for service in self:
            service.schedule_count = counts.get(service, 0)

    def _taxes_on(self, day):
        """The taxes in force on a day: the dated ones, else the service's own."""
        dated = self.dated_tax_ids._in_force(day)
        return dated.tax_ids if dated else self.tax_ids

    def action_open_schedules(self):
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("utility_billing.rate_schedule_action"),
            "domain": [("service_id", "=", self.id)],
            "context": {"default_service_id": self.id},
        }
