from contextlib import closing

from odoo import api, models
from odoo.exceptions import UserError

# so many different words a slice repeats of its payments
TOLD = 5


class PaymentRegistering(models.AbstractModel):
    """A payment that cannot be booked holds no other one up."""

    _inherit = "utility.payment.registering"

    @api.model
    def _register_fit(self, payments):
        """Book those matched payments of one list that can be booked; the others stay as they are,
        with the reason.

        :return: values for a slice
        """
        ordered = payments.sorted(lambda payment: (payment.date, payment.id))
        outcomes, refused = [], {}
        self._register_apart(ordered, outcomes, refused)
        for words, found in refused.items():
            # how far a payment is follows from what was tried, and is nobody's to type
            found.sudo().write({"refusal": words})
        reasons = filter(None, (outcome.get("fallback_reason") for outcome in outcomes))
        ways = {outcome.get("way") for outcome in outcomes} - {None}
        return {
            "way": "orm" if "orm" in ways else "bulk" if ways else False,
            "fallback_reason": " ".join(dict.fromkeys(reasons)) or False,
            "message": "\n".join(list(refused)[:TOLD]) or False,
        }

    def _register_apart(self, payments, outcomes, refused):
        """Book payments at once; where that fails, by halves. What the ledger refuses in the same
        words at both ends is no single payment's fault (a day that is locked), and is not tried
        one by one.

        :param payments: by day
        :param outcomes: takes up what became of those that are booked
        :param refused: {words: payments}, takes up the others
        """
        outcome, words = self._tried(payments)
        if not words:
            outcomes.append(outcome)
        elif len(payments) == 1 or self._are_ends_refused(payments, words):
            refused[words] = refused.get(words, payments.browse()) | payments
        else:
            middle = len(payments) // 2
            self._register_apart(payments[:middle], outcomes, refused)
            self._register_apart(payments[middle:], outcomes, refused)

    def _tried(self, payments):
        """(outcome of the registration, why the ledger refuses it)"""
        try:
            with self.env.cr.savepoint():
                return self._register_payments(payments), False
        except UserError as error:
            return {}, str(error)

    def _are_ends_refused(self, payments, words):
        for payment in (payments[0], payments[-1]):
            with closing(self.env.cr.savepoint()):
                # rolled back at once, whatever comes of it
                if self._tried(payment)[1] != words:
                    return False
        return True
