import io
import zipfile

from odoo.tests import tagged

from .delivery_common import DeliveryCommon
from .en16931 import Ubl, violations


@tagged("post_install", "-at_install")
class TestEinvoice(DeliveryCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        lithuania = cls.env.ref("base.lt")
        cls.company.write(
            {"country_id": lithuania.id, "vat": "LT119511515", "company_registry": "110000001"}
        )
        cls.company.partner_id.bank_ids = [
            (0, 0, {"acc_number": "LT121000011101001000", "allow_out_payment": True})
        ]
        cls.account.partner_id.write(
            {"country_id": lithuania.id, "email": "jonas@example.com", "city": "Kaunas"}
        )
        cls.account.delivery_channel = "einvoice"

    def ubl_of(self, bill):
        content, missing = bill._utility_einvoice()
        self.assertEqual(missing, [])
        self.assertEqual(violations(content), [])
        return Ubl(content)

    # -- content ----------------------------------------------------------------------------

    def test_a_bill_is_a_valid_invoice(self):
        bill = self.posted_bills()
        ubl = self.ubl_of(bill)
        self.assertEqual(ubl.text("cbc:ID"), "UB/2026/00001")
        self.assertEqual(ubl.text("cbc:BuyerReference"), self.account.number)
        self.assertEqual(
            [ubl.text(f"cac:InvoicePeriod/cbc:{name}Date") for name in ("Start", "End")],
            ["2026-01-01", "2026-01-31"],
        )
        self.assertEqual(ubl.text("cac:PaymentMeans/cbc:PaymentID"), bill.payment_reference)
        self.assertEqual(
            ubl.text("cac:PaymentMeans/cac:PayeeFinancialAccount/cbc:ID"), "LT121000011101001000"
        )
        self.assertEqual(ubl.text("cac:Delivery/cac:DeliveryLocation/cbc:ID"), "CW-1")
        self.assertEqual(
            ubl.text("cac:AdditionalDocumentReference[cbc:DocumentTypeCode='130']/cbc:ID"),
            self.account.number,
        )
        self.assertEqual(
            ubl.text("cac:AccountingCustomerParty/cac:Party/cbc:EndpointID[@schemeID='EM']"),
            "jonas@example.com",
        )
        self.assertEqual(
            [
                ubl.text(f"cac:LegalMonetaryTotal/cbc:{name}Amount")
                for name in ("TaxExclusive", "TaxInclusive", "Payable")
            ],
            ["15.97", "19.32", "19.32"],
        )

    def test_a_peppol_address_comes_before_the_email(self):
        self.account.partner_id.write({"peppol_eas": "9937", "peppol_endpoint": "LT100001919017"})
        ubl = self.ubl_of(self.posted_bills())
        self.assertEqual(
            ubl.text("cac:AccountingCustomerParty/cac:Party/cbc:EndpointID[@schemeID='9937']"),
            "LT100001919017",
        )

    def test_what_was_paid_is_taken_off(self):
        bill = self.posted_bills()
        payment = self.env["account.move"].create(
            {
                "date": "2026-02-01",
                "journal_id": self.company._utility_fund_journal().id,
                "line_ids": [
                    (
                        0,
                        0,
                        {
                            "account_id": self.receivable.id,
                            "credit": 10,
                            "partner_id": bill.partner_id.id,
                        },
                    ),
                    (0, 0, {"account_id": self.owed_to_creditors.id, "debit": 10}),
                ],
            }
        )
        payment.action_post()
        (payment.line_ids | bill.line_ids).filtered(
            lambda line: line.account_id == self.receivable
        ).reconcile()
        ubl = self.ubl_of(bill)
        self.assertEqual(ubl.text("cac:LegalMonetaryTotal/cbc:PrepaidAmount"), "10.00")
        self.assertEqual(ubl.text("cac:LegalMonetaryTotal/cbc:PayableAmount"), "9.32")

    def test_prices_of_many_digits_stay_exact(self):
        ona = self.make_second_account(123456.789)
        ona.partner_id.write({"country_id": self.env.ref("base.lt").id, "email": "ona@example.com"})
        ubl = self.ubl_of(self.posted_bills(accounts=ona))
        (line,) = ubl.lines()
        # 123456.789 m³ of 1.23, and the fee of 0.79: no price of six digits says that
        self.assertEqual(ubl.text("cbc:LineExtensionAmount", line), "151852.64")
        self.assertEqual(ubl.text("cac:Price/cbc:PriceAmount", line), "151852.64")
        self.assertEqual(ubl.text("cac:Price/cbc:BaseQuantity", line), "123456.789")

    def test_prices_with_tax_in_them(self):
        self.vat.price_include_override = "tax_included"
        self.ubl_of(self.posted_bills())

    def test_a_service_without_tax_says_why(self):
        self.water.tax_ids = False
        ubl = self.ubl_of(self.posted_bills())
        category = "cac:TaxTotal/cac:TaxSubtotal/cac:TaxCategory"
        self.assertEqual(ubl.text(f"{category}/cbc:ID"), "E")
        self.assertEqual(ubl.text(f"{category}/cbc:TaxExemptionReason"), "Exempt from tax")

    def test_a_credit_note_names_its_bill(self):
        bill = self.posted_bills()
        refund = bill._reverse_moves([{"invoice_date": "2026-02-28"}])
        refund.action_post()
        ubl = self.ubl_of(refund)
        self.assertEqual(ubl.root.tag.rpartition("}")[2], "CreditNote")
        self.assertEqual(
            ubl.text("cac:BillingReference/cac:InvoiceDocumentReference/cbc:ID"), "UB/2026/00001"
        )

    def test_a_correction_invoice_names_the_bill_it_corrects(self):
        original = self.posted_bills()
        self.company.utility_correction_bills = "separate"
        self.change_price(2)
        bills = self.posted_bills("2026-02-10")
        correction = bills.filtered("utility_corrects_id")
        reference = "cac:BillingReference/cac:InvoiceDocumentReference"
        ubl = self.ubl_of(correction)
        self.assertEqual(ubl.root.tag.rpartition("}")[2], "Invoice")
        self.assertEqual(ubl.text(f"{reference}/cbc:ID"), original.name)
        self.assertEqual(ubl.text(f"{reference}/cbc:IssueDate"), "2026-01-31")
        self.assertFalse(self.ubl_of(bills - correction).text(f"{reference}/cbc:ID"))

    def test_a_bill_that_replaces_another_names_it(self):
        original = self.posted_bills()
        rebill = self.env["utility.rebill"].create(
            {
                "company_id": self.company.id,
                "bill_ids": [(6, 0, original.ids)],
                "reason": "Wrong",
            }
        )
        rebill.action_compare()
        rebill.action_cancel_bills()
        rebill.action_post_again()
        ubl = self.ubl_of(rebill.run_id.move_ids)
        self.assertEqual(
            ubl.text("cac:BillingReference/cac:InvoiceDocumentReference/cbc:ID"), original.name
        )

    def test_a_broken_invoice_is_noticed(self):
        content, _missing = self.posted_bills()._utility_einvoice()
        for right, wrong, rule in (
            (b">15.97</cbc:TaxEx", b">15.98</cbc:TaxEx", "BR-CO-13"),
            (b">3.35<", b">3.36<", "BR-CO-17"),
            (b">19.32</cbc:PayableAmount", b">19.33</cbc:PayableAmount", "BR-CO-16"),
            (b"cbc:IssueDate>", b"cbc:IssueDay>", "BR-03"),
        ):
            self.assertIn(right, content)
            found = violations(content.replace(right, wrong))
            self.assertTrue(any(rule in line for line in found), (rule, found))

    # -- sending ----------------------------------------------------------------------------

    def test_it_goes_by_email_with_the_pdf(self):
        delivery = self.send(self.posted_bills())
        self.assertEqual((delivery.channel, delivery.state), ("einvoice", "waiting"))
        (mail,) = self.run_mail_queue()
        self.assertEqual(
            sorted(name for name, _content, _kind in mail["attachments"]),
            ["UB-2026-00001.pdf", "UB-2026-00001.xml"],
        )
        self.assertEqual(delivery.state, "sent")

    def test_it_waits_as_a_file_for_its_operator(self):
        self.company.utility_einvoice_way = "file"
        delivery = self.send(self.posted_bills())
        self.assertEqual((delivery.state, delivery.address), ("waiting", "EM:jonas@example.com"))
        action = delivery.action_download_einvoices()
        number = int(action["url"].split("/")[3].split("?")[0])
        with zipfile.ZipFile(io.BytesIO(self.env["ir.attachment"].browse(number).raw)) as archive:
            self.assertEqual(archive.namelist(), ["UB-2026-00001.xml"])
            self.assertEqual(violations(archive.read("UB-2026-00001.xml")), [])
        self.assertEqual(delivery.state, "sent")

    def test_what_is_missing_is_said_in_words(self):
        self.company.vat = False
        self.account.partner_id.country_id = False
        bill = self.posted_bills()
        wizard = self.env["utility.delivery.send"].browse(
            bill.utility_run_id.action_send()["res_id"]
        )
        self.assertIn("has no VAT number", wizard.line_ids.missing)
        delivery = self.send(bill)
        self.assertEqual((delivery.channel, delivery.state), ("paper", "waiting"))
        reason = delivery.previous_id.reason
        self.assertIn("has no VAT number", reason)
        self.assertIn("The country of Jonas Petraitis is not filled in", reason)
