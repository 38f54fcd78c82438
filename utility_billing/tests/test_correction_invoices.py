"""Corrections inside the next bill, or as invoices of their own that name the original."""

from odoo.tests import tagged

from .document_common import DocumentCommon


@tagged("post_install", "-at_install")
class TestCorrectionInvoices(DocumentCommon):
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

    # -- papers -----------------------------------------------------------------------------

    def corrected(self):
        """January posted, its price changed: (correction of January, bill of February)."""
        self.posted_bills()
        self.company.utility_correction_bills = "separate"
        self.change_price(2)
        correction, regular = self.posted_bills("2026-02-10").sorted("utility_bill_kind")
        return correction, regular

    def test_both_papers_together_ask_for_what_is_owed(self):
        """January's 19.32 are open: 11.51 + (19.32 + 19.48 = 38.80) = 50.31."""
        correction, regular = self.corrected()
        self.assertEqual(self.account.balance, 50.31)
        paper = self.content(correction)
        self.assertEqual(
            self.rows(paper.balance),
            [("This bill", "11.51"), ("To pay", "11.51\N{NO-BREAK SPACE}€")],
        )
        self.assertIn("EUR11.51\n", paper.payments[0].qr)
        self.assertEqual(dict(paper.facts)["Corrects"], "UB/2026/00001")
        paper = self.content(regular)
        self.assertEqual(
            self.rows(paper.balance),
            [
                ("Asked for by the bill before", "19.32"),
                ("Owed before this bill", "19.32"),
                ("This bill", "19.48"),
                ("To pay", "38.80\N{NO-BREAK SPACE}€"),
            ],
        )
        self.assertIn("EUR38.80\n", paper.payments[0].qr)

    def test_the_next_bill_goes_on_from_both(self):
        """20.00 of 50.31 are paid; a work of 12.50, with 21 % 15.13, comes on top of 30.31."""
        self.corrected()
        self.pay(20, "2026-03-02")
        product = self.env["product.product"].create({"name": "Sealing", "type": "service"})
        work = self.env["utility.adjustment"].create(
            {
                "kind": "one_off",
                "account_id": self.account.id,
                "company_id": self.company.id,
                "service_id": self.water.id,
                "product_id": product.id,
                "quantity": 1,
                "price": 12.5,
                "date": "2026-03-10",
                "work_date": "2026-03-10",
                "performer_id": self.tomas.id,
            }
        )
        work.tax_ids = self.vat
        work.action_submit()
        if work.state == "submitted":
            work.with_user(self.make_user("billing_operator")).action_approve()
        bill = work._bill_now().move_ids
        self.assertEqual(
            self.rows(self.content(bill).balance),
            [
                ("Asked for by the bill before", "50.31"),
                ("Paid on 03/02/2026", "−20.00"),
                ("Owed before this bill", "30.31"),
                ("This bill", "15.13"),
                ("To pay", "45.44\N{NO-BREAK SPACE}€"),
            ],
        )

    def test_what_a_fund_pays_stands_on_the_bill_it_pays_of(self):
        """Half of all: of January 12.35 − 7.59 = 4.76 more, of February 7.66 + 0.40 = 8.06; with
        21 % 5.76 and 9.75."""
        self.grant_half()
        correction, regular = self.corrected()
        papers = [self.content(bill) for bill in (correction, regular)]
        self.assertEqual(
            [self.rows(paper.benefits) for paper in papers],
            [
                [("Cold water, paid by Social Fund", "−5.76")],
                [("Cold water, paid by Social Fund", "−9.75")],
            ],
        )
