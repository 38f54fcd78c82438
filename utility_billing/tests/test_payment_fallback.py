"""Where registration is not in bulk: what is told is done all the same, and it says why."""

from decimal import Decimal

from odoo.fields import Command
from odoo.tests import tagged

from .payment_correction_common import PaymentCorrectionCommon

FOREIGN = "Something is in a foreign currency."
LATER = "Taxes are due when bills are paid: Odoo books them."


class FallbackCommon(PaymentCorrectionCommon):
    def booked(self, *payments, **vals):
        """(payments, way, why one by one)"""
        batch = self.make_batch(*payments, **vals)
        done = self.env["utility.payment.registering"]._register_payments(batch.payment_ids)
        self.env.flush_all()
        return batch.payment_ids.sorted("id"), done["way"], done["fallback_reason"]

    def water_first(self, **vals):
        return self.env["utility.payment.policy"].create(
            {
                "date_start": "2026-01-01",
                "company_id": self.company.id,
                "by": "service",
                "group_ids": [
                    Command.create({"service_ids": [Command.set(self.wet.ids)]}),
                    Command.create(
                        {
                            "service_ids": [Command.set(self.waste.ids)],
                            "covered_by_credit": False,
                        }
                    ),
                ],
                **vals,
            }
        )

    def two_bills(self):
        return [
            self.make_bill(self.flat_account, (self.wet, 30), (self.waste, 30), date=day)
            for day in ("2026-02-01", "2026-02-02")
        ]

    def move_twenty(self, payments):
        target = {"account_id": self.other_account.id, "amount": 20}
        self.correct(
            "transfer",
            payments,
            account_id=self.flat_account.id,
            target_ids=[Command.create(target)],
        )

    def residuals(self, *bills):
        self.env.flush_all()
        return [bill.amount_residual for bill in bills]


@tagged("post_install", "-at_install")
class TestCashBasis(FallbackCommon):
    """Taxes are due when bills are paid."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.tax_exigibility = True
        cls.company.tax_cash_basis_journal_id = cls.env["account.journal"].create(
            {"name": "Taxes paid", "code": "CABA", "type": "general", "company_id": cls.company.id}
        )

    def test_services_are_covered_in_the_order_that_was_told(self):
        self.water_first()
        bills = self.two_bills()
        payments, way, reason = self.booked((self.flat_account, 50))
        self.assertEqual((way, reason), ("orm", LATER))
        self.assertEqual(self.residuals(*bills), [30, 40])
        self.assertCovers(payments, ("Wet", 30), ("Wet", 20))

    def test_money_for_one_service_covers_no_other(self):
        bills = self.two_bills()
        part = {"account_id": self.flat_account.id, "amount": 50, "service_id": self.waste.id}
        payments, _way, _reason = self.booked(
            (None, 50, {"state": "matched", "part_ids": [Command.create(part)]})
        )
        self.assertEqual(self.residuals(*bills), [30, 40])
        self.assertCovers(payments, ("Waste", 30), ("Waste", 20))

    def test_credit_covers_what_the_policy_lets_it(self):
        self.water_first(date_start="2026-03-01", credit_covers="groups")
        payments, _way, _reason = self.booked((self.flat_account, 50))
        bills = self.two_bills()
        self.flat_account.action_cover_by_credit()
        self.assertEqual(self.residuals(*bills), [30, 40])
        self.assertEqual(payments.credit, 0)
        self.assertCovers(payments, ("Wet", 30), ("Wet", 20))

    def test_covered_again_by_hand(self):
        self.water_first()
        bills = self.two_bills()
        payments, _way, _reason = self.booked((self.flat_account, 50))
        lines = [
            Command.create(
                {
                    "account_id": self.flat_account.id,
                    "owed_id": self.owed(bill).id,
                    "service_id": self.waste.id,
                    "month": "2026-02-01",
                    "after": amount,
                }
            )
            for bill, amount in zip(bills, (20, 30), strict=True)
        ]
        self.correct("reallocation", payments, manner="hand", line_ids=lines)
        self.assertEqual(self.residuals(*bills), [40, 30])
        self.assertCovers(payments, ("Waste", 30), ("Waste", 20))

    def test_covered_again_by_the_policy_of_a_day(self):
        bills = self.two_bills()
        payments, _way, _reason = self.booked((self.flat_account, 50))
        self.assertEqual(self.residuals(*bills), [10, 60])
        self.water_first(date_start="2026-03-15")
        self.correct("reallocation", payments, policy_day="2026-03-15")
        self.assertEqual(self.residuals(*bills), [30, 40])
        self.assertCovers(payments, ("Wet", 30), ("Wet", 20))

    def test_a_part_is_moved_once(self):
        bill = self.make_bill(self.flat_account, (self.wet, 50))
        payments, _way, _reason = self.booked((self.flat_account, 50))
        self.move_twenty(payments)
        self.assertEqual(self.residuals(bill), [20])
        self.assertEqual(
            sorted(map(float, payments._standing().values())),
            [20, 30],
        )
        self.assertCovers(payments, ("Wet", 30))
        self.assertEqual(self.other_account.balance, -20)

    def test_the_tax_of_what_is_paid_is_due(self):
        transition = self.make_ledger_account("251900", "VAT to come", "liability_current")
        transition.reconcile = True
        tax = self.make_tax(
            21,
            name="VAT when paid",
            tax_exigibility="on_payment",
            cash_basis_transition_account_id=transition.id,
        )
        self.give_tax_account(tax)
        bill = self.make_bill(self.flat_account, (self.wet, 100), post=False)
        bill.invoice_line_ids.tax_ids = tax
        bill.action_post()
        payments, way, reason = self.booked((self.flat_account, 60.5))
        self.assertEqual((way, reason), ("orm", LATER))
        self.assertEqual(self.residuals(bill), [60.5])
        due = self.env["account.move"].search([("tax_cash_basis_origin_move_id", "=", bill.id)])
        vat = due.line_ids.filtered(lambda line: line.account_id == self.vat_account)
        self.assertEqual(vat.mapped("balance"), [-10.5])
        rows = self.env["utility.payment.allocation"].search([("company_id", "=", self.company.id)])
        self.assertEqual(rows, payments.allocation_ids)
        self.assertCovers(payments, ("Wet", 60.5))
        self.booked((self.flat_account, 60.5))
        self.assertEqual(bill.payment_state, "paid")
        self.assertEqual(sum(self.vat_lines(bill).mapped("balance")), -21)

    def vat_lines(self, bill):
        due = self.env["account.move"].search([("tax_cash_basis_origin_move_id", "=", bill.id)])
        return due.line_ids.filtered(lambda line: line.account_id == self.vat_account)


@tagged("post_install", "-at_install")
class TestForeignCurrency(FallbackCommon):
    """A dollar is half a unit of the company's currency."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dollar = cls.env["res.currency"].create(
            {
                "name": "XTD",
                "symbol": "T",
                "rate_ids": [
                    Command.create(
                        {"name": "2020-01-01", "rate": 2.0, "company_id": cls.company.id}
                    )
                ],
            }
        )

    def test_a_foreign_payment(self):
        bill = self.make_bill(self.flat_account, (self.wet, 30))
        payments, way, reason = self.booked(
            (self.flat_account, 20, {"currency_id": self.dollar.id})
        )
        self.assertEqual((way, reason), ("orm", FOREIGN))
        self.assertEqual(self.residuals(bill), [20])
        self.assertCovers(payments, ("Wet", 10))
        self.assertLedger(
            payments.move_id,
            ("121000", self.flat_account.partner_id.name, -10),
            ("272000", False, 10),
        )

    def test_a_foreign_bill(self):
        bill = self.make_bill(self.flat_account, (self.wet, 60), currency_id=self.dollar.id)
        payments, way, reason = self.booked((self.flat_account, 10))
        self.assertEqual((way, reason), ("orm", FOREIGN))
        self.assertEqual(self.residuals(bill), [40])
        self.assertAlmostEqual(sum(payments.allocation_ids.mapped("amount")), 10)
        self.assertEqual(payments.credit, 0)

    def test_others_in_its_list_are_covered_as_told(self):
        self.water_first()
        bills = self.two_bills()
        foreign = self.make_bill(self.other_account, (self.wet, 60), currency_id=self.dollar.id)
        payments, way, reason = self.booked((self.flat_account, 50), (self.other_account, 10))
        self.assertEqual((way, reason), ("orm", FOREIGN))
        self.assertEqual(self.residuals(*bills, foreign), [30, 40, 40])
        self.assertCovers(payments[0], ("Wet", 30), ("Wet", 20))

    def test_a_part_is_moved_once(self):
        bill = self.make_bill(self.flat_account, (self.wet, 50))
        payments, _way, _reason = self.booked(
            (self.flat_account, 100, {"currency_id": self.dollar.id})
        )
        self.assertEqual(bill.payment_state, "paid")
        self.move_twenty(payments)
        self.assertEqual(
            sorted(map(float, payments._standing().values())),
            [20, 30],
        )
        self.assertEqual((self.flat_account.balance, self.other_account.balance), (20, -20))

    def test_covered_again(self):
        bills = self.two_bills()
        payments, _way, _reason = self.booked(
            (self.flat_account, 100, {"currency_id": self.dollar.id})
        )
        self.assertEqual(self.residuals(*bills), [10, 60])
        self.water_first(date_start="2026-03-15")
        self.correct("reallocation", payments, policy_day="2026-03-15")
        self.assertEqual(sum(self.residuals(*bills)), 70)
        self.assertAlmostEqual(sum(payments.allocation_ids.mapped("amount")), 50)
        self.assertEqual(payments.credit, 0)


@tagged("post_install", "-at_install")
class TestSealedOrOdoos(FallbackCommon):
    def test_a_journal_that_seals_its_entries(self):
        bill = self.make_bill(self.flat_account, (self.wet, 30))
        journal = self.bank._journal()
        journal.restrict_mode_hash_table = True
        payments, way, reason = self.booked((self.flat_account, 20))
        self.assertEqual(way, "orm")
        self.assertEqual(reason, f"The journal “{journal.name}” seals its entries one by one.")
        self.assertEqual(self.residuals(bill), [10])
        self.assertCovers(payments, ("Wet", 20))

    def test_money_by_a_payment_of_odoos_own(self):
        self.water_first()
        bills = self.two_bills()
        journal = self.env["account.journal"].create(
            {"name": "Bank", "code": "BNKX", "type": "bank", "company_id": self.company.id}
        )
        methods = journal.inbound_payment_method_line_ids
        methods.payment_account_id = self.clearing
        payment = self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": self.flat_account.partner_id.id,
                "amount": 50,
                "date": "2026-02-20",
                "journal_id": journal.id,
                "payment_method_line_id": methods[:1].id,
            }
        )
        payment.action_post()
        money = payment.move_id.line_ids.filtered(lambda line: line.account_id == self.receivable)
        money.utility_account_id = self.flat_account
        way, reason = self.env["utility.reconciling"]._reconcile(
            self.company,
            [
                (self.owed(bill).id, money.id, Decimal(amount))
                for bill, amount in zip(bills, (30, 20), strict=True)
            ],
        )
        self.assertEqual(
            (way, reason),
            ("orm", "Some money came by a payment or a statement line of Odoo's own."),
        )
        self.assertEqual(self.residuals(*bills), [30, 40])
        rows = self.env["utility.payment.allocation"].search(
            [("line_id", "in", [self.owed(bill).id for bill in bills])]
        )
        self.assertEqual(
            sorted((row.service_id.name, row.kind, row.amount) for row in rows),
            [("Wet", "other", 20), ("Wet", "other", 30)],
        )
