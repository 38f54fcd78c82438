from odoo import models


class ResPartner(models.Model):
    _inherit = "res.partner"

    def action_utility_reconciliation_act(self):
        """The act on all accounts that the payer pays or paid for."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "utility_billing.reconciliation_act_action"
        )
        action["context"] = {"default_partner_id": self.id}
        return action
