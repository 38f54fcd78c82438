"""Files of payments: staged, imported once, matched, taken back."""

from odoo.exceptions import AccessError, RedirectWarning, UserError
from odoo.tests import tagged

from .payment_import_common import HEADER, PaymentImportCommon


@tagged("post_install", "-at_install", "utility_import")
class TestImportPayments(PaymentImportCommon):
    # -- the usual way ----------------------------------------------------------------------

    def test_a_register_becomes_a_list(self):
        batch = self.bring_in(
            "2026-03-10;12.30;EUR;;NCHQT66;Už vandenį;Vardenė Pavardenė;T1",
            "11.03.2026;108;;;M4PEHG6;;;T2",
        )
        self.assertEqual((batch.state, batch.imported_count), ("done", 2))
        payments = batch.payment_batch_ids
        self.assertEqual(payments.collector_id, self.post_office)
        self.assertEqual((payments.source, payments.state), ("file", "review"))
        self.assertEqual(str(payments.date), "2026-03-11")
        self.assertEqual((payments.payment_count, payments.amount), (2, 120.3))
        first, second = self.payments(batch)
        self.assertEqual(
            (str(first.date), first.amount, first.currency_id.name, first.reference),
            ("2026-03-10", 12.3, "EUR", "NCHQT66"),
        )
        self.assertEqual(
            (first.purpose, first.payer_name, first.bank_ref, first.number),
            ("Už vandenį", "Vardenė Pavardenė", "T1", 2),
        )
        self.assertEqual(first.import_row_id, self.rows(batch)[0])
        self.assertEqual(second.currency_id.name, "EUR")
        self.assertEqual(second.company_id, self.company)

    def test_what_matches_surely_registers_itself(self):
        batch = self.bring_in(
            f"2026-03-10;5.00;;;{self.account.number};;;1", "2026-03-10;7.00;;;?;;;2"
        )
        paid, unknown = self.payments(batch)
        self.assertEqual((paid.state, unknown.state), ("registered", "unmatched"))
        self.assertEqual(batch.payment_batch_ids.state, "review")
        self.assertLedger(paid.move_id, ("121000", self.jonas.name, -5.0), ("272000", False, 5.0))

    def test_account_number_is_a_reference(self):
        profile = self.make_profile(
            {"date": "d", "amount": "a", "number": "ls", "reference": "r", "purpose": "p"}
        )
        batch = self.bring_in(
            "2026-03-10;5;1017;;",
            "2026-03-10;5;1017;RF18539007547034;už šilumą",
            header="d;a;ls;r;p",
            profile=profile,
        )
        alone, both = self.payments(batch)
        self.assertEqual((alone.reference, alone.purpose), ("1017", False))
        self.assertEqual((both.reference, both.purpose), ("RF18539007547034", "1017 už šilumą"))

    def test_headers_are_guessed(self):
        profile = self.make_profile({})
        profile._guess(
            ["Data", "Suma", "Valiuta", "Mokėtojo kodas", "Mokėtojas", "Mokėjimo paskirtis"]
        )
        sources = {column.field_name: column.source for column in profile.column_ids}
        self.assertEqual(sources["date"], "Data")
        self.assertEqual(sources["amount"], "Suma")
        self.assertEqual(sources["reference"], "Mokėtojo kodas")
        self.assertEqual(sources["payer_name"], "Mokėtojas")
        self.assertEqual(sources["purpose"], "Mokėjimo paskirtis")
        for words in (
            ["Дата платежа", "Сумма платежа", "Лицевой счёт", "Назначение платежа"],
            ["Дата платежу", "Сума платежу", "Особовий рахунок", "Призначення платежу"],
        ):
            profile = self.make_profile({})
            profile._guess(words)
            sources = {column.field_name: column.source for column in profile.column_ids}
            self.assertEqual(
                [sources[name] for name in ("date", "amount", "number", "purpose")], words
            )

    def test_profile_without_a_collector(self):
        self.profile.collector_id = False
        batch = self.upload("date;amount\n2026-03-10;5\n")
        with self.assertRaisesRegex(UserError, "choose on the profile through whom"):
            batch.action_read()

    def test_who_may_import(self):
        batch = self.read_lines("2026-03-10;5;;;A;;;1")
        with self.assertRaises(AccessError):
            batch.with_user(self.make_user("clerk")).action_import()
        operator = self.make_user("billing_operator")
        batch.with_user(operator).action_import()
        self.assertEqual(self.payments(batch).mapped("amount"), [5])

    # -- never twice, never lost ------------------------------------------------------------

    def test_same_file(self):
        lines = ("2026-03-10;5;;;A;;;1",)
        self.bring_in(*lines)
        again = self.upload("\n".join([HEADER, *lines, ""]))
        with self.assertRaisesRegex(RedirectWarning, "This very file was imported"):
            again.action_read()

    def test_register_sent_again_with_more_lines(self):
        first = ("2026-03-10;5;;;A;;;", "2026-03-10;5;;;A;;;", "2026-03-10;6;;;B;;;")
        batch = self.bring_in(*first)
        self.assertEqual(self.payments(batch).mapped("amount"), [5, 5, 6], "equal lines are two")
        again = self.bring_in("2026-03-11;9;;;C;;;", *first, "2026-03-10;5;;;A;;;")
        self.assertEqual(
            self.rows(again).mapped("state"),
            ["imported", "unchanged", "unchanged", "unchanged", "imported"],
        )
        self.assertEqual(self.payments(again).mapped("amount"), [9, 5])
        self.assertRegex(self.rows(again)[1].reason, "Recorded already by row 2 of register.csv")

    def test_bank_repeats_references(self):
        batch = self.bring_in(
            "2026-03-10;5;;;A;from Ona;Ona;2017010133333333",
            "2026-03-10;7;;;A;from Jonas;Jonas;2017010133333333",
            "2026-03-10;5;;;A;from Petras;Petras;2017010133333333",
        )
        self.assertEqual(self.payments(batch).mapped("amount"), [5, 7, 5])

    def test_lines_without_references_are_told_apart_by_their_text(self):
        self.bring_in("2026-03-10;5;;;;from Ona;Ona;")
        other = self.bring_in("2026-03-10;5;;;;from Jonas;Jonas;")
        self.assertEqual(self.payments(other).mapped("payer_name"), ["Jonas"])

    def test_amount_is_compared_as_a_number(self):
        self.bring_in("2026-03-10;5.00;;;A;;;1")
        again = self.read_lines("10.03.2026;5;;credit;A;;;1")
        self.assertEqual(self.rows(again).mapped("state"), ["unchanged"])

    def test_another_collector(self):
        self.bring_in("2026-03-10;5;;;A;;;1")
        other = self.profile.copy({"collector_id": self.bank.id})
        batch = self.bring_in("2026-03-10;5;;;A;;;1", profile=other)
        self.assertEqual(len(self.payments(batch)), 1)

    def test_mended_line_is_known_when_it_comes_again(self):
        line = "2062-03-10;5;;;A;;;1"
        batch = self.bring_in(line, "2026-03-10;6;;;B;;;2")
        bad = self.rows(batch, "invalid")
        self.assertTrue(bad.mend({"date": "2026-03-10"}))
        batch.action_import()
        self.assertEqual((batch.state, len(self.payments(batch))), ("done", 2))
        again = self.bring_in(line, "2026-03-10;7;;;C;;;3")
        self.assertEqual(self.rows(again).mapped("state"), ["unchanged", "imported"])

    def test_unreadable_line_is_known_when_it_was_mended(self):
        line = "2026-03-10;five;;;A;;;1"
        batch = self.bring_in(line)
        self.assertTrue(self.rows(batch).mend({"amount": "5"}))
        batch.action_import()
        again = self.read_lines(line, "2026-03-10;7;;;C;;;3")
        self.assertEqual(self.rows(again).mapped("state"), ["unchanged", "valid"])
        self.assertIn("Recorded already, mended", self.rows(again)[0].reason)

    def test_checking_again_keeps_places(self):
        batch = self.read_lines(
            "2026-03-10;5;;;A;;;", "2026-03-10;5;;;A;;;", "2026-03-10;5;ZZZ;;A;;;"
        )
        before = self.rows(batch).mapped("key_hash")
        self.assertEqual(len(set(before)), 3)
        batch.action_check_again()
        self.assertEqual(self.rows(batch).mapped("key_hash"), before)

    # -- what waits -------------------------------------------------------------------------

    def test_lines_that_wait_in_staging(self):
        batch = self.bring_in(
            "2026-03-17;5;;;A;;;1",
            "2026-03-10;0;;;A;;;2",
            "2026-03-10;5;ZZZ;;A;;;3",
            "not a day;5;;;A;;;4",
            "2026-03-10;five;;;A;;;5",
            "2026-03-10;5;;sideways;A;;;6",
            "2026-03-10;5;;;A;;;7",
        )
        self.assertEqual((batch.imported_count, batch.bad_count), (1, 6))
        self.assertEqual(batch.state, "partly")
        for row, words in zip(
            self.rows(batch, "invalid"),
            (
                "the day 2026-03-17 is still to come",
                "the amount is zero",
                "the currency “ZZZ” is not in use",
                "“not a day” is no date",
                "“five” is no number",
                "“sideways” is none of Came in, Went out",
            ),
            strict=True,
        ):
            self.assertIn(words, row.reason)

    def test_mended_lines_join_their_list(self):
        batch = self.bring_in("2026-03-10;5;ZZZ;;A;;;3", "2026-03-10;6;;;A;;;4")
        payments = batch.payment_batch_ids
        self.assertTrue(self.rows(batch, "invalid").mend({"currency": "eur"}))
        batch.action_import()
        self.assertEqual(batch.payment_batch_ids, payments)
        self.assertEqual(self.payments(batch).mapped("state"), ["unmatched", "unmatched"])

    def test_chargebacks_are_doubtful(self):
        batch = self.bring_in("2026-03-10;-5;;;A;;;1", "2026-03-10;6;;;A;;;2")
        back, paid = self.payments(batch)
        self.assertEqual((back.amount, back.state), (-5, "doubtful"))
        self.assertIn("An earlier payment is taken back", back.reason)
        self.assertEqual(paid.state, "unmatched")

    def test_money_that_went_out(self):
        profile = self.make_profile(
            {"date": "d", "amount": "a", "direction": "dk", "is_return": "back"}
        )
        batch = self.bring_in(
            "2026-03-10;5;debit;",
            "2026-03-10;6;credit;",
            "2026-03-10;7;debit;yes",
            header="d;a;dk;back",
            profile=profile,
        )
        self.assertEqual(self.rows(batch).mapped("state"), ["skipped", "imported", "imported"])
        self.assertEqual(
            self.rows(batch)[0].skip_reason, "Money that went out is no payment of a payer"
        )
        self.assertEqual(self.payments(batch).mapped("amount"), [6, -7])
        self.assertEqual(self.payments(batch)[1].state, "doubtful")
        self.assertEqual(batch.state, "done")

    def test_a_working_list_takes_nothing_in(self):
        batch = self.bring_in("2026-03-10;5;ZZZ;;A;;;3", "2026-03-10;6;;;A;;;4")
        self.rows(batch, "invalid").mend({"currency": "EUR"})
        batch.payment_batch_ids.state = "matching"
        with self.assertRaisesRegex(UserError, "wait until it is done"):
            batch.action_import()

    # -- taking back ------------------------------------------------------------------------

    def test_taken_back_and_imported_again(self):
        lines = ("2026-03-10;5;;;A;;;1", "2026-03-10;6;;;B;;;2")
        batch = self.bring_in(*lines)
        payments = self.payments(batch)
        batch.undo("wrong month")
        self.assertEqual(batch.state, "undone")
        self.assertEqual(payments.mapped("state"), ["skipped", "skipped"])
        self.assertIn("wrong month", payments[0].reason)
        self.assertEqual(payments.batch_id.state, "cancelled")
        self.assertEqual(payments.batch_id.payment_count, 0)
        again = self.bring_in(*lines)
        self.assertEqual(self.payments(again).mapped("amount"), [5, 6])

    def test_registered_payments_refuse(self):
        batch = self.bring_in(
            f"2026-03-10;5.00;;;{self.account.number};;;1", "2026-03-10;7.00;;;?;;;2"
        )
        with self.assertRaisesRegex(UserError, "1 payments are registered, the first is"):
            batch.undo("wrong")
        self.assertEqual(self.payments(batch).mapped("state"), ["registered", "unmatched"])
        self.assertEqual(batch.state, "done")
