"""How much of a month (day, year, period) the days of a part are, by a component's proration."""

from decimal import Decimal
from functools import cached_property, lru_cache

from ...utility_metering.engine.spans import by_month, intersect, length
from .terms import ONE, WHOLE, over_time


@lru_cache(maxsize=4096)
def months_of(span):
    """[(first and last day within a calendar month, days of that month)]"""
    return tuple(by_month(span))


@lru_cache(maxsize=4096)
def month_fractions(span):
    """Days of each calendar month over that month's days; a whole month is (1, 1)."""
    found = []
    for piece, days in months_of(span):
        count = length(piece)
        found.append((1, 1) if count == days else (count, days))
    return WHOLE if found == [(1, 1)] else tuple(found)


class Times:
    """Fractions of time for the parts of one component.

    :param find_parts: gives, by code, the spans of the component in the period, whoever pays and
        whatever the price
    """

    def __init__(self, component, find_parts, cycle, cycle_months):
        self.component = component
        self.find_parts = find_parts
        self.cycle = cycle
        self.cycle_months = cycle_months

    @cached_property
    def parts(self):
        return self.find_parts(self.component.code)

    def of(self, span):
        """Fractions of what the component's price is for, on the days of a part."""
        per = self.component.per
        if per == "day":
            return ((length(span), 1),)
        if per == "period":
            return self._of_period(span)
        months = self._months(span)
        if per == "year":
            return tuple((number, denominator * 12) for number, denominator in months)
        return months

    def portion(self, days, span):
        """How much some days of a part are of it, as Decimal."""
        if self.component.proration not in ("none", "whole_month") or self.component.per == "day":
            whole = over_time(ONE, self.of(span))
            return over_time(ONE, self.of(days)) / whole
        return Decimal(length(days)) / length(span)

    def _of_period(self, span):
        if self.component.proration == "none":
            return WHOLE if self._is_last(span) else ()
        days = length(self.cycle)
        return WHOLE if length(span) == days else ((length(span), days),)

    def _months(self, span):
        proration = self.component.proration
        if proration == "days_of_month":
            return month_fractions(span)
        if proration == "days_of_n":
            return ((length(span), self.component.proration_days),)
        if proration == "days_of_period":
            return self._share_of_cycle(span)
        if proration == "whole_month":
            won = self._months_won(span)
            return ((won, 1),) if won else ()
        return ((self.cycle_months, 1),) if self._is_last(span) else ()

    def _share_of_cycle(self, span):
        days, whole = length(span), length(self.cycle)
        if days == whole:
            return WHOLE if self.cycle_months == 1 else ((self.cycle_months, 1),)
        return ((days * self.cycle_months, whole),)

    def _is_last(self, span):
        return span == self.parts[-1]

    def _months_won(self, span):
        """Calendar months that count whole for this part: the one with most of their days."""
        least = int(self.component.proration_days)
        won = 0
        for month, _days in months_of((self.parts[0][0], self.parts[-1][1])):
            shares = [
                (length(both), part) for part in self.parts if (both := intersect(month, part))
            ]
            if sum(days for days, _part in shares) >= least and max(shares)[1] == span:
                won += 1
        return won
