import io
from collections import OrderedDict

from odoo import models

from .bill_document_printing import REPORT

INVOICES = ("account.report_invoice", "account.report_invoice_with_payments")


class IrActionsReport(models.Model):
    """Odoo's Print and Send of a bill give our bill, and what was handed out is given again."""

    _inherit = "ir.actions.report"

    def _render_qweb_pdf_prepare_streams(self, report_ref, data, res_ids=None):
        name = self._get_report(report_ref).report_name
        if not res_ids or name not in (*INVOICES, REPORT):
            return super()._render_qweb_pdf_prepare_streams(report_ref, data, res_ids=res_ids)
        moves = self.env["account.move"].browse(res_ids)
        ours = moves if name == REPORT else moves.filtered(lambda move: move._is_utility_bill())
        found = self._bill_streams(ours, data) if ours else {}
        others = (moves - ours).ids
        if others:
            found |= super()._render_qweb_pdf_prepare_streams(report_ref, data, res_ids=others)
        return OrderedDict((res_id, found[res_id]) for res_id in moves.ids)

    def _bill_streams(self, moves, data):
        """{move id: stream}: PDFs that were kept, others made anew from what was kept."""
        documents = self.env["utility.bill.document"]
        kept = documents._pdfs_kept(moves)
        streams = {
            move_id: {"stream": io.BytesIO(pdf), "attachment": None}
            for move_id, pdf in kept.items()
        }
        missing = moves.filtered(lambda move: move.id not in kept)
        if missing:
            # pylint: disable-next=super-method-mismatch
            made = super()._render_qweb_pdf_prepare_streams(REPORT, data, res_ids=missing.ids)
            documents._keep_pdf(
                missing, {move_id: found["stream"].getvalue() for move_id, found in made.items()}
            )
            streams |= made
        return streams
