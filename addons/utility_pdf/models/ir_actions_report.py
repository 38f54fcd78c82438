import io
import logging
from collections import OrderedDict

import psycopg2
from PIL import Image
from weasyprint.urls import FatalURLFetchingError

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import file_open

from ..engine import markup, printer
from ..engine.paper import Paper, scale_for
from .report_fetcher import ReportFetcher

_logger = logging.getLogger(__name__)

PRINT_CSS = "utility_pdf/static/src/css/print.css"


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    @api.model
    def get_wkhtmltopdf_state(self):
        """The web client asks before it prints; nothing has to be installed."""
        return "ok"

    def _get_report_url(self, layout=None):
        """Relative links of a PDF lead to where users reach Odoo; nothing is loaded from there."""
        return (layout or self._get_layout() or self).get_base_url()

    @api.model
    def _run_wkhtmltopdf(
        self,
        bodies,
        report_ref=False,
        header=None,
        footer=None,
        landscape=False,
        specific_paperformat_args=None,
        set_viewport_size=False,
    ):
        """Print HTML pages into one PDF; parameters are Odoo's.

        :param bodies: HTML texts, one a document, each with page numbers of its own
        :param header: HTML text with the headers of all documents, in their order
        :param footer: the same for footers
        :return: the PDF's bytes
        :raises UserError: the HTML cannot be printed
        """
        report = self._get_report(report_ref) if report_ref else self
        paper = self._pdf_paper(report, landscape, specific_paperformat_args or {})
        everything = [range(len(bodies))]
        return self._pdf_print(report, bodies, header, footer, paper, everything)[0]

    @api.model
    def _pdf_paper(self, report, landscape, arguments):
        """Page geometry of a report.

        :param landscape: print across, whatever the paper format says
        :param arguments: the `data-report-*` attributes of the report's HTML; they take precedence
        """
        formats = report.get_paperformat()
        if not formats:
            return Paper()
        landscape = landscape or arguments.get("data-report-landscape")
        width, height = formats.print_page_width, formats.print_page_height
        if not width or not height:
            width, height = Paper.width, Paper.height
        if landscape and width < height:
            width, height = height, width
        dpi = int(arguments.get("data-report-dpi") or formats.dpi)
        spacing = arguments.get("data-report-header-spacing", formats.header_spacing)
        return Paper(
            width=width,
            height=height,
            top=float(arguments.get("data-report-margin-top", formats.margin_top)),
            right=formats.margin_right,
            bottom=float(arguments.get("data-report-margin-bottom", formats.margin_bottom)),
            left=formats.margin_left,
            header_spacing=float(spacing),
            header_line=formats.header_line,
            scale=scale_for(dpi, formats.disable_shrinking),
        )

    @api.model
    def _pdf_print(self, report, bodies, header, footer, paper, groups):
        """Lay out every document once and write the PDFs.

        :param groups: positions of the documents of each PDF
        :return: list of PDFs, as bytes
        :raises UserError: the HTML cannot be printed
        """
        with printer.LOCK:
            try:
                return self._pdf_write(bodies, header, footer, paper, groups)
            except FatalURLFetchingError as error:
                raise error.__cause__ from error
            except (UserError, MemoryError, psycopg2.Error):
                raise
            except Exception as error:
                # WeasyPrint and the parsers below it raise whatever they stumble over.
                _logger.exception("Report %s cannot be printed", report.report_name)
                raise UserError(
                    self.env._(
                        "“%(report)s” cannot be printed: its page is not valid HTML or CSS "
                        "(%(error)s). Look at the report's template and at the layout of the "
                        "company's documents.",
                        report=report.name or self.env._("The report"),
                        error=f"{type(error).__name__}: {error}",
                    )
                ) from error

    @api.model
    def _pdf_write(self, bodies, header, footer, paper, groups):
        with file_open(PRINT_CSS) as file:
            own_css = file.read()
        fetcher = ReportFetcher(self.env, self._pdf_addresses())
        work = printer.Printer(paper, fetcher, own_css, self.env.cr.dbname)
        headers, footers = markup.bands(header, "header"), markup.bands(footer, "footer")
        documents = []
        for index, body in enumerate(bodies):
            own_header = headers[index] if index < len(headers) else None
            own_footer = footers[index] if index < len(footers) else None
            root = markup.assemble(body, own_header, own_footer)
            base = markup.base_url(root) or self._get_report_url()
            documents.append(work.layout(root, base))
        return [work.pdf([documents[index] for index in group]) for group in groups]

    @api.model
    def _pdf_addresses(self):
        """Addresses that mean this Odoo in a report's page."""
        parameters = self.env["ir.config_parameter"].sudo()
        names = ("web.base.url", "report.url")
        return [self._get_report_url(), *(parameters.get_param(name) for name in names)]

    def _render_qweb_pdf_prepare_streams(self, report_ref, data, res_ids=None):
        """Odoo's, but records are told apart by their documents and not by the PDF's outline."""
        report = self._get_report(report_ref)
        if not res_ids or len(res_ids) < 2 or len(res_ids) != len(set(res_ids)):
            return super()._render_qweb_pdf_prepare_streams(report_ref, data, res_ids=res_ids)
        streams = self._pdf_stored_streams(report, res_ids)
        missing = [res_id for res_id, stream in streams.items() if not stream["stream"]]
        if missing:
            printed = self._pdf_print_records(report_ref, report, data or {}, missing)
            for res_id, content in printed.items():
                streams.setdefault(res_id, {"attachment": None})["stream"] = io.BytesIO(content)
        return streams

    def _pdf_stored_streams(self, report, res_ids):
        """:return: {record id: {"stream", "attachment"}}, the stream None if it is to be made."""
        keeps = report.attachment and not self.env.context.get("report_pdf_no_attachment")
        streams = OrderedDict()
        for record in self.env[report.model].browse(res_ids):
            attachment = report.retrieve_attachment(record) if keeps else None
            stream = None
            if attachment and report.attachment_use:
                stream = self._pdf_stream_of(attachment)
            streams[record.id] = {"stream": stream, "attachment": attachment}
        return streams

    def _pdf_stream_of(self, attachment):
        stream = io.BytesIO(attachment.raw)
        if not (attachment.mimetype or "").startswith("image"):
            return stream
        with Image.open(stream) as image:
            converted = io.BytesIO()
            image.convert("RGB").save(converted, format="pdf")
        return converted

    def _pdf_print_records(self, report_ref, report, data, res_ids):
        """:return: {record id: PDF}, or {False: PDF} if documents cannot be told apart."""
        data.setdefault("report_type", "pdf")
        data.setdefault("debug", False)
        plain = self.with_context(debug=False)
        html = plain._render_qweb_html(report_ref, res_ids, data=data)[0]
        bodies, html_ids, header, footer, arguments = report.with_context(
            debug=False
        )._prepare_html(html, report_model=report.model)
        told_apart = set(filter(None, html_ids)) == set(res_ids)
        if report.attachment and not told_apart:
            raise UserError(
                self.env._(
                    "The documents of “%(report)s” cannot be saved one by one: in its template, "
                    "the element with class “article” lacks data-oe-model and data-oe-id.",
                    report=report.name,
                )
            )
        paper = self._pdf_paper(report, self.env.context.get("landscape"), arguments)
        owners = self._pdf_owners(html_ids) if told_apart else {False: range(len(bodies))}
        contents = self._pdf_print(report, bodies, header, footer, paper, owners.values())
        return dict(zip(owners, contents, strict=True))

    @api.model
    def _pdf_owners(self, html_ids):
        """Documents of each record; one that names no record goes with that before it.

        :param html_ids: record id or None of each document, in order
        :return: {record id: [position of a document]}
        """
        owners = {}
        current = next(filter(None, html_ids))
        for index, html_id in enumerate(html_ids):
            current = html_id or current
            owners.setdefault(current, []).append(index)
        return owners
