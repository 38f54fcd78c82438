from odoo import fields, models


class Premise(models.Model):
    _inherit = "utility.premise"

    def action_bill(self):
        """A billing run of just these places, with all that is in them."""
        return self.env["utility.billing.run"]._action_bill(
            premise_ids=[fields.Command.set(self.ids)]
        )
