from odoo import models


class Reading(models.Model):
    _inherit = "utility.reading"

    def _readings_changed(self):
        done = super()._readings_changed()
        self.env["utility.usage"]._recalculate_after(self)
        return done
