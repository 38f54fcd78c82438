from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import SQL


class Payment(models.Model):
    """Payments through Odoo's payment providers."""

    _inherit = "utility.payment"

    transaction_id = fields.Many2one(
        "payment.transaction",
        "Online Payment",
        readonly=True,
        copy=False,
        ondelete="restrict",
        index="btree_not_null",
    )

    _transaction_once = models.UniqueIndex(
        "(transaction_id) WHERE transaction_id IS NOT NULL",
        "This online payment was taken already.",
    )

    def _take_online(self, transaction):
        """The payment of a transaction that is done, registered at once. One that cannot be
        registered waits in its list with the reason.

        :return: the payment; the first one where the provider notifies again
        """
        self._lock_transaction(transaction)
        known = self.search([("transaction_id", "=", transaction.id)])
        return known or self._make_online(
            transaction, transaction.amount, self._parts_of_transaction(transaction)
        )

    def _lock_transaction(self, transaction):
        self.env.flush_all()
        self.env.execute_query(
            SQL("SELECT id FROM payment_transaction WHERE id = %s FOR UPDATE", transaction.id)
        )

    def _parts_of_transaction(self, transaction):
        accounts = self.env["utility.account"]
        return [
            {
                "account_id": accounts.browse(part["account_id"])._owing_account().id,
                "partner_id": part.get("partner_id") or False,
                "service_id": part.get("service_id") or False,
                "amount": part["amount"],
            }
            for part in transaction.utility_parts or []
        ]

    def _make_online(self, transaction, amount, parts):
        """:param parts: values of parts; none: all for the transaction's account"""
        day = fields.Date.context_today(transaction, transaction.last_state_change)
        batch = self.env["utility.payment.batch"]._online(
            transaction.provider_id._utility_collector(), day
        )
        accounts = {part["account_id"] for part in parts}
        payment = self.create(
            {
                "batch_id": batch.id,
                "transaction_id": transaction.id,
                "date": day,
                "amount": amount,
                "currency_id": transaction.currency_id.id,
                "account_id": (
                    transaction.utility_account_id._owing_account().id
                    if len(accounts) < 2
                    else False
                ),
                "bill_id": transaction.utility_bill_id.id,
                "part_ids": [Command.create(part) for part in parts],
                "reference": transaction.reference,
                "bank_ref": transaction.provider_reference or transaction.reference,
                "payer_name": transaction.partner_id.name,
                "state": "matched",
                "method": "reference",
                "score": 100,
            }
        )
        payment._register_online()
        return payment

    def _register_online(self):
        try:
            with self.env.cr.savepoint():
                self.env["utility.payment.registering"]._register_payments(self)
        except UserError as error:
            # money that came is never refused: a clerk sees it in the list, with the reason
            self.refusal = str(error)

    def _refund_online(self, refund):
        """A refund that the provider has made: the payment goes back; of one that was refunded in
        part, the rest is booked anew.

        :param refund: the transaction of the refund, its amount below zero
        """
        self._lock_transaction(refund)
        source = refund.source_transaction_id
        if self.search_count([("transaction_id", "=", refund.id)], limit=1):
            return
        standing = (source | source.child_transaction_ids).utility_payment_ids.filtered(
            lambda payment: payment.state in ("registered", "matched")
        )
        left = refund.currency_id.round(sum(standing.mapped("amount")) + refund.amount)
        if not standing or refund.currency_id.compare_amounts(left, 0) < 0:
            return
        parts = _cut(self._parts_of_transaction(source), left)
        standing._take_back_online(refund._utility_reason())
        if left:
            self._make_online(refund, left, parts)

    def _take_back_online(self, reason):
        registered = self.filtered(lambda payment: payment.state == "registered")
        if registered:
            registered._return(reason)
        waiting = self.filtered(lambda payment: payment.state == "matched")
        waiting.write({"state": "skipped", "reason": reason})


def _cut(parts, left):
    """Parts, the first ones, up to a sum."""
    found = []
    for part in parts:
        amount = min(part["amount"], left)
        if amount > 0:
            found.append({**part, "amount": amount})
            left = round(left - amount, 6)
    return found
