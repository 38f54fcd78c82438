"""What a collector keeps of a list: booked once, and for what joins the list later."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from .payment_import_common import PaymentImportCommon


@tagged("post_install", "-at_install", "utility_import")
class TestPaymentCommission(PaymentImportCommon):
    """The post keeps 2 % of what it takes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.post_office.commission_percent = 2

    def left_out_and_taken_up(self, **vals):
        """A list of 10.00 that 5.00 joins once it is done."""
        payments = self.make_batch(
            (self.account, 10), (self.account, 5), collector=self.post_office, **vals
        )
        late = payments.payment_ids.filtered(lambda payment: payment.amount == 5)
        late._skip("Not ours")
        payments.action_register()
        self.assertEqual(payments.state, "done")
        booked = payments.commission_booked
        late.action_reopen()
        late.account_id = self.account
        payments.action_register()
        self.assertEqual(payments.state, "done")
        return payments, booked

    def said(self, payments):
        return " ".join(map(str, payments.message_ids.mapped("body")))

    def test_a_line_that_was_mended_pays_its_part(self):
        number = self.account.number
        batch = self.bring_in(
            f"2026-03-10;10.00;;;{number};;;1", f"2026-03-10;5.00;ZZZ;;{number};;;2"
        )
        payments = batch.payment_batch_ids
        self.assertEqual((payments.state, payments.commission_booked), ("done", 0.2))
        first = payments.commission_move_id
        self.assertLedger(first, ("272000", False, -0.2), ("625000", False, 0.2))
        self.assertTrue(self.rows(batch, "invalid").mend({"currency": "EUR"}))
        batch.action_import()
        self.assertEqual((payments.state, payments.amount), ("done", 15))
        self.assertEqual(payments.commission_move_id, first)
        self.assertLedger(
            payments.commission_more_ids, ("272000", False, -0.1), ("625000", False, 0.1)
        )
        self.assertAlmostEqual(payments.commission_booked, 0.3)
        self.assertEqual(payments.commission_left, 0)
        self.env.flush_all()
        report = self.env["utility.payment.control.report"].browse(payments.id)
        self.assertEqual(
            [round(report[name], 2) for name in ("registered", "commission", "due")],
            [15, 0.3, 14.7],
        )

    def test_what_was_left_out_and_is_taken_up(self):
        payments, booked = self.left_out_and_taken_up()
        self.assertEqual(booked, 0.2)
        self.assertAlmostEqual(payments.commission_booked, 0.3)

    def test_what_is_stated_is_booked_once(self):
        payments, booked = self.left_out_and_taken_up(commission=0.5)
        self.assertEqual((booked, payments.commission_booked), (0.5, 0.5))
        self.assertFalse(payments.commission_more_ids)

    def test_another_sum_that_the_transfer_states(self):
        self.post_office.iban = "LT727044060003333333"
        payments = self.make_batch((self.account, 337.5), collector=self.post_office)
        payments.action_register()
        self.assertEqual(payments.commission_booked, 6.75)
        profile = self.make_profile(
            {"date": "d", "amount": "a", "purpose": "p", "payer_iban": "i"},
            collector_id=self.bank.id,
        )
        text = "Įmokų skaičius:1, įmokų suma:337.50, komisinis atlygis: 6.70"
        self.bring_in(
            f'2026-03-12;330.80;"{text}";LT727044060003333333', header="d;a;p;i", profile=profile
        )
        self.assertEqual((payments.transferred, payments.commission), (330.8, 6.7))
        self.assertAlmostEqual(payments.commission_booked, 6.7)
        self.assertLedger(
            payments.commission_more_ids, ("272000", False, 0.05), ("625000", False, -0.05)
        )

    # -- locked days ------------------------------------------------------------------------

    def test_a_locked_day_moves_it_and_it_is_said(self):
        self.company.fiscalyear_lock_date = "2026-02-28"
        payments = self.make_batch(
            (self.account, 10, {"date": "2026-03-02"}), collector=self.post_office
        )
        payments.action_register()
        self.assertEqual(str(payments.commission_move_id.date), "2026-03-01")
        self.assertIn(
            "The commission of 0.20 is booked on 03/01/2026: 02/20/2026 is locked in the ledger.",
            self.said(payments),
        )

    def test_while_today_is_locked_it_waits(self):
        payments = self.make_batch((self.account, 10), collector=self.post_office)
        payments.action_register()
        payments.commission = 0.5
        self.company.fiscalyear_lock_date = "2026-12-31"
        with self.assertRaisesRegex(UserError, "02/20/2026 is locked in the ledger"):
            payments.action_book_commission()
        payments._settle_commission()
        self.assertEqual((payments.commission_booked, payments.commission_left), (0.2, 0.3))
        self.assertIn("The commission is not booked: 02/20/2026 is locked", self.said(payments))
        self.company.fiscalyear_lock_date = "2026-02-28"
        payments.with_user(self.make_user("cashier")).action_book_commission()
        self.assertAlmostEqual(payments.commission_booked, 0.5)
