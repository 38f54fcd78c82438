from odoo import models
from odoo.fields import Domain


class ServicePoint(models.Model):
    _inherit = "utility.service.point"

    def _reading_windows(self, day):
        """Reading windows of many points on a day, by the billing cycles of their agreements.

        :return: {point id: (first day, last day, period) or None}
        """
        cycles = self._billing_cycles_on(day)
        known, windows = {}, {}
        for point in self:
            key = (point.service_id, cycles[point.id])
            if key not in known:
                known[key] = key[0]._reading_window(key[1], day)
            windows[point.id] = known[key]
        return windows

    def _billing_cycles_on(self, day):
        """{point id: billing cycle of its agreement of the day, or none}."""
        agreements = self.env["utility.service.agreement"].sudo()  # a controller may not read them
        rows = agreements.search_fetch(
            agreements._domain_in_force(day) & Domain("service_point_id", "in", self.ids),
            ["service_point_id", "billing_cycle_id"],
            order="date_start, id",
        )
        cycles = dict.fromkeys(self.ids, self.env["utility.billing.cycle"])
        for row in reversed(rows):
            cycles[row.service_point_id.id] = row.billing_cycle_id.sudo(False)
        return cycles

    def _norms_a_month(self, day):
        """Norms by which readings of the points are judged: none, where there are no norms.

        :return: {point id: quantity a month (30 days) in the service's unit}
        """
        return {}
