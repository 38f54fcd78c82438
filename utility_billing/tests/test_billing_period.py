"""The checklist of a month; closing and reopening it."""

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .posting_common import PostingCommon


@tagged("post_install", "-at_install")
class TestBillingPeriod(PostingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.utility_posting_way = "orm"
        cls.operator = cls.make_user("billing_operator")
        cls.administrator = cls.make_user("administrator")

    def period(self, month="2026-01-01", user=None):
        found = self.env["utility.billing.period"]._for(self.company, self.day(month))
        found.invalidate_recordset()
        found.check_ids.invalidate_recordset()
        return found.with_user(user or self.operator)

    def open_points(self, month="2026-01-01"):
        return {
            check.code: check.count for check in self.period(month).check_ids if not check.is_ok
        }

    def test_a_run_makes_its_month(self):
        self.make_run()
        period = self.env["utility.billing.period"].search([("company_id", "=", self.company.id)])
        self.assertEqual(period.mapped("name"), ["January 2026"])

    def test_what_is_missing_until_all_is_posted(self):
        self.assertEqual(self.open_points(), {"rated": 1})
        rated = self.period().check_ids.filtered(lambda check: check.code == "rated")
        action = rated.action_open()
        self.assertEqual(self.env[action["res_model"]].search(action["domain"]), self.account)
        run = self.make_run()
        self.assertEqual(self.open_points(), {"rated": 1, "posted": 1})
        run.action_approve()
        self.assertEqual(self.open_points(), {"posted": 1})
        run.action_post()
        self.assertEqual(self.open_points(), {})
        self.assertEqual((self.period().bill_count, self.period().billed_amount), (1, 19.32))

    def test_readings_that_changed(self):
        self.posted_bills()
        self.make_reading(self.register, "2026-01-15", 106)
        self.assertEqual(self.open_points()["usage"], 1)

    def test_a_held_account(self):
        self.version._withdraw("Gone")
        self.make_run()
        self.assertEqual(self.open_points(), {"rated": 1, "held": 1, "posted": 1})

    def test_a_bill_that_lost_a_charge(self):
        bill = self.posted_bills()
        charge = bill._utility_charges()[0]
        self.env.cr.execute(
            "UPDATE utility_charge SET amount = amount + 1 WHERE id = %s", [charge.id]
        )
        self.assertEqual(self.open_points(), {"charges": 1})
        check = self.period().check_ids.filtered(lambda row: row.code == "charges")
        self.assertEqual(self.env["account.move"].search(check.action_open()["domain"]), bill)

    def test_what_is_owed_under_no_account(self):
        bill = self.posted_bills()
        owed = bill.line_ids.filtered(lambda row: row.account_type == "asset_receivable")
        owed.utility_account_id = False
        self.assertEqual(self.open_points(), {"owed": 1})

    def test_a_gap_in_the_numbers(self):
        self.posted_bills()
        counter = self.env["utility.bill.counter"].search([("company_id", "=", self.company.id)])
        counter.last += 3
        self.posted_bills("2026-02-10")
        self.assertEqual(self.open_points("2026-02-01"), {"numbers": 3})
        # what batches have used is not in the list of what is left
        check = self.period("2026-02-01").check_ids.filtered(lambda row: row.code == "numbers")
        ranges = self.env["utility.bill.range"]
        self.assertTrue(ranges.search([("company_id", "=", self.company.id)]))
        self.assertFalse(ranges.search(check.action_open()["domain"]))

    def test_a_cancelled_bill_leaves_the_month_in_order(self):
        bill = self.posted_bills()
        rebill = (
            self.env["utility.rebill"]
            .with_user(self.operator)
            .create(
                {
                    "company_id": self.company.id,
                    "bill_ids": [Command.set(bill.ids)],
                    "reason": "Wrong",
                }
            )
        )
        rebill.action_compare()
        rebill.action_cancel_bills()
        self.assertEqual(self.open_points(), {"rated": 1, "posted": 1})
        rebill.action_post_again()
        self.assertEqual(self.open_points(), {})

    def test_money_in_suspense(self):
        suspense = self.make_ledger_account("279000", "Suspense", "asset_current")
        suspense.reconcile = True
        self.company.account_journal_suspense_account_id = suspense
        journal = self.env["account.journal"].create(
            {"name": "Other", "code": "OTH9", "type": "general", "company_id": self.company.id}
        )
        self.posted_bills()
        self.env["account.move"].create(
            {
                "move_type": "entry",
                "journal_id": journal.id,
                "date": "2026-01-20",
                "line_ids": [
                    Command.create({"account_id": suspense.id, "balance": -7}),
                    Command.create({"account_id": self.revenue.id, "balance": 7}),
                ],
            }
        ).action_post()
        self.assertEqual(self.open_points(), {"suspense": 1})

    def test_a_closed_month_takes_no_bills(self):
        bill = self.posted_bills()
        period = self.period()
        period.action_close()
        self.assertEqual((period.state, period.closed_by), ("closed", self.operator))
        with self.assertRaisesRegex(UserError, "January 2026 is closed"):
            self.make_run()
        rebill = self.env["utility.rebill"].create(
            {"bill_ids": [Command.set(bill.ids)], "reason": "x", "company_id": self.company.id}
        )
        with self.assertRaisesRegex(UserError, "reopen the month"):
            rebill.action_compare()
        run = self.approved_run("2026-02-10")
        run.bill_date = "2026-01-31"
        with self.assertRaisesRegex(UserError, "open month"):
            run.action_post()
        run.bill_date = "2026-02-28"
        run.action_post()
        self.assertEqual(run.state, "posted")

    def test_nobody_changes_bills_of_a_closed_month_by_hand(self):
        bill = self.posted_bills()
        credit = bill._reverse_moves([{"invoice_date": "2026-01-31", "date": "2026-01-31"}])
        by_hand = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.jonas.id,
                "utility_account_id": self.account.id,
                "journal_id": bill.journal_id.id,
                "invoice_date": "2026-01-20",
                "invoice_line_ids": [
                    Command.create(
                        {"name": "Sealing", "price_unit": 5, "account_id": self.revenue.id}
                    )
                ],
            }
        )
        self.period().action_close()
        with self.assertRaisesRegex(UserError, "January 2026 is closed.*open month"):
            bill.button_draft()
        for move in credit, by_hand:
            with self.assertRaisesRegex(UserError, "January 2026 is closed.*open month"):
                move.action_post()
            move.invoice_date = "2026-02-05"
            move.action_post()
            self.assertEqual((move.state, str(move.date)), ("posted", "2026-02-05"))
        self.period(user=self.administrator)._reopen("Forgot one")
        bill.button_draft()
        self.assertEqual(bill.state, "draft")

    def test_corrections_of_a_closed_month_go_into_the_next(self):
        self.posted_bills()
        self.period().action_close()
        self.version._withdraw("Typed wrongly")
        self.make_version(
            self.schedule,
            "2025-01-01",
            {"code": "water", "name": "Water", "kind": "unit", "price": 2},
            {"code": "fee", "name": "Meter fee", "kind": "fixed", "price": 0.79},
        )
        self.assertEqual(self.posted_bills("2026-02-10").amount_untaxed, 25.61)

    def test_closing_with_open_points(self):
        action = self.period().action_close()
        self.assertEqual(action["res_model"], "utility.billing.period.decision")
        with self.assertRaises(AccessError):
            self.period()._close("In a hurry")
        period = self.period(user=self.administrator)
        with self.assertRaisesRegex(UserError, "say why"):
            period._close()
        period._close("The house is empty")
        self.assertEqual((period.state, period.close_reason), ("closed", "The house is empty"))

    def test_reopening(self):
        self.posted_bills()
        self.period().action_close()
        with self.assertRaises(AccessError):
            self.period()._reopen("Forgot one")
        period = self.period(user=self.administrator)
        with self.assertRaisesRegex(UserError, "Say why"):
            period._reopen(" ")
        self.env["utility.billing.period.decision"].with_user(self.administrator).create(
            {"period_id": period.id, "kind": "reopen", "reason": "Forgot one"}
        ).action_decide()
        self.assertEqual((period.state, period.reopen_reason), ("open", "Forgot one"))
        self.assertEqual(period.reopened_by, self.administrator)

    def test_nobody_writes_the_state(self):
        for role in ("billing_operator", "administrator"):
            with self.assertRaises(AccessError):
                self.period(user=self.make_user(role)).state = "closed"
        with self.assertRaises(AccessError):
            self.period(user=self.make_user("auditor")).action_close()
