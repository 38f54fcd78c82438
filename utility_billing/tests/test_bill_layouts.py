"""Which layout prints a bill, what it leaves out, and templates of the users' own."""

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .document_common import DocumentCommon


@tagged("post_install", "-at_install")
class TestBillLayouts(DocumentCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.notice = cls.env.ref("utility_billing.bill_layout_notice")
        cls.admin = cls.make_user("administrator")

    def make_layout(self, code, **vals):
        return self.env["utility.bill.layout"].create({"name": code, "code": code, **vals})

    def layout_of(self, bill):
        return self.content(bill).layout

    def test_people_and_companies_get_their_own(self):
        bill = self.posted_bills()
        self.assertEqual(self.layout_of(bill), "notice")
        self.account.kind = "legal"
        content = self.content(bill)
        self.assertEqual((content.layout, content.title), ("invoice", "VAT Invoice"))

    def test_what_is_most_its_own_is_taken(self):
        bill = self.posted_bills()
        self.make_layout("people", payer_kind="individual", sequence=99)
        self.assertEqual(self.layout_of(bill), "people")
        self.make_layout("water", service_ids=[Command.set(self.water.ids)], sequence=98)
        self.make_layout("all", payer_kind="individual", company_id=self.company.id, sequence=100)
        self.assertEqual(self.layout_of(bill), "all")

    def test_a_layout_of_other_services_does_not_fit(self):
        other = self.make_service("GAS", name="Gas", kind="gas")
        self.make_layout("gas", service_ids=[Command.set(other.ids)])
        bill = self.posted_bills()
        self.assertEqual(self.layout_of(bill), "notice")
        self.make_layout("both", service_ids=[Command.set((other | self.water).ids)])
        self.assertEqual(self.layout_of(bill), "both")

    def test_a_layout_of_another_company_does_not_fit(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.make_layout("other", company_id=other.id)
        self.assertEqual(self.layout_of(self.posted_bills()), "notice")

    def test_sections_and_own_texts(self):
        self.notice.write(
            {
                "show_meters": False,
                "show_explanation": False,
                "show_qr": False,
                "head": "<p>Office hours have <b>changed</b>.</p>",
            }
        )
        bill = self.posted_bills()
        content = self.content(bill)
        self.assertEqual(content.head, ["Office hours have changed."])
        self.assertEqual(content.charges[0].explanation, [])
        pdf = self.documents._pdf(bill)[bill.id]
        text = self.text_of(pdf)
        self.assertIn("Office hours have", text)
        self.assertNotIn("Meter readings", text)
        self.assertEqual(self.codes_in(pdf), [content.payments[0].barcode])

    def test_a_template_is_copied_and_changed(self):
        notice = self.notice.with_user(self.admin)
        self.assertFalse(notice.is_changed)
        notice.action_copy_template()
        self.assertTrue(notice.is_changed)
        notice.arch = notice.arch.replace(
            '<div class="b_main"', '<h2>Our own heading</h2><div class="b_main"'
        )
        bill = self.posted_bills()
        self.assertIn("Our own heading", self.text_of(self.documents._pdf(bill)[bill.id]))
        standard = self.env.ref("utility_billing.bill_page")
        self.assertNotIn("Our own heading", standard.arch_db)
        notice.action_drop_template()
        self.assertFalse(notice.is_changed)

    def test_a_mistake_in_a_template_names_the_layout(self):
        notice = self.notice.with_user(self.admin)
        notice.action_copy_template()
        notice.arch = notice.arch.replace("bill.payer.name", "bill.payer.nonsense")
        bill = self.posted_bills()
        with self.assertRaisesRegex(UserError, "Payment notice.*could not be filled in"):
            self.documents._pdf(bill)

    def test_only_administrators_touch_templates(self):
        operator = self.make_user("billing_operator")
        notice = self.notice.with_user(operator)
        notice.show_chart = False
        with self.assertRaises(AccessError):
            notice.action_copy_template()
        with self.assertRaises(AccessError):
            notice.arch = "<t/>"
        auditor = self.make_user("auditor")
        with self.assertRaises(AccessError):
            self.notice.with_user(auditor).show_chart = True

    def test_a_preview_shows_a_recent_bill_and_keeps_nothing(self):
        with self.assertRaises(UserError):
            self.notice.action_preview()
        bill = self.posted_bills()
        layout = self.make_layout("draft", kind="invoice", head="<p>Soon like this</p>")
        action = layout.action_preview()
        self.assertEqual(action["report_name"], "utility_billing.report_bill_preview")
        html = (
            self.env["ir.actions.report"]
            ._render_qweb_html(
                "utility_billing.report_bill_preview", layout.ids, data=action["data"]
            )[0]
            .decode()
        )
        self.assertIn("Soon like this", html)
        self.assertIn(bill.name, html)
        self.assertFalse(self.env["utility.bill.copy"].search([("move_id", "=", bill.id)]))
