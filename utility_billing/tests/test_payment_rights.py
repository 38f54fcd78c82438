"""Who brings payments in, who says whose they are, and who puts them into the ledger."""

import base64

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .matching_common import MatchingCommon

ACCOUNTANT = "account.group_account_invoice"
REGISTER = "date;amount;reference\n2026-03-10;5.00;{number}\n2026-03-10;7.00;?\n"


@tagged("post_install", "-at_install")
class TestPaymentRights(MatchingCommon):
    """A payment of 7.00 may be for A-100001 or for B-100001."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rival = cls.make_account(cls.flat_3, cls.tomas, number="B-100001")
        cls.clerk = cls.make_user("clerk")

    def doubtful(self, role=None):
        payment = self.matched({"reference": "100001"})
        self.assertEqual(payment.state, "doubtful")
        return payment.with_user(self.make_user(role) if role else self.clerk)

    def bring_in(self, role):
        """The payments of a register that a user of the role has imported."""
        profile = self.env["utility.import.profile"].create(
            {
                "name": f"Register of the {role}",
                "target": "payments",
                "company_id": self.company.id,
                "collector_id": self.make_collector(f"Shop of the {role}").id,
                "delimiter": "semicolon",
            }
        )
        for column in profile.column_ids:
            names = ("date", "amount", "reference")
            column.source = column.field_name if column.field_name in names else False
        content = REGISTER.format(number=self.first.number).encode()
        batch = (
            self.env["utility.import.batch"]
            .with_user(self.make_user(role))
            .create(
                {
                    "profile_id": profile.id,
                    "file": base64.b64encode(content),
                    "file_name": "register.csv",
                }
            )
        )
        batch.action_read()
        batch.action_import()
        return batch.payment_batch_ids.payment_ids.sorted("number")

    def test_cashiers_operators_and_accountants_import(self):
        for role in ("cashier", "billing_operator", ACCOUNTANT):
            with self.subTest(role):
                payments = self.bring_in(role)
                self.assertPlaced(payments, ("registered", "A-100001", 95), ("unmatched", False, 0))
                self.assertEqual(payments[0].create_uid, payments.env.user)

    def test_clerks_and_readers_do_not(self):
        for role in ("clerk", "meter_engineer", "auditor", "debt_officer"):
            with self.subTest(role), self.assertRaises(AccessError):
                self.bring_in(role)

    def test_a_clerk_says_whose_it_is(self):
        payment = self.doubtful()
        rival = payment.candidate_ids.filtered(lambda row: row.account_id == self.rival)
        rival.action_choose()
        self.assertPlaced(payment, ("matched", "B-100001", 100))
        self.assertEqual(payment.reason, f"Chosen by {self.clerk.name}")
        payment.action_reopen()
        self.assertPlaced(payment, ("unmatched", False, 0))
        with Form(payment, "utility_billing.payment_view_form") as form:
            form.account_id = self.second
        self.assertPlaced(payment, ("matched", "A-100002", 100))

    def test_a_clerk_splits_it(self):
        payment = self.doubtful()
        with Form(payment, "utility_billing.payment_view_form") as form:
            for account, amount in ((self.first, 3), (self.second, 4)):
                with form.part_ids.new() as part:
                    part.account_id = account
                    part.amount = amount
        self.assertPlaced(payment, ("matched", False, 100))

    def test_what_a_clerk_has_placed_others_register(self):
        payment = self.doubtful()
        payment.account_id = self.second
        for act in (payment.action_register_now, payment.action_register):
            with self.assertRaises(AccessError):
                act()
        self.assertEqual(payment.state, "matched")
        payment.with_user(self.make_user("cashier")).action_register_now()
        self.assertEqual(payment.state, "registered")
        with self.assertRaisesRegex(UserError, "is in the ledger"):
            payment.account_id = self.first
        with self.assertRaisesRegex(UserError, "is in the ledger"):
            payment.part_ids = [Command.create({"account_id": self.first.id, "amount": 7})]

    def test_a_clerk_changes_nothing_else(self):
        payment = self.doubtful()
        for vals in ({"amount": 8}, {"state": "matched"}, {"reference": "A-100002"}):
            with self.assertRaises(AccessError):
                payment.write(vals)
        with self.assertRaises(AccessError):
            payment._skip("Not ours")
        with self.assertRaises(AccessError):
            payment.batch_id.action_register()
        with self.assertRaises(AccessError):
            payment.copy()
        payment.with_user(self.make_user("cashier"))._skip("Not ours")
        with self.assertRaises(AccessError):
            payment.action_reopen()
        self.assertEqual((payment.state, payment.amount), ("skipped", 7))

    def test_parts_in_the_ledger_stay(self):
        payment = self.doubtful("cashier")
        payment.part_ids = [
            Command.create({"account_id": self.first.id, "amount": 3}),
            Command.create({"account_id": self.second.id, "amount": 4}),
        ]
        payment.action_register_now()
        part = payment.part_ids[0]
        for act in (lambda: part.write({"account_id": self.rival.id}), part.unlink):
            with self.assertRaisesRegex(UserError, "is in the ledger"):
                act()
        other = self.doubtful("cashier")
        other.account_id = self.second
        other.action_register_now()
        with self.assertRaisesRegex(UserError, "is in the ledger"):
            part.create({"payment_id": other.id, "account_id": self.rival.id, "amount": 7})

    def test_an_accountant_finds_what_is_his_to_set_up(self):
        accountant = self.make_user("account.group_account_manager")
        visible = self.env["ir.ui.menu"].with_user(accountant)._visible_menu_ids()
        for name in ("payment_collectors", "payment_policies", "cash_desks", "payment_files"):
            menu = self.env.ref(f"utility_billing.menu_{name}")
            above = {int(part) for part in menu.parent_path.split("/")[:-1]}
            self.assertLessEqual(above, visible, name)

    def test_who_sees_which_buttons(self):
        places = {"action_choose_best", "action_match", "action_reopen", "action_choose"}
        settles = {"action_register_now", "action_skip"}
        for role, wanted in (
            ("clerk", places),
            ("cashier", places | settles),
            ("billing_operator", places | settles),
            (ACCOUNTANT, places | settles),
            ("auditor", set()),
        ):
            payments = self.env["utility.payment"].with_user(self.make_user(role))
            arch = payments.get_view(self.env.ref("utility_billing.payment_view_form").id, "form")[
                "arch"
            ]
            found = {name for name in places | settles if f'name="{name}"' in arch}
            self.assertEqual(found, wanted, role)
