"""Odoo's own flows work on bills in bulk, and change nothing that they should not."""

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .posting_common import PostingCommon

UNTOUCHED = (
    "name state move_type partner_id amount_untaxed amount_tax amount_total invoice_date "
    "invoice_date_due payment_reference ref utility_account_id"
).split()
UNTOUCHED_LINES = (
    "name account_id quantity price_unit price_subtotal price_total balance tax_line_id "
    "utility_account_id utility_service_id date_maturity"
).split()


@tagged("post_install", "-at_install")
class TestFlowsOfBulkBills(PostingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bill = cls.posted_bills()
        cls.bank = cls.make_bank_journal()

    def setUp(self):
        super().setUp()
        self.assertEqual(self.bill.utility_posting_id.way, "bulk")
        self.assertFalse(self.bill.utility_posting_id.fallback_reason)

    def pay(self, amount):
        wizard = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=self.bill.ids
        )
        wizard.create({"amount": amount, "journal_id": self.bank.id})._create_payments()

    def test_a_payment_is_registered_and_taken_off(self):
        self.pay(10)
        self.assertEqual((self.bill.payment_state, self.bill.amount_residual), ("partial", 9.32))
        self.pay(9.32)
        self.assertEqual(self.bill.amount_residual, 0)
        self.assertIn(self.bill.payment_state, ("paid", "in_payment"))
        owed = self.bill.line_ids.filtered(lambda line: line.display_type == "payment_term")
        self.assertTrue(owed.full_reconcile_id)
        owed.remove_move_reconcile()
        self.assertEqual((self.bill.payment_state, self.bill.amount_residual), ("not_paid", 19.32))
        self.assertEqual(self.account.balance, 19.32)

    def test_a_credit_note_takes_it_back(self):
        wizard = (
            self.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=self.bill.ids)
            .create({"journal_id": self.bill.journal_id.id, "date": "2026-03-16"})
        )
        wizard.modify_moves()
        note = self.bill.reversal_move_ids
        self.assertEqual((note.amount_total, self.bill.payment_state), (19.32, "reversed"))
        self.assertEqual(note.name, "UB/2026/00002")
        self.assertEqual(note.utility_account_id, self.account)
        self.assertEqual(self.account.balance, 0)

    def test_back_to_draft_and_posted_again_it_is_the_same(self):
        before = self.values()
        self.bill.button_draft()
        self.bill.action_post()
        self.assertEqual(self.values(), before)
        charges = self.bill._utility_charges()
        self.assertEqual(charges.move_line_id, self.bill.invoice_line_ids)

    def test_a_changed_line_is_taxed_anew_by_odoo(self):
        self.bill.button_draft()
        with Form(self.bill) as form, form.invoice_line_ids.edit(0) as line:
            line.price_unit = 2
        self.assertEqual(
            (self.bill.amount_untaxed, self.bill.amount_tax, self.bill.amount_total),
            (24.69, 5.18, 29.87),
        )

    def test_a_locked_period_keeps_it(self):
        self.company.fiscalyear_lock_date = "2026-02-28"
        with self.assertRaises(UserError):
            self.bill.button_draft()

    def test_taxes_are_reported(self):
        rows = self.env["account.move.line"]._read_group(
            [("tax_line_id", "=", self.vat.id), ("parent_state", "=", "posted")],
            ["tax_line_id"],
            ["balance:sum", "tax_base_amount:sum"],
        )
        self.assertEqual(
            [(round(balance, 2), round(base, 2)) for _tax, balance, base in rows],
            [(-3.35, -15.97)],
        )
        self.assertEqual(self.bill.tax_totals["total_amount_currency"], 19.32)

    def test_it_is_printed(self):
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "account.report_invoice", self.bill.ids
        )
        self.assertIn(b"19.32", html)

    def test_it_is_counted_for_its_customer(self):
        self.assertEqual(self.jonas.customer_rank, 1)

    def values(self):
        lines = self.bill.line_ids.sorted(lambda line: (line.account_id.code, line.id))
        return self.bill.read(UNTOUCHED), lines.read(UNTOUCHED_LINES)


@tagged("post_install", "-at_install")
class TestNumbers(PostingCommon):
    def test_a_bill_made_by_hand_takes_the_next_number(self):
        self.posted_bills()
        own = self.make_hand_bill()
        self.assertEqual(own.name, "UB/2026/00002")
        self.assertEqual(self.posted_bills("2026-02-10").name, "UB/2026/00003")

    def make_hand_bill(self):
        bill = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "journal_id": self.company.utility_bill_journal_id.id,
                "partner_id": self.ona.id,
                "invoice_date": "2026-02-01",
                "invoice_line_ids": [
                    Command.create({"name": "Seal", "price_unit": 5, "account_id": self.revenue.id})
                ],
            }
        )
        bill.action_post()
        return bill

    def test_a_batch_that_failed_uses_its_numbers_later(self):
        """The failed batch keeps 1; a run between takes 2; posted again, the first is 1."""
        run = self.approved_run()
        self.revenue.active = False
        run.action_post()
        self.assertEqual(run.posting_ids.state, "failed")
        self.assertIn("is archived", run.posting_ids.message)
        self.assertFalse(run.posting_ids.range_ids, "nothing was prepared, no number is kept")
        self.revenue.active = True
        run.action_post_failed()
        self.assertEqual(run.move_ids.name, "UB/2026/00001")

    def test_numbers_are_kept_whatever_becomes_of_the_transaction(self):
        journal = self.company._utility_bill_journal()
        run = self.approved_run()
        batch = self.env["utility.billing.posting"].create(
            {"run_id": run.id, "first_id": 1, "last_id": 1, "account_count": 1}
        )
        ranges = self.env["utility.bill.range"]
        self.assertEqual(ranges._numbers(batch, journal, "UB/2026/00000", 3), [1, 2, 3])
        self.assertEqual(ranges._numbers(batch, journal, "UB/2026/00000", 3), [1, 2, 3])
        other = batch.copy()
        self.assertEqual(ranges._numbers(other, journal, "UB/2026/00000", 2), [4, 5])
        # it came to fewer bills than before: what is left goes to whoever asks next
        self.assertEqual(ranges._numbers(batch, journal, "UB/2026/00000", 2), [1, 2])
        self.assertEqual(ranges._numbers(other, journal, "UB/2026/00000", 4), [3, 4, 5, 6])


@tagged("post_install", "-at_install")
class TestOneByOne(PostingCommon):
    """Where bulk does not know what Odoo would do, Odoo does it and the batch says why."""

    def posted_way(self):
        run = self.posted_bills().utility_run_id
        return run.posting_ids.way, run.posting_ids.fallback_reason

    def test_a_sealed_journal(self):
        self.company._utility_bill_journal().restrict_mode_hash_table = True
        way, reason = self.posted_way()
        self.assertEqual(way, "orm")
        self.assertIn("seals its entries", reason)

    def test_a_term_with_instalments(self):
        self.company.utility_bill_term_id = self.env["account.payment.term"].create(
            {
                "name": "Half and half",
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": 50, "nb_days": days})
                    for days in (10, 40)
                ],
            }
        )
        way, reason = self.posted_way()
        self.assertEqual(way, "orm")
        self.assertIn("instalments", reason)

    def test_a_tax_by_the_piece(self):
        fixed = self.make_tax(2, amount_type="fixed")
        self.give_tax_account(fixed)
        self.water.tax_ids = fixed
        run = self.posted_bills().utility_run_id
        self.assertIn("only Odoo can calculate", run.posting_ids.fallback_reason)
        self.assertEqual(run.move_ids.name, "UB/2026/00001")

    def test_a_tax_without_account_is_said(self):
        self.vat.invoice_repartition_line_ids.account_id = False
        run = self.approved_run()
        self.post(run)
        self.assertIn("has no account in its distribution", run.posting_ids.message)
        self.assertFalse(run.move_ids)
