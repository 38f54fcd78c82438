"""Who moves out gets the final bill at once."""

from odoo import fields
from odoo.tests import tagged

from .posting_common import PostingCommon


@tagged("post_install", "-at_install")
class TestFinalBill(PostingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.utility_posting_way = "orm"
        cls.clerk, cls.operator = cls.make_user("clerk"), cls.make_user("billing_operator")
        cls.operator.group_ids += cls.env.ref("utility_base.group_clerk")
        for month in ("2026-01-15", "2026-02-15"):
            cls.posted_bills(month)

    def move(self, user=None, **vals):
        """Jonas sells the flat to Ona: his last day is 12 March; the meter showed 126.2."""
        wizard = (
            self.env["utility.move.wizard"]
            .with_user(user or self.operator)
            .create(
                {
                    "kind": "sale",
                    "premise_id": self.flat.id,
                    "date": "2026-03-13",
                    "partner_id": self.ona.id,
                    "payer_policy": "new_account",
                    **vals,
                }
            )
        )
        wizard.reading_line_ids.filtered(
            lambda line: line.register_id == self.register
        ).typed = "126.2"
        return wizard

    def test_an_account_that_ends(self):
        """6.2 m³ × 1.23 = 7.63; the fee of 12 days of 31: 0.79 × 12 / 31 = 0.31. 7.94, with 21 %
        9.61."""
        wizard = self.move()
        self.assertIn("final bill of account", wizard.preview)
        wizard.action_run()
        run = wizard.final_run_id
        self.assertEqual(run.state, "posted")
        self.assertRecordValues(
            run.move_ids,
            [
                {
                    "utility_bill_kind": "final",
                    "partner_id": self.jonas.id,
                    "utility_account_id": self.account.id,
                    "amount_untaxed": 7.94,
                    "amount_total": 9.61,
                }
            ],
        )
        self.assertEqual(str(run.move_ids.invoice_date), "2026-03-16")
        self.assertEqual(str(self.account.date_close), "2026-03-12")

    def test_an_account_that_goes_on(self):
        """The new payer is billed from the 13th on by the month's run."""
        wizard = self.move(payer_policy="same_no_debt")
        wizard.action_run()
        bill = wizard.final_run_id.move_ids
        self.assertRecordValues(
            bill,
            [{"utility_bill_kind": "final", "partner_id": self.jonas.id, "amount_total": 9.61}],
        )
        self.make_reading(self.register, "2026-03-31", 130)
        self.calculate_usage("2026-03-01", "2026-03-31")
        month = self.posted_bills("2026-03-20")
        # 3.8 m³ × 1.23 = 4.67, 0.79 × 19 / 31 = 0.48; with 21 % 6.23
        self.assertRecordValues(
            month, [{"partner_id": self.ona.id, "amount_untaxed": 5.15, "amount_total": 6.23}]
        )

    def test_the_preview_changes_nothing(self):
        wizard = self.move()
        wizard.action_preview_final()
        self.assertIn("9.61", wizard.final_preview)
        self.assertFalse(wizard.final_run_id)
        self.assertFalse(self.account.date_close)
        self.assertFalse(self.env["utility.billing.run"].search([("purpose", "=", "final")]))

    def test_a_clerk_leaves_it_to_the_operator(self):
        wizard = self.move(self.clerk)
        self.assertIn("waits for a billing operator", wizard.preview)
        wizard.action_run()
        run = wizard.final_run_id
        self.assertEqual((run.state, run.amount), ("review", 7.94))
        run.with_user(self.operator)._approve_and_post()
        self.assertEqual(run.with_user(self.operator).move_ids.amount_total, 9.61)

    def test_left_to_the_month(self):
        wizard = self.move(bill_now=False)
        wizard.action_run()
        self.assertFalse(wizard.final_run_id)

    def test_a_day_that_has_not_come(self):
        wizard = self.move(date="2026-03-25")
        self.assertIn("has not come yet", wizard.preview)
        wizard.action_run()
        self.assertFalse(wizard.final_run_id)
        self.assertEqual(self.account.date_close, fields.Date.to_date("2026-03-24"))
