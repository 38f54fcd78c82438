from odoo import fields, models


class TouZone(models.Model):
    """A time-of-use zone (day, night, peak) that registers count and rates price."""

    _name = "utility.tou.zone"
    _description = "Time-of-Use Zone"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="Name in rates, imports and usage: T1, T2, DAY, NIGHT.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _code_unique = models.Constraint("UNIQUE (code)", "Another zone has this code.")
