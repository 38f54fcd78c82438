from odoo import api, fields, models


class UsageRunTotal(models.Model):
    """What a run found for a service, beside what was before."""

    _name = "utility.usage.run.total"
    _description = "Total of a Calculation of Usage"
    _order = "run_id, service_id"
    _rec_name = "service_id"

    run_id = fields.Many2one("utility.usage.run", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="run_id.company_id", store=True, precompute=True)
    service_id = fields.Many2one("utility.service", required=True, ondelete="cascade")
    uom_id = fields.Many2one(related="service_id.uom_id")
    usage_count = fields.Integer("Service Points")
    quantity = fields.Float(digits="Utility Quantity", aggregator=None)
    estimated_quantity = fields.Float(
        "Thereof Estimated", digits="Utility Quantity", aggregator=None
    )
    before_quantity = fields.Float(
        "Period before", digits="Utility Quantity", aggregator=None, help="Of the same points."
    )
    year_ago_quantity = fields.Float(
        "A Year Ago",
        digits="Utility Quantity",
        aggregator=None,
        help="Of the same points, in periods that ended in the same month.",
    )
    before_change = fields.Float("Change, %", compute="_compute_changes", digits=(16, 1))
    year_change = fields.Float("Change in a Year, %", compute="_compute_changes", digits=(16, 1))

    @api.depends("quantity", "before_quantity", "year_ago_quantity")
    def _compute_changes(self):
        for total in self:
            total.before_change = total._change(total.before_quantity)
            total.year_change = total._change(total.year_ago_quantity)

    def _change(self, before):
        return 100 * (self.quantity - before) / before if before else 0
