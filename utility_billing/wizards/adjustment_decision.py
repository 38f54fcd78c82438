from odoo import fields, models


class AdjustmentDecision(models.TransientModel):
    """Asks why adjustments are refused or cancelled."""

    _name = "utility.adjustment.decision"
    _description = "Refuse or Cancel Adjustments"

    adjustment_ids = fields.Many2many("utility.adjustment", required=True)
    decision = fields.Selection([("refuse", "Refuse"), ("cancel", "Cancel")], required=True)
    reason = fields.Char(required=True)

    def action_apply(self):
        self.ensure_one()
        if self.decision == "refuse":
            self.adjustment_ids._refuse(self.reason)
        else:
            self.adjustment_ids._cancel(self.reason)
        return {"type": "ir.actions.act_window_close"}
