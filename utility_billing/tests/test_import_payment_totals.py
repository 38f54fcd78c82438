"""What files of payments state about themselves, and what collectors transfer for them."""

import json
from decimal import Decimal

from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import BaseCase, tagged

from ..engine.settlement import Settlement, read_settlement, transfer_difference
from . import vectors
from .payment_import_common import PaymentImportCommon

D = Decimal
LT = (
    "Įmokų skaičius:1, įmokų suma:337.50, komisinis atlygis: 0.08, laikotarpis: 2026-03-10 - "
    "2026-03-10/ / / / / / / / "
)


@tagged("post_install", "-at_install")
class TestSettlement(BaseCase):
    def test_published(self):
        case = vectors.cases("payment_files")["PAY-31"]
        found = read_settlement(case["inputs"]["purpose"])
        self.assertEqual(
            {
                "bank_amount": str(found.transferred),
                "customer_credit": str(found.amount),
                "commission": str(found.commission),
            },
            case["expected"],
        )

    def test_languages(self):
        for text, count, amount, commission, days in (
            (LT, 1, "337.50", "0.08", "2026-03-10 2026-03-10"),
            (
                "Перевод по реестру: кол-во платежей 15, сумма 1 250,00, комиссия 12,50 за "
                "01.03.2026-02.03.2026",
                15,
                "1250.00",
                "12.50",
                "2026-03-01 2026-03-02",
            ),
            (
                "Платежі за період 01.03.2026 - 05.03.2026, кількість 3, сума 1.250,40 грн, "
                "комісія банку 2,10",
                3,
                "1250.40",
                "2.10",
                "2026-03-01 2026-03-05",
            ),
            ("Number of payments: 1200, total 12,345.00", 1200, "12345.00", "0", "None None"),
        ):
            with self.subTest(text):
                found = read_settlement(text)
                self.assertEqual(found.count, count)
                self.assertEqual(found.amount, D(amount))
                self.assertEqual(found.commission, D(commission))
                self.assertEqual(f"{found.first_day} {found.last_day}", days)

    def test_what_payers_write(self):
        for text in (
            "",
            None,
            "Už šilumą 2026-02",
            "sum 12.50 for March",
            "ЛС 123 сумма 45,10",
            "Pagal 2021.02.01/ZZZ1111111-10.50",
            "Už sąskaitą(as): xxx1111111 Kažkokia pagr. mok. 10.00,",
            "sum abc, commission x",
        ):
            with self.subTest(text):
                self.assertIsNone(read_settlement(text))

    def test_transfer(self):
        found = Settlement(1, D("337.50"), D("0.08"))
        self.assertTrue(found.agrees(D("337.42")))
        self.assertTrue(found.agrees(D("337.50")), "the commission is invoiced")
        self.assertFalse(found.agrees(D("337.40")))
        self.assertEqual(transfer_difference(D("337.50"), D("0.08"), D("337.40")), D("-0.02"))


@tagged("post_install", "-at_install", "utility_import")
class TestImportPaymentTotals(PaymentImportCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.profile.write(
            {
                "row_formula": 'not begins(column("date"), "Total")',
                "total_ids": [
                    Command.create(
                        {
                            "kind": kind,
                            "condition": 'begins(column("date"), "Total")',
                            "value": f'column("{column}")',
                        }
                    )
                    for kind, column in (
                        ("count", "transaction"),
                        ("amount", "amount"),
                        ("commission", "purpose"),
                        ("transferred", "name"),
                    )
                ],
            }
        )

    def lines(self, total="Total;12.00;;;;0.60;11.40;2"):
        number = self.account.number
        return (f"2026-03-10;5.00;;;{number};;;1", f"2026-03-10;7.00;;;{number};;;2", total)

    def test_totals_that_agree(self):
        batch = self.bring_in(*self.lines())
        self.assertEqual(
            batch.stated,
            {"count": "2", "amount": "12", "commission": "0.6", "transferred": "11.4"},
        )
        self.assertEqual(self.rows(batch)[-1].state, "skipped")
        self.assertIn("A row of totals", self.rows(batch)[-1].skip_reason)
        self.assertFalse(batch.totals_problem)
        payments = batch.payment_batch_ids
        self.assertEqual((payments.stated_count, payments.stated_amount), (2, 12))
        self.assertEqual((payments.transferred, payments.difference), (11.4, 0))
        self.assertFalse(payments.totals_problem)
        self.assertEqual(payments.state, "done")
        self.assertEqual(payments.commission, 0.6)
        self.assertLedger(
            payments.commission_move_id, ("272000", False, -0.6), ("625000", False, 0.6)
        )

    def test_totals_that_differ(self):
        batch = self.bring_in(*self.lines("Total;13.00;;;;0.60;12.40;3"))
        words = (
            "The file states 3 payments, it has 2. The sum that came in: the file states 13.00, "
            "its lines add up to 12.00."
        )
        self.assertEqual(batch.totals_problem, words)
        payments = batch.payment_batch_ids
        self.assertEqual(payments.totals_problem, words)
        self.assertTrue(payments.needs_acknowledging)
        self.assertEqual(payments.state, "review")
        self.assertEqual(self.payments(batch).mapped("state"), ["matched", "matched"])
        payments.with_user(self.make_user("cashier")).action_acknowledge_totals()
        self.assertEqual(self.payments(batch).mapped("state"), ["registered", "registered"])
        self.assertEqual(payments.acknowledged_problem, words)
        self.assertFalse(payments.needs_acknowledging)
        self.assertIn("3 payments", payments.message_ids[-1].body + payments.message_ids[0].body)

    def test_a_line_in_staging_is_no_difference(self):
        batch = self.bring_in(*self.lines(), "2026-03-10;1.00;ZZZ;;?;;;3")
        self.assertIn("it has 3", batch.totals_problem)
        other = self.bring_in(
            "2026-03-09;5.00;ZZZ;;?;;;1", "2026-03-09;7.00;;;?;;;2", "Total;12.00;;;;;;2"
        )
        self.assertEqual((other.bad_count, other.totals_problem), (1, False))

    def test_unreadable_amounts_are_said(self):
        batch = self.bring_in("2026-03-10;5.00;;;A;;;1", "2026-03-10;x;;;A;;;2", "Total;12;;;;;;2")
        self.assertIn("its lines add up to 5.00", batch.totals_problem)
        self.assertIn("Lines whose amount cannot be read: 1", batch.totals_problem)
        self.assertTrue(self.rows(batch, "invalid").mend({"amount": "7"}))
        self.assertFalse(batch.totals_problem, "mended")

    def test_totals_row_that_cannot_be_read(self):
        batch = self.bring_in(*self.lines("Total;a lot;;;;;;"))
        self.assertFalse(batch.stated)
        self.assertEqual(batch.imported_count, 2)

    def test_sum_less_commission_is_what_was_transferred(self):
        batch = self.bring_in(*self.lines("Total;12.00;;;;0.60;11.00;2"))
        self.assertFalse(batch.totals_problem)
        self.assertEqual(
            batch.payment_batch_ids.totals_problem,
            "Of 12.00 less a commission of 0.60 the bank should have received 11.40; 11.00 was "
            "transferred.",
        )
        self.assertEqual(batch.payment_batch_ids.state, "review")

    def test_contradictions_that_a_reader_tells(self):
        profiles = type(self.env["utility.import.profile"])
        readers = self.env["utility.import.profile"]._import_readers()
        readers["csv"]["totals"] = lambda _profile, _stream: {
            "count": 2,
            "amount": D("12.00"),
            "warnings": "Two statements do not follow each other.",
        }
        self.patch(profiles, "_import_readers", lambda profile: readers)
        batch = self.bring_in(*self.lines()[:2])
        self.assertEqual(batch.totals_problem, "Two statements do not follow each other.")
        self.assertEqual(batch.payment_batch_ids.state, "review")

    def test_typed_list(self):
        payments = self.make_batch((self.account, 5), stated_count=2, stated_amount=12)
        self.assertEqual(
            payments.totals_problem,
            "The list states 2 payments, it has 1. The list states a sum of 12.00, its payments "
            "add up to 5.00.",
        )
        payments._register_sure()
        self.assertEqual(payments.payment_ids.state, "matched")
        payments.action_register()
        self.assertEqual(payments.payment_ids.state, "registered", "a person may")

    def test_formulas_are_checked(self):
        with self.assertRaisesRegex(ValidationError, "cannot be used"):
            self.profile.total_ids[0].condition = "import os"
        with self.assertRaisesRegex(ValidationError, "rows to be read cannot be used"):
            self.profile.row_formula = "value.x"

    def test_totals_are_exported(self):
        copy = self.profile._import_json(
            '{"utility_import_profiles": [%s]}' % json.dumps(self.profile._export())
        )
        self.assertEqual(copy.row_formula, self.profile.row_formula)
        self.assertEqual(copy.total_ids.mapped("kind"), self.profile.total_ids.mapped("kind"))

    # -- a collector's transfer in a bank statement -----------------------------------------

    def statement(self, amount="337.42"):
        profile = self.make_profile(
            {"date": "d", "amount": "a", "purpose": "p", "payer_iban": "i"},
            collector_id=self.bank.id,
        )
        return self.bring_in(
            f'2026-03-12;{amount};"{LT}";LT727044060003333333', header="d;a;p;i", profile=profile
        )

    def test_transfer_of_a_known_collector(self):
        self.post_office.iban = "LT72 7044 0600 0333 3333"
        register = self.bring_in("2026-03-10;337.50;;;M4PEHG6;;;1").payment_batch_ids
        statement = self.statement()
        self.assertEqual(self.rows(statement).state, "skipped")
        self.assertEqual(
            self.rows(statement).skip_reason,
            "Transfer of Lietuvos paštas: 337.50 less a commission of 0.08; who paid stands in "
            "its register",
        )
        self.assertEqual(statement.state, "done", "nothing is to be imported")
        self.assertEqual((register.transferred, register.commission), (337.42, 0.08))
        self.assertFalse(statement.payment_batch_ids)

    def test_transfer_is_noted_on_its_list(self):
        self.post_office.iban = "LT72 7044 0600 0333 3333"
        register = self.bring_in("2026-03-10;337.50;;;M4PEHG6;;;1").payment_batch_ids
        profile = self.make_profile(
            {"date": "d", "amount": "a", "purpose": "p", "payer_iban": "i"},
            collector_id=self.bank.id,
        )
        self.bring_in(
            f'2026-03-12;337.42;"{LT}";LT727044060003333333',
            "2026-03-12;5;from Ona;LT154010042403333333",
            header="d;a;p;i",
            profile=profile,
        )
        self.assertEqual((register.transferred, register.commission), (337.42, 0.08))
        self.assertFalse(register.totals_problem)

    def test_transfer_of_nobody_we_know(self):
        payment = self.payments(self.statement())
        self.assertEqual(payment.state, "doubtful")
        self.assertIn("337.50 less a commission of 0.08: a collector's transfer?", payment.reason)
        self.assertTrue(payment.is_transfer)

    def test_transfer_that_does_not_add_up(self):
        self.post_office.iban = "LT727044060003333333"
        payment = self.payments(self.statement("337.00"))
        self.assertEqual((payment.state, payment.amount), ("doubtful", 337))
        self.assertIn("337.50 less a commission of 0.08 is not 337.00", payment.reason)
