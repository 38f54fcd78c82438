from odoo import fields, models


class PaymentSlice(models.Model):
    """Some payments of a list: matched, or registered, in one transaction."""

    _name = "utility.payment.slice"
    _description = "Slice of a List of Payments"
    _inherit = ["utility.run.slice.failing.mixin"]
    _order = "batch_id, id"
    _run_field = "batch_id"

    batch_id = fields.Many2one(
        "utility.payment.batch", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="batch_id.company_id", store=True, precompute=True)
    stage = fields.Selection(
        [("matching", "Matching"), ("registering", "Registering")], required=True
    )
    first_id = fields.Integer("First Payment", required=True)
    last_id = fields.Integer("Last Payment", required=True)
    payment_count = fields.Integer("Payments", required=True)
    least_score = fields.Integer(help="Only payments that are matched as surely are registered.")
    way = fields.Selection([("bulk", "In bulk"), ("orm", "One by one")], "Registered")
    fallback_reason = fields.Char("Why One by One")

    def _is_wanted(self):
        return self.stage == self.batch_id.state

    def _calculate(self):
        # a slice is the list's own, and its payments were chosen by who may see them
        part = self.sudo()
        payments = (
            self.env["utility.payment"]
            .sudo()
            .search(
                [
                    ("batch_id", "=", part.batch_id.id),
                    ("id", ">=", part.first_id),
                    ("id", "<=", part.last_id),
                ],
                order="id",
            )
        )
        outcome = getattr(payments, f"_slice_{part.stage}")(part)
        part.write({"message": False, **outcome, "state": "done"})
