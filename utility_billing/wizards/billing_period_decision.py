from odoo import fields, models


class BillingPeriodDecision(models.TransientModel):
    """Why a month is closed with open points, or reopened."""

    _name = "utility.billing.period.decision"
    _description = "Close or Reopen a Month"

    period_id = fields.Many2one("utility.billing.period", required=True, ondelete="cascade")
    kind = fields.Selection([("close", "Close"), ("reopen", "Reopen")], required=True)
    open_count = fields.Integer(related="period_id.open_count")
    reason = fields.Char(required=True)

    def action_decide(self):
        self.ensure_one()
        if self.kind == "close":
            self.period_id._close(self.reason)
        else:
            self.period_id._reopen(self.reason)
        return {"type": "ir.actions.client", "tag": "soft_reload"}
