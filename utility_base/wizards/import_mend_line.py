from odoo import fields, models


class ImportMendLine(models.TransientModel):
    """One cell of a row that is mended."""

    _name = "utility.import.mend.line"
    _description = "Mend Rows: Cell"
    _order = "row_number, is_wrong desc, id"

    wizard_id = fields.Many2one("utility.import.mend.wizard", required=True, ondelete="cascade")
    row_id = fields.Many2one(
        "utility.import.row", "Row of the File", required=True, ondelete="cascade"
    )
    row_number = fields.Integer("Row", related="row_id.number", store=True, aggregator=None)
    reason = fields.Char(related="row_id.reason")
    field_name = fields.Char(required=True)
    label = fields.Char("Field")
    source = fields.Char("In the File")
    value = fields.Char("Should Be", help="Written as the file writes numbers and dates.")
    is_wrong = fields.Boolean("Wrong")

    def _former(self):
        value = (self.row_id.parsed or {}).get(self.field_name)
        return "" if value is None else str(value)

    def _typed(self):
        return self.value or None
