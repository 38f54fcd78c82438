from odoo import api, models


class ReportBillPreview(models.AbstractModel):
    """A recent bill as a layout prints it."""

    _name = "report.utility_billing.report_bill_preview"
    _description = "Preview of a Bill Layout"

    @api.model
    def _get_report_values(self, docids, data=None):
        data = data or {}
        layout = self.env["utility.bill.layout"].browse(int(data.get("layout_id") or docids[0]))
        layout.check_access("read")
        move = layout._recent_bill()
        contents = self.env["utility.bill.document"]._contents_as(move, layout)
        return {
            "docs": layout,
            "pages": self.env["report.utility_billing.report_bill"]._pages(
                move, [(content, layout) for content in contents]
            ),
        }
