from odoo import models


class Account(models.Model):
    _inherit = "utility.account"

    _billed_as = models.Index("(COALESCE(bill_to_account_id, id))")

    def _utility_reference(self):
        """The payment reference of the account: the same on all its bills."""
        self.ensure_one()
        return self.company_id._utility_reference(self.number)
