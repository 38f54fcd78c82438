"""Advances are billed on their days, and the month's bill takes them off."""

from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ..models.advance_billing import Advance
from .posting_common import PostingCommon

FAILING = "odoo.addons.utility_base.tools.failing"


@tagged("post_install", "-at_install")
class TestAdvances(PostingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.utility_posting_way = "orm"
        cls.operator = cls.make_user("billing_operator")

    def advance(self, **vals):
        return (
            self.env["utility.advance"]
            .with_user(self.operator)
            .create(
                {
                    "account_id": self.account.id,
                    "service_id": self.water.id,
                    "company_id": self.company.id,
                    "day": 10,
                    "amount": 5,
                    "date_start": "2026-01-01",
                    **vals,
                }
            )
        )

    def bill(self, day):
        """Post the advances that are due on a day."""
        advances = self.env["utility.advance"].with_user(self.operator)
        run = advances._bill(self.company, fields.Date.to_date(day))
        run._approve_and_post()
        return run.move_ids

    def test_two_advances_and_the_bill_of_the_month(self):
        """5.00 + 21 % = 6.05 on the 10th, 3.00 + 21 % = 3.63 on the 20th; January comes to 15.97,
        with 21 % 19.32: 15.97 − 8.00 = 7.97, with 21 % 9.64."""
        self.advance()
        self.advance(day=20, amount=3)
        first = self.bill("2026-01-10")
        self.assertRecordValues(
            first,
            [
                {
                    "utility_bill_kind": "advance",
                    "amount_untaxed": 5,
                    "amount_total": 6.05,
                    "name": "UB/2026/00001",
                }
            ],
        )
        self.assertEqual(str(first.invoice_date), "2026-01-10")
        second = self.bill("2026-01-20")
        self.assertEqual(second.amount_total, 3.63)
        bill = self.posted_bills()
        self.assertEqual((bill.amount_untaxed, bill.amount_total), (7.97, 9.64))
        self.assertEqual(
            [round(line.price_subtotal, 2) for line in bill.invoice_line_ids.sorted("sequence")],
            [15.97, -5, -3],
        )
        self.assertIn("UB/2026/00001", bill.invoice_line_ids[1].name)
        self.assertIn("UB/2026/00002", bill.invoice_line_ids[2].name)
        self.assertEqual(self.account.balance, 19.32)
        later = self.posted_bills("2026-02-10")
        self.assertNotIn("settlement", later._utility_charges().mapped("kind"))

    def test_an_advance_is_billed_once_a_month(self):
        self.advance()
        self.bill("2026-01-10")
        advances = self.env["utility.advance"]
        self.assertFalse(advances._bill(self.company, fields.Date.to_date("2026-01-11")))
        self.assertEqual(self.bill("2026-02-12").amount_total, 6.05)

    def test_a_share_of_the_last_month(self):
        """40 % of 15.97 is 6.39, with 21 % 7.73."""
        self.posted_bills()
        self.advance(basis="last_bill", percent=40, amount=0)
        bill = self.bill("2026-02-10")
        self.assertEqual((bill.amount_untaxed, bill.amount_total), (6.39, 7.73))
        charge = bill._utility_charges()
        self.assertIn("15.97", charge.explanation)

    def test_more_advances_than_the_month_comes_to(self):
        """15.97 − 20.00 = −4.03, with 21 % −4.88: a credit note."""
        self.advance(amount=20)
        self.bill("2026-01-10")
        bill = self.posted_bills()
        self.assertEqual((bill.move_type, bill.amount_total), ("out_refund", 4.88))
        self.assertEqual(self.account.balance, 19.32)

    def test_an_advance_is_cancelled_unless_taken_off(self):
        self.advance()
        advance = self.bill("2026-01-10")
        bill = self.posted_bills()
        with self.assertRaisesRegex(UserError, "cancel that bill first"):
            self.rebill(advance).action_compare()
        self.cancel(bill)
        self.cancel(advance)
        self.assertEqual(self.account.balance, 0)
        self.assertEqual(self.posted_bills().amount_total, 19.32)

    def test_what_is_cancelled_before_approval_is_not_taken_off(self):
        """The month waits for approval with the advance taken off: 15.97 − 5.00. Without it January
        comes to 19.32 with tax, and that is all that is owed."""
        self.advance()
        advance = self.bill("2026-01-10")
        run = self.make_run()
        self.assertEqual(round(run.amount, 2), 10.97)
        self.cancel(advance)
        with self.assertRaisesRegex(UserError, "advance .* was cancelled .* Calculate it again"):
            run.action_approve()
        run.action_calculate()
        run.action_approve()
        self.assertEqual(self.post(run).amount_total, 19.32)
        self.assertEqual(self.account.balance, 19.32)

    def test_a_bill_billed_again_takes_it_off_again(self):
        self.advance()
        self.bill("2026-01-10")
        bill = self.posted_bills()
        self.assertEqual(bill.amount_total, 13.27)
        rebill = self.cancel(bill, bill_again=True)
        rebill.action_post_again()
        self.assertEqual(rebill.run_id.move_ids.amount_total, 13.27)
        self.assertEqual(self.account.balance, 19.32)

    def rebill(self, bills, **vals):
        return (
            self.env["utility.rebill"]
            .with_user(self.operator)
            .create(
                {
                    "company_id": self.company.id,
                    "bill_ids": [fields.Command.set(bills.ids)],
                    "reason": "Agreed otherwise",
                    "bill_again": False,
                    **vals,
                }
            )
        )

    def cancel(self, bills, **vals):
        rebill = self.rebill(bills, **vals)
        rebill.action_compare()
        rebill.action_cancel_bills()
        return rebill

    def test_the_scheduled_job(self):
        """Today is 16 March: the advance of the 10th is caught up, that of the 20th is not due."""
        self.advance()
        self.advance(day=20)
        self.env["utility.advance"]._cron_bill()
        run = self.env["utility.billing.run"].search([("purpose", "=", "advance")])
        self.assertEqual((run.state, run.amount), ("review", 5))
        run.action_discard()
        run.unlink()
        self.company.utility_advance_auto = True
        self.env["utility.advance"]._cron_bill()
        run = self.env["utility.billing.run"].search([("purpose", "=", "advance")])
        self.assertEqual((run.state, run.move_ids.amount_total), ("posted", 6.05))

    def advance_runs(self):
        return self.env["utility.billing.run"].search([("purpose", "=", "advance")], order="id")

    def test_what_waits_to_be_looked_at_is_in_no_second_run(self):
        self.advance()
        advances = self.env["utility.advance"]
        advances._cron_bill()
        advances._cron_bill()
        first = self.advance_runs()
        self.assertEqual((first.state, first.amount), ("review", 5))
        self.assertEqual(advances.action_bill()["tag"], "display_notification")
        self.advance(day=20, amount=3)
        second = advances._bill(self.company, fields.Date.to_date("2026-03-20"))
        self.assertEqual((second.state, second.amount), ("review", 3))
        for run in (first, second):
            run.action_calculate()
        self.assertEqual((first.amount, second.amount), (5, 3))

    def test_many_advances_post_themselves_when_the_jobs_are_done(self):
        other = self.make_account(self.flat_2, self.ona)
        self.advance()
        self.advance(account_id=other.id, amount=4)
        self.company.utility_advance_auto = True
        self.env["ir.config_parameter"].set_param("utility_billing.accounts_at_once", "1")
        self.env["utility.advance"]._cron_bill()
        run = self.advance_runs()
        self.assertEqual(run.state, "calculating")
        self.env["utility.advance"]._cron_bill()
        self.assertEqual(self.advance_runs(), run, "it has them, though there are no charges yet")
        run.batch_ids._job_calculate()
        run._job_finish()
        self.assertEqual(run.state, "posted")
        self.assertEqual(sorted(run.move_ids.mapped("amount_total")), [4.84, 6.05])

    def test_advances_that_cannot_post_themselves_wait_for_somebody(self):
        self.advance()
        self.company.write({"utility_advance_auto": True, "fiscalyear_lock_date": "2026-03-31"})
        self.env["utility.advance"]._cron_bill()
        run = self.advance_runs()
        self.assertEqual((run.state, run.posts_itself), ("review", False))
        self.assertIn("locked in the ledger", run.message_ids[0].body)
        self.assertFalse(run.move_ids)

    def test_an_error_in_one_company_stops_no_other_one(self):
        self.advance()
        company = self.env["res.company"].create({"name": "Ežero namai"})
        other = self.make_account(self.flat_2, self.ona, company_id=company.id)
        service = self.make_service("CW", company_id=company.id)
        self.env["utility.advance"].create(
            {
                "account_id": other.id,
                "service_id": service.id,
                "company_id": company.id,
                "day": 10,
                "amount": 5,
                "date_start": "2026-01-01",
            }
        )
        bill = Advance._bill
        billed = self.env["res.company"]

        def broken(advances, company, *args):
            nonlocal billed
            billed |= company
            if len(billed) == 1:
                raise KeyError("tax")
            return bill(advances, company, *args)

        with patch.object(Advance, "_bill", broken), self.assertLogs(FAILING, "ERROR") as logs:
            self.env["utility.advance"]._cron_bill()
        self.assertIn(f"advances of company {billed[0].id}", logs.output[0])
        self.assertEqual(self.advance_runs().company_id, billed[1])

    def test_what_is_refused(self):
        for wrong in ({"day": 32}, {"amount": 0}, {"basis": "last_bill", "percent": 101}):
            with self.assertRaises(ValidationError):
                self.advance(**wrong)
        clerk = self.make_user("clerk")
        with self.assertRaises(AccessError):
            self.env["utility.advance"].with_user(clerk).action_bill()
        with self.assertRaises(AccessError):
            self.env["utility.advance"].with_user(clerk).create(
                {"account_id": self.account.id, "service_id": self.water.id, "amount": 5}
            )
