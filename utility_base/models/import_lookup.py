from odoo import fields, models


class ImportLookup(models.Model):
    """One line of a column's table of values."""

    _name = "utility.import.lookup"
    _description = "Import: Value in the File and What It Means"
    _order = "source, id"
    _rec_name = "source"

    column_id = fields.Many2one(
        "utility.import.column", required=True, index=True, ondelete="cascade"
    )
    source = fields.Char("In the File", required=True)
    target = fields.Char("Means", help="Empty: nothing, as if the cell were empty.")

    _source_unique = models.Constraint(
        "UNIQUE (column_id, source)", "The table of values says this one twice."
    )
