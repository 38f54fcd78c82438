from odoo import fields, models


class ResUsers(models.Model):
    _inherit = "res.users"

    utility_building_ids = fields.Many2many(
        "utility.premise", "utility_user_building_rel", "user_id", "premise_id", "Own Buildings",
        domain="[('level', '=', 'building')]",
        help="Empty: every building of the user's companies. Otherwise only these are seen.",
    )
