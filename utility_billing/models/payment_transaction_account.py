from odoo import api, fields, models
from odoo.exceptions import ValidationError


class PaymentTransaction(models.Model):
    """An online payment for a utility account becomes one of our payments instead of Odoo's."""

    _inherit = "payment.transaction"

    utility_account_id = fields.Many2one("utility.account", readonly=True, index="btree_not_null")
    utility_bill_id = fields.Many2one("account.move", "Named Bill", readonly=True)
    utility_parts = fields.Json(
        "Split",
        readonly=True,
        copy=False,
        help="[{account_id, partner_id, service_id, amount}]; empty: all of it for the account.",
    )
    utility_payment_ids = fields.One2many(
        "utility.payment", "transaction_id", "Utility Payments", readonly=True
    )

    @api.model_create_multi
    def create(self, vals_list):
        transactions = super().create(vals_list)
        for transaction in transactions.filtered("invoice_ids"):
            transaction._take_accounts_of_bills()
        for transaction in transactions.filtered("utility_account_id"):
            transaction._refuse_unfit()
        return transactions

    def _take_accounts_of_bills(self):
        """Who pays bills in Odoo's own portal pays for their accounts."""
        bills = self.invoice_ids.sudo()
        accounts = bills.utility_account_id
        if self.utility_account_id or not all(bill.utility_account_id for bill in bills):
            return
        self.utility_account_id = accounts[:1]
        self.utility_bill_id = bills if len(bills) == 1 else False
        if len(bills) > 1:
            self.utility_parts = self._parts_of_bills(bills)

    def _parts_of_bills(self, bills):
        """The sum over the bills' accounts and payers, oldest bill first; what is over goes to
        the last."""
        left, sums = self.amount, {}
        for bill in bills.sorted(lambda bill: (bill.invoice_date, bill.id)):
            part = min(left, bill.amount_residual)
            debtor = bill.utility_account_id, bill.commercial_partner_id
            sums[debtor] = sums.get(debtor, 0.0) + part
            left -= part
        sums[debtor] += left
        return [
            {
                "account_id": account.id,
                "partner_id": payer.id,
                "amount": self.currency_id.round(amount),
            }
            for (account, payer), amount in sums.items()
            if not self.currency_id.is_zero(amount)
        ]

    def _refuse_unfit(self):
        """:raise ValidationError: another company's account, or parts that do not add up"""
        if self.utility_account_id.company_id != self.company_id:
            raise ValidationError(
                self.env._(
                    "%(provider)s takes no money for account %(account)s: they are of different "
                    "companies.",
                    provider=self.provider_id.name,
                    account=self.utility_account_id.number,
                )
            )
        if not self.utility_parts:
            return
        total = sum(part["amount"] for part in self.utility_parts)
        if self.currency_id.compare_amounts(total, self.amount):
            raise ValidationError(
                self.env._(
                    "The parts of %(reference)s come to %(total).2f instead of %(amount).2f.",
                    reference=self.reference,
                    total=total,
                    amount=self.amount,
                )
            )

    @api.model
    def _compute_reference_prefix(self, separator, **values):
        account = self.env["utility.account"].browse(values.get("utility_account_id") or [])
        if account:
            return account.number
        return super()._compute_reference_prefix(separator, **values)

    def _create_child_transaction(self, amount, is_refund=False, **custom_create_values):
        return super()._create_child_transaction(
            amount,
            is_refund=is_refund,
            **{
                "utility_account_id": self.utility_account_id.id,
                "utility_bill_id": self.utility_bill_id.id,
                **custom_create_values,
            },
        )

    # -- once it is paid --------------------------------------------------------------------

    def _create_payment(self, **extra_create_values):
        """Odoo's is for invoices; that of a utility account is ours, made once.

        :return: `account.payment`: none
        """
        if not self.utility_account_id:
            return super()._create_payment(**extra_create_values)
        payments = self.env["utility.payment"].sudo()
        if self.operation == "refund":
            payments._refund_online(self)
        else:
            payments._take_online(self)
        return self.env["account.payment"]

    def _post_process(self):
        outcome = super()._post_process()
        for transaction in self.filtered(lambda row: row.state == "cancel"):
            payments = transaction.sudo().utility_payment_ids
            payments._take_back_online(transaction._utility_reason())
        return outcome

    def _utility_reason(self):
        return self.env._(
            "Cancelled or refunded by %(provider)s: %(reference)s",
            provider=self.provider_id.name,
            reference=self.provider_reference or self.reference,
        )
