from odoo import models


class Norm(models.Model):
    _inherit = "utility.norm"

    def _facts_changed(self):
        done = super()._facts_changed()
        for day, facts in self.grouped("date_start").items():
            self.env["utility.usage"]._recalculate_services(
                facts.service_id, day, self.env._("Norms changed")
            )
        return done
