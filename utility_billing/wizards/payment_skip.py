from odoo import fields, models


class PaymentSkip(models.TransientModel):
    """Why payments are left out."""

    _name = "utility.payment.skip"
    _description = "Leave Payments Out"

    payment_ids = fields.Many2many("utility.payment", required=True)
    reason = fields.Char(required=True, help="For whoever asks later what became of the money.")

    def action_skip(self):
        self.payment_ids._skip(self.reason)
        return {"type": "ir.actions.act_window_close"}
