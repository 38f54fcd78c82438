from odoo import fields, models
from odoo.exceptions import UserError


class AgreementTermination(models.TransientModel):
    """Asks from when on and why agreements are terminated."""

    _name = "utility.agreement.termination"
    _description = "Terminate Agreements"

    agreement_document_ids = fields.Many2many(
        "utility.agreement.document", "utility_agreement_termination_rel", string="Agreements"
    )
    date = fields.Date("Last Day in Force", required=True, default=fields.Date.context_today)
    reason = fields.Char(required=True)

    def action_terminate(self):
        if not (self.reason or "").strip():
            raise UserError(
                self.env._(
                    "Say why %s is terminated.", self.agreement_document_ids[:1].display_name
                )
            )
        self.agreement_document_ids._terminate(self.date, self.reason)
        return {"type": "ir.actions.client", "tag": "soft_reload"}
