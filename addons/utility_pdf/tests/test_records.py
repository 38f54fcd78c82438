from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.utility_pdf.engine import printer

from .common import ROWS_OF_THREE_PAGES, PdfCase


@tagged("post_install", "-at_install")
class TestRecords(PdfCase):
    def _without_record_names(self):
        """The report as an old template has it: nothing says whose document it is."""
        self.view.arch = """<t t-name="utility_pdf.test_partners">
            <t t-call="web.html_container">
                <t t-foreach="docs" t-as="o"><div class="article"><p t-out="o.name"/></div></t>
            </t>
        </t>"""

    def _attachments(self):
        return self.env["ir.attachment"].search(
            [
                ("res_model", "=", "res.partner"),
                ("res_id", "in", self.partners.ids),
            ]
        )

    def test_each_record_gets_its_pages(self):
        first, second, third = self.partners
        self.rows.update({first.id: ROWS_OF_THREE_PAGES, third.id: ROWS_OF_THREE_PAGES})
        streams = self._streams(self.partners)
        self.assertEqual(list(streams), self.partners.ids)
        for partner, pages in ((first, 3), (second, 1), (third, 3)):
            texts = self._texts(streams[partner.id]["stream"].getvalue())
            self.assertEqual(len(texts), pages)
            self.assertIn(partner.name, texts[0])
            self.assertIn(f"Page {pages} / {pages}", texts[-1])
            for other in self.partners - partner:
                self.assertNotIn(other.name, " ".join(texts))

    def test_order_of_records_is_kept(self):
        streams = self._streams(self.partners.sorted("id", reverse=True))
        names = [self._texts(stream["stream"].getvalue())[0] for stream in streams.values()]
        for name, partner in zip(names, reversed(self.partners), strict=True):
            self.assertIn(partner.name, name)

    def test_each_record_keeps_its_document(self):
        self.report.attachment = "'partner-%s.pdf' % object.id"
        self._print(self.partners)
        saved = {item.res_id: item for item in self._attachments()}
        self.assertEqual(set(saved), set(self.partners.ids))
        for partner in self.partners:
            (text,) = self._texts(saved[partner.id].raw)
            self.assertIn(partner.name, text)

    def test_saved_documents_are_not_printed_again(self):
        self.report.write({"attachment": "'p-%s.pdf' % object.id", "attachment_use": True})
        self._print(self.partners[:2])
        layout = printer.Printer.layout
        with patch.object(printer.Printer, "layout", autospec=True, side_effect=layout) as done:
            texts = self._texts(self._print(self.partners))
        self.assertEqual(done.call_count, 1)
        self.assertEqual(len(texts), 3)
        self.assertEqual(len(self._attachments()), 3)

    def test_documents_without_record_names_stay_together(self):
        self._without_record_names()
        streams = self._streams(self.partners)
        texts = self._texts(streams[False]["stream"].getvalue())
        self.assertEqual(len(texts), 3)

    def test_documents_without_record_names_cannot_be_saved(self):
        self._without_record_names()
        self.report.attachment = "'p-%s.pdf' % object.id"
        with self.assertRaisesRegex(UserError, "cannot be saved one by one"):
            self._streams(self.partners)

    def test_the_same_record_twice(self):
        partner = self.partners[0]
        content = self.reports._render_qweb_pdf(
            self.report, [partner.id, partner.id], data={"rows": {}}
        )[0]
        self.assertEqual(len(self._texts(content)), 2)

    def test_documents_of_a_record_need_not_stand_together(self):
        owners = self.env["ir.actions.report"]._pdf_owners([None, 7, 9, None, 7])
        self.assertEqual(owners, {7: [0, 1, 4], 9: [2, 3]})
