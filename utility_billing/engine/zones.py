"""Time-of-use zones by the clock: windows of weekdays, hours and months.

A window begins at its first minute and ends before its last: 14:00 to 22:00 holds 14:00, not 22:00.
The first window that fits a moment says its zone.
"""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from functools import cached_property

HOUR = Decimal(60)
DAY_MINUTES = 24 * 60


@dataclass(frozen=True)
class Window:
    """
    :param weekdays: 0 is Monday
    :param start: minute of the day, included
    :param end: minute of the day, not included; before the start it goes past midnight
    :param months: first and last month
    :param holidays: applies on holidays too; a holiday is otherwise a day of no such window
    """

    zone: str
    weekdays: frozenset = frozenset(range(7))
    start: int = 0
    end: int = DAY_MINUTES
    months: tuple = (1, 12)
    holidays: bool = True

    def holds(self, day, minute, holidays=()):
        """Whether a minute of a day lies in the window; past midnight the day is the window's."""
        if self.start < self.end or minute >= self.start:
            fits = self.start <= minute < self.end or self.end <= self.start <= minute
        else:
            fits, day = minute < self.end, day - timedelta(days=1)
        first, last = self.months
        in_months = (
            first <= day.month <= last if first <= last else day.month >= first or day.month <= last
        )
        in_days = day.weekday() in self.weekdays and (self.holidays or day not in holidays)
        return fits and in_months and in_days


@dataclass(frozen=True)
class Zones:
    """A calendar of zones.

    :param windows: `Window`s, the first that fits counts
    :param default: zone of all other time
    :param holidays: days, as dates
    """

    windows: tuple
    default: str
    holidays: frozenset = frozenset()

    def zone_at(self, moment):
        """The zone of a moment of local time."""
        return self._zone(moment.date(), moment.hour * 60 + moment.minute)

    def _zone(self, day, minute):
        return self._zones_of(day)[bisect_right(self._starts, minute) - 1]

    def _zones_of(self, day):
        """The zones of a day's pieces."""
        found = self._days.get(day)
        if found is None:
            found = self._days[day] = self._zones_alike(day)
        return found

    def _zones_alike(self, day):
        """Days that are alike for every window have the same zones."""
        before = day - timedelta(days=1)
        alike = (
            *(day.month, day.weekday(), day in self.holidays),
            *(before.month, before in self.holidays),
        )
        found = self._known.get(alike)
        if found is None:
            found = self._known[alike] = [self._find(day, minute) for minute in self._starts]
        return found

    def _find(self, day, minute):
        for window in self.windows:
            if window.holds(day, minute, self.holidays):
                return window.zone
        return self.default

    def bands(self, loads):
        """{`import:ZONE`: quantity} of [(moment of local time, quantity)]."""
        found = {}
        for moment, quantity in loads:
            band = f"import:{self.zone_at(moment)}"
            found[band] = found.get(band, Decimal(0)) + quantity
        return found

    def peaks(self, loads):
        """{(year, month): {zone: highest}} of [(moment, demand)]; zone "" is the whole day."""
        found = {}
        for moment, demand in loads:
            zones = found.setdefault((moment.year, moment.month), {})
            for zone in ("", self.zone_at(moment)):
                zones[zone] = max(zones.get(zone, demand), demand)
        return found

    def hours(self, span):
        """{zone: hours} of the days of a span, as Decimal; a day has 24 hours."""
        minutes, day = {}, span[0]
        while day <= span[1]:
            for zone, count in zip(self._zones_of(day), self._minutes, strict=True):
                minutes[zone] = minutes.get(zone, 0) + count
            day += timedelta(days=1)
        return {zone: count / HOUR for zone, count in minutes.items()}

    @cached_property
    def _starts(self):
        """Minutes of the day at which a zone may begin."""
        edges = {edge for window in self.windows for edge in (window.start, window.end)}
        return sorted({0} | edges - {DAY_MINUTES})

    @cached_property
    def _minutes(self):
        """How long the pieces of a day are that begin there."""
        ends = [*self._starts[1:], DAY_MINUTES]
        return [end - start for start, end in zip(self._starts, ends, strict=True)]

    @cached_property
    def _known(self):
        return {}

    @cached_property
    def _days(self):
        return {}
