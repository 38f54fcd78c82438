from odoo import models


class AccountMove(models.Model):
    _inherit = "account.move"

    def _utility_payer(self):
        """Whose debt a bill is, or was until it was paid.

        :return: the payer; nobody where his debt went over to another one
        """
        payer = self.commercial_partner_id
        if self.amount_residual:
            return payer
        owed = self.line_ids.filtered(lambda line: line.display_type == "payment_term")
        given = owed.matched_credit_ids.credit_move_id
        entries = given.filtered(lambda line: not line.utility_payment_id).move_id
        goes_on = entries.line_ids.filtered(
            lambda line: (
                line.utility_account_id == self.utility_account_id
                and line.account_type == "asset_receivable"
                and line.balance > 0
                and line.partner_id != payer
            )
        )
        return payer.browse() if goes_on else payer
