"""The billed house with collectors that take its money in.

Accounts 272000 (bank on its way) and 625000 (commissions); collector "Swedbank" clears over 272000.
"""

from .posting_common import PostingCommon


class PaymentKit:
    """Collectors and payments for a test case that has the house and its ledger."""

    @classmethod
    def make_payment_kit(cls):
        cls.clearing = cls.make_ledger_account("272000", "On its way", "asset_current")
        cls.clearing.reconcile = True
        cls.commissions = cls.make_ledger_account("625000", "Commissions", "expense")
        cls.company._utility_payment_journal()
        cls.bank = cls.make_collector("Swedbank")

    @classmethod
    def make_collector(cls, name, **vals):
        return cls.env["utility.payment.collector"].create(
            {
                "name": name,
                "company_id": cls.company.id,
                "clearing_account_id": cls.clearing.id,
                "commission_account_id": cls.commissions.id,
                **vals,
            }
        )

    @classmethod
    def make_batch(cls, *payments, collector=None, **vals):
        """A list to be reviewed.

        :param payments: (account, amount) or (account, amount, {values}): matched by hand
        """
        batch = cls.env["utility.payment.batch"].create(
            {
                "collector_id": (collector or cls.bank).id,
                "company_id": cls.company.id,
                "date": "2026-02-20",
                "state": "review",
                **vals,
            }
        )
        for account, amount, *more in payments:
            cls.env["utility.payment"].create(
                {
                    "batch_id": batch.id,
                    "date": "2026-02-20",
                    "amount": amount,
                    "account_id": account.id if account else False,
                    "state": "matched" if account else "unmatched",
                    "method": "hand" if account else False,
                    "score": 100 if account else 0,
                    **(more[0] if more else {}),
                }
            )
        return batch

    @classmethod
    def pay(cls, *payments, **vals):
        """Registered payments."""
        batch = cls.make_batch(*payments, **vals)
        batch.action_register()
        return batch.payment_ids.sorted("id")

    def assertCovers(self, payments, *expected):
        """What payments cover, as (service, amount), largest first."""
        self.env.flush_all()
        self.assertEqual(
            sorted(
                (
                    (row.service_id.name or "", round(row.amount, 2))
                    for row in payments.allocation_ids
                ),
                key=lambda row: (-row[1], row[0]),
            ),
            list(expected),
        )


class PaymentCommon(PaymentKit, PostingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_payment_kit()
