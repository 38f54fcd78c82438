from odoo import models


class ServicePoint(models.Model):
    _inherit = "utility.service.point"

    def action_enter_reading(self):
        """The screen for entering readings with the meters of this point."""
        self.ensure_one()
        return self.env["utility.reading"]._entry_action(
            self.env._("Readings at %s", self.code), service_point_id=self.id
        )
