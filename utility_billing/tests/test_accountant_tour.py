"""An accountant's day in the browser, and what of it is in the ledger."""

from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from .payment_correction_common import PaymentCorrectionCommon


@tagged("post_install", "-at_install")
class TestAccountantTour(PaymentCorrectionCommon, HttpCase):
    """A-100001 owes 60 for water and 40 for waste, B-100001 owes 20 for waste; the bank's list has
    100 with the reference of the first one, and 20 for "100001"."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # numbers that can be told apart at a glance have no check digit
        cls.env["utility.numbering"]._for("account", cls.company).check_given = False
        cls.flat_account.number, cls.other_account.number = "A-100001", "B-100001"
        cls.bill = cls.make_bill(cls.flat_account, (cls.wet, 60), (cls.waste, 40))
        cls.other_bill = cls.make_bill(cls.other_account, (cls.waste, 20))
        cls.batch = cls.make_batch(state="draft", stated_count=2, stated_amount=120)
        cls.batch.payment_ids = [
            Command.create({"date": "2026-02-20", **vals})
            for vals in (
                {"amount": 100, "reference": cls.flat_account._utility_reference()},
                {"amount": 20, "reference": "100001"},
            )
        ]
        cls.settlement = cls.env["utility.creditor.settlement"].create(
            {
                "company_id": cls.company.id,
                "creditor_id": cls.creditor.id,
                "date_from": "2026-02-01",
                "date_to": "2026-02-28",
                "date": "2026-03-02",
            }
        )
        cls.env["utility.billing.period"]._for(cls.company, cls.day("2026-02-01"))
        cls.accountant = cls.make_user(
            "account.group_account_user,account.group_account_manager", login="tour_accountant"
        )

    def test_an_accountants_day(self):
        for path, tour in (
            ("utility-payment-lists", "payments"),
            ("utility-settlements", "settlement"),
            ("utility-billing-months", "month"),
        ):
            self.start_tour(
                f"/odoo/{path}",
                f"utility_billing.accountant_{tour}",
                login=self.accountant.login,
            )
        self.check_payments()
        self.check_settlement()

    def check_payments(self):
        sure, placed = self.batch.payment_ids.sorted("amount", reverse=True)
        self.assertEqual(
            [(row.state, row.account_id, row.method) for row in (sure, placed)],
            [
                ("registered", self.flat_account, "reference"),
                ("registered", self.other_account, "hand"),
            ],
        )
        self.assertEqual(placed.reason, f"Chosen by {self.accountant.name}")
        self.assertEqual(self.batch.state, "done")
        for payment, partner, amount in (
            (sure, self.flat_account.partner_id, 100),
            (placed, self.other_account.partner_id, 20),
        ):
            self.assertLedger(
                payment.move_id, ("121000", partner.name, -amount), ("272000", False, amount)
            )
        self.assertCovers(sure, ("Wet", 60), ("Waste", 40))
        self.assertCovers(placed, ("Waste", 20))
        self.assertEqual((self.bill | self.other_bill).mapped("payment_state"), ["paid", "paid"])

    def check_settlement(self):
        settlement = self.settlement
        self.assertEqual((settlement.state, settlement.payable), ("posted", 60))
        self.assertEqual(settlement.approved_by, self.accountant)
        self.assertLedger(
            settlement.move_id,
            ("240100", "Waste Company", 60),
            ("443000", "Waste Company", -60),
        )
