from odoo import fields, models


class AttributeChoice(models.Model):
    _name = "utility.attribute.choice"
    _description = "Attribute Choice"
    _order = "sequence, id"

    attribute_id = fields.Many2one(
        "utility.attribute", required=True, ondelete="cascade", index=True
    )
    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)

    _code_unique = models.Constraint(
        "UNIQUE (attribute_id, code)", "Another choice of this attribute has this code."
    )
