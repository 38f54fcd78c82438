from odoo import fields, models

from .reading import SOURCES


class VeeGroup(models.Model):
    """Rules by which readings of some services and sources are validated, in order."""

    _name = "utility.vee.group"
    _description = "Validation Rules"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", help="Empty: for all companies.")
    service_ids = fields.Many2many("utility.service", help="Empty: every service.")
    source = fields.Selection(SOURCES, help="Empty: whatever the source.")
    rule_ids = fields.One2many("utility.vee.rule", "group_id", "Rules", copy=True)
