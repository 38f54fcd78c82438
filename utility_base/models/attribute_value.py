from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import float_round, format_date

from .dated_mixin import no_overlap

COLUMNS = {
    "number": "value_number",
    "text": "value_text",
    "boolean": "value_boolean",
    "date": "value_date",
    "choice": "choice_id",
}


class AttributeValue(models.Model):
    _name = "utility.attribute.value"
    _description = "Attribute Value"
    _inherit = ["utility.dated.mixin"]
    _order = "attribute_id, date_start desc, id desc"
    _fact_key = ("attribute_id",)
    _fact_editors = "utility_base.group_clerk,utility_base.group_meter_engineer"
    _fact_key_optional = ("premise_id", "account_id", "service_point_id", "partner_id")

    attribute_id = fields.Many2one(
        "utility.attribute", required=True, index=True, ondelete="restrict"
    )
    value_type = fields.Selection(related="attribute_id.value_type")
    uom_id = fields.Many2one(related="attribute_id.uom_id")
    premise_id = fields.Many2one("utility.premise", index="btree_not_null", ondelete="restrict")
    account_id = fields.Many2one("utility.account", index="btree_not_null", ondelete="restrict")
    service_point_id = fields.Many2one(
        "utility.service.point", index="btree_not_null", ondelete="restrict"
    )
    partner_id = fields.Many2one(
        "res.partner", "Person or Company", index="btree_not_null", ondelete="restrict"
    )
    owner_name = fields.Char("Of", compute="_compute_owner_name")
    value_number = fields.Float("Number", digits=(16, 6))
    value_text = fields.Char("Text")
    value_boolean = fields.Boolean("Yes")
    value_date = fields.Date("Date")
    choice_id = fields.Many2one(
        "utility.attribute.choice",
        ondelete="restrict",
        domain="[('attribute_id', '=', attribute_id)]",
    )
    value_display = fields.Char("Value", compute="_compute_value_display")
    replaces_id = fields.Many2one(
        "utility.attribute.value", copy=False, readonly=True, index="btree_not_null"
    )

    _no_overlap = no_overlap(*_fact_key, optional=_fact_key_optional)
    _one_owner = models.Constraint(
        "CHECK (num_nonnulls(premise_id, account_id, service_point_id, partner_id) = 1)",
        "A value belongs to exactly one premise, account, service point or person.",
    )

    @api.model
    def _owner_fields(self):
        """Which fields may name the owner, and the attribute's field that allows it."""
        return {
            "premise_id": "for_premises",
            "account_id": "for_accounts",
            "service_point_id": "for_service_points",
            "partner_id": "for_partners",
        }

    @api.depends(lambda self: list(self._owner_fields()))
    def _compute_owner_name(self):
        for value in self:
            value.owner_name = value._owner().display_name

    @api.depends(
        "value_number", "value_text", "value_boolean", "value_date", "choice_id", "attribute_id"
    )
    def _compute_value_display(self):
        for value in self:
            value.value_display = value._value_text()

    @api.depends("attribute_id", "value_display")
    def _compute_display_name(self):
        for value in self:
            value.display_name = f"{value.attribute_id.name or ''}: {value.value_display or ''}"

    @api.constrains("attribute_id", *COLUMNS.values())
    def _check_value(self):
        for value in self:
            attribute = value.attribute_id
            if (
                attribute.value_type == "number"
                and attribute.has_range
                and not (attribute.minimum <= value.value_number <= attribute.maximum)
            ):
                raise ValidationError(
                    self.env._(
                        "%(attribute)s of %(owner)s: %(value)s is out of range, "
                        "allowed is %(minimum)s to %(maximum)s.",
                        attribute=attribute.name,
                        owner=value.owner_name,
                        value=_plain(value.value_number),
                        minimum=_plain(attribute.minimum),
                        maximum=_plain(attribute.maximum),
                    )
                )
            if attribute.value_type in ("text", "date") and not value._value():
                raise ValidationError(
                    self.env._(
                        "%(attribute)s of %(owner)s: the value is missing.",
                        attribute=attribute.name,
                        owner=value.owner_name,
                    )
                )
            if attribute.value_type == "choice" and value.choice_id.attribute_id != attribute:
                raise ValidationError(
                    self.env._(
                        "%(attribute)s of %(owner)s: choose one of %(choices)s.",
                        attribute=attribute.name,
                        owner=value.owner_name,
                        choices=", ".join(attribute.choice_ids.mapped("name")),
                    )
                )

    @api.constrains("attribute_id", "premise_id", "account_id", "service_point_id", "partner_id")
    def _check_belongs(self):
        for value in self:
            attribute = value.attribute_id
            allowed_by = [flag for name, flag in self._owner_fields().items() if value[name]]
            types = attribute.premise_type_ids
            wrong_type = value.premise_id and types and value.premise_id.type_id not in types
            if wrong_type or not all(attribute[flag] for flag in allowed_by):
                raise ValidationError(
                    self.env._(
                        "%(attribute)s is not an attribute of %(owner)s: see its "
                        "definition for what has it.",
                        attribute=attribute.name,
                        owner=value.owner_name,
                    )
                )

    def _value(self):
        """The value in its own Python type; a number as float, a choice as its code."""
        self.ensure_one()
        raw = self[COLUMNS[self.value_type]] if self.value_type else None
        return raw.code if self.value_type == "choice" else raw

    @api.model
    def _vals_for(self, attribute, raw):
        """Values for `create` that hold `raw` (a Python value, a choice's code or record)."""
        if attribute.value_type == "choice" and isinstance(raw, str):
            choice = attribute.choice_ids.filtered(lambda choice: raw in (choice.code, choice.name))
            if not choice:
                raise ValidationError(
                    self.env._(
                        "%(attribute)s: there is no choice “%(raw)s”. Possible: %(choices)s.",
                        attribute=attribute.name,
                        raw=raw,
                        choices=", ".join(attribute.choice_ids.mapped("name")),
                    )
                )
            raw = choice[0].id
        if attribute.value_type == "number":
            raw = float_round(float(raw), precision_digits=attribute.decimals)
        return {"attribute_id": attribute.id, COLUMNS[attribute.value_type]: raw}

    def _owner(self):
        self.ensure_one()
        for name in self._owner_fields():
            if self[name]:
                return self[name]
        return self.browse()

    def _value_text(self):
        kind = self.value_type
        if kind == "number":
            return " ".join(
                filter(
                    None,
                    [
                        f"{self.value_number:.{self.attribute_id.decimals}f}",
                        self.uom_id.name,
                    ],
                )
            )
        if kind == "boolean":
            return self.env._("Yes") if self.value_boolean else self.env._("No")
        if kind == "date":
            return format_date(self.env, self.value_date) if self.value_date else ""
        if kind == "choice":
            return self.choice_id.name or ""
        return self.value_text or ""

    def _fact_label(self):
        owner = self.owner_name or ""
        return self._period_label(f"{owner}, {self.display_name}", self.date_start, self.date_end)


def _plain(number):
    return f"{number:f}".rstrip("0").rstrip(".")
