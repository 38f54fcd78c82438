from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    utility_correction_bills = fields.Selection(
        related="company_id.utility_correction_bills", readonly=False, required=True
    )
    utility_advance_auto = fields.Boolean(related="company_id.utility_advance_auto", readonly=False)
