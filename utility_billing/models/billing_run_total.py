from odoo import fields, models
from odoo.tools import format_amount


class BillingRunTotal(models.Model):
    """Sums of a run by service, beside what the same places were charged a month before."""

    _name = "utility.billing.run.total"
    _description = "Total of a Billing Run"
    _order = "run_id, service_id"
    _rec_name = "service_id"

    run_id = fields.Many2one("utility.billing.run", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="run_id.company_id", store=True, precompute=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    service_id = fields.Many2one("utility.service", required=True, ondelete="cascade")
    account_count = fields.Integer("Accounts")
    quantity = fields.Float(
        digits="Utility Quantity", help="Of the service's own quantities; fees have none."
    )
    uom_id = fields.Many2one(related="service_id.uom_id")
    amount = fields.Monetary()
    correction_amount = fields.Monetary("Of Which Corrections")
    before_amount = fields.Monetary("Month Before")
    change = fields.Float("Change, %", digits=(16, 1), aggregator=None)
    year_amount = fields.Monetary("Year Before")
    year_change = fields.Float("Change in a Year, %", digits=(16, 1), aggregator=None)
    month = fields.Date(related="run_id.month", store=True, precompute=True)
    run_state = fields.Selection(related="run_id.state", store=True, string="Run is")

    def _chart_group(self):
        amounts = [self.amount, self.before_amount, self.year_amount]
        return {
            "label": self.service_id.name,
            "values": amounts,
            "texts": [
                format_amount(self.env, amount, self.currency_id) if amount else ""
                for amount in amounts
            ],
        }
