from odoo import models


class PaymentPolicy(models.Model):
    _inherit = "utility.payment.policy"

    def action_preview(self):
        """Try the policy on an account, beside the one in force."""
        self.ensure_one()
        return self.env["utility.payment.preview"]._action_ask(policy_id=self.id, is_compared=True)
