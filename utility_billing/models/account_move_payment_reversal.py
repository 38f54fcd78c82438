from odoo import models


class AccountMove(models.Model):
    _inherit = "account.move"

    def _reverse_moves(self, default_values_list=None, cancel=False):
        """An accountant's reversal of a payment's entry is a return of the payment; that of a
        return's entry lets the payment stand again."""
        reversals = super()._reverse_moves(default_values_list, cancel)
        # whether a payment stands is the ledger's to say, not the user's
        payments = self.line_ids.sudo().utility_payment_id
        if cancel and payments:
            payments._follow_ledger(reversals)
        return reversals
