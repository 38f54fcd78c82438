from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.import_choosing import RowChoice
from ..tools.import_expression import Expression, ExpressionError


class ImportProfile(models.Model):
    """Which rows of a file are read, and what the file states about them itself."""

    _inherit = "utility.import.profile"

    column_count = fields.Integer(
        "Columns in a Row",
        help="Of a file without headers: rows that end early are filled up to so many columns. "
        "0: every row must have as many as the first.",
    )
    row_formula = fields.Char(
        "Only Rows Where",
        help='A formula that is true for the rows to be read: column("2") == "20". Others stay on '
        "record as left out.",
    )
    total_ids = fields.One2many(
        "utility.import.total", "profile_id", "Totals That the File States", copy=True
    )

    _column_count_range = models.Constraint(
        "CHECK (column_count BETWEEN 0 AND 1000)", "A row has at most 1,000 columns."
    )

    @api.constrains("row_formula")
    def _check_row_formula(self):
        for profile in self.filtered("row_formula"):
            try:
                Expression(profile.row_formula)
            except ExpressionError as error:
                raise ValidationError(
                    self.env._(
                        "%(profile)s: the formula of the rows to be read cannot be used: "
                        "%(problem)s.",
                        profile=profile.name,
                        problem=error,
                    )
                ) from error

    def _row_choice(self):
        """What tells the file's rows from its totals and other lines."""
        return RowChoice(
            self.row_formula,
            [
                (total.kind, total.condition, total.value)
                for total in self.total_ids
                if total.condition and total.value
            ],
            self._value_reader().read_number,
            self.env,
        )

    def _stated_by_reader(self, stream):
        """What the file states about itself, where its format says so: {kind: text}; see
        `utility.import.total`.

        A format's reader may bring, beside `reader`, `totals`: a function `(profile, stream)`
        that returns such a dict of numbers, None for what it does not say; `warnings` is what of
        it contradicts itself, in words.
        """
        totals = self._import_readers()[self.reader].get("totals")
        if not totals:
            return {}
        stream.seek(0)
        found = totals(self, stream)
        return {kind: str(value) for kind, value in found.items() if value is not None}

    def _export(self):
        return {**super()._export(), "totals": [total._export() for total in self.total_ids]}

    @api.model
    def _prepare_from_export(self, data):
        total = self.env["utility.import.total"]
        return {
            **super()._prepare_from_export(data),
            "total_ids": [
                fields.Command.create(total._prepare_from_export(line))
                for line in data.get("totals", ())
            ],
        }
