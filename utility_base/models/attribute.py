from keyword import iskeyword

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class Attribute(models.Model):
    """A characteristic that users invent: heated area, number of floors, livestock."""

    _name = "utility.attribute"
    _description = "Attribute"
    _order = "sequence, name"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(
        required=True, help="Name in formulas and imports: letters, digits, underscores."
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    value_type = fields.Selection(
        [
            ("number", "Number"),
            ("text", "Text"),
            ("boolean", "Yes or no"),
            ("date", "Date"),
            ("choice", "Choice from a list"),
        ],
        required=True,
        default="number",
    )
    uom_id = fields.Many2one("uom.uom", "Unit")
    decimals = fields.Integer(default=2, help="Decimal places that are kept, at most 6.")
    has_range = fields.Boolean("Limited Range")
    minimum = fields.Float(digits=(16, 6))
    maximum = fields.Float(digits=(16, 6))
    choice_ids = fields.One2many("utility.attribute.choice", "attribute_id", "Choices", copy=True)
    for_premises = fields.Boolean("Premises", default=True)
    for_accounts = fields.Boolean("Accounts")
    for_service_points = fields.Boolean("Service Points")
    for_partners = fields.Boolean("People and Companies")
    premise_type_ids = fields.Many2many(
        "utility.premise.type",
        "utility_attribute_premise_type_rel",
        "attribute_id",
        "premise_type_id",
        string="Premise Types",
        help="Empty: premises of every type.",
    )
    required = fields.Boolean(help="Records without a value of today are listed as incomplete.")
    description = fields.Text(translate=True)
    value_count = fields.Integer(compute="_compute_value_count")

    _code_unique = models.Constraint("UNIQUE (code)", "Another attribute has this code.")
    _range_in_order = models.Constraint(
        "CHECK (NOT has_range OR maximum >= minimum)", "The maximum may not be below the minimum."
    )
    _decimals_range = models.Constraint(
        "CHECK (decimals BETWEEN 0 AND 6)", "An attribute keeps 0 to 6 decimal places."
    )

    @api.constrains("code")
    def _check_code(self):
        for attribute in self:
            code = attribute.code or ""
            if not code.isidentifier() or iskeyword(code):
                raise ValidationError(
                    self.env._(
                        "“%(code)s” cannot be used in formulas: take letters, digits "
                        "and underscores, "
                        "and begin with a letter.",
                        code=attribute.code,
                    )
                )

    def write(self, vals):
        changed = {"value_type"} & set(vals)
        if changed and any(
            attribute.value_count and attribute.value_type != vals["value_type"]
            for attribute in self
        ):
            raise ValidationError(
                self.env._(
                    "Values are recorded already: make a new attribute of the other type instead."
                )
            )
        return super().write(vals)

    def _compute_value_count(self):
        counts = dict(
            self.env["utility.attribute.value"]
            .sudo()
            ._read_group([("attribute_id", "in", self.ids)], ["attribute_id"], ["__count"])
        )
        for attribute in self:
            attribute.value_count = counts.get(attribute, 0)

    def action_open_values(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "utility_base.attribute_value_action"
        )
        action["domain"] = [("attribute_id", "=", self.id)]
        action["context"] = {"default_attribute_id": self.id, "search_default_live": 1}
        return action
