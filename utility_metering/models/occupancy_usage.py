from odoo import models
from odoo.tools import SQL


class Occupancy(models.Model):
    _inherit = "utility.occupancy"

    def _facts_changed(self):
        """Norms count residents: those of the premise and of what it is part of."""
        done = super()._facts_changed()
        counted = self.filtered(lambda row: row.is_resident or row.role == "absent")
        for day, facts in counted.grouped("date_start").items():
            self.env["utility.usage.stale"]._mark(
                SQL(
                    """
                SELECT usage.service_point_id AS point_id, %s::date AS date_from,
                       NULL::date AS date_to
                FROM utility_usage usage
                WHERE usage.voided_at IS NULL AND usage.reason IS NOT NULL
                AND usage.premise_id = ANY(%s) AND usage.date_end >= %s
                """,
                    day,
                    [
                        int(key)
                        for place in facts.premise_id
                        for key in place.parent_path.split("/")[:-1]
                    ],
                    day,
                ),
                self.env._("Residents changed"),
            )
        return done
