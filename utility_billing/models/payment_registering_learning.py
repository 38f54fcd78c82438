from odoo import models

# what is surely for the account, so that its payer is worth remembering
TOLD = ("reference", "bill", "number", "text", "payer")


class PaymentRegistering(models.AbstractModel):
    _inherit = "utility.payment.registering"

    def _mark(self, payments, move):
        marked = super()._mark(payments, move)
        payments.filtered(lambda payment: payment.method in TOLD)._learn_payers("reference")
        return marked
