"""A person places what matching could not."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .matching_common import MatchingCommon


@tagged("post_install", "-at_install")
class TestPaymentPlacing(MatchingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cashier = cls.make_user("cashier")

    def doubtful(self):
        """A payment of 7.00 that may be for either of two accounts."""
        self.make_account(self.flat_3, self.tomas, number="B-100001")
        return self.matched({"reference": "100001"}).with_user(self.cashier)

    def test_this_one(self):
        payment = self.doubtful()
        payment.candidate_ids[1].action_choose()
        self.assertPlaced(payment, ("matched", "B-100001", 100))
        self.assertEqual(payment.reason, f"Chosen by {self.cashier.name}")
        payment.action_register_now()
        self.assertEqual(payment.state, "registered")
        self.assertEqual(payment.batch_id.state, "done")
        with self.assertRaisesRegex(UserError, "is in the ledger"):
            payment.account_id = self.first
        with self.assertRaisesRegex(UserError, "settled already"):
            payment.candidate_ids[0].action_choose()

    def test_the_likeliest_of_many(self):
        payments = self.matched(
            {"payer_name": "Jonas Petraitis", "payer_address": "Savanorių pr. 12-1"},
            {"purpose": "x"},
        ).with_user(self.cashier)
        payments[0].action_choose_best()
        self.assertPlaced(payments[0], ("matched", "A-100001", 100))
        with self.assertRaisesRegex(UserError, "Nothing is proposed"):
            payments[1].action_choose_best()

    def test_split(self):
        payment = self.matched({"amount": 10, "purpose": "x"}).with_user(self.cashier)
        with Form(payment, "utility_billing.payment_view_form") as form:
            with form.part_ids.new() as part:
                part.account_id = self.first
                part.amount = 6
            self.assertEqual(form.part_left, 4)
            with form.part_ids.new() as part:
                part.account_id = self.second
                part.amount = 4
        self.assertPlaced(payment, ("matched", False, 100))
        payment.action_register_now()
        lines = payment.sudo().line_ids.filtered("utility_account_id")
        self.assertEqual(
            {line.utility_account_id: -line.balance for line in lines},
            {self.first: 6, self.second: 4},
        )

    def test_parts_must_add_up(self):
        payment = self.matched({"amount": 10, "purpose": "x"})
        with self.assertRaisesRegex(ValidationError, "must add up to"):
            payment.part_ids = [Command.create({"account_id": self.first.id, "amount": 6})]

    def test_left_out_and_taken_back(self):
        payment = self.matched({"purpose": "x"}).with_user(self.cashier)
        wizard = self.env["utility.payment.skip"].with_user(self.cashier)
        wizard.create(
            {"payment_ids": [Command.set(payment.ids)], "reason": "Not ours"}
        ).action_skip()
        self.assertEqual((payment.state, payment.reason), ("skipped", "Not ours"))
        self.assertEqual(payment.batch_id.state, "done")
        payment.action_reopen()
        self.assertEqual((payment.state, payment.reason), ("unmatched", False))
        self.assertEqual(payment.batch_id.state, "review")

    def test_a_list_is_typed(self):
        batch = self.env["utility.payment.batch"].with_user(self.cashier)
        view = "utility_billing.payment_batch_view_form_typed"
        with Form(batch.with_context(default_company_id=self.company.id), view) as form:
            form.collector_id = self.bank
            form.stated_count = 2
            form.stated_amount = 12
            with form.payment_ids.new() as line:
                line.reference = "100002"
                self.assertEqual(line.account_id, self.second)
                line.amount = 5
            self.assertEqual((form.typed_amount, form.typed_left), (5, 7))
            with form.payment_ids.new() as line:
                line.reference = "999"
                self.assertFalse(line.account_id)
                line.amount = 7
            self.assertEqual((form.typed_count, form.typed_left), (2, 0))
        batch = form.record
        batch.action_match_typed()
        payments = batch.payment_ids.sorted("id")
        self.assertPlaced(payments, ("registered", "A-100002", 100), ("unmatched", False, 0))
        self.assertEqual((batch.state, batch.is_different), ("review", False))

    def test_a_list_that_differs_says_so(self):
        batch = self.make_list({"reference": "A-100001"}, stated_amount=8, stated_count=1)
        self.assertEqual((batch.difference, batch.is_different), (-1, True))

    def test_a_list_is_given_up_and_taken_up_again(self):
        batch = self.make_list({"purpose": "x"}).with_user(self.cashier)
        batch.action_match()
        batch.action_cancel()
        with self.assertRaisesRegex(UserError, "was cancelled"):
            batch.payment_ids._skip("x")
        batch.action_reopen()
        self.assertEqual(batch.state, "review")
        batch.payment_ids.account_id = self.first
        batch.action_register()
        with self.assertRaises(UserError):
            batch.action_cancel()

    def test_who_only_reads_places_nothing(self):
        payment = self.doubtful()
        for role in ("auditor", "manager", "debt_officer", "lawyer"):
            user = self.make_user(role)
            self.assertEqual(payment.with_user(user).state, "doubtful")
            for act in (
                payment.candidate_ids[0].with_user(user).action_choose,
                payment.with_user(user).action_match,
                payment.with_user(user).action_reopen,
                payment.batch_id.with_user(user).action_match,
                payment.batch_id.with_user(user).action_cancel,
            ):
                with self.assertRaises(AccessError):
                    act()
        operator = payment.with_user(self.make_user("billing_operator"))
        operator.candidate_ids[0].action_choose()
        self.assertEqual(operator.state, "matched")

    def test_own_buildings_only(self):
        payment = self.doubtful()
        clerk = self.make_user("clerk", buildings=self.other_house)
        self.assertFalse(
            self.env["utility.payment.candidate"]
            .with_user(clerk)
            .search([("payment_id", "=", payment.id)])
        )

    def test_an_account_shows_what_was_paid(self):
        payment = self.matched({"reference": "A-100001"})
        account = self.first.with_user(self.cashier)
        self.assertEqual(account.payment_count, 1)
        self.assertEqual(account.payment_allocation_ids, payment.allocation_ids)
        found = self.env["utility.payment"].search(account.action_open_payments()["domain"])
        self.assertEqual(found, payment)
