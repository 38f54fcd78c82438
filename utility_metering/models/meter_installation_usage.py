from odoo import models


class MeterInstallation(models.Model):
    _inherit = "utility.meter.installation"

    def _facts_changed(self):
        done = super()._facts_changed()
        for day, facts in self.grouped("date_start").items():
            self.env["utility.usage"]._recalculate_from(
                facts.service_point_id,
                day,
                self.env._("Meters were installed, removed or corrected"),
            )
        return done
