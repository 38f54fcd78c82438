from odoo import fields, models

from ..models.bill_delivery import CHANNELS


class DeliverySendLine(models.TransientModel):
    """Bills that will go one way, and those of them that cannot."""

    _name = "utility.delivery.send.line"
    _description = "Bills to Send One Way"

    wizard_id = fields.Many2one("utility.delivery.send", required=True, ondelete="cascade")
    channel = fields.Selection(CHANNELS, "By", required=True)
    bill_count = fields.Integer("Bills")
    lacking_count = fields.Integer("Cannot Go So")
    missing = fields.Text("What Is Missing")
    account_ids = fields.Many2many("utility.account")

    def action_open_accounts(self):
        """Accounts to mend before their bills are sent."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Accounts to Mend"),
            "res_model": "utility.account",
            "views": [(False, "list"), (False, "form")],
            "domain": [("id", "in", self.account_ids.ids)],
        }
