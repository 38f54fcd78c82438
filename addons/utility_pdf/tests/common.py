import io

from odoo.tests import TransactionCase
from odoo.tools.pdf import PdfFileReader

TEMPLATE = """<t t-name="utility_pdf.test_partners">
    <t t-call="web.html_container">
        <t t-foreach="docs" t-as="o">
            <t t-call="web.external_layout">
                <div class="page">
                    <h2 t-out="o.name"/>
                    <p t-foreach="range(rows.get(o.id, 1))" t-as="row">Row <t t-out="row"/></p>
                    %s
                </div>
            </t>
        </t>
    </t>
</t>"""
# About 22 rows of the test report stand on one page of A4.
ROWS_OF_THREE_PAGES = 55


class PdfCase(TransactionCase):
    """Three partners and a report on them; `self.rows` says how long each one's is."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.write(
            {
                "external_report_layout_id": cls.env.ref("web.external_layout_standard").id,
                "paperformat_id": cls.env.ref("base.paperformat_euro").id,
                "company_details": "<p>UAB Šiluma ir vanduo</p>",
                "report_footer": "<p>info@siluma.example</p>",
            }
        )
        cls.partners = cls.env["res.partner"].create(
            [
                {"name": "Ąžuolas Čėsna"},
                {"name": "Иван Щукин"},
                {"name": "Mary Smith"},
            ]
        )
        cls.view = cls.env["ir.ui.view"].create(
            {
                "type": "qweb",
                "key": "utility_pdf.test_partners",
                "arch": TEMPLATE % "",
            }
        )
        cls.env["ir.model.data"].create(
            {
                "module": "utility_pdf",
                "name": "test_partners",
                "model": "ir.ui.view",
                "res_id": cls.view.id,
            }
        )
        cls.report = cls.env["ir.actions.report"].create(
            {
                "name": "Partners",
                "model": "res.partner",
                "report_type": "qweb-pdf",
                "report_name": "utility_pdf.test_partners",
            }
        )
        cls.reports = cls.env["ir.actions.report"].with_context(force_report_rendering=True)

    def setUp(self):
        super().setUp()
        self.rows = {}

    def _print(self, partners):
        """:return: the PDF's bytes."""
        content, kind = self.reports._render_qweb_pdf(
            self.report, partners.ids, data={"rows": self.rows}
        )
        self.assertEqual(kind, "pdf")
        return content

    def _streams(self, partners):
        return self.reports._render_qweb_pdf_prepare_streams(
            self.report, {"rows": self.rows}, res_ids=partners.ids
        )

    def _texts(self, content):
        """Text of each page, with single spaces."""
        pages = PdfFileReader(io.BytesIO(content)).pages
        return [" ".join(page.extract_text().split()) for page in pages]
