from odoo import fields, models
from odoo.fields import Domain


class RateComparisonSlice(models.Model):
    """Some accounts of a comparison: rated in one transaction, or not at all."""

    _name = "utility.rate.comparison.slice"
    _description = "Slice of a Comparison of Tariffs"
    _inherit = ["utility.run.slice.mixin"]
    _order = "comparison_id, first_id"
    _run_field = "comparison_id"

    comparison_id = fields.Many2one(
        "utility.rate.comparison", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="comparison_id.company_id", store=True, precompute=True)
    first_id = fields.Integer("First Account", required=True)
    last_id = fields.Integer("Last Account", required=True)
    account_count = fields.Integer("Accounts", required=True)

    def _calculate(self):
        comparison = self.comparison_id
        accounts = self.env["utility.account"].search(
            comparison._domain_accounts()
            & Domain("id", ">=", self.first_id)
            & Domain("id", "<=", self.last_id),
            order="id",
        )
        comparison._compare(accounts)
        # a slice is the comparison's own; users only read it
        self.sudo().state = "done"
