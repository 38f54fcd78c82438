from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    utility_billing_start = fields.Date(related="company_id.utility_billing_start", readonly=False)
    utility_correction_months = fields.Integer(
        related="company_id.utility_correction_months", readonly=False
    )
