import base64

from markupsafe import Markup

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools.image import image_data_uri

from odoo.addons.base.models.ir_qweb import QWebError

from ..engine.bill_chart import svg

STANDARD = "utility_billing.bill_page"
QR_PIXELS, BARCODE_PIXELS = 400, (900, 100)


class ReportBill(models.AbstractModel):
    _name = "report.utility_billing.report_bill"
    _description = "Bill"

    @api.model
    def _get_report_values(self, docids, data=None):
        moves = self.env["account.move"].browse(docids)
        documents = self.env["utility.bill.document"]
        documents._check_bills(moves)
        return {
            "doc_ids": docids,
            "doc_model": "account.move",
            "docs": moves,
            "pages": self._pages(moves, documents._kept_with_layouts(moves)),
        }

    @api.model
    def _pages(self, moves, kept):
        """The bills as HTML, one article each.

        :param kept: [(content, layout)]
        """
        logos = {
            company: image_data_uri(company.logo_web) if company.logo_web else ""
            for company in moves.company_id.sudo()
        }
        return [
            self.env["ir.qweb"]._render(
                "utility_billing.bill_article",
                {
                    "move": move,
                    "bill": content,
                    "page": self._page(content, layout, logos[move.company_id.sudo()]),
                },
            )
            for move, (content, layout) in zip(moves, kept, strict=True)
        ]

    @api.model
    def _page(self, content, layout, logo):
        """What stands on a bill.

        :raise UserError: the users' own template has a mistake
        """
        view = layout.sudo().view_id
        values = {
            "bill": _formatted(content),
            "logo": logo,
            "chart": lambda chart: Markup(svg(chart)),  # noqa: S704  made of figures, escaped
            "qr": self._qr,
            "barcode": self._barcode,
        }
        try:
            return self.env["ir.qweb"]._render(view.id or STANDARD, values)
        except QWebError as error:
            if not view:
                raise
            raise UserError(
                self.env._(
                    "The template of the layout “%(layout)s” could not be filled in: %(reason)s\n"
                    "Correct it, or go back to the standard one.",
                    layout=layout.name,
                    reason=error.__cause__ or error,
                )
            ) from error

    @api.model
    def _qr(self, payload):
        """A QR code as an address of its picture; error correction M, as banks want it."""
        return self._picture("QR", payload, QR_PIXELS, QR_PIXELS, barLevel="M", barBorder=2)

    @api.model
    def _barcode(self, payload):
        return self._picture("Code128", payload, *BARCODE_PIXELS)

    @api.model
    def _picture(self, kind, payload, width, height, **options):
        png = self.env["ir.actions.report"].barcode(
            kind, payload, width=width, height=height, **options
        )
        return f"data:image/png;base64,{base64.b64encode(png).decode()}"


def _formatted(content):
    """With the layout's own texts as HTML: Odoo has cleaned them when they were written."""
    content.head_html = Markup(content.head_html)  # noqa: S704
    content.foot_html = Markup(content.foot_html)  # noqa: S704
    return content
