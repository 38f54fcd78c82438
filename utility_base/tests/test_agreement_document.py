from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command, Date
from odoo.tests import tagged
from odoo.tools import html2plaintext

from odoo.addons.base.models.ir_actions_report import IrActionsReport

from .documents_common import PDF, DocumentsCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10 10:00:00")
class TestAgreementDocument(DocumentsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        printer = patch.object(
            IrActionsReport, "_render_qweb_pdf", lambda self, *args, **kwargs: (PDF, "pdf")
        )
        cls.startClassPatcher(printer)

    # -- register ---------------------------------------------------------------------------

    def test_numbers_by_the_numbering_or_by_hand(self):
        self.assertEqual(self._agreement(number="W-2026-1").number, "W-2026-1")
        self.assertEqual([self._agreement().number for _time in range(2)], ["00001", "00002"])

    def test_duplicate_number_names_the_other_agreement(self):
        self._agreement(number="W-1")
        with self.assertRaisesRegex(ValidationError, "“W-1” is taken by W-1 Ann Smith"):
            self._agreement(number="W-1", partner_id=self.bob.id)

    def test_inverted_dates(self):
        message = "W-9: it ends on 12/31/2025, before it begins"
        with self.assertRaisesRegex(ValidationError, message):
            self._agreement(number="W-9", date_end="2025-12-31")

    def test_signing_needs_accounts(self):
        agreement = self._agreement(number="W-3", account_ids=False)
        with self.assertRaisesRegex(UserError, "W-3 Ann Smith covers no account: add the accounts"):
            agreement.action_sign()

    def test_way_from_draft_to_termination(self):
        agreement = self._agreement(date_end="2026-12-31")
        agreement.action_send_to_sign()
        self.assertEqual(agreement.state, "sent")
        agreement.action_sign()
        self.assertEqual(agreement.state, "signed")
        self.assertEqual(agreement.date_signed, Date.to_date("2026-03-10"))
        dialog = self.env["utility.agreement.termination"].create(
            {
                "agreement_document_ids": agreement.ids,
                "date": "2026-04-30",
                "reason": "Flat sold",
            }
        )
        dialog.action_terminate()
        self.assertEqual(
            (agreement.state, agreement.last_day, agreement.termination_reason),
            ("terminated", Date.to_date("2026-04-30"), "Flat sold"),
        )

    def test_termination_before_the_beginning(self):
        agreement = self._agreement()
        agreement.action_sign()
        with self.assertRaisesRegex(ValidationError, "begins on 01/01/2026 and cannot end on"):
            agreement._terminate(Date.to_date("2025-12-01"), "Wrong")

    def test_what_is_signed_is_not_typed_over(self):
        agreement = self._agreement(number="W-4")
        agreement.action_sign()
        with self.assertRaisesRegex(UserError, "W-4 Ann Smith is signed: “In Force until” stays"):
            agreement.date_end = "2026-12-31"
        agreement.date_start = "2026-01-01"
        agreement.remind_days = 30

    def test_an_account_is_covered_once(self):
        self._agreement(number="W-5").action_sign()
        second = self._agreement(number="W-6")
        with self.assertRaisesRegex(
            ValidationError, "W-6 Ann Smith: account A-1 is covered by W-5 Ann Smith"
        ):
            second.action_sign()

    def test_services_of_each_may_differ(self):
        self._agreement(service_ids=[Command.set(self.water.ids)]).action_sign()
        heat = self._agreement(service_ids=[Command.set(self.heat.ids)])
        heat.action_sign()
        self.assertEqual(heat.state, "signed")

    def test_after_the_end_another_may_cover(self):
        self._agreement(date_end="2026-06-30").action_sign()
        following = self._agreement(date_start="2026-07-01")
        following.action_sign()
        self.assertEqual(following.state, "signed")

    # -- renewal and additional agreements --------------------------------------------------

    def test_renewal_follows_the_last_day(self):
        agreement = self._agreement(date_end="2026-06-30")
        agreement.action_sign()
        action = agreement.action_renew()
        renewal = self.env["utility.agreement.document"].browse(action["res_id"])
        self.assertEqual(
            (renewal.date_start, renewal.date_end, renewal.renews_id, renewal.state),
            (Date.to_date("2026-07-01"), False, agreement, "draft"),
        )
        self.assertEqual(renewal.account_ids, agreement.account_ids)

    def test_additional_agreement_changes_the_main_one_when_signed(self):
        main = self._agreement(number="W-7", date_end="2026-06-30")
        main.action_sign()
        addition = self.env["utility.agreement.document"].browse(main.action_amend()["res_id"])
        self.assertEqual((addition.number, addition.main_agreement_id), ("W-7/1", main))
        addition.write(
            {
                "prolongs_until": "2027-06-30",
                "account_ids": [Command.set(self.accounts[1].ids)],
            }
        )
        self.assertEqual(main.date_end, Date.to_date("2026-06-30"))
        addition.action_sign()
        self.assertEqual(main.date_end, Date.to_date("2027-06-30"))
        self.assertEqual(main.account_ids, self.accounts)

    def test_additional_agreement_does_not_take_accounts_of_others(self):
        main, other = (
            self._agreement(number="W-14"),
            self._agreement(
                partner_id=self.bob.id, account_ids=[Command.set(self.accounts[1].ids)]
            ),
        )
        (main | other).action_sign()
        addition = self.env["utility.agreement.document"].browse(main.action_amend()["res_id"])
        addition.account_ids = self.accounts[1]
        with self.assertRaisesRegex(ValidationError, "W-14 Ann Smith: account A-2 is covered by"):
            addition.action_sign()

    def test_additional_agreement_is_not_a_main_one(self):
        main = self._agreement()
        main.action_sign()
        addition = self.env["utility.agreement.document"].browse(main.action_amend()["res_id"])
        with self.assertRaisesRegex(ValidationError, "is an additional agreement itself"):
            self._agreement(main_agreement_id=addition.id)
        with self.assertRaisesRegex(ValidationError, "is with another counterparty"):
            self._agreement(main_agreement_id=main.id, partner_id=self.bob.id)

    def test_expiry_and_reminder(self):
        agreement = self._agreement(date_end="2026-05-09")
        endless = self._agreement(
            partner_id=self.bob.id, account_ids=[Command.set(self.accounts[1].ids)]
        )
        (agreement | endless).action_sign()
        cron = self.env(su=True)["utility.agreement.document"]._cron_expire
        with freeze_time("2026-03-09 10:00:00"):
            cron()
            self.assertFalse(
                self._open_activities(agreement, "utility_base.activity_type_agreement_expiry")
            )
        for _time in range(2):
            cron()
        activity = self._open_activities(agreement, "utility_base.activity_type_agreement_expiry")
        self.assertEqual(len(activity), 1)
        self.assertEqual(activity.user_id, self.clerk)
        self.assertIn("ends on 05/09/2026", activity.summary)
        self.assertEqual(
            self.env["utility.agreement.document"].search([("is_expiring", "=", True)]), agreement
        )
        with freeze_time("2026-05-09 10:00:00"):
            cron()
            self.assertEqual(agreement.state, "signed")
        with freeze_time("2026-05-10 10:00:00"):
            cron()
            self.assertEqual((agreement.state, endless.state), ("expired", "signed"))

    # -- debt -------------------------------------------------------------------------------

    def test_debt_is_the_open_receivables_of_the_accounts(self):
        both = self._agreement(account_ids=[Command.set(self.accounts.ids)])
        one, none = (
            self._agreement(),
            self._agreement(account_ids=[Command.set(self.other_account.ids)]),
        )
        self._owe(self.accounts[0], 100.50)
        self._owe(self.accounts[1], 40.0)
        self._owe(self.accounts[1], 999.0, post=False)
        agreements = both | one | none
        self.assertEqual(agreements.mapped("debt"), [140.50, 100.50, 0.0])

    def test_debt_falls_when_it_is_paid(self):
        agreement = self._agreement()
        lines = (
            self._owe(self.accounts[0], 100.0) | self._owe(self.accounts[0], -60.0)
        ).line_ids.filtered("utility_account_id")
        lines.reconcile()
        agreement.invalidate_recordset(["debt"])
        self.assertEqual(agreement.debt, 40.0)

    def test_list_is_searched_and_sorted_by_debt(self):
        rich, poor = (
            self._agreement(),
            self._agreement(account_ids=[Command.set(self.accounts[1].ids)]),
        )
        none = self._agreement(account_ids=[Command.set(self.other_account.ids)])
        self._owe(self.accounts[0], 100.0)
        self._owe(self.accounts[1], 40.0)
        ours = [("id", "in", (rich | poor | none).ids)]
        search = self.env["utility.agreement.document"].search
        self.assertEqual(search([*ours, ("debt", ">", 50)]), rich)
        self.assertEqual(search([*ours, ("debt", "=", 0)]), none)
        self.assertEqual(search([*ours, ("debt", "<=", 40)], order="id"), poor | none)
        self.assertEqual(search(ours, order="debt desc").ids, [rich.id, poor.id, none.id])
        self.assertEqual(search(ours, order="debt").ids, [none.id, poor.id, rich.id])

    def test_debt_of_many_agreements_takes_one_query(self):
        agreements = self.env["utility.agreement.document"].browse()
        for _time in range(5):
            agreements |= self._agreement()
        self.env.flush_all()
        agreements.invalidate_recordset(["debt"])
        with self.assertQueryCount(1):
            agreements._debts(agreements.ids)

    # -- paper ------------------------------------------------------------------------------

    def test_text_is_filled_in_with_its_schedule(self):
        agreement = self._agreement(
            number="W-8",
            account_ids=[Command.set(self.accounts.ids)],
            date_end="2026-12-31",
            template_id=self.env.ref("utility_base.template_water_supply").id,
            terms="<p>Readings by the fifth day.</p>",
        )
        text = html2plaintext(agreement._paper_html())
        self.assertIn("AGREEMENT No. W-8", text)
        self.assertIn("*Ann Smith* (the Customer)", text)
        self.assertIn("in force from 01/01/2026 until 12/31/2026", text)
        self.assertIn("Readings by the fifth day.", text)
        schedule = [
            (row["account"], row["address"], row["service"], row["point"], row["share"])
            for row in agreement._schedule()
        ]
        self.assertEqual(
            schedule,
            [
                ("A-1", "Main Street 10-1, Alpha", "Cold Water", "W-A-1", 100.0),
                ("A-2", "Main Street 10-2, Alpha", "Cold Water", "W-A-2", 100.0),
            ],
        )
        for row in schedule:
            for cell in row[:4]:
                self.assertIn(cell, text)

    def test_schedule_keeps_to_the_services_of_the_agreement(self):
        agreement = self._agreement(service_ids=[Command.set(self.heat.ids)])
        self.assertEqual(
            [(row["account"], row["service"]) for row in agreement._schedule()], [("A-1", "")]
        )

    def test_maintenance_template_lists_premises_and_payers(self):
        agreement = self._agreement(
            account_ids=[Command.set(self.accounts.ids)],
            template_id=self.env.ref("utility_base.template_maintenance").id,
        )
        text = html2plaintext(agreement._paper_html())
        self.assertIn("2 in number", text)
        for words in ("Main Street 10-1, Alpha", "Bob Jones", "without a term"):
            self.assertIn(words, text)

    def test_mistake_in_a_template_is_named(self):
        template = self.env(su=True)["utility.document.template"].create(
            {
                "name": "Broken",
                "kind": "agreement",
                "body": '<p t-out="object.no_such_field"/>',
            }
        )
        agreement = self._agreement(number="W-10", template_id=template.id)
        with self.assertRaisesRegex(
            UserError, "“Broken” could not be filled in for W-10 Ann Smith: .*no_such_field"
        ):
            agreement._paper_html()

    def test_preview_shows_text_or_mistake(self):
        agreement = self._agreement(number="W-11")
        preview = self.env(su=True)["utility.template.preview"].create(
            {
                "template_id": self.env.ref("utility_base.template_water_supply").id,
                "agreement_document_id": agreement.id,
            }
        )
        self.assertIn("W-11", html2plaintext(preview.body))
        self.assertFalse(preview.error)

    def test_print_is_filed_and_a_reprint_of_a_draft_replaces_it(self):
        agreement = self._agreement(number="W/12")
        agreement.action_print()
        document = agreement.printed_document_id
        self.assertEqual(
            (document.file_name, document.account_id, document.type_id.code, document.version),
            ("Agreement W-12.pdf", self.accounts[0], "agreement", 1),
        )
        agreement.action_print()
        self.assertEqual((agreement.printed_document_id, document.version), (document, 2))
        agreement.action_sign()
        agreement.action_print()
        self.assertEqual(document.version, 2)
        self.assertIn(document, self.accounts[0].document_ids)

    def test_report_prints_each_agreement_once(self):
        agreements = self._agreement(number="W-15") | self._agreement(number="W-16")
        content, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "utility_base.agreement_document_report", agreements.ids
        )
        text = html2plaintext(content.decode())
        for number in ("W-15", "W-16"):
            self.assertEqual(text.count(f"AGREEMENT No. {number}"), 1)
        self.assertEqual(text.count("Main Street 10-1, Alpha"), 2)

    def test_templates_are_the_administrator_s(self):
        template = self.env.ref("utility_base.template_water_supply")
        with self.assertRaises(AccessError):
            template.with_env(self.env).name = "Mine"
        administrator = self._user("chief", "utility_base.group_administrator")
        template.with_user(administrator).body = '<p>Agreement <t t-out="object.number"/></p>'
        agreement = self._agreement(number="W-13", template_id=template.id)
        self.assertEqual(html2plaintext(agreement._paper_html()), "Agreement W-13")
