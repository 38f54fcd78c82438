from odoo import fields, models


class SuspicionExplain(models.TransientModel):
    """Why points only look suspicious: they do not come back for that month."""

    _name = "utility.suspicion.explain"
    _description = "Explain Suspicious Points"

    suspicion_ids = fields.Many2many("utility.suspicion", required=True)
    why = fields.Char("Explanation", required=True)

    def action_explain(self):
        self.suspicion_ids._mark_explained(self.why)
        return {"type": "ir.actions.act_window_close"}
