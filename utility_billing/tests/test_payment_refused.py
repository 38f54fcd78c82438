"""Payments that the ledger refuses hold no other one up, and lose no file."""

from odoo.tests import tagged
from odoo.tools import mute_logger

from .payment_common import PaymentCommon
from .payment_import_common import PaymentImportCommon


@tagged("post_install", "-at_install")
class TestPaymentRefused(PaymentCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.nobodys = cls.make_account(cls.flat_2)

    def states(self, batch):
        return [(payment.amount, payment.state) for payment in batch.payment_ids.sorted("id")]

    def test_an_account_that_nobody_pays_for(self):
        batch = self.make_batch((self.account, 5), (self.nobodys, 6), (self.account, 7))
        batch.action_register()
        self.assertEqual(self.states(batch), [(5, "registered"), (6, "matched"), (7, "registered")])
        number = self.nobodys.number
        words = f"Swedbank 2026-02-20 6.00: account {number} has no payer; record who pays."
        refused = batch.payment_ids.sorted("id")
        self.assertEqual(refused.mapped("refusal"), [False, words, False])
        self.assertEqual((batch.state, batch.failed_message), ("review", words))
        self.assertEqual(batch.slice_ids.mapped("state"), ["done"])
        self.nobodys.partner_id = self.ona
        batch.action_register()
        self.assertEqual(self.states(batch)[1], (6, "registered"))
        self.assertFalse(batch.payment_ids.filtered("refusal"))
        self.assertEqual((batch.state, batch.failed_message), ("done", False))

    def test_many_of_one_slice(self):
        payments = [(self.account, 1)] * 5 + [(self.nobodys, 2)] + [(self.account, 3)] * 4
        batch = self.make_batch(*payments)
        batch.action_register()
        self.assertEqual(batch.registered_count, 9)
        self.assertEqual(sum(batch.payment_ids.line_ids.mapped("credit")), 17)

    def test_a_locked_day(self):
        self.company.fiscalyear_lock_date = "2026-02-15"
        early = {"date": "2026-02-10"}
        batch = self.make_batch(*[(self.account, 5, early)] * 6, (self.account, 6))
        batch.action_register()
        self.assertEqual(self.states(batch), [(5, "matched")] * 6 + [(6, "registered")])
        self.assertIn("02/10/2026 is locked in the ledger", batch.failed_message)
        batch.date_booked = "2026-02-16"
        batch.action_register()
        self.assertEqual(batch.state, "done")

    def test_what_all_are_refused_for_is_not_tried_one_by_one(self):
        self.company.fiscalyear_lock_date = "2026-02-20"
        batch = self.make_batch(*[(self.account, 5)] * 12)
        model = type(self.env["utility.payment.registering"])
        register, tried = model._register_payments, []

        def counted(self, payments):
            tried.append(len(payments))
            return register(self, payments)

        self.patch(model, "_register_payments", counted)
        batch.action_register()
        self.assertEqual(tried, [12, 1, 1])
        self.assertEqual(len(batch.payment_ids.filtered("refusal")), 12)

    def test_a_return_of_another_sum(self):
        other = self.pay((self.account, 9))
        back = {"takes_back_id": other.id, "state": "matched", "score": 100}
        batch = self.make_batch((self.account, 5), (self.account, -8, back))
        batch.action_register()
        self.assertEqual(self.states(batch), [(5, "registered"), (-8, "matched")])
        self.assertIn("return a part of it by hand", batch.payment_ids.sorted("id")[1].refusal)

    def test_placed_anew_nothing_is_said_against_it(self):
        batch = self.make_batch((self.nobodys, 6))
        batch.action_register()
        self.assertTrue(batch.payment_ids.refusal)
        batch.payment_ids.account_id = self.account
        self.assertFalse(batch.payment_ids.refusal)

    def test_it_is_seen_among_unplaced_money(self):
        batch = self.make_batch((self.nobodys, 6))
        batch.action_register()
        self.env.flush_all()
        row = self.env["utility.payment.unplaced.report"].search(
            [("payment_id", "=", batch.payment_ids.id)]
        )
        self.assertIn("has no payer", row.reason)


@tagged("post_install", "-at_install", "utility_import")
class TestImportPaymentRefused(PaymentImportCommon):
    def test_a_small_file_is_imported_all_the_same(self):
        self.company.fiscalyear_lock_date = "2026-03-09"
        number = self.account.number
        batch = self.bring_in(
            f"2026-03-08;5.00;;;{number};;;1",
            f"2026-03-10;7.00;;;{number};;;2",
        )
        self.assertEqual((batch.state, batch.imported_count), ("done", 2))
        self.assertEqual(self.payments(batch).mapped("state"), ["matched", "registered"])
        payments = batch.payment_batch_ids
        self.assertEqual(payments.state, "review")
        self.assertIn("03/08/2026 is locked in the ledger", payments.failed_message)
        payments.date_booked = "2026-03-10"
        payments.action_register()
        self.assertEqual(payments.state, "done")

    def test_a_slice_that_fails_leaves_the_file_in(self):
        def broken(payments, _part):
            payments.env["utility.payment"].create({"batch_id": payments.batch_id.id, "amount": 0})
            payments.env.flush_all()

        self.patch(self.registry["utility.payment"], "_slice_matching", broken)
        with mute_logger("odoo.sql_db", "odoo.addons.utility_base.tools.failing"):
            batch = self.bring_in(f"2026-03-10;5.00;;;{self.account.number};;;1")
        self.assertEqual((batch.state, batch.imported_count), ("done", 1))
        payments = batch.payment_batch_ids
        self.assertEqual((payments.state, payments.slice_ids.state), ("review", "failed"))
        self.assertIn("amount_not_zero", payments.failed_message)
