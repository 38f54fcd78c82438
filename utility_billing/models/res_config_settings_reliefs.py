from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    utility_absence_days = fields.Integer(related="company_id.utility_absence_days", readonly=False)
    utility_approval_limit = fields.Monetary(
        related="company_id.utility_approval_limit", readonly=False
    )
    utility_interruption_hours = fields.Float(
        related="company_id.utility_interruption_hours", readonly=False
    )
    utility_interruption_percent = fields.Float(
        related="company_id.utility_interruption_percent", readonly=False
    )
    utility_deviation_percent = fields.Float(
        related="company_id.utility_deviation_percent", readonly=False
    )
    utility_deviation_step = fields.Float(
        related="company_id.utility_deviation_step", readonly=False
    )
