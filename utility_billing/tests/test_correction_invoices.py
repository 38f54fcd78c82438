"""Corrections inside the next bill, or as invoices of their own that name the original."""

from odoo.tests import tagged

from .posting_common import PostingCommon


@tagged("post_install", "-at_install")
class TestCorrectionInvoices(PostingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.utility_posting_way = "orm"

    def change_price(self, price):
        self.version._withdraw("Typed wrongly")
        self.version = self.make_version(
            self.schedule,
            "2025-01-01",
            {"code": "water", "name": "Water", "kind": "unit", "price": price},
            {"code": "fee", "name": "Meter fee", "kind": "fixed", "price": 0.79},
        )

    def test_in_the_next_bill(self):
        """January + 9.51, February 7.655 × 2 + 0.79 = 16.10."""
        self.posted_bills()
        self.change_price(2)
        bill = self.posted_bills("2026-02-10")
        self.assertEqual(bill.amount_untaxed, 25.61)
        self.assertFalse(bill.utility_corrects_id)

    def test_an_invoice_of_its_own(self):
        """12.345 × 0.77 = 9.51 more, with 21 % 11.51."""
        original = self.posted_bills()
        self.company.utility_correction_bills = "separate"
        self.change_price(2)
        bills = self.posted_bills("2026-02-10").sorted("amount_total")
        self.assertRecordValues(
            bills,
            [
                {
                    "move_type": "out_invoice",
                    "utility_bill_kind": "correction",
                    "utility_corrects_id": original.id,
                    "amount_untaxed": 9.51,
                    "amount_total": 11.51,
                },
                {
                    "move_type": "out_invoice",
                    "utility_bill_kind": "regular",
                    "utility_corrects_id": False,
                    "amount_untaxed": 16.1,
                    "amount_total": 19.48,
                },
            ],
        )
        self.assertIn("UB/2026/00001", bills[0].narration)
        self.assertEqual(original.utility_correction_ids, bills[0])

    def test_a_credit_note_of_its_own(self):
        """The price becomes 1.00: 12.345 − 15.18 = −2.83 (12.35 − 15.18), with 21 % −3.42. It is
        set off against the open original, also where bills below zero wait."""
        self.company.utility_correction_bills = "separate"
        self.company.utility_negative_bills = "carry"
        original = self.posted_bills()
        self.change_price(1)
        bills = self.posted_bills("2026-02-10")
        credit = bills.filtered(lambda bill: bill.move_type == "out_refund")
        self.assertRecordValues(
            credit,
            [
                {
                    "amount_total": 3.42,
                    "amount_residual": 0,
                    "reversed_entry_id": original.id,
                    "utility_corrects_id": original.id,
                    "utility_bill_kind": "correction",
                }
            ],
        )
        self.assertEqual(original.amount_residual, 15.9)

    def test_only_of_companies(self):
        self.company.utility_correction_bills = "separate_legal"
        original = self.posted_bills()
        self.change_price(2)
        run = self.approved_run("2026-02-10")
        rows = self.env["utility.posting"]._charge_rows(run, self.account.id, self.account.id)
        self.assertEqual({row.corrects_id for row in rows}, {0})
        self.account.kind = "legal"
        bills = self.post(run)
        self.assertEqual(len(bills), 2)
        self.assertEqual(bills.utility_corrects_id, original)
