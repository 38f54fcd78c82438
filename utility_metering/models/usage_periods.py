from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.utility_base.tools.dates import day_after


class Usage(models.Model):
    _inherit = "utility.usage"

    @api.model
    def _due_plan(self, points, month):
        """The periods that are due at the end of a month, by the cycles of the points' agreements.

        A period is due when it ends with the month, or when the cycle does: its agreement ends and
        none with the same cycle follows. Points that nobody pays for go by months.

        :param month: any day of the month
        :return: {point id: {(first day, last day)}}
        """
        first = month.replace(day=1)
        last = fields.Date.end_of(month, "month")
        cycles = self._cycles_of(points, first, day_after(last))
        return {
            point_id: {period}
            for point_id in points.ids
            if (period := self._due_period(cycles.get(point_id), first, last))
        }

    @api.model
    def _due_period(self, agreements, first, last):
        if not agreements:
            return first, last
        cycle = self._cycle_on(agreements, last)
        if not cycle:
            within = [row for row in agreements if row[0] <= last]
            if not within:
                return first, last
            cycle = max(within, key=lambda row: row[1] or last)[2]
        period = cycle._billed_on(last)
        if not period:
            return None
        goes_on = self._cycle_on(agreements, day_after(last)) == cycle
        if period[1] > last and goes_on:
            return None
        return self._first_day(agreements, period[0], (first, last)), last

    @api.model
    def _first_day(self, agreements, start, month):
        """A longer cycle that ends within the month leaves none of its days unbilled."""
        ended = [
            cycle._billed_on(end)
            for _start, end, cycle in agreements
            if end and month[0] <= end < month[1]
        ]
        return min([start, *(period[0] for period in ended if period)])

    @api.model
    def _cycle_on(self, agreements, day):
        """The shortest of the cycles in force on a day."""
        live = [
            cycle for start, end, cycle in agreements if start <= day and (not end or end >= day)
        ]
        return min(live, key=lambda cycle: (cycle.months, cycle.id), default=None)

    @api.model
    def _cycles_of(self, points, first, last):
        """{point id: [(start, end, cycle)]} of the agreements on any day of a span."""
        cycles = defaultdict(list)
        self.env["utility.service.agreement"].flush_model()
        found = self.env.execute_query(
            SQL(
                """
            SELECT service_point_id, date_start, date_end, billing_cycle_id
            FROM utility_service_agreement
            WHERE voided_at IS NULL AND service_point_id = ANY(%s) AND date_start <= %s
            AND (date_end IS NULL OR date_end >= %s)
            """,
                points.ids,
                last,
                first,
            )
        )
        known = self.env["utility.billing.cycle"].browse({row[3] for row in found})
        by_id = {cycle.id: cycle for cycle in known}
        for point_id, start, end, cycle_id in found:
            cycles[point_id].append((start, end, by_id[cycle_id]))
        return cycles
