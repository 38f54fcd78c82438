from odoo import fields, models


class Route(models.Model):
    """The places that a controller walks, in the order of their addresses."""

    _name = "utility.route"
    _description = "Reading Route"
    _order = "sequence, name, id"

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    user_ids = fields.Many2many("res.users", string="Controllers")
    premise_ids = fields.Many2many(
        "utility.premise", string="Places", help="Localities, streets, buildings: all within."
    )
    service_ids = fields.Many2many("utility.service", help="Empty: every metered service.")
    note = fields.Char()
