from odoo import models


class Premise(models.Model):
    _inherit = "utility.premise"

    def action_enter_reading(self):
        """The screen for entering readings with all meters within."""
        self.ensure_one()
        return self.env["utility.reading"]._entry_action(
            self.env._("Readings of %s", self.display_name), premise_id=self.id
        )
