from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    utility_payment_journal_id = fields.Many2one(
        related="company_id.utility_payment_journal_id", readonly=False
    )
    utility_sure_score = fields.Integer(related="company_id.utility_sure_score", readonly=False)
    utility_doubtful_score = fields.Integer(
        related="company_id.utility_doubtful_score", readonly=False
    )
    utility_payment_way = fields.Selection(
        related="company_id.utility_payment_way", readonly=False, required=True
    )
