from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    utility_print_days = fields.Integer(related="company_id.utility_print_days", readonly=False)
