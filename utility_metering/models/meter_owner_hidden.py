from odoo import fields, models


class Meter(models.Model):
    """Field controllers see meters, not whose they are."""

    _inherit = "utility.meter"

    owner_partner_id = fields.Many2one(groups="utility_base.group_reader")
