import io
from unittest.mock import patch

import psycopg2

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger
from odoo.tools.pdf import PdfFileReader

from odoo.addons.utility_pdf.engine import fonts, markup, printer
from odoo.addons.utility_pdf.engine.paper import Paper, scale_for

from .common import ROWS_OF_THREE_PAGES, TEMPLATE, PdfCase

MODELS = "odoo.addons.utility_pdf.models"


@tagged("post_install", "-at_install")
class TestPages(PdfCase):
    def _page_size(self, content):
        """Width and height of the first page in points, rounded."""
        box = PdfFileReader(io.BytesIO(content)).pages[0].mediabox
        return round(float(box.width)), round(float(box.height))

    def test_nothing_has_to_be_installed(self):
        self.assertEqual(self.env["ir.actions.report"].get_wkhtmltopdf_state(), "ok")

    def test_header_and_footer_on_every_page(self):
        self.rows[self.partners[0].id] = ROWS_OF_THREE_PAGES
        texts = self._texts(self._print(self.partners[0]))
        self.assertEqual(len(texts), 3)
        for number, text in enumerate(texts, 1):
            self.assertIn("UAB Šiluma ir vanduo", text)
            self.assertIn("info@siluma.example", text)
            self.assertIn(f"Page {number} / 3", text)

    def test_page_numbers_begin_anew_with_each_document(self):
        self.rows[self.partners[1].id] = ROWS_OF_THREE_PAGES
        texts = self._texts(self._print(self.partners))
        numbers = [text[text.index("Page") :][:10] for text in texts]
        self.assertEqual(
            numbers, ["Page 1 / 1", "Page 1 / 3", "Page 2 / 3", "Page 3 / 3", "Page 1 / 1"]
        )

    def test_every_layout_has_its_header(self):
        for layout in ("standard", "boxed", "bold", "striped", "folder", "wave", "bubble"):
            key = f"web.external_layout_{layout}"
            self.env.company.external_report_layout_id = self.env.ref(key)
            (text,) = self._texts(self._print(self.partners[0]))
            self.assertIn("UAB Šiluma ir vanduo", text, layout)
            self.assertIn("Page 1 / 1", text, layout)

    def test_cyrillic_and_lithuanian_letters(self):
        first, second = self._texts(self._print(self.partners[:2]))
        self.assertIn("Ąžuolas Čėsna", first)
        self.assertIn("Иван Щукин", second)

    def test_paper_format(self):
        self.assertEqual(self._page_size(self._print(self.partners[0])), (595, 842))
        self.report.paperformat_id = self.env["report.paperformat"].create(
            {
                "name": "Label",
                "format": "custom",
                "page_width": 100,
                "page_height": 50,
                "orientation": "Portrait",
                "margin_top": 5,
                "margin_bottom": 5,
                "header_spacing": 0,
            }
        )
        self.assertEqual(self._page_size(self._print(self.partners[0])), (283, 142))

    def test_landscape(self):
        content = self.reports.with_context(landscape=True)._render_qweb_pdf(
            self.report, self.partners[:1].ids, data={"rows": {}}
        )[0]
        self.assertEqual(self._page_size(content), (842, 595))

    def test_attributes_of_the_page_take_precedence(self):
        paper = self.env["ir.actions.report"]._pdf_paper(
            self.report,
            False,
            {
                "data-report-margin-top": "12",
                "data-report-header-spacing": "10",
                "data-report-landscape": "True",
                "data-report-dpi": "96",
            },
        )
        self.assertEqual((paper.width, paper.height), (297, 210))
        self.assertEqual((paper.top, paper.header_offset()), (12, 2))
        self.assertEqual((paper.bottom, paper.left, paper.right), (32, 0, 0))
        self.assertAlmostEqual(paper.scale, 0.8)

    def test_scale_follows_dpi_and_shrinking(self):
        self.assertEqual(scale_for(96, True), 1)
        self.assertAlmostEqual(scale_for(90, False), 0.8533, 4)

    def test_tall_header_moves_the_text_down(self):
        lines = "<br/>".join(f"Line {number}" for number in range(1, 16))
        self.env.company.company_details = f"<p>{lines}</p>"
        papers = []
        layout = printer.Printer.layout

        def spy(work, root, base):
            document = layout(work, root, base)
            page = document.pages[0]._page_box
            papers.append((work._band_height(document.pages[0], "@top-center"), page.margin_top))
            return document

        with patch.object(printer.Printer, "layout", spy):
            self._print(self.partners[0])
        ((height, margin_pixels),) = papers
        scale = scale_for(90, False)
        margin = margin_pixels * scale * 25.4 / 96
        self.assertGreater(height, 52)
        self.assertGreaterEqual(round(margin, 1), round(height, 1))

    def test_html_that_cannot_be_printed(self):
        with (
            patch.object(printer.Printer, "layout", side_effect=ValueError("no such box")),
            mute_logger(f"{MODELS}.ir_actions_report"),
            self.assertRaisesRegex(UserError, "Partners.*cannot be printed.*no such box"),
        ):
            self._print(self.partners[0])

    def test_failure_of_the_database_is_not_hidden(self):
        """Odoo retries what failed by a concurrent change, if it sees it."""
        self.view.arch = TEMPLATE % '<img src="/web/image/1"/>'
        failure = psycopg2.errors.SerializationFailure()
        fetcher = f"{MODELS}.report_fetcher.ReportFetcher"
        for name in ("_image", "text"):
            with (
                patch(f"{fetcher}.{name}", side_effect=failure),
                self.assertRaises(psycopg2.errors.SerializationFailure, msg=name),
            ):
                self._print(self.partners[0])

    def test_text_without_a_report(self):
        """Odoo's own modules print pages that belong to no report."""
        content = self.reports._run_wkhtmltopdf(["<html><body>Grand total</body></html>"])
        self.assertEqual(self._texts(content), ["Grand total"])

    def test_picture_from_outside_is_left_out(self):
        self.view.arch = TEMPLATE % (
            '<img src="http://example.com/a.png"/><img src="file:///etc/hostname"/>'
            '<iframe src="file:///etc/passwd"/><object data="http://example.com/b.svg"/>'
        )
        with (
            patch("socket.create_connection", side_effect=AssertionError("asked outside")),
            self.assertLogs(f"{MODELS}.report_fetcher", "WARNING") as logs,
        ):
            (text,) = self._texts(self._print(self.partners[0]))
        self.assertIn("Ąžuolas", text)
        self.assertNotIn("root:", text)
        self.assertEqual(len([line for line in logs.output if "example.com/a.png" in line]), 1)

    def test_parsed_bundles_are_kept(self):
        self._print(self.partners[0])
        with patch.object(printer, "FontConfiguration", side_effect=AssertionError("parsed")):
            self._print(self.partners[1])

    def test_kept_bundles_are_bounded(self):
        bundles = printer.Bundles(size=2)
        for number in range(4):
            bundles.get("db", ((f"http://odoo/{number}.css", "a { color: red }"),), None)
        self.assertEqual(len(bundles), 2)


@tagged("post_install", "-at_install")
class TestMarkup(PdfCase):
    def test_size_attributes_are_the_weakest_rule(self):
        root = markup.parse('<img width="120"/><table width="50%"><tr><td>a</td></tr></table>')
        self.assertEqual(
            markup.hints(root),
            ':where(img[width="120"]) { width: 120px }\n:where(table[width="50%"]) { width: 50% }',
        )

    def test_one_printable_file_a_font_face(self):
        face = "@font-face{font-family:A;src:url('a.eot');src:%s;font-weight:400}"
        self.assertEqual(
            fonts.reachable(face % "url('a.eot?#iefix'),url(a.woff) format('woff'),url(a.ttf)"),
            '@font-face{font-family:A;font-weight:400;src:url("a.ttf")}',
        )
        self.assertEqual(fonts.reachable(face % "url(https://example.com/a.ttf)"), "")
        self.assertEqual(fonts.reachable("a{src:url(https://b)}"), "a{src:url(https://b)}")

    def test_header_stays_where_it_is_when_margins_grow(self):
        paper = Paper(top=40, header_spacing=35).with_margins(60, 20)
        self.assertEqual((paper.top, paper.header_offset()), (60, 5))
