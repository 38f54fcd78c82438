"""A work act is billed at once."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .posting_common import PostingCommon


@tagged("post_install", "-at_install")
class TestOneOffBills(PostingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.utility_posting_way = "orm"
        cls.clerk, cls.operator = cls.make_user("clerk"), cls.make_user("billing_operator")
        cls.product = cls.env["product.product"].create(
            {"name": "Sealing of a meter", "type": "service", "lst_price": 12.5}
        )
        cls.product.taxes_id = cls.vat

    def work(self, approve=True, **vals):
        work = (
            self.env["utility.adjustment"]
            .with_user(self.clerk)
            .create(
                {
                    "kind": "one_off",
                    "account_id": self.account.id,
                    "company_id": self.company.id,
                    "service_id": self.water.id,
                    "product_id": self.product.id,
                    "quantity": 2,
                    "price": 12.5,
                    "date": "2026-03-10",
                    "work_date": "2026-03-10",
                    "performer_id": self.tomas.id,
                    **vals,
                }
            )
        )
        work.action_submit()
        if approve and work.state == "submitted":
            work.with_user(self.operator).action_approve()
        return work.with_user(self.operator)

    def test_it_is_billed_at_once_and_never_again(self):
        work = self.work()
        action = work.action_bill_now()
        bill = self.env["utility.billing.run"].browse(action["res_id"]).move_ids
        self.assertRecordValues(
            bill,
            [
                {
                    "state": "posted",
                    "utility_bill_kind": "one_off",
                    "amount_untaxed": 25,
                    "amount_total": 30.25,
                    "utility_account_id": self.account.id,
                    "name": "UB/2026/00001",
                }
            ],
        )
        self.assertEqual(str(bill.invoice_date), "2026-03-16")
        self.assertLedger(
            bill,
            ("121000", "Jonas Petraitis", 30.25),
            ("251000", "Jonas Petraitis", -5.25),
            ("400000", "Jonas Petraitis", -25),
        )
        self.assertEqual((work.state, work.bill_id), ("charged", bill))
        self.calculate_usage("2026-03-01", "2026-03-31")
        kinds = self.make_run("2026-03-10").charge_ids.mapped("kind")
        self.assertNotIn("one_off", kinds)

    def test_only_this_document(self):
        self.work()
        work = self.work()
        work.action_bill_now()
        self.assertEqual(work.bill_id.amount_total, 30.25)
        self.assertEqual(len(work.bill_id._utility_charges()), 1)

    def test_the_month_had_it_in_review(self):
        """The month's run that has the document too must be calculated again."""
        work = self.work(date="2026-02-10")
        run = self.make_run("2026-02-10")
        self.assertIn("one_off", run.charge_ids.mapped("kind"))
        work.action_bill_now()
        with self.assertRaises(UserError):
            run.action_approve()
        run.action_calculate()
        self.assertNotIn("one_off", run.charge_ids.mapped("kind"))

    def test_what_is_not_approved_is_refused(self):
        work = self.work(approve=False)
        self.assertEqual(work.state, "submitted")
        with self.assertRaisesRegex(UserError, "not approved"):
            work.action_bill_now()

    def test_it_is_refused_twice(self):
        work = self.work()
        work.action_bill_now()
        with self.assertRaisesRegex(UserError, "charged already"):
            work.action_bill_now()

    def test_a_locked_day_leaves_nothing_behind(self):
        work = self.work()
        self.company.fiscalyear_lock_date = "2026-03-31"
        with self.assertRaisesRegex(UserError, "locked"), self.cr.savepoint():
            work.action_bill_now()
        self.assertEqual(work.state, "approved")

    def test_rights(self):
        work = self.work()
        with self.assertRaises(AccessError):
            work.with_user(self.clerk).action_bill_now()
