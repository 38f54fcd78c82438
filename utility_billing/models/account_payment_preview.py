from odoo import models


class Account(models.Model):
    _inherit = "utility.account"

    def action_preview_payment(self):
        """What a payment for the account would cover."""
        self.ensure_one()
        return self.env["utility.payment.preview"]._action_ask(account_id=self.id)
