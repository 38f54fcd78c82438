from datetime import date

from odoo import fields, models

from odoo.addons.utility_base.tools.dates import day_after, day_before


class BillingCycle(models.Model):
    _inherit = "utility.billing.cycle"

    def _period_on(self, day):
        """First and last day of the cycle's period that `day` lies in."""
        self.ensure_one()
        months = self.months
        month = day.year * 12 + day.month - 1 - (day.month - self.first_month) % months
        return _first_day(month), day_before(_first_day(month + months))

    def _billed_on(self, day):
        """The part of that period around `day` that lies in season, by whole months; None out of
        season."""
        if not self._in_season(day.month):
            return None
        first, last = self._period_on(day)
        start, end = day.replace(day=1), fields.Date.end_of(day, "month")
        while start > first and self._in_season(day_before(start).month):
            start = day_before(start).replace(day=1)
        while end < last and self._in_season(day_after(end).month):
            end = fields.Date.end_of(day_after(end), "month")
        return start, end


def _first_day(month):
    """Of a month that is counted from the year 0."""
    return date(month // 12, month % 12 + 1, 1)
