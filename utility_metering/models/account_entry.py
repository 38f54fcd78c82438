from odoo import models


class Account(models.Model):
    _inherit = "utility.account"

    def action_enter_reading(self):
        """The screen for entering readings with the meters that the account takes from."""
        self.ensure_one()
        return self.env["utility.reading"]._entry_action(
            self.env._("Readings of %s", self.number), account_id=self.id
        )
