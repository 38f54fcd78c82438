from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    utility_bill_qr = fields.Selection(
        related="company_id.utility_bill_qr", readonly=False, required=True
    )
    utility_bill_barcode = fields.Boolean(related="company_id.utility_bill_barcode", readonly=False)
