from odoo import fields
from odoo.tests import tagged

from .drawing_kit import words
from .printing_common import PrintingCommon

# signs that only one of the ways draws
ORNAMENTS = {"✂", "·"}


@tagged("post_install", "-at_install")
class TestBillWords(PrintingCommon):
    """Both ways of printing say the same: the direct drawer, and the report (by `utility_pdf`)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.partner.bank"].create(
            {
                "partner_id": cls.company.partner_id.id,
                "acc_number": "LT121000011101001000",
                "company_id": cls.company.id,
            }
        )
        cls.company.write(
            {"company_registry": "123456789", "vat": "LT100001738313", "phone": "+370 600 00000"}
        )

    def assertSameWords(self, bill):
        drawn = self.env["utility.bill.printing"]._as_one(bill, bill.name).files[0][1]
        document = self.env["utility.bill.document"].with_context(force_report_rendering=True)
        ours, theirs = words(drawn), words(document._pdf(bill)[bill.id])
        self.assertEqual(ours - ORNAMENTS, theirs - ORNAMENTS)
        return ours

    def test_a_payment_notice(self):
        found = self.assertSameWords(self.bill_of(self.account))
        self.assertLessEqual({"Jonas", "Petraitis", "A100", "112.345", "25.37"}, found)

    def test_the_second_month(self):
        """With a balance, a payment, a chart of two months and news of the company."""
        layout = self.env.ref("utility_billing.bill_layout_notice")
        layout.head = "<p>New <b>office</b> hours</p>"
        layout.foot = "<p>Ask us: 8-17</p>"
        found = self.assertSameWords(self.posted_bills("2026-02-10", self.account))
        self.assertLessEqual({"hours", "8-17", "120.000", "25.37"}, found)

    def test_a_vat_invoice(self):
        self.second.kind = "legal"
        self.second.partner_id.write(
            {"is_company": True, "company_registry": "302645678", "vat": "LT100001738313"}
        )
        found = self.assertSameWords(self.bill_of(self.second))
        self.assertLessEqual({"302645678", "LT100001738313", "Invoice"}, found)

    def test_a_collective_bill(self):
        """Each member under a caption of its own."""
        collective = self.make_account(
            self.house, self.make_person("Namo bendrija"), kind="collective", date_open="2020-01-01"
        )
        members = self.second | self.tenth
        members.bill_to_account_id = collective
        bill = self.posted_bills("2026-02-10", members)
        self.assertEqual(bill.utility_account_id, collective)
        found = self.assertSameWords(bill)
        self.assertLessEqual(
            {"Namo", "bendrija", f"{self.second.number},", f"{self.tenth.number},"}, found
        )

    def test_a_credit_note(self):
        credit = self.bill_of(self.account)._reverse_moves(
            [{"invoice_date": fields.Date.to_date("2026-02-01")}], cancel=True
        )
        self.assertEqual(credit.move_type, "out_refund")
        found = self.assertSameWords(credit)
        self.assertIn(credit.name, found)

    def test_in_the_language_of_the_payer(self):
        self.env["res.lang"]._activate_lang("lt_LT")
        self.env["ir.module.module"].search(
            [("name", "=", "utility_billing")]
        )._update_translations(["lt_LT"])
        self.account.partner_id.lang = "lt_LT"
        self.assertSameWords(self.bill_of(self.account))
