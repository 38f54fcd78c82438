from odoo import api, fields, models
from odoo.exceptions import ValidationError

LEVELS = [
    ("territory", "Territory"),
    ("locality", "Locality"),
    ("street", "Street"),
    ("building", "Building"),
    ("section", "Part of a building (entrance, staircase)"),
    ("unit", "Unit (flat, shop, room)"),
    ("site", "Site (containers, equipment)"),
]


class PremiseType(models.Model):
    _name = "utility.premise.type"
    _description = "Premise Type"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="Used by imports and formulas; letters and digits.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    level = fields.Selection(
        LEVELS,
        required=True,
        default="unit",
        help="How premises of this type take part in addresses and in sharing within buildings.",
    )
    label = fields.Char(
        translate=True, help="Short word before the name in an address, for example “ent.”"
    )
    label_after = fields.Boolean(
        "Label after Name", help="“Laisvės al.” rather than “al. Laisvės”."
    )
    parent_type_ids = fields.Many2many(
        "utility.premise.type",
        "utility_premise_type_parent_rel",
        "type_id",
        "parent_type_id",
        string="May Stand in",
        help="Empty: anywhere.",
    )
    attribute_ids = fields.Many2many(
        "utility.attribute",
        "utility_attribute_premise_type_rel",
        "premise_type_id",
        "attribute_id",
        string="Attributes",
    )
    has_accounts = fields.Boolean(
        "Accounts Are Opened Here", help="Offered when an account is opened."
    )

    _code_unique = models.Constraint("UNIQUE (code)", "Another premise type has this code.")

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        used = (
            self.env["utility.premise"]
            .sudo()
            .with_context(active_test=False)
            .search([("type_id", "in", self.ids)], limit=1)
        )
        if used:
            raise ValidationError(
                self.env._(
                    "“%(type)s” is the type of %(premise)s and of others: archive it instead.",
                    type=used.type_id.name,
                    premise=used.display_name,
                )
            )
