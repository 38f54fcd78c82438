"""Payments that come without an account: lists to be matched.

Accounts A-100001 (Jonas, flat 1, owes a bill of January) and A-100002 (Ona, flat 2).
"""

from .payment_common import PaymentCommon


class MatchingCommon(PaymentCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bill = cls.posted_bills()[0]
        # numbers that can be told apart at a glance have no check digit
        cls.env["utility.numbering"]._for("account", cls.company).check_given = False
        cls.first = cls.account
        cls.first.number = "A-100001"
        cls.second = cls.make_account(cls.flat_2, cls.ona, number="A-100002")

    @classmethod
    def make_list(cls, *payments, **vals):
        """A new list of payments, as values each; a payment is of 7.00 on 20 February."""
        batch = cls.make_batch(state="draft", **vals)
        cls.env["utility.payment"].create(
            [
                {"batch_id": batch.id, "date": "2026-02-20", "amount": 7, **payment}
                for payment in payments
            ]
        )
        return batch

    @classmethod
    def matched(cls, *payments, **vals):
        """The payments of a list, once it was matched."""
        batch = cls.make_list(*payments, **vals)
        batch.action_match()
        return batch.payment_ids.sorted("id")

    def assertPlaced(self, payments, *expected):
        """Payments as (state, account, points)."""
        self.assertEqual(
            [(payment.state, payment.account_id.number, payment.score) for payment in payments],
            list(expected),
        )
