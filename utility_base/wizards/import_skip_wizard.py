from odoo import fields, models


class ImportSkipWizard(models.TransientModel):
    """Asks why rows are left out."""

    _name = "utility.import.skip.wizard"
    _description = "Leave Rows out"

    row_ids = fields.Many2many("utility.import.row", string="Rows", required=True)
    reason = fields.Char(required=True)

    def action_skip(self):
        self.row_ids.skip(self.reason)
        return {"type": "ir.actions.client", "tag": "soft_reload"}
