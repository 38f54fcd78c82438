from odoo import models


class Route(models.Model):
    _inherit = "utility.route"

    def action_enter_reading(self):
        """The screen for entering readings with all meters of the route."""
        self.ensure_one()
        return self.env["utility.reading"]._entry_action(
            self.env._("Readings of %s", self.name), route_id=self.id
        )
