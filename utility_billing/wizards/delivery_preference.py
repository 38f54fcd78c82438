from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize

from ..models.bill_delivery import CHANNELS


class DeliveryPreference(models.TransientModel):
    """How many accounts get their bills from now on."""

    _name = "utility.delivery.preference"
    _description = "Bills by Another Way"

    account_ids = fields.Many2many("utility.account", required=True)
    channel = fields.Selection(CHANNELS, "Bills by", required=True, default="email")
    lang = fields.Selection(
        lambda self: self.env["res.lang"].get_installed(),
        "Language of Bills",
        help="Empty: stays as it is.",
    )
    lacking_ids = fields.Many2many("utility.account", compute="_compute_lacking_ids")
    lacking_count = fields.Integer("Without an Address", compute="_compute_lacking_ids")
    with_lacking = fields.Boolean("Also those without an address")

    @api.depends("channel", "account_ids")
    def _compute_lacking_ids(self):
        for wizard in self:
            wizard.lacking_ids = wizard.account_ids.filtered(wizard._lacks)
            wizard.lacking_count = len(wizard.lacking_ids)

    def _lacks(self, account):
        payer = account.partner_id
        if self.channel == "portal":
            # whether somebody can log in is all that is asked of users
            return not payer.sudo().user_ids.filtered("active")
        if self.channel in ("email", "einvoice"):
            return not email_normalize(account.delivery_email or payer.email)
        return False

    def action_apply(self):
        self.ensure_one()
        chosen = self.account_ids if self.with_lacking else self.account_ids - self.lacking_ids
        if not chosen:
            raise UserError(
                self.env._("None of these accounts has an address for that. Fill them in first.")
            )
        lang = {"lang": self.lang} if self.lang else {}
        chosen.write({"delivery_channel": self.channel, **lang})
