"""What was handed out once is handed out the same for ever."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from .document_common import DocumentCommon


@tagged("post_install", "-at_install")
class TestBillCopies(DocumentCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bill = cls.posted_bills()

    @property
    def copies(self):
        return self.env["utility.bill.copy"].search([("move_id", "=", self.bill.id)])

    def printed(self):
        return self.text_of(self.documents._pdf(self.bill)[self.bill.id])

    def test_a_reprint_says_what_the_first_print_said(self):
        first = self.printed()
        self.assertIn("Savanorių pr. 12-1", first)
        self.assertIn("Meter fee", first)
        self.plan.name = "Quite another tariff"
        self.schedule.name = "Quite another tariff of water"
        self.water.name = "Tap water"
        self.jonas.write({"street": "Elsewhere 1", "name": "Somebody Else"})
        self.company.phone = "+370 99 999999"
        self.pay(10.00)
        self.assertEqual(self.printed(), first)
        self.assertEqual(len(self.copies), 1)
        self.assertTrue(self.copies._is_unchanged())
        self.assertIn("Tap water", self.content(self.bill).charges[0].name)

    def test_whatever_shows_a_bill_first_keeps_it(self):
        self.assertFalse(self.copies)
        (shown,) = self.documents._kept(self.bill)
        self.jonas.name = "Somebody Else"
        self.assertEqual(self.documents._kept(self.bill), [shown])
        self.assertRecordValues(
            self.copies,
            [
                {
                    "company_id": self.company.id,
                    "account_id": self.account.id,
                    "lang": "en_US",
                    "is_current": True,
                    "made_by_id": self.env.uid,
                }
            ],
        )

    def test_a_reader_prints_and_so_keeps(self):
        auditor = self.make_user("auditor")
        self.env["utility.bill.document"].with_user(auditor)._kept(self.bill.with_user(auditor))
        self.assertEqual(self.copies.made_by_id, auditor)

    def test_many_are_kept_with_the_same_number_of_queries(self):
        accounts = self.env["utility.account"].union(
            *(self.make_customer(f"Payer {number}", number) for number in range(1, 7))
        )
        moves = self.posted_bills(accounts=accounts).sorted("name")
        self.documents._contents(moves)
        counts = []
        for some in (moves[:2], moves[2:]):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.documents._kept(some)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts)

    def test_a_kept_bill_is_neither_changed_nor_deleted(self):
        self.documents._kept(self.bill)
        with self.assertRaises(UserError):
            self.copies.content = {}
        with self.assertRaises(UserError):
            self.copies.unlink()

    def test_a_bill_reset_to_draft_is_written_anew(self):
        self.documents._kept(self.bill)
        self.bill.button_draft()
        self.jonas.name = "Somebody Else"
        self.assertEqual(self.documents._kept(self.bill)[0].payer.name, "Somebody Else")
        self.assertEqual(self.copies.mapped("is_current"), [False])
        self.bill.action_post()
        self.assertEqual(self.documents._kept(self.bill)[0].payer.name, "Somebody Else")
        self.assertEqual(self.copies.sorted("id").mapped("is_current"), [False, True])

    def test_a_draft_is_not_kept(self):
        self.bill.button_draft()
        self.documents._kept(self.bill)
        self.assertFalse(self.copies)

    def test_the_pdf_of_an_own_template_is_kept_itself(self):
        layout = self.env.ref("utility_billing.bill_layout_notice")
        layout = layout.with_user(self.make_user("administrator"))
        layout.action_copy_template()
        first = self.documents._pdf(self.bill)[self.bill.id]
        layout.arch = "<div>Nothing is left</div>"
        self.assertEqual(self.documents._pdf(self.bill)[self.bill.id], first)
        self.assertEqual(self.copies.attachment_id.raw, first)

    def test_an_entry_is_no_bill(self):
        entry = self.pay(5.00)
        with self.assertRaisesRegex(UserError, "is no bill"):
            self.documents._pdf(entry)
