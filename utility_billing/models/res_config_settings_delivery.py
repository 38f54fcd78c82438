from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    utility_fallback_first = fields.Selection(
        related="company_id.utility_fallback_first", readonly=False
    )
    utility_fallback_second = fields.Selection(
        related="company_id.utility_fallback_second", readonly=False
    )
    utility_einvoice_way = fields.Selection(
        related="company_id.utility_einvoice_way", readonly=False, required=True
    )
    utility_mail_template_id = fields.Many2one(
        related="company_id.utility_mail_template_id", readonly=False
    )
