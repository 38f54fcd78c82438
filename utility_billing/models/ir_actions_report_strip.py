from odoo import models

from ..engine.drawing.strip import Strip

# reports that are drawn on a till's paper, and where what stands on them comes from
STRIPS = {
    "utility_billing.cash_receipt": lambda payment: payment._receipt_as_printed(),
    "utility_billing.cash_shift": lambda shift: shift._report_content(),
}


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    def _render_qweb_pdf(self, report_ref, res_ids=None, data=None):
        report = self._get_report(report_ref)
        content = STRIPS.get(report.report_name)
        if not content:
            return super()._render_qweb_pdf(report_ref, res_ids=res_ids, data=data)
        records = self.env[report.model].browse(res_ids)
        records.check_access("read")
        # what covers what is read from the ledger, which cashiers do not see
        records = records.sudo()
        strip = Strip(self.env["utility.bill.printing"]._fonts(), records.desk_id[:1].receipt_width)
        for record in records:
            strip.add(content(record))
        return strip.finish(report.name), "pdf"
