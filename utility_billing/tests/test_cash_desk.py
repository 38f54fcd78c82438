"""A cashier's day: money taken, once; receipts, the drawer, the ledger."""

import io

from PyPDF2 import PdfReader

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .cash_common import CashCommon


@tagged("post_install", "-at_install")
class TestCashDesk(CashCommon):
    # -- taking -----------------------------------------------------------------------------

    def test_cash_pays_the_bill(self):
        total = self.bill.amount_total
        self.open_shift()
        answer = self.take(total, given=50)
        payment = self.payment(answer)
        self.assertEqual(answer["receipt"]["name"], "K1-1")
        self.assertAlmostEqual(answer["receipt"]["change"], 50 - total)
        self.assertEqual(payment.state, "registered")
        self.assertEqual(payment.batch_id.source, "desk")
        self.assertEqual(self.bill.payment_state, "paid")
        self.assertLedger(
            payment.move_id,
            ("121000", self.bill.partner_id.name, -total),
            ("271100", False, total),
        )
        self.assertAlmostEqual(answer["shift"]["expected"], 100 + total)

    def test_a_card_goes_to_the_terminal(self):
        self.open_shift()
        payment = self.payment(self.take(10, means="card", card_ref="4711"))
        self.assertEqual(payment.collector_id.name, "Terminal")
        self.assertEqual(payment.bank_ref, "4711")
        shift = self.desk.shift_id
        self.assertEqual((shift.cash, shift.card, shift.expected), (0, 10, 100))

    def test_sent_twice_it_is_taken_once(self):
        self.open_shift()
        first = self.take(10, key="one-and-the-same-key")
        again = self.take(10, key="one-and-the-same-key")
        self.assertFalse(first["repeated"])
        self.assertTrue(again["repeated"])
        self.assertEqual(again["receipt"]["id"], first["receipt"]["id"])
        self.assertEqual(len(self.desk.shift_id.payment_ids), 1)
        self.assertEqual(self.take(1)["receipt"]["name"], "K1-2")

    def test_numbers_have_no_gap_after_a_refusal(self):
        self.open_shift()
        self.take(1)
        with self.assertRaisesRegex(UserError, "is to be taken"), self.cr.savepoint():
            self.take(10, given=5)
        with self.assertRaisesRegex(UserError, "no sum of money"), self.cr.savepoint():
            self.take("12a")
        with self.assertRaisesRegex(UserError, "no sum of money"), self.cr.savepoint():
            self.take(1.005)
        with self.assertRaisesRegex(UserError, "how much"), self.cr.savepoint():
            self.take(-5)
        with self.assertRaisesRegex(UserError, "no sum of money"), self.cr.savepoint():
            self.take(float("inf"))
        self.take(1)
        numbers = self.desk.shift_id.payment_ids.sorted("id").mapped("receipt_number")
        self.assertEqual(numbers, [1, 2])

    def test_split_by_service(self):
        self.open_shift()
        payment = self.payment(
            self.take(12, services=[{"service_id": self.water.id, "amount": 10}])
        )
        self.assertEqual(
            [(part.service_id.name, part.amount) for part in payment.part_ids],
            [(self.water.name, 10), (False, 2)],
        )
        with self.assertRaisesRegex(UserError, "more than is paid"):
            self.take(5, services=[{"service_id": self.water.id, "amount": 6}])

    def test_a_family_pays_for_two_flats(self):
        other = self.make_account(
            self.make_premise("flat", "22", self.entrance), self.make_person("Ona Kitoke")
        )
        self.open_shift()
        answer = self.screen.take(
            key="a-key-of-the-family",
            lines=[
                {"account_id": self.payer_account.id, "amount": 3},
                {"account_id": other.id, "amount": 4.5},
            ],
            given=10,
        )
        payment = self.payment(answer)
        self.assertEqual((payment.amount, payment.change), (7.5, 2.5))
        self.assertFalse(payment.account_id)
        self.assertEqual(len(payment.part_ids), 2)
        self.assertAlmostEqual(other.balance, -4.5)
        with self.assertRaisesRegex(UserError, "twice"):
            self.screen.take(
                key="a-key-of-somebody",
                lines=[{"account_id": other.id, "amount": 1}] * 2,
            )

    def test_without_a_shift_nothing_is_taken(self):
        with self.assertRaisesRegex(UserError, "not open"):
            self.take(1)
        self.open_shift()
        self.screen.begin_closing()
        with self.assertRaisesRegex(UserError, "being counted"):
            self.take(1)
        self.screen.go_on()
        self.assertEqual(self.take(1)["receipt"]["name"], "K1-1")

    # -- rounding ---------------------------------------------------------------------------

    def round_cash(self):
        self.rounded = self.make_ledger_account("739000", "Rounding", "income_other")
        self.desk.cash_rounding_id = self.env["account.cash.rounding"].create(
            {
                "name": "Five cents",
                "rounding": 0.05,
                "rounding_method": "HALF-UP",
                "profit_account_id": self.rounded.id,
                "loss_account_id": self.rounded.id,
            }
        )

    def test_cash_is_taken_in_the_coins_in_use(self):
        self.round_cash()
        shift = self.open_shift()
        taken = self.take(12.33, given=15)
        payment = self.payment(taken)
        self.assertEqual((payment.amount, payment.rounding, payment.change), (12.33, 0.02, 2.65))
        self.assertIn("12.35", str(payment.receipt_content))
        self.assertEqual(taken["shift"]["rounding"], {"coin": 0.05, "method": "HALF-UP"})
        self.take(7.51)
        card = self.payment(self.take(1.02, means="card", card_ref="4"))
        self.assertEqual(card.rounding, 0)
        self.screen.void(self.payment(self.take(3.04)).id, "Wrong account")
        with self.assertRaisesRegex(UserError, "smallest coin"), self.cr.savepoint():
            self.take(0.02)
        self.assertEqual((shift.cash, shift.rounded, shift.expected), (19.84, 0.01, 119.85))
        self.close_with((100, 1), (10, 1), (5, 1), (2, 2), (0.5, 1), (0.2, 1), (0.1, 1), (0.05, 1))
        self.assertEqual((shift.difference, shift.left), (0, 119.85))
        self.assertLedger(
            shift.difference_move_ids, ("271100", False, 0.01), ("739000", False, -0.01)
        )

    def test_rounding_without_an_account_says_who_mends_it(self):
        self.round_cash()
        self.desk.cash_rounding_id.profit_account_id = False
        self.open_shift()
        self.take(12.33)
        with self.assertRaisesRegex(UserError, "profit and the loss account"):
            self.close_with((100, 1), (10, 1), (2, 1), (0.2, 1), (0.1, 1), (0.05, 1))

    # -- voiding ----------------------------------------------------------------------------

    def test_a_voided_receipt_gives_the_money_back(self):
        shift = self.open_shift()
        payment = self.payment(self.take(10))
        seen = self.screen.void(payment.id, "Wrong account")
        self.assertEqual((payment.state, payment.is_void), ("returned", True))
        self.assertAlmostEqual(self.bill.amount_residual, self.bill.amount_total)
        self.assertEqual((shift.cash, shift.voided, shift.expected), (0, 10, 100))
        self.assertEqual(seen["receipts"][0]["reason"], "Wrong account")
        drawer = self.env["account.move.line"].search([("account_id", "=", self.drawer.id)])
        self.assertEqual(sum(drawer.mapped("balance")), 0)
        self.assertEqual(self.take(1)["receipt"]["name"], "K1-2")
        self.assertIn("VOIDED", self.text_of("utility_billing.cash_receipt", payment))

    def test_what_cannot_be_voided(self):
        self.open_shift()
        payment = self.payment(self.take(10))
        with self.assertRaisesRegex(UserError, "Say why"):
            self.screen.void(payment.id, "  ")
        self.screen.void(payment.id, "Wrong account")
        with self.assertRaisesRegex(UserError, "voided already"):
            self.screen.void(payment.id, "Again")
        second = self.payment(self.take(5))
        self.close_with((100, 1), (5, 1))
        self.open_shift(105)
        with self.assertRaisesRegex(UserError, "not of your open shift"):
            self.screen.void(second.id, "Too late")

    # -- finding ----------------------------------------------------------------------------

    def test_found_by_number_name_reference_and_barcode(self):
        account = self.payer_account
        reference = account._utility_reference()
        barcode = f"{account.number}{1234:010d}"
        self.assertTrue(reference)
        for text in (account.number, account.partner_id.name, reference, barcode, self.bill.name):
            found = self.screen.find(text)
            self.assertEqual(found["account"] and found["account"]["id"], account.id, text)
        self.assertEqual(self.screen.find("nobody of this name")["accounts"], [])

    def test_what_is_owed_is_seen(self):
        self.open_shift()
        self.take(5)
        seen = self.screen.account(self.payer_account.id)
        self.assertAlmostEqual(seen["owed"], self.bill.amount_total - 5)
        self.assertEqual(seen["to_pay"], seen["owed"])
        self.assertAlmostEqual(sum(row["owed"] for row in seen["services"]), seen["owed"])
        self.assertEqual([row["name"] for row in seen["bills"]], [self.bill.name])
        self.assertEqual([row["amount"] for row in seen["payments"]], [5])

    def test_finding_asks_a_fixed_number_of_queries(self):
        self.screen.find(self.payer_account.number)
        with self.assertQueryCount(30):
            self.env.invalidate_all()
            self.screen.find(self.payer_account.number)

    # -- the drawer -------------------------------------------------------------------------

    def test_cash_in_and_out(self):
        shift = self.open_shift()
        self.screen.move_cash("bank", 60, "Bag 12")
        self.screen.move_cash("out", 10, "Light bulbs")
        self.screen.move_cash("in", 5)
        self.assertEqual(shift.expected, 35)
        self.assertLedger(
            shift.movement_ids.filtered(lambda row: row.kind == "bank").move_id,
            ("271100", False, -60),
            ("272000", False, 60),
        )
        self.assertLedger(
            shift.movement_ids.filtered(lambda row: row.kind == "out").move_id,
            ("271100", False, -10),
            ("614000", False, 10),
        )
        with self.assertRaisesRegex(UserError, "no more can be taken out"):
            self.screen.move_cash("bank", 36)

    def test_closed_short_the_difference_is_booked(self):
        shift = self.open_shift()
        self.take(20)
        self.close_with((100, 1), (10, 1), (5, 1), to_bank=100)
        self.assertEqual(
            (shift.state, shift.expected, shift.counted, shift.difference, shift.left),
            ("closed", 120, 115, -5, 15),
        )
        self.assertLedger(shift.difference_move_ids, ("271100", False, -5), ("656000", False, 5))
        self.assertEqual(shift.cash_batch_id.state, "done")
        lines = self.env["account.move.line"].search([("account_id", "=", self.drawer.id)])
        # the 100 of the first opening are the accountant's to book
        self.assertEqual(sum(lines.mapped("balance")), 15 - 100)
        self.assertEqual(self.screen.start()["desks"][0]["left"], 15)

    def test_the_next_float_is_compared_with_what_was_left(self):
        self.open_shift()
        self.close_with((100, 1))
        shift = self.open_shift(90)
        self.assertLedger(shift.difference_move_ids, ("271100", False, -10), ("656000", False, 10))

    def test_a_count_that_cannot_be(self):
        self.open_shift()
        self.screen.begin_closing()
        for count in ({"3": 1}, {"100": -1}, {"100": "x"}, {"nan": 1}):
            with self.assertRaisesRegex(UserError, "whole numbers"):
                self.screen.close(count)
        with self.assertRaisesRegex(UserError, "no more than that"):
            self.screen.close({"100": 1}, 101)

    def test_without_an_account_for_differences_it_is_said(self):
        self.desk.difference_account_id = False
        self.open_shift()
        self.screen.begin_closing()
        with self.assertRaisesRegex(UserError, "Over and Short"):
            self.screen.close({"50": 1})

    def test_one_shift_at_a_desk(self):
        self.open_shift()
        other = self.make_user("cashier", login="second_cashier")
        with self.assertRaisesRegex(UserError, "has a shift open"):
            self.screen.with_user(other).open_shift(self.desk.id, 0)
        with self.assertRaisesRegex(UserError, "not open"):
            self.screen.with_user(other).move_cash("in", 1)

    # -- who --------------------------------------------------------------------------------

    def test_only_cashiers_work_here(self):
        for role in ("clerk", "billing_operator", "auditor"):
            screen = self.screen.with_user(self.make_user(role))
            with self.assertRaises(AccessError):
                screen.start()
            with self.assertRaises(AccessError):
                screen.find("1")

    def test_only_cashiers_of_the_desk(self):
        self.desk.user_ids = self.make_user("cashier", login="second_cashier")
        self.assertEqual(self.screen.start()["desks"], [])
        with self.assertRaisesRegex(UserError, "do not work"):
            self.open_shift()

    # -- paper ------------------------------------------------------------------------------

    def text_of(self, report, record):
        pdf, kind = (
            self.env["ir.actions.report"]
            .with_user(self.cashier)
            ._render_qweb_pdf(report, record.ids)
        )
        self.assertEqual(kind, "pdf")
        reader = PdfReader(io.BytesIO(pdf))
        self.assertEqual(len(reader.pages), 1)
        self.assertAlmostEqual(float(reader.pages[0].mediabox.width), 80 / 25.4 * 72, 1)
        return reader.pages[0].extract_text()

    def test_the_receipt(self):
        self.open_shift()
        payment = self.payment(self.take(12.5, given=20))
        text = self.text_of("utility_billing.cash_receipt", payment)
        for words in (
            self.company.name,
            "Receipt K1-1",
            self.cashier.name,
            self.payer_account.number,
            self.water.name,
            "Twelve",
            "Still owed",
        ):
            self.assertIn(words, text)
        self.assertIn("7.50", text.replace(",", "."))
        before = payment.receipt_content
        self.payer_account.partner_id.name = "Another Name"
        self.assertEqual(payment.receipt_content, before)

    def test_the_report_of_the_shift(self):
        shift = self.open_shift()
        self.take(12.5)
        self.assertIn("(X)", self.text_of("utility_billing.cash_shift", shift))
        self.close_with((100, 1), (10, 1), (2, 1))
        text = self.text_of("utility_billing.cash_shift", shift)
        for words in ("(Z)", "K1-1", "Short", self.water.name):
            self.assertIn(words, text)
