"""Money in, in the demo town: lists, doubtful payments, the cash desk, files to try."""

from odoo.tests import TransactionCase, tagged

from odoo.addons.utility_base.demo.demo import DONE


@tagged("post_install", "-at_install")
class TestDemoPayments(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if not cls.env["ir.config_parameter"].get_param(DONE):
            company = cls.env["res.company"].create({"name": "Empty"})
            cls.env.user.company_ids |= company
            cls.env = cls.env(context={**cls.env.context, "allowed_company_ids": company.ids})
        cls.demo = cls.env["utility.demo"]
        cls.demo._load_town()
        cls.calendar = cls.demo._town().calendar
        cls.accounts = cls.demo._accounts()
        cls.to_review = cls._named("payments_to_review")

    @classmethod
    def _named(cls, name):
        return cls.env.ref(f"utility_base.demo_{name}")

    def lists(self):
        return self.env["utility.payment.batch"].search(
            [
                ("company_id", "=", self.env.company.id),
                ("date", ">=", self.calendar.month(-1)),
                ("date", "<", self.calendar.month(0)),
            ],
            order="date, id",
        )

    def test_lists_of_last_month(self):
        self.assertEqual(
            [
                (batch.collector_id.code, batch.date, batch.state, batch.bank_state)
                for batch in self.lists()
            ],
            [
                ("BANK", self.calendar.month(-1, 8), "done", "received"),
                ("POST", self.calendar.month(-1, 14), "done", "received"),
                ("BANK", self.calendar.month(-1, 22), "done", "received"),
                ("POST", self.calendar.month(-1, 28), "review", "waiting"),
            ],
        )
        self.assertFalse(any(self.lists().mapped("totals_problem")))

    def test_the_post_keeps_its_commission(self):
        post = self.lists()[1]
        fee = round(post.amount * 0.009, 2)
        self.assertEqual(post.commission, fee)
        self.assertAlmostEqual(post.bank_received, post.amount - fee, 2)
        self.assertEqual(post.bank_received_on, self.calendar.month(-1, 15))

    def test_what_waits_and_why(self):
        found = [
            (payment.amount, payment.state, payment.method, len(payment.candidate_ids))
            for payment in self.to_review.payment_ids.sorted("number")
        ]
        self.assertEqual(found, [])

    def test_an_overpayment_stays_as_credit(self):
        overpaid = self.to_review.payment_ids.filtered(lambda payment: payment.amount == 60)
        self.assertEqual((overpaid.state, overpaid.credit), ("registered", 60))
        self.assertFalse(overpaid.allocation_ids)
        self.assertLess(overpaid.account_id.balance, -60)

    def test_money_in_is_what_it_covers_and_what_is_left(self):
        payments = self.env["utility.payment"].search(
            [("company_id", "=", self.env.company.id), ("state", "=", "registered")]
        )
        self.assertAlmostEqual(
            sum(payments.mapped("amount")),
            sum(payments.allocation_ids.mapped("amount")) + sum(payments.mapped("credit")),
            2,
        )

    def test_what_is_used_comes_before_the_house(self):
        """20 € of a bill that is more: nothing of them for maintenance and repair fund."""
        account = self.accounts["NU-SVY-7-12"]
        paid = self.env["utility.payment"].search(
            [("account_id", "=", account.id), ("amount", "=", 20)]
        )
        self.assertAlmostEqual(sum(paid.allocation_ids.mapped("amount")), 20)
        self.assertFalse(
            paid.allocation_ids.service_id.filtered(
                lambda service: service.code in ("maintenance", "repair_fund")
            )
        )

    def test_policies(self):
        policies = self.env["utility.payment.policy"]
        company = self.env.company
        for day, first in (
            (self.calendar.month(-2), "oldest"),
            (self.calendar.today, "oldest"),
            (self.calendar.month(1), "newest"),
        ):
            self.assertEqual(policies._terms_on(company, day).first, first)
        self.assertFalse(policies._in_force(company, self.calendar.month(-2)))

    def test_a_closed_shift(self):
        shift = self._named("cash_shift")
        self.assertEqual(shift.user_id, self._named("user_cashier"))
        self.assertEqual(
            [
                (payment.receipt_name, payment.amount, payment.receipt_means, payment.is_void)
                for payment in shift.payment_ids.sorted("receipt_number")
            ],
            [
                ("K-1", 20, "cash", False),
                ("K-2", 25, "cash", False),
                ("K-3", 40, "card", False),
                ("K-4", 10, "cash", True),
            ],
        )
        self.assertEqual(
            (shift.state, shift.expected, shift.counted, shift.difference, shift.left),
            ("closed", 145, 144.95, -0.05, 44.95),
        )
        self.assertFalse(self._named("cash_desk").shift_id)

    def test_all_points_of_money_but_one_are_in_order(self):
        period = self.env["utility.billing.period"]._for(self.env.company, self.calendar.month(-1))
        money = {
            check.code: check.count
            for check in period.check_ids
            if check.code in ("placed", "balanced", "covered", "suspense")
        }
        self.assertEqual(
            money, {"placed": self.to_review.open_count, "balanced": 0, "covered": 0, "suspense": 0}
        )

    def test_the_register_to_try(self):
        file = self._named("file_post").with_user(self._named("user_cashier"))
        self.assertEqual(file.state, "draft")
        file.action_read()
        self.assertEqual((file.row_count, file.good_count), (5, 5))
        file.action_import()
        payments = file.payment_batch_ids
        self.assertEqual((payments.amount, payments.registered_count), (133.05, 4))
        self.assertEqual(payments.open_count, 1)
