from odoo import api, fields, models


class PaymentBatch(models.Model):
    """A list that is typed from paper: what is typed against what the paper says."""

    _inherit = "utility.payment.batch"

    typed_amount = fields.Monetary("Typed So Far", compute="_compute_typed")
    typed_left = fields.Monetary("Left to Type", compute="_compute_typed")
    typed_count = fields.Integer("Payments Typed", compute="_compute_typed")

    @api.depends(
        "payment_ids.amount", "payment_ids.currency_id", "payment_ids.date", "stated_amount"
    )
    def _compute_typed(self):
        for batch in self:
            batch.typed_count = len(batch.payment_ids)
            batch.typed_amount = sum(
                batch._in_own_currency(payment.amount, payment.currency_id, payment.date)
                for payment in batch.payment_ids
            )
            batch.typed_left = batch.currency_id.round(batch.stated_amount - batch.typed_amount)

    def action_key_in(self):
        """Type the list's payments."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "utility_billing.payment_batch_action_typed"
        )
        return {**action, "res_id": self.id}

    def action_match_typed(self):
        """All is typed: match it, and show what came of it."""
        self.action_match()
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": self._name,
            "res_id": self.id,
            "views": [(self.env.ref("utility_billing.payment_batch_view_form").id, "form")],
        }
