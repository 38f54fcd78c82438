from odoo import fields, models


class VoidWizard(models.TransientModel):
    """Asks why facts are taken out of force."""

    _name = "utility.void.wizard"
    _description = "Void Facts"

    fact_model = fields.Char(required=True)
    fact_ids = fields.Json(required=True)
    reason = fields.Char(required=True)

    def action_void(self):
        self.env[self.fact_model].browse(self.fact_ids).void(self.reason)
        return {"type": "ir.actions.client", "tag": "soft_reload"}
