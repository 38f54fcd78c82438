from odoo import models


class PrintLine(models.Model):
    """What is printed leaves the pile of bills to print."""

    _inherit = "utility.print.line"

    def _mark_printed(self, pages):
        result = super()._mark_printed(pages)
        self.env["utility.bill.delivery"]._printed(self.move_id)
        return result
