from odoo import fields, models


class Attribute(models.Model):
    _inherit = "utility.attribute"

    for_meters = fields.Boolean("Meters")
