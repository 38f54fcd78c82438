"""How much of a month (day, year, period) the days of a part are, by a component's proration."""

from functools import lru_cache

from ...utility_metering.engine.spans import by_month, intersect, length
from .terms import WHOLE


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

    :param parts: spans of the component in the period, whoever pays and whatever the price
    """

    def __init__(self, component, parts, cycle, cycle_months):
        self.component = component
        self.parts = parts
        self.cycle = cycle
        self.cycle_months = cycle_months

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
            return ((self._months_won(span), 1),)
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
                (length(both), part)
                for part in self.parts
                if (both := intersect(_whole_month(month), part))
            ]
            if sum(days for days, _part in shares) >= least and max(shares)[1] == span:
                won += 1
        return won


def _whole_month(piece):
    return months_of((piece[0].replace(day=1), piece[0]))[0][0][0], piece[1]
