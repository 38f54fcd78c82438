from urllib.parse import urlencode

from odoo import models
from odoo.exceptions import UserError

from odoo.addons.payment import utils as payment_utils


class Account(models.Model):
    _inherit = "utility.account"

    def _utility_payment_values(self, amount=None, bill=None):
        """What Odoo's payment page asks for to pay for the account.

        :param amount: in the company's currency; empty: what is owed
        :param bill: the bill that is paid first, if the policy lets the payer choose
        :return: query of /payment/pay
        :raise UserError: nothing is owed, or nobody pays for the account
        """
        self.ensure_one()
        # residents pay, who see nothing of the ledger
        account = self.sudo()
        payer, currency = account.partner_id, account.currency_id
        if not payer:
            raise UserError(self.env._("Account %s has no payer; record who pays.", account.number))
        if amount is None:
            amount = bill.sudo().amount_residual if bill else account.payer_balance
        amount = currency.round(amount)
        if amount <= 0:
            raise UserError(self.env._("Nothing is owed under account %s.", account.number))
        return {
            "reference": account.number,
            "amount": amount,
            "currency_id": currency.id,
            "partner_id": payer.id,
            "company_id": account.company_id.id,
            "utility_account_id": account.id,
            **({"utility_bill_id": bill.id} if bill else {}),
            "access_token": payment_utils.generate_access_token(
                payer.id, amount, currency.id, env=self.env
            ),
        }

    def _utility_payment_link(self, amount=None, bill=None):
        """An address under which anybody who has it can pay for the account; see above."""
        query = urlencode(self._utility_payment_values(amount, bill))
        return f"{self.get_base_url()}/payment/pay?{query}"
