from odoo import models

from .bill_document_printing import REPORT


class AccountMove(models.Model):
    """The ledger prints and sends a bill as what it is."""

    _inherit = "account.move"

    def _is_utility_bill(self):
        """Whether it is a bill of an account, whoever made it."""
        self.ensure_one()
        return bool(self.utility_account_id) and self.move_type in ("out_invoice", "out_refund")

    def _get_name_invoice_report(self):
        if self._is_utility_bill():
            return REPORT
        return super()._get_name_invoice_report()

    def _utility_bill_pages(self):
        """The bill as HTML, for Odoo's own templates."""
        kept = self.env["utility.bill.document"]._kept_with_layouts(self)
        return self.env["report.utility_billing.report_bill"]._pages(self, kept)

    def button_draft(self):
        """What is made anew is printed anew; what was printed before stays to be seen."""
        result = super().button_draft()
        # whoever may reset a bill need not see what was kept of it
        copies = self.env["utility.bill.copy"].sudo()
        copies.search([("move_id", "in", self.ids), ("is_current", "=", True)]).is_current = False
        return result
