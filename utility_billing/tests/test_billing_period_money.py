"""The checklist's points about money find what is broken in the ledger, and keep the month open."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from .payment_common import PaymentCommon


@tagged("post_install", "-at_install")
class TestBillingPeriodMoney(PaymentCommon):
    """January's bill of 19.32 is paid in part, in January: 10.00."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bill = cls.posted_bills()
        cls.payment = cls.pay((cls.account, 10, {"date": "2026-01-25"}))

    def check_of(self, code):
        self.env.invalidate_all()
        period = self.env["utility.billing.period"]._for(self.company, self.day("2026-01-01"))
        return period.check_ids.filtered(lambda check: check.code == code)

    def break_by(self, query, record):
        self.env.flush_all()
        self.env.cr.execute(query, [record.id])

    def assertFound(self, code, records):
        check = self.check_of(code)
        self.assertEqual((check.is_ok, check.count), (False, len(records)))
        action = check.action_open()
        self.assertEqual(self.env[action["res_model"]].search(action["domain"]), records)
        period = check.period_id
        self.assertEqual(period.action_close()["res_model"], "utility.billing.period.decision")
        with self.assertRaisesRegex(UserError, "say why|Say why|reason"):
            period._close()
        self.assertEqual(period.state, "open")

    def test_a_month_in_order(self):
        for code in ("balanced", "covered", "placed"):
            self.assertTrue(self.check_of(code).is_ok, code)

    def test_an_entry_that_does_not_balance(self):
        revenue = self.bill.invoice_line_ids[0]
        self.break_by("UPDATE account_move_line SET credit = credit + 1 WHERE id = %s", revenue)
        self.assertFound("balanced", self.bill)

    def test_a_line_of_another_day_than_its_entry(self):
        revenue = self.bill.invoice_line_ids[0]
        self.break_by("UPDATE account_move_line SET date = '2026-02-01' WHERE id = %s", revenue)
        self.assertFound("balanced", self.bill)

    def test_another_residual_than_what_is_not_paid(self):
        owed = self.bill.line_ids.filtered(lambda row: row.account_type == "asset_receivable")
        self.break_by(
            "UPDATE account_move_line SET amount_residual = amount_residual - 0.01 WHERE id = %s",
            owed,
        )
        self.assertFound("covered", owed)

    def test_an_allocation_that_is_lost(self):
        owed = self.bill.line_ids.filtered(lambda row: row.account_type == "asset_receivable")
        self.break_by(
            "DELETE FROM utility_payment_allocation WHERE id = %s", self.payment.allocation_ids[0]
        )
        self.assertFound("covered", owed)

    def test_a_payment_that_nobody_has_placed(self):
        batch = self.make_batch((False, 5, {"date": "2026-01-28"}))
        self.assertFound("placed", batch.payment_ids)
