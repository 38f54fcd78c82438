"""Advances are billed on their days, and the month's bill takes them off."""

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .posting_common import PostingCommon


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
