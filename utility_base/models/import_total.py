from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.import_expression import Expression, ExpressionError

KINDS = [
    ("count", "Number of Lines"),
    ("amount", "Sum That Came In"),
    ("debit", "Sum That Went Out"),
    ("commission", "Commission"),
    ("transferred", "Transferred"),
    ("opening", "Opening Balance"),
    ("closing", "Closing Balance"),
]


class ImportTotal(models.Model):
    """What a row of totals states about its file: which rows they are, and where it stands."""

    _name = "utility.import.total"
    _description = "Import: Total That the File States"
    _order = "sequence, id"
    _rec_name = "kind"

    profile_id = fields.Many2one(
        "utility.import.profile", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    kind = fields.Selection(KINDS, "States", required=True)
    condition = fields.Char(
        "In Rows Where",
        required=True,
        help='A formula that is true for the row of totals: begins(column("1"), "Total").',
    )
    value = fields.Char(
        "Is", required=True, help='A formula that gives it: column("6"), part(column("1"), ":", 2).'
    )

    @api.constrains("condition", "value")
    def _check_formulas(self):
        for total in self:
            for formula in (total.condition, total.value):
                try:
                    Expression(formula)
                except ExpressionError as error:
                    raise ValidationError(
                        self.env._(
                            "The formula “%(formula)s” cannot be used: %(problem)s. It may use "
                            'column("Header"), + - * / and the functions of the manual.',
                            formula=formula,
                            problem=error,
                        )
                    ) from error

    def _export(self):
        return {"kind": self.kind, "condition": self.condition, "value": self.value}

    @api.model
    def _prepare_from_export(self, data):
        return {name: data[name] for name in ("kind", "condition", "value")}
