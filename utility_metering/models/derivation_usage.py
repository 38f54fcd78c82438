from odoo import models
from odoo.tools import SQL


class Derivation(models.Model):
    _inherit = "utility.derivation"

    def _facts_changed(self):
        done = super()._facts_changed()
        for day, facts in self.grouped("date_start").items():
            self.env["utility.usage.stale"]._mark(
                SQL(
                    """
                SELECT point.id AS point_id, %s::date AS date_from, NULL::date AS date_to
                FROM utility_service_point point
                WHERE point.service_id = ANY(%s) OR point.id = ANY(%s)
                """,
                    day,
                    facts.service_id.ids,
                    facts.service_point_id.ids,
                ),
                self.env._("Derivations changed"),
            )
        return done
