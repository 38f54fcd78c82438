from odoo import fields, models


class Premise(models.Model):
    _inherit = "utility.premise"

    analytic_account_id = fields.Many2one(
        "account.analytic.account",
        groups="utility_base.group_reader",
        help="Of a building. Made by itself where bills are analysed by building.",
    )
