from odoo import models


class MeterVerification(models.Model):
    _inherit = "utility.meter.verification"

    def _facts_changed(self):
        done = super()._facts_changed()
        for day, facts in self.grouped("date_start").items():
            self.env["utility.usage"]._recalculate_meters(
                facts.meter_id, day, self.env._("Verifications changed")
            )
        return done
