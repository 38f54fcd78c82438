from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import UtilityCommon, UtilityLedgerCommon


@tagged("post_install", "-at_install")
class TestPortalAccess(UtilityCommon):
    """Residents see the accounts where they pay or live, while they do."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = cls.make_user("portal", name="Rūta Gyventoja")
        cls.resident = cls.user.partner_id
        cls.strange_account = cls.make_account(cls.other_flat, cls.ona)
        cls.service = cls.make_service("CW")
        cls.point = cls.make_point(cls.service, cls.flat, "CW-1")
        cls.agreement = cls.make_agreement(cls.account, cls.point)

    def _seen(self, model="utility.account"):
        self.env.invalidate_all()
        return self.env[model].with_user(self.user).search([]).with_env(self.env)

    def assertRefused(self, call, *args):
        with self.assertRaises(AccessError), self.cr.savepoint():
            call(*args)
        self.env.invalidate_all()

    def test_stranger_sees_nothing(self):
        for model in ("utility.account", "utility.premise", "utility.service.agreement"):
            self.assertFalse(self._seen(model), model)
        self.assertRefused(self.account.with_user(self.user).read, ["number"])
        self.assertEqual(self.env["utility.account"].with_user(self.user).name_search("0000"), [])

    def test_payer_while_paying(self):
        self.account._change_payer(self.resident, self.day("2026-02-01"))
        self.assertEqual(self._seen(), self.account)
        self.assertEqual(self._seen("utility.premise"), self.flat)
        self.assertEqual(self._seen("utility.service.agreement"), self.agreement)
        self.account._change_payer(self.ona, self.day("2026-03-10"))
        for model in ("utility.account", "utility.premise", "utility.service.agreement"):
            self.assertFalse(self._seen(model), model)

    def test_future_payer_sees_nothing_yet(self):
        self.account._change_payer(self.resident, self.day("2026-04-01"))
        self.assertFalse(self._seen())
        with self.at("2026-04-01 02:00:00"):
            self.env["utility.account"]._cron_refresh_payers()
            self.assertEqual(self._seen(), self.account)

    def test_occupant_while_there(self):
        lives = self.make_occupancy(
            self.flat, self.resident, "resident", "2026-03-16", "2026-03-20"
        )
        self.assertEqual(self._seen(), self.account)
        self.assertEqual(self._seen("utility.service.agreement"), self.agreement)
        with self.at("2026-03-15 12:00:00"):
            self.assertFalse(self._seen())
        with self.at("2026-03-21 12:00:00"):
            self.assertFalse(self._seen())
        lives.void("Never lived here")
        self.assertFalse(self._seen())

    def test_voided_agreement_is_not_shown(self):
        self.account.partner_id = self.resident
        self.agreement.void("Other flat")
        self.assertFalse(self._seen("utility.service.agreement"))

    def test_what_is_not_for_residents(self):
        self.account.partner_id = self.resident
        mine = self.account.with_user(self.user)
        for field in (
            "note",
            "search_text",
            "payer_ids",
            "move_line_ids",
            "occupancy_ids",
            "balance",
        ):
            with self.subTest(field):
                self.assertRefused(mine.read, [field])
        self.assertRefused(self.flat.with_user(self.user).read, ["note"])
        self.assertRefused(mine.balance_on)
        self.assertFalse(
            {entry["key"] for entry in mine.timeline()} & {"payer", "occupancy", "attribute"}
        )
        for call in (
            lambda: mine.write({"delivery_channel": "email"}),
            mine.action_reopen,
            lambda: mine.write({"partner_id": self.ona.id}),
            lambda: self.agreement.with_user(self.user).void("Because"),
            lambda: self.env["utility.service.point"].with_user(self.user).network(self.point.ids),
        ):
            self.assertRefused(call)

    def test_colleagues_do_not_share_private_accounts(self):
        firm = self.make_person("Firm Ltd", is_company=True)
        (self.resident | self.ona).write({"parent_id": firm.id})
        firm_account = self.make_account(self.shop, firm, kind="legal")
        self.assertEqual(self._seen(), firm_account, "not the colleague's own flat")

    def test_accounts_in_a_company_that_gave_no_login(self):
        association = self.env["res.company"].create({"name": "House 12 Association"})
        theirs = self.make_account(self.flat, self.resident, company_id=association.id)
        self.assertNotIn(association, self.user.company_ids)
        self.assertEqual(self._seen(), theirs)

    def test_internal_notes_stay_internal(self):
        self.account.partner_id = self.resident
        self.account.message_post(body="Debtor, be careful")
        self.account.message_post(body="Dear customer", subtype_xmlid="mail.mt_comment")
        messages = (
            self.env["mail.message"]
            .with_user(self.user)
            .search(
                [
                    ("model", "=", "utility.account"),
                    ("res_id", "=", self.account.id),
                ]
            )
        )
        bodies = " ".join(messages.mapped("body"))
        self.assertIn("Dear customer", bodies)
        self.assertNotIn("Debtor", bodies)
        self.account._change_payer(self.ona, self.day("2026-03-16"))
        self.env.invalidate_all()
        self.assertFalse(
            self.env["mail.message"]
            .with_user(self.user)
            .search(
                [
                    ("model", "=", "utility.account"),
                    ("res_id", "=", self.account.id),
                ]
            )
        )


@tagged("post_install", "-at_install")
class TestAccountant(UtilityLedgerCommon):
    def test_accountants_open_invoices_and_the_account_behind(self):
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.jonas.id,
                "invoice_date": "2026-03-01",
                "journal_id": self.sale_journal.id,
                "utility_account_id": self.account.id,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": "Cold water",
                            "quantity": 1,
                            "price_unit": 12,
                            "tax_ids": [],
                            "account_id": self.income.id,
                        }
                    )
                ],
            }
        )
        invoice.action_post()
        for group in (
            "account.group_account_user",
            "account.group_account_invoice",
            "account.group_account_readonly",
            "account.group_account_manager",
            "utility_base.group_auditor",
        ):
            with self.subTest(group):
                user = self.make_user(group)
                form = Form(invoice.with_user(user))
                self.assertEqual(form.utility_account_id.number, self.account.number)
                mine = self.account.with_user(user)
                self.assertEqual(mine.balance, 12)
                self.assertEqual(len(mine.move_line_ids), 2)
                Form(mine)
                with self.assertRaises(AccessError), self.cr.savepoint():
                    mine.write({"delivery_channel": "email"})

    def test_clerk_sees_what_is_owed_but_not_the_books(self):
        clerk = self.make_user("clerk")
        self.post_entry("2026-03-01", [(self.account, self.jonas, 25)])
        mine = self.account.with_user(clerk)
        self.assertEqual((mine.balance, mine.balance_on("2026-03-01")), (25, 25))
        with self.assertRaises(AccessError):
            mine.read(["move_line_ids"])
        arch = mine.get_view(False, "form")["arch"]
        self.assertNotIn("action_open_ledger", arch)
        self.assertIn('name="owed"', arch)
