"""Approved charges become posted bills of Odoo's ledger."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from .posting_common import PostingCommon


@tagged("post_install", "-at_install")
class TestPosting(PostingCommon):
    way = "bulk"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.utility_posting_way = cls.way

    def test_a_bill_has_a_line_a_service(self):
        """12.345 m³ × 1.23 + 0.79 = 15.97; 21 % of it is 3.35."""
        bill = self.posted_bills()
        self.assertRecordValues(
            bill,
            [
                {
                    "state": "posted",
                    "move_type": "out_invoice",
                    "partner_id": self.jonas.id,
                    "utility_account_id": self.account.id,
                    "amount_untaxed": 15.97,
                    "amount_tax": 3.35,
                    "amount_total": 19.32,
                    "amount_residual": 19.32,
                    "name": "UB/2026/00001",
                    "utility_bill_kind": "first",
                }
            ],
        )
        self.assertEqual(str(bill.invoice_date), "2026-01-31")
        self.assertEqual(str(bill.invoice_date_due), "2026-02-15")
        self.assertLedger(
            bill,
            ("121000", "Jonas Petraitis", 19.32),
            ("251000", "Jonas Petraitis", -3.35),
            ("400000", "Jonas Petraitis", -15.97),
        )
        line = bill.invoice_line_ids
        self.assertRecordValues(
            line,
            [{"quantity": 12.345, "price_subtotal": 15.97, "utility_service_id": self.water.id}],
        )
        self.assertEqual(line.utility_account_id, self.account)
        self.assertEqual(self.account.balance, 19.32)

    def test_charges_lead_to_the_line_that_carries_them(self):
        bill = self.posted_bills()
        charges = bill._utility_charges()
        self.assertEqual(charges.move_line_id, bill.invoice_line_ids)
        self.assertEqual(
            [(charge.code, charge.amount, charge.tax_amount) for charge in charges],
            [("water", 15.18, 3.18), ("fee", 0.79, 0.17)],
        )
        self.assertEqual(set(charges.mapped("state")), {"posted"})
        self.assertEqual(charges.run_id.state, "posted")

    def test_the_next_month_goes_on_with_numbers(self):
        self.posted_bills()
        second = self.posted_bills("2026-02-10")
        self.assertEqual(second.name, "UB/2026/00002")
        self.assertEqual(second.utility_bill_kind, "regular")
        self.assertEqual(second.utility_balance_before, 19.32)

    def test_a_locked_period_is_said_before_anything_is_posted(self):
        run = self.approved_run().with_user(self.make_user("billing_operator"))
        self.company.fiscalyear_lock_date = "2026-02-28"
        with self.assertRaisesRegex(UserError, "locked in the ledger .*: date the bills later"):
            run.action_post()
        self.assertEqual((run.state, run.posting_ids.ids), ("approved", []))
        run.bill_date = "2026-03-01"
        run.action_post()
        self.assertEqual((run.state, run.move_ids.name), ("posted", "UB/2026/00001"))
        self.assertEqual(str(run.move_ids.date), "2026-03-01")
        with self.assertRaisesRegex(UserError, "dated 03/01/2026 already"):
            run.bill_date = "2026-03-02"

    def test_bills_are_dated_later_as_long_as_there_are_none(self):
        """What the batch kept of 2026 goes to the next bill of that year."""
        run = self.approved_run()
        self.revenue.active = False
        run.action_post()
        self.assertEqual(run.posting_ids.state, "failed")
        self.revenue.active = True
        ranges, journal = self.env["utility.bill.range"], self.company.utility_bill_journal_id
        self.assertEqual(ranges._numbers(run.posting_ids, journal, "UB/2026/00000", 1), [1])
        self.company.fiscalyear_lock_date = "2026-02-28"
        with self.assertRaisesRegex(UserError, "date the bills later"):
            run.action_post_failed()
        run.bill_date = "2027-01-31"
        run.action_post_failed()
        self.assertEqual((run.state, run.move_ids.name), ("posted", "UB/2027/00001"))
        self.assertEqual(run.posting_ids.range_ids.mapped("state"), ["taken"])
        second = self.approved_run("2026-02-10")
        second.bill_date = "2026-03-01"
        self.assertEqual(self.post(second).name, "UB/2026/00001")

    def test_a_run_is_posted_once(self):
        run = self.approved_run()
        self.post(run)
        with self.assertRaises(UserError):
            run.action_post()


@tagged("post_install", "-at_install")
class TestPostingOneByOne(TestPosting):
    allow_inherited_tests_method = True
    way = "orm"
