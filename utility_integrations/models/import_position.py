from odoo import fields, models


class ImportPosition(models.Model):
    """Where a column stands in each line of a file without delimiters."""

    _name = "utility.import.position"
    _description = "Import: Place of a Column"
    _order = "start, id"

    profile_id = fields.Many2one(
        "utility.import.profile", required=True, index=True, ondelete="cascade"
    )
    name = fields.Char("Column", required=True)
    start = fields.Integer(
        "From", required=True, default=1, help="Place of the first sign, counted from 1."
    )
    width = fields.Integer(required=True, default=10, help="Number of signs.")

    _name_unique = models.Constraint(
        "UNIQUE (profile_id, name)", "Two columns of a profile cannot have the same name."
    )
    _place_range = models.Constraint(
        "CHECK (start BETWEEN 1 AND 100000 AND width BETWEEN 1 AND 10000)",
        "A column begins at place 1 or later and is at least one sign wide.",
    )

    def _export(self):
        return {"name": self.name, "start": self.start, "width": self.width}
