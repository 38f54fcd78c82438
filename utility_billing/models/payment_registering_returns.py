from odoo import api, models


class PaymentRegistering(models.AbstractModel):
    """A line below zero takes back the payment that it names."""

    _inherit = "utility.payment.registering"

    @api.model
    def _register_payments(self, payments):
        backward = payments.filtered(lambda payment: payment.amount < 0 and payment.takes_back_id)
        forward = payments - backward
        outcome = super()._register_payments(forward) if forward or not backward else {}
        for payment in backward:
            payment._take_back()
        return outcome
