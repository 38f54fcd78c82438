from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.import_expression import Expression, ExpressionError
from ..tools.import_mapping import MappedColumn


class ImportColumn(models.Model):
    """Where one field of the target comes from."""

    _name = "utility.import.column"
    _description = "Import: Mapping of a Field"
    _order = "sequence, id"
    _rec_name = "field_name"

    profile_id = fields.Many2one(
        "utility.import.profile", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    field_name = fields.Char("Technical Name", required=True)
    field_label = fields.Char("Field", compute="_compute_field")
    field_help = fields.Char("Explanation", compute="_compute_field")
    field_required = fields.Boolean("Needed", compute="_compute_field")
    headers = fields.Json(related="profile_id.sample_headers")
    source = fields.Char(
        "Column of the File", help="Its header, or its number when the file has no headers."
    )
    default_value = fields.Char(
        "Else", help="Read when the cell is empty, or always when there is no column."
    )
    conversion = fields.Selection(
        [
            ("trim", "Without spaces around"),
            ("as_is", "As it is"),
            ("spaces", "Single spaces"),
            ("upper", "UPPER CASE"),
            ("lower", "lower case"),
            ("title", "Capitals First"),
            ("digits", "Digits only"),
            ("no_zeros", "Without leading zeros"),
        ],
        required=True,
        default="trim",
    )
    expression = fields.Char(
        "Formula",
        help='Sees value (the cell, converted) and column("Header"). For example: '
        'upper(value), left(value, 3) + "-" + column("Flat"), "legal" if contains(value, "UAB") '
        'else "individual".',
    )
    lookup_ids = fields.One2many("utility.import.lookup", "column_id", "Table of Values", copy=True)
    lookup_strict = fields.Boolean(
        "Only Values of the Table", help="A value that the table does not know makes the row bad."
    )
    required = fields.Boolean(help="A row without it is bad.")
    extras = fields.Char("Further", compute="_compute_extras")

    _field_unique = models.Constraint(
        "UNIQUE (profile_id, field_name)", "The profile maps this field already."
    )

    @api.depends("field_name", "profile_id.target")
    def _compute_field(self):
        known = {}
        for column in self:
            profile = column.profile_id
            if profile not in known:
                known[profile] = profile._fields_by_name()
            field = known[profile].get(column.field_name)
            column.field_label = field.label if field else column.field_name
            column.field_help = field.help or field.looks_up if field else ""
            column.field_required = bool(field and field.required)

    @api.depends("expression", "lookup_ids", "conversion")
    def _compute_extras(self):
        conversions = dict(self._fields["conversion"]._description_selection(self.env))
        for column in self:
            parts = []
            if column.conversion and column.conversion != "trim":
                parts.append(conversions[column.conversion])
            if column.expression:
                parts.append(self.env._("formula"))
            if column.lookup_ids:
                parts.append(self.env._("%s values", len(column.lookup_ids)))
            column.extras = ", ".join(parts)

    @api.constrains("expression")
    def _check_expression(self):
        for column in self.filtered("expression"):
            try:
                Expression(column.expression)
            except ExpressionError as error:
                raise ValidationError(
                    self.env._(
                        "The formula of “%(field)s” cannot be used: %(problem)s. It may have 500 "
                        "signs, "
                        'use value, column("Header"), + - * / and the functions of the manual.',
                        field=column.field_label,
                        problem=error,
                    )
                ) from error

    def _is_used(self):
        return bool(self.source or self.default_value or self.expression)

    def _mapped(self, field, values, headers):
        """The column made ready: `MappedColumn`.

        :param values: `ValueReader`
        :param headers: {header in lower case: header} of the file
        """
        return MappedColumn(
            field,
            values.reader(field),
            source=headers[self.source.strip().casefold()] if self.source else None,
            default=self.default_value or field.default,
            required=self.required,
            conversion=self.conversion,
            expression=self.expression,
            lookup={
                line.source.strip(): line.target or "" for line in self.lookup_ids if line.source
            }
            or None,
            strict=self.lookup_strict,
        )

    def _export(self):
        """The mapping of one field as plain data."""
        return {
            "field": self.field_name,
            "source": self.source or "",
            "default": self.default_value or "",
            "conversion": self.conversion,
            "expression": self.expression or "",
            "values": {line.source: line.target or "" for line in self.lookup_ids},
            "only_values": self.lookup_strict,
            "required": self.required,
        }

    @api.model
    def _prepare_from_export(self, data):
        return {
            "field_name": data["field"],
            "source": data.get("source") or False,
            "default_value": data.get("default") or False,
            "conversion": data.get("conversion") or "trim",
            "expression": data.get("expression") or False,
            "lookup_strict": bool(data.get("only_values")),
            "required": bool(data.get("required")),
            "lookup_ids": [
                fields.Command.create({"source": source, "target": target})
                for source, target in (data.get("values") or {}).items()
            ],
        }
