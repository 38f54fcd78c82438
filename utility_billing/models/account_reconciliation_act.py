from odoo import models


class Account(models.Model):
    _inherit = "utility.account"

    def action_reconciliation_act(self):
        """The act with today's payer, to be printed and signed."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "utility_billing.reconciliation_act_action"
        )
        action["context"] = {
            "default_company_id": self.company_id.id,
            "default_partner_id": self.partner_id.id,
            "default_account_ids": self.ids,
        }
        return action
