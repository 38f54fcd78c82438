from odoo import fields, models


class Premise(models.Model):
    """Meters in a place: a building has those of its flats, too."""

    _inherit = "utility.premise"

    meter_count = fields.Integer("Meters", compute="_compute_meter_count")

    def _compute_meter_count(self):
        for premise in self:
            premise.meter_count = (
                self.env["utility.meter"].search_count([("premise_id", "child_of", premise.id)])
                if premise.id
                else 0
            )

    def action_open_meters(self):
        return {**self._action_below("utility.meter", self.env._("Meters")), "context": {}}
