from odoo import models
from odoo.exceptions import UserError


class Account(models.Model):
    _inherit = "utility.account"

    def action_rebill(self):
        """Begin to cancel the last bill of the accounts that is not cancelled."""
        bills = self.env["account.move"]
        for account in self:
            payer = account.bill_to_account_id or account
            bills |= bills.search(
                [
                    ("utility_account_id", "=", payer.id),
                    ("utility_run_id", "!=", False),
                    ("state", "=", "posted"),
                    ("move_type", "in", ("out_invoice", "out_refund")),
                    ("utility_cancelled_by_id", "=", False),
                ],
                order="utility_month desc, id desc",
                limit=1,
            )
        if not bills:
            raise UserError(self.env._("No bill of the account can be cancelled."))
        return self.env["utility.rebill"]._begin(bills)
