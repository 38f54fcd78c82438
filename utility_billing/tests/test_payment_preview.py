"""What a payment would cover, seen before it is made."""

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .payment_correction_common import PaymentCorrectionCommon


@tagged("post_install", "-at_install")
class TestPaymentPreview(PaymentCorrectionCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.old = cls.make_bill(cls.flat_account, (cls.wet, 30), (cls.warm, 70))
        cls.new = cls.make_bill(cls.flat_account, (cls.wet, 50), date="2026-02-15")
        cls.newest_first = cls.env["utility.payment.policy"].create(
            {
                "name": "Newest first",
                "date_start": "2027-01-01",
                "first": "newest",
                "company_id": cls.company.id,
            }
        )

    def ask(self, user=None, **vals):
        previews = self.env["utility.payment.preview"]
        return previews.with_user(user or self.env.user).create(vals)

    def rows(self, preview):
        return sorted(
            (line.bill_id.name, line.service_id.name, line.open_amount, line.covered, line.after)
            for line in preview.line_ids
        )

    def test_what_a_sum_would_cover(self):
        preview = self.ask(account_id=self.flat_account.id, amount=110)
        self.assertEqual(
            self.rows(preview),
            [
                (self.old.name, "Warm", 70, 70, 0),
                (self.old.name, "Wet", 30, 30, 0),
                (self.new.name, "Wet", 50, 10, 40),
            ],
        )
        self.assertEqual(preview.left_over, 0)
        self.assertEqual((self.old.amount_residual, self.new.amount_residual), (100, 50))
        self.assertFalse(self.owed(self.old | self.new).utility_allocation_ids)

    def test_all_that_is_owed_is_the_usual_sum(self):
        self.assertEqual(self.ask(account_id=self.flat_account.id).amount, 150)
        self.assertEqual(self.ask(account_id=self.flat_account.id, amount=170).left_over, 20)

    def test_two_policies_side_by_side(self):
        """One of them is in force next year only."""
        with Form(self.env["utility.payment.preview"]) as form:
            form.account_id = self.flat_account
            form.amount = 60
            form.policy_id = self.newest_first
            form.is_compared = True
        preview = form.record
        self.assertEqual(
            sorted(
                (line.bill_id.name, line.service_id.name, line.covered, line.other_covered)
                for line in preview.line_ids
            ),
            [
                (self.old.name, "Warm", 7, 42),
                (self.old.name, "Wet", 3, 18),
                (self.new.name, "Wet", 50, 0),
            ],
        )
        self.assertEqual(
            sorted(preview.line_ids.mapped(lambda line: (line.after, line.other_after))),
            [(0, 50), (27, 12), (63, 28)],
        )

    def test_of_a_payment_in_the_ledger_its_own_cover_is_open(self):
        payment = self.pay((self.flat_account, 60))
        self.assertEqual(self.old.amount_residual, 40)
        preview = self.ask(payment_id=payment.id, policy_id=self.newest_first.id)
        self.assertEqual(
            self.rows(preview),
            [
                (self.old.name, "Warm", 70, 7, 63),
                (self.old.name, "Wet", 30, 3, 27),
                (self.new.name, "Wet", 50, 50, 0),
            ],
        )

    def test_of_a_split_payment(self):
        bill = self.make_bill(self.other_account, (self.wet, 40))
        batch = self.make_batch(
            (
                None,
                50,
                {
                    "part_ids": [
                        Command.create({"account_id": self.flat_account.id, "amount": 20}),
                        Command.create({"account_id": self.other_account.id, "amount": 30}),
                    ]
                },
            )
        )
        preview = self.ask(payment_id=batch.payment_ids.id)
        covered = preview.line_ids.filtered("covered")
        self.assertEqual(
            sorted(covered.mapped(lambda line: (line.bill_id.name, line.covered))),
            [(self.old.name, 6), (self.old.name, 14), (bill.name, 30)],
        )

    def test_for_one_service_only(self):
        preview = self.ask(account_id=self.flat_account.id, amount=100, service_id=self.wet.id)
        self.assertEqual(sum(preview.line_ids.mapped("covered")), 80)
        self.assertEqual(preview.left_over, 20)

    def test_readers_ask_about_what_they_see(self):
        auditor = self.make_user("auditor")
        self.assertEqual(self.ask(auditor, account_id=self.flat_account.id).amount, 150)
        manager = self.make_user("manager", buildings=self.other_house)
        with self.assertRaises(AccessError):
            self.ask(manager, account_id=self.flat_account.id, amount=10)


@tagged("post_install", "-at_install")
class TestCreditCovers(PaymentCorrectionCommon):
    def test_credit_covers_what_is_owed_now(self):
        payment = self.pay((self.flat_account, 50))
        bill = self.make_bill(self.flat_account, (self.wet, 30))
        self.assertEqual((bill.amount_residual, payment.credit), (30, 50))
        self.assertEqual(self.flat_account.could_cover, 30)
        self.flat_account.action_cover_by_credit()
        self.assertEqual((bill.payment_state, payment.credit), ("paid", 20))
        self.assertCovers(payment, ("Wet", 30))

    def test_as_far_as_the_policy_lets_it(self):
        self.env["utility.payment.policy"].create(
            {
                "date_start": "2026-03-01",
                "company_id": self.company.id,
                "credit_covers": "groups",
                "group_ids": [
                    Command.create({"service_ids": [Command.set(self.warm.ids)]}),
                    Command.create(
                        {
                            "service_ids": [Command.set(self.wet.ids)],
                            "covered_by_credit": False,
                        }
                    ),
                ],
            }
        )
        payment = self.pay((self.flat_account, 50), (self.other_account, 5))
        bill = self.make_bill(self.flat_account, (self.wet, 30), (self.warm, 8))
        other = self.make_bill(self.other_account, (self.warm, 8))
        (self.flat_account | self.other_account).action_cover_by_credit()
        self.assertEqual((bill.amount_residual, other.amount_residual), (30, 3))
        self.assertEqual(payment.mapped("credit"), [42, 0])

    def test_readers_cover_nothing(self):
        with self.assertRaises(AccessError):
            self.flat_account.with_user(self.make_user("auditor")).action_cover_by_credit()
