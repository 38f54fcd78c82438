import time

from odoo import fields, models


class BillingPosting(models.Model):
    """Some accounts of a run: their bills are posted in one transaction, or none of them."""

    _name = "utility.billing.posting"
    _description = "Posting Batch"
    _inherit = ["utility.billing.slice.mixin", "utility.run.slice.failing.mixin"]
    _order = "run_id, first_id"
    _run_states = ("posting",)
    _channel = "root.utility_posting"

    run_id = fields.Many2one("utility.billing.run", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="run_id.company_id", store=True, precompute=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    first_id = fields.Integer("First Account", required=True)
    last_id = fields.Integer("Last Account", required=True)
    account_count = fields.Integer("Accounts", required=True)
    bill_count = fields.Integer("Number of Bills")
    amount = fields.Monetary("Billed")
    way = fields.Selection([("bulk", "In bulk"), ("orm", "One by one")], "Posted")
    fallback_reason = fields.Char("Why One by One")
    seconds = fields.Float(digits=(10, 2))
    wait_seconds = fields.Float(
        "Waited for Numbers, s", digits=(10, 3), help="Seconds of them spent to get numbers."
    )
    range_ids = fields.One2many("utility.bill.range", "posting_id", "Numbers")
    move_ids = fields.One2many("account.move", "utility_posting_id", "Bills")

    def _calculate(self):
        begun = time.perf_counter()
        outcome = self.env["utility.posting"]._post_batch(self)
        self.sudo().write(
            {
                **outcome,
                "state": "done",
                "message": False,
                "seconds": time.perf_counter() - begun,
            }
        )
        self.sudo().range_ids._posted(self)

    def action_open_bills(self):
        self.ensure_one()
        return self.env["account.move"]._action_utility_bills(
            [("utility_posting_id", "=", self.id)]
        )
