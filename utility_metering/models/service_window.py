from dateutil.relativedelta import relativedelta

from odoo import models

from odoo.addons.utility_base.tools.dates import day_before


class Service(models.Model):
    _inherit = "utility.service"

    def _reading_window(self, cycle, day):
        """The reading window that `day` lies in, or else that of the period of `day`.

        :param cycle: billing cycle; empty: months of the calendar
        :return: (first day, last day, (first day of the period, its last day)), or None where the
            service has no window
        """
        window = self._reading_window_on(cycle, day)
        return window[:3] if window else None

    def _reading_window_on(self, cycle, day):
        """The same as a `Window`, which also says whether readings count for the last day."""
        self.ensure_one()
        rows = self.window_ids.filtered(lambda row: row.billing_cycle_id == cycle and cycle)
        rows = rows or self.window_ids.filtered(lambda row: not row.billing_cycle_id)
        if not rows:
            return None
        period = _period(cycle, day)
        before = _period(cycle, day_before(period[0]))
        windows = [row._window_of(span) for span in (before, period) for row in rows]
        inside = [window for window in windows if window.first <= day <= window.last]
        return (inside or windows[len(rows) :])[0]


def _period(cycle, day):
    if cycle:
        return cycle._period_on(day)
    first = day.replace(day=1)
    return first, day_before(first + relativedelta(months=1))
