"""Posted bills are cancelled and their accounts are billed again."""

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .posting_common import PostingCommon


class RebillCommon(PostingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.utility_posting_way = "orm"
        cls.operator = cls.make_user("billing_operator")
        cls.bank_journal = cls.env["account.journal"].create(
            {"name": "Bank", "code": "BNK9", "type": "bank", "company_id": cls.company.id}
        )
        cls.cash = cls.make_ledger_account("271000", "Money on the way", "asset_current")

    def begin(self, bills, reason="The reading was wrong", user=None, **vals):
        rebills = self.env["utility.rebill"].with_user(user or self.operator)
        return rebills.create(
            {
                "company_id": self.company.id,
                "bill_ids": [Command.set(bills.ids)],
                "reason": reason,
                **vals,
            }
        )

    def cancelled(self, bills, **vals):
        rebill = self.begin(bills, **vals)
        rebill.action_compare()
        rebill.action_cancel_bills()
        return rebill

    def assertOwed(self, amount):
        self.account.invalidate_recordset(["balance"])
        self.assertEqual(self.account.balance, amount)

    def pay(self, bill, amount):
        """Money that comes in for a bill."""
        owed = bill.line_ids.filtered(lambda row: row.account_type == "asset_receivable")
        entry = self.env["account.move"].create(
            {
                "move_type": "entry",
                "journal_id": self.bank_journal.id,
                "date": "2026-02-10",
                "line_ids": [
                    Command.create({"account_id": self.cash.id, "balance": amount}),
                    Command.create(
                        {
                            "account_id": self.receivable.id,
                            "partner_id": bill.partner_id.id,
                            "balance": -amount,
                            "utility_account_id": bill.utility_account_id.id,
                        }
                    ),
                ],
            }
        )
        entry.action_post()
        paid = entry.line_ids.filtered(lambda row: row.account_id == self.receivable)
        (owed | paid).reconcile()
        return entry


@tagged("post_install", "-at_install")
class TestRebill(RebillCommon):
    def test_before_and_after_are_compared_and_nothing_is_changed(self):
        """12.345 m³ × 1.23 + 0.79 = 15.97, with 21 % 19.32. The price becomes 2.00: 24.69 + 0.79
        = 25.48, with 21 % 30.83."""
        bill = self.posted_bills()
        self.change_price()
        rebill = self.begin(bill)
        rebill.action_compare()
        self.assertRecordValues(
            rebill.line_ids,
            [
                {
                    "account_id": self.account.id,
                    "service_id": self.water.id,
                    "quantity_was": 12.345,
                    "quantity_is": 12.345,
                    "was": 19.32,
                    "due": 30.83,
                    "difference": 11.51,
                    "message": False,
                }
            ],
        )
        self.assertIn("Cold water", rebill.line_ids.reason)
        self.assertEqual((rebill.was, rebill.due, rebill.difference), (19.32, 30.83, 11.51))
        self.assertEqual(set(bill._utility_charges().mapped("state")), {"posted"})
        self.assertFalse(bill.utility_cancelled_by_id)
        self.assertFalse(bill.reversal_move_ids)
        self.assertFalse(self.env["utility.billing.run"].search([("purpose", "=", "rebill")]))

    def change_price(self):
        """From January on a cubic metre costs 2.00."""
        self.version._withdraw("Typed wrongly")
        self.make_version(
            self.schedule,
            "2025-01-01",
            {"code": "water", "name": "Water", "kind": "unit", "price": 2},
            {"code": "fee", "name": "Meter fee", "kind": "fixed", "price": 0.79},
        )

    def test_an_unpaid_bill(self):
        bill = self.posted_bills()
        charges = bill._utility_charges()
        self.change_price()
        rebill = self.cancelled(bill)
        credit = rebill.credit_ids
        self.assertRecordValues(
            credit,
            [
                {
                    "move_type": "out_refund",
                    "name": "UB/2026/00002",
                    "reversed_entry_id": bill.id,
                    "utility_corrects_id": bill.id,
                    "utility_bill_kind": "correction",
                    "amount_total": 19.32,
                    "amount_residual": 0,
                    "utility_account_id": self.account.id,
                }
            ],
        )
        self.assertEqual(str(credit.invoice_date), "2026-01-31")
        self.assertLedger(
            credit,
            ("121000", "Jonas Petraitis", -19.32),
            ("251000", "Jonas Petraitis", 3.35),
            ("400000", "Jonas Petraitis", 15.97),
        )
        self.assertIn("The reading was wrong", credit.narration)
        self.assertEqual(set(charges.mapped("state")), {"cancelled"})
        self.assertEqual(bill.utility_cancelled_by_id, rebill)
        self.assertEqual(bill.payment_state, "reversed")
        self.assertOwed(0)
        self.assertEqual(rebill.run_id.state, "review")

        rebill.action_post_again()
        new = rebill.run_id.move_ids
        self.assertRecordValues(
            new,
            [
                {
                    "name": "UB/2026/00003",
                    "amount_total": 30.83,
                    "utility_corrects_id": bill.id,
                    "utility_bill_kind": "first",
                }
            ],
        )
        self.assertIn("UB/2026/00001", new.narration)
        self.assertOwed(30.83)

    def test_a_paid_bill(self):
        """What was paid is the account's credit."""
        bill = self.posted_bills()
        self.pay(bill, 19.32)
        self.change_price()
        rebill = self.begin(bill)
        self.assertIn("19.32", rebill.paid_note)
        rebill.action_compare()
        rebill.action_cancel_bills()
        self.assertEqual(rebill.credit_ids.amount_residual, 19.32)
        self.assertOwed(-19.32)
        rebill.action_post_again()
        self.assertOwed(11.51)

    def test_a_bill_paid_in_part(self):
        bill = self.posted_bills()
        self.pay(bill, 10)
        self.cancelled(bill)
        self.assertOwed(-10)

    def test_only_cancelled(self):
        bill = self.posted_bills()
        rebill = self.cancelled(bill, bill_again=False)
        self.assertFalse(rebill.run_id)
        self.assertOwed(0)
        again = self.posted_bills()
        self.assertEqual((again.amount_total, again.name), (19.32, "UB/2026/00003"))

    def test_a_reason_and_a_comparison_come_first(self):
        bill = self.posted_bills()
        rebill = self.begin(bill, reason=False)
        with self.assertRaisesRegex(UserError, "Compare first"):
            rebill.action_cancel_bills()
        rebill.action_compare()
        with self.assertRaisesRegex(UserError, "Say why"):
            rebill.action_cancel_bills()

    def test_a_bill_is_cancelled_once(self):
        bill = self.posted_bills()
        self.cancelled(bill)
        with self.assertRaisesRegex(UserError, "cancelled already"):
            self.begin(bill).action_compare()

    def test_a_later_correction_is_unwound_first(self):
        january = self.posted_bills()
        self.change_price()
        february = self.posted_bills("2026-02-10")
        self.assertTrue(any(february._utility_charges().mapped("is_correction")))
        with self.assertRaisesRegex(UserError, "has corrected charges"):
            self.begin(january).action_compare()
        with self.assertRaisesRegex(UserError, "of several months"):
            self.begin(january | february).action_compare()
        self.cancelled(february, bill_again=False)
        rebill = self.cancelled(january)
        rebill.action_post_again()
        self.assertEqual(rebill.run_id.move_ids.amount_total, 30.83)
        # 7.655 m³ × 2 + 0.79 = 16.10, with 21 % 19.48
        self.assertEqual(self.posted_bills("2026-02-10").amount_total, 19.48)
        self.assertOwed(50.31)

    def test_a_locked_day_is_said_and_today_is_taken(self):
        bill = self.posted_bills()
        self.company.fiscalyear_lock_date = "2026-01-31"
        rebill = self.begin(bill)
        self.assertEqual(str(rebill.date), "2026-03-16")
        self.assertIn("is locked", rebill.date_note)
        rebill.action_compare()
        rebill.action_cancel_bills()
        self.assertEqual(str(rebill.credit_ids.date), "2026-03-16")
        rebill.action_post_again()
        self.assertEqual(str(rebill.run_id.move_ids.date), "2026-03-16")
        locked = self.begin(rebill.run_id.move_ids, date="2026-01-31")
        with self.assertRaisesRegex(UserError, "is locked"):
            locked.action_compare()

    def test_what_the_fund_paid_is_taken_back(self):
        """A benefit of 50 % that the fund bears: the payer owes half."""
        fund = self.make_person("Social Fund", is_company=True, ref="SOC")
        self.env["utility.subsidy"].create(
            {
                "account_id": self.account.id,
                "fund_partner_id": fund.id,
                "register_number": "17",
                "amount": 5,
                "date_start": "2026-01-01",
                "date_end": "2026-01-31",
                "company_id": self.company.id,
            }
        )
        bill = self.posted_bills()
        self.assertEqual((bill.amount_total, bill.amount_residual), (19.32, 14.32))
        rebill = self.cancelled(bill)
        entry = rebill.credit_ids.filtered(lambda move: move.move_type == "entry")
        self.assertLedger(entry, ("121000", "Jonas Petraitis", 5), ("121000", "Social Fund", -5))
        self.assertOwed(0)
        self.assertEqual(set(entry.line_ids.mapped("amount_residual")), {0})
        rebill.action_post_again()
        new = rebill.run_id.move_ids.filtered(lambda move: move.is_invoice())
        self.assertEqual((new.amount_total, new.amount_residual), (19.32, 14.32))
        self.assertOwed(14.32)

    def test_a_run_as_a_whole(self):
        other = self.make_account(self.flat_2, self.ona)
        self.make_agreement(other, self.point_2)
        self.make_norm_usage(self.point_2)
        bills = self.posted_bills(accounts=self.account | other)
        action = bills.utility_run_id.with_user(self.operator).action_rebill()
        rebill = self.env["utility.rebill"].browse(action["res_id"]).with_user(self.operator)
        self.assertEqual(rebill.bill_ids, bills)
        self.assertEqual(len(bills), 2)
        rebill.reason = "All of January"
        rebill.action_compare()
        rebill.action_cancel_bills()
        rebill.action_post_again()
        self.assertEqual(rebill.credit_count, 2)
        self.assertEqual(rebill.new_count, 2)
        self.assertOwed(19.32)

    def make_norm_usage(self, point):
        self.env["utility.usage"].create(
            {
                "service_point_id": point.id,
                "date_start": "2026-01-01",
                "date_end": "2026-01-31",
                "quantity": 4,
                "method": "norm",
            }
        )

    def test_an_account_finds_its_last_bill(self):
        self.posted_bills()
        february = self.posted_bills("2026-02-10")
        action = self.account.with_user(self.operator).action_rebill()
        self.assertEqual(self.env["utility.rebill"].browse(action["res_id"]).bill_ids, february)

    def test_rights(self):
        bill = self.posted_bills()
        for role in ("clerk", "auditor", "cashier"):
            with self.assertRaises(AccessError):
                self.begin(bill, user=self.make_user(role))
        rebill = self.begin(bill)
        with self.assertRaises(AccessError):
            rebill.write({"state": "done"})
        with self.assertRaises(AccessError):
            self.env["utility.billing.run"].with_user(self.operator).create(
                {"month": "2026-02-01", "purpose": "rebill", "company_id": self.company.id}
            )
