from werkzeug.exceptions import Forbidden

from odoo.http import request, route

from odoo.addons.account_payment.controllers.payment import PaymentPortal
from odoo.addons.payment import utils as payment_utils


class UtilityPaymentPortal(PaymentPortal):
    """Odoo's payment page for a utility account; see `utility.account._utility_payment_link`."""

    @route(
        [
            "/utility/transaction/<int:account_id>",
            "/utility/transaction/<int:account_id>/<int:bill_id>",
        ],
        type="jsonrpc",
        auth="public",
    )
    def utility_transaction(
        self, account_id, amount, currency_id, partner_id, access_token, bill_id=None, **kwargs
    ):
        """A draft transaction for an account; returns what its form needs.

        :raise Forbidden: the link is not ours, or was changed
        """
        amount = float(amount or 0)
        account, bill = self._utility_account(account_id, bill_id)
        if (
            amount <= 0
            or currency_id != account.currency_id.id
            or not payment_utils.check_access_token(access_token, partner_id, amount, currency_id)
        ):
            raise Forbidden
        self._validate_transaction_kwargs(kwargs, additional_allowed_keys=("reference_prefix",))
        transaction = self._create_transaction(
            amount=amount,
            currency_id=currency_id,
            partner_id=partner_id,
            custom_create_values={
                "utility_account_id": account.id,
                "utility_bill_id": bill.id,
            },
            **kwargs,
        )
        self._update_landing_route(transaction, access_token)
        return transaction._get_processing_values()

    def _get_extra_payment_form_values(self, utility_account_id=None, **kwargs):
        values = super()._get_extra_payment_form_values(**kwargs)
        account_id = self._cast_as_int(utility_account_id)
        if account_id:
            bill_id = self._cast_as_int(kwargs.get("utility_bill_id"))
            account, bill = self._utility_account(account_id, bill_id)
            values["transaction_route"] = "/".join(
                map(str, ("/utility/transaction", account.id, *bill.ids))
            )
        return values

    def _utility_account(self, account_id, bill_id):
        """:return: (account, bill of it or none)"""
        # whoever has the link pays, he need not be the payer
        account = request.env["utility.account"].sudo().browse(account_id).exists()
        if not account:
            raise Forbidden
        bill = request.env["account.move"].sudo().browse(bill_id or []).exists()
        return account, bill.filtered(lambda move: move.utility_account_id == account)
