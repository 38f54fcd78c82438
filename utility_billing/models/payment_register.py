from odoo import models
from odoo.exceptions import UserError


class Payment(models.Model):
    _inherit = "utility.payment"

    def action_register(self):
        """Register these payments now, list by list."""
        self._check_lists()
        if not self:
            raise UserError(self.env._("Choose payments to register."))
        for batch, payments in self.grouped("batch_id").items():
            self.env["utility.payment.registering"]._register_payments(payments)
            batch._settle()
        return True

    def _slice_registering(self, part):
        """Register those of a slice's payments that are matched as surely as it asks for.

        :return: values for the slice
        """
        payments = self.filtered(
            lambda payment: payment.state == "matched" and payment.score >= part.least_score
        )
        return self.env["utility.payment.registering"]._register_fit(payments) if payments else {}
