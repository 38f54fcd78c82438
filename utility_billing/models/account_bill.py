from odoo import fields, models


class Account(models.Model):
    _inherit = "utility.account"

    def action_bill(self):
        """A billing run of just these accounts."""
        return self.env["utility.billing.run"]._action_bill(
            company_id=self.company_id[:1].id, account_ids=[fields.Command.set(self.ids)]
        )
