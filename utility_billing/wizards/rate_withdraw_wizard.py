from odoo import fields, models


class RateWithdrawWizard(models.TransientModel):
    """Asks why approved versions are taken out of force."""

    _name = "utility.rate.withdraw.wizard"
    _description = "Withdraw a Version of a Tariff"

    version_ids = fields.Many2many("utility.rate.version", string="Versions", required=True)
    reason = fields.Char(required=True)

    def action_withdraw(self):
        self.ensure_one()
        self.version_ids._withdraw(self.reason)
        return {"type": "ir.actions.client", "tag": "soft_reload"}
