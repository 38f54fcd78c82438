from odoo import models


class LiftSchedule(models.Model):
    _inherit = "utility.lift.schedule"

    def _facts_changed(self):
        done = super()._facts_changed()
        for day, facts in self.grouped("date_start").items():
            self.env["utility.usage"]._recalculate_from(
                facts.installation_id.service_point_id,
                day,
                self.env._("Schedules of lifts changed"),
            )
        return done
