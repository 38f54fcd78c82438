from odoo import models


class Meter(models.Model):
    _inherit = "utility.meter"

    def action_enter_reading(self):
        """The screen for entering readings with this meter's registers."""
        self.ensure_one()
        return self.env["utility.reading"]._entry_action(
            self.env._("Readings of %s", self.serial), meter_id=self.id
        )
