from calendar import monthrange
from datetime import date
from typing import NamedTuple

from dateutil.relativedelta import relativedelta

from odoo import fields, models


class Window(NamedTuple):
    """Days on which readings of a period are declared; all ends included."""

    first: date
    last: date
    period: tuple
    counts_as_end: bool


class ReadingWindow(models.Model):
    """When readings of a service are declared: the 20th to the last day of the period."""

    _name = "utility.reading.window"
    _description = "Reading Window"
    _order = "service_id, sequence, id"
    _check_company_auto = True

    service_id = fields.Many2one("utility.service", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(
        related="service_id.company_id", store=True, index=True, precompute=True
    )
    sequence = fields.Integer(default=10)
    billing_cycle_id = fields.Many2one(
        "utility.billing.cycle", help="Empty: for every cycle without a window of its own."
    )
    day_from = fields.Integer(
        "From Day", required=True, default=20, help="Day of the period's last month."
    )
    day_to = fields.Integer(
        "To Day", required=True, default=0, help="0: the last day of the period's last month."
    )
    days_after = fields.Integer(
        "Days into the Next Period",
        default=0,
        help="So many days of the next month readings still count for the period that ended.",
    )
    counts_as_end = fields.Boolean(
        "Counts as Read on the Last Day",
        help="A reading taken within the window is what the register showed at the period's end.",
    )

    _days_range = models.Constraint(
        "CHECK (day_from BETWEEN 1 AND 31 AND day_to BETWEEN 0 AND 31 AND days_after "
        "BETWEEN 0 AND 27)",
        "Days of a month are 1 to 31; at most 27 days of the next month are taken in.",
    )

    def _window_of(self, period):
        """The window of a period, in its last month and the days after it."""
        first_day, last_day = period
        last_month = last_day.replace(day=1)
        days = monthrange(last_day.year, last_day.month)[1]
        opens = max(first_day, last_month.replace(day=min(self.day_from, days)))
        closes = last_month.replace(day=min(self.day_to or days, days))
        if self.days_after:
            closes = last_day + relativedelta(days=self.days_after)
        return Window(opens, closes, period, self.counts_as_end)
