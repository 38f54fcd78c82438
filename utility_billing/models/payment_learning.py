from odoo import models


class Payment(models.Model):
    """What payments teach: who pays for which account."""

    _inherit = "utility.payment"

    def _learn_payers(self, source):
        """Remember who paid for the accounts of these payments."""
        identities = self.env["utility.payer.identity"]
        for company, payments in self.grouped("company_id").items():
            identities._learn(
                company,
                [
                    (kind, key, shown, account.id, payer.id or None, payment.date)
                    for payment in payments
                    for kind, key, shown in identities._keys_of(payment)
                    for account, payer in payment._paid_for().items()
                ],
                source,
            )

    def _paid_for(self):
        """{account: payer whose debt is paid}"""
        # who places payments need not see all people
        return {
            account: (partner or account.partner_id).commercial_partner_id
            for account, partner, _service, _amount in self.sudo()._shares()
            if account
        }

    def _forget_payers(self):
        """A person says that these payments were not for the accounts that they stood on: what
        led there does not count any more, and what he taught himself is taken back."""
        for payment in self:
            found = self._identities_of(payment)
            if payment.method == "payer":
                found._forget()
            elif payment.method == "hand":
                found._unlearn()

    def _identities_of(self, payment):
        identities = self.env["utility.payer.identity"].sudo()
        keys = identities._keys_of(payment)
        accounts = payment.part_ids.account_id or payment.account_id
        if not keys or not accounts:
            return identities
        found = identities.search(
            [
                ("company_id", "=", payment.company_id.id),
                ("key", "in", [key for _kind, key, _shown in keys]),
                ("account_id", "in", accounts.ids),
            ]
        )
        kinds = {(kind, key) for kind, key, _shown in keys}
        return found.filtered(lambda row: (row.kind, row.key) in kinds)
