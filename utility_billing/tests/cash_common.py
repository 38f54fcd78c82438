"""The billed house with a cash desk: drawer 271100, card terminal on 272000, over and short 656000.

The cashier's shift is opened with 100.00 where a test says so.
"""

from uuid import uuid4

from .payment_common import PaymentCommon


class CashCommon(PaymentCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bill = cls.posted_bills()
        cls.payer_account = cls.bill.utility_account_id
        cls.drawer = cls.make_ledger_account("271100", "Drawer", "asset_cash")
        cls.differences = cls.make_ledger_account("656000", "Over and short", "expense")
        cls.errands = cls.make_ledger_account("614000", "Errands", "expense")
        cls.desk = cls.env["utility.cash.desk"].create(
            {
                "name": "Main office",
                "company_id": cls.company.id,
                "collector_id": cls.make_collector(
                    "Drawer", kind="desk", clearing_account_id=cls.drawer.id
                ).id,
                "card_collector_id": cls.make_collector("Terminal", kind="terminal").id,
                "bank_account_id": cls.clearing.id,
                "difference_account_id": cls.differences.id,
                "paid_out_account_id": cls.errands.id,
                "receipt_prefix": "K1-",
                "prints_at_once": False,
                "denominations": "100 50 20 10 5 2 1 0.50 0.20 0.10 0.05 0.02 0.01",
            }
        )
        cls.cashier = cls.make_user("cashier")
        cls.screen = cls.env["utility.cash.screen"].with_user(cls.cashier)
        cls.screen = cls.screen.with_company(cls.company)

    def open_shift(self, opening=100):
        self.screen.open_shift(self.desk.id, opening)
        return self.desk.shift_id

    def take(self, amount, account=None, key=None, **values):
        """Take money for an account; what the screen is told."""
        line = {"account_id": (account or self.payer_account).id, "amount": amount}
        line["services"] = values.pop("services", [])
        return self.screen.take(key=key or str(uuid4()), lines=[line], **values)

    def payment(self, answer):
        return self.env["utility.payment"].browse(answer["receipt"]["id"])

    def close_with(self, *notes, to_bank=0):
        """Count the drawer: (value, number)."""
        self.screen.begin_closing()
        return self.screen.close({str(value): number for value, number in notes}, to_bank)
