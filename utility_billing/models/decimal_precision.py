from odoo import api, models


class DecimalPrecision(models.Model):
    _inherit = "decimal.precision"

    @api.model
    def _utility_raise(self, name, digits):
        """At least so many places: bills' lines count thousandths of a cubic metre."""
        precision = self.search([("name", "=", name)])
        if precision.digits < digits:
            precision.digits = digits
