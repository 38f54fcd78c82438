from odoo import fields, models


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    utility_service_id = fields.Many2one(
        "utility.service", "Service", readonly=True, copy=True, ondelete="restrict"
    )
