from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .documents_common import DocumentsCommon

MODELS = (
    "utility.document",
    "utility.agreement.document",
    "utility.document.movement",
    "utility.correspondence",
    "utility.correspondence.run",
)
READERS = ("cashier", "auditor", "manager", "meter_engineer")
WRITERS = ("clerk", "billing_operator", "debt_officer", "lawyer", "administrator")


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10 10:00:00")
class TestDocumentAccess(DocumentsCommon):
    def _as(self, role, **values):
        return self.env(user=self._user(f"t_{role}", f"utility_base.group_{role}", **values))

    def test_who_reads_and_who_writes(self):
        for role in READERS + WRITERS:
            env = self._as(role)
            for model in MODELS:
                with self.subTest(role=role, model=model):
                    self.assertTrue(env[model].has_access("read"))
                    for operation in ("create", "write"):
                        self.assertEqual(env[model].has_access(operation), role in WRITERS)

    def test_templates_and_types_are_the_administrator_s(self):
        for role in READERS + WRITERS:
            env = self._as(role)
            for model in ("utility.document.template", "utility.document.type"):
                with self.subTest(role=role, model=model):
                    self.assertEqual(env[model].has_access("write"), role == "administrator")

    def test_field_controllers_and_portal_see_no_papers(self):
        portal = self.env(user=self._user("t_portal", "base.group_portal"))
        for env in (self._as("field_controller"), portal):
            for model in MODELS:
                self.assertFalse(env[model].has_access("read"))

    def test_personal_documents_are_seen_by_few(self):
        document = self._document(
            type_id=self.env.ref("utility_base.document_type_identity").id,
            valid_until="2030-01-01",
            attachment_id=self._upload("passport.pdf").id,
        )
        for role, sees in (
            ("clerk", True),
            ("auditor", True),
            ("cashier", False),
            ("billing_operator", False),
        ):
            env = self._as(role)
            with self.subTest(role=role):
                self.assertEqual(bool(env["utility.document"].search([])), sees)
                self.assertEqual(document.attachment_id.with_env(env).has_access("read"), sees)
                keys = {entry["key"] for entry in self.accounts[0].with_env(env).timeline()}
                self.assertEqual("document" in keys, sees)

    def test_own_buildings_only(self):
        here = self._document(name="Here")
        there = self._document(name="There", account_id=self.other_account.id)
        person = self._document(name="Person", account_id=False, partner_id=self.cid.id)
        agreement, foreign = (
            self._agreement(),
            self._agreement(account_ids=[Command.set(self.other_account.ids)]),
        )
        letter = self._letter()
        self._letter(account_ids=[Command.set(self.other_account.ids)])
        paper = self._document(account_id=False, agreement_document_id=agreement.id)
        env = self._as("manager", utility_building_ids=[Command.set(self.house.ids)])
        self.assertEqual(env["utility.document"].search([]), (here | paper).with_env(env))
        self.assertEqual(env["utility.agreement.document"].search([]), agreement.with_env(env))
        self.assertEqual(env["utility.correspondence"].search([]), letter.with_env(env))
        for record in (there, person, foreign):
            with self.assertRaises(AccessError):
                record.with_env(env).display_name  # noqa: B018

    def test_own_companies_only(self):
        self._document()
        self._agreement()
        self._letter()
        other = self.env(su=True)["res.company"].create({"name": "Other Waterworks"})
        user = self._user("t_other", "utility_base.group_clerk")
        user.sudo().write({"company_id": other.id, "company_ids": [Command.set(other.ids)]})
        env = self.env(user=user, context={"allowed_company_ids": other.ids})
        for model in MODELS:
            self.assertFalse(env[model].search([]))

    def test_a_document_belongs_to_its_account_s_company(self):
        other = self.env(su=True)["res.company"].create({"name": "Other Waterworks"})
        self.clerk.sudo().company_ids |= other
        both = [other.id, self.company.id]
        model = self.env["utility.document"].with_context(allowed_company_ids=both)
        document = model.create(
            {
                "name": "Lease",
                "account_id": self.accounts[0].id,
                "type_id": self.env.ref("utility_base.document_type_other").id,
            }
        )
        self.assertEqual(document.company_id, self.company)
