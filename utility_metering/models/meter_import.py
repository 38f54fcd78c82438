from odoo import models


class Meter(models.Model):
    _inherit = "utility.meter"

    _by_serial = models.Index("(company_id, serial)")
