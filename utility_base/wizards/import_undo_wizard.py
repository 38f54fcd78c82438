from odoo import fields, models


class ImportUndoWizard(models.TransientModel):
    """Asks why an import is taken back, and says what that means."""

    _name = "utility.import.undo.wizard"
    _description = "Take an Import Back"

    batch_id = fields.Many2one("utility.import.batch", required=True, ondelete="cascade")
    imported_count = fields.Integer(related="batch_id.imported_count")
    reason = fields.Char(required=True)

    def action_undo(self):
        self.batch_id.undo(self.reason)
        return {"type": "ir.actions.client", "tag": "soft_reload"}
