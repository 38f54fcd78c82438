"""Demand that is billed: the highest of the month, not below a part of what was reached before."""

from decimal import Decimal

from .facts import HUNDRED, RatingError

ZERO = Decimal(0)


def billed_demand(component, demand, span, zone):
    """The demand to bill for the days of a part.

    :param demand: {(year, month): {zone: highest demand}}, in kW or what the price is for
    :param zone: time-of-use zone; empty for the whole day
    :return: (demand, how it was found, as JSON)
    :raise RatingError: no demand is known for the months of the part
    """
    months = _months(span)
    peaks = [_peak(demand[month], zone) for month in months if month in demand]
    if not peaks:
        raise RatingError("no_demand", start=span[0], end=span[1])
    actual, floor = max(peaks), ZERO
    if component.ratchet_percent:
        looked_at = _looked_back(component, months[-1])
        before = [_peak(demand[month], zone) for month in looked_at if month in demand]
        floor = max(before, default=ZERO) * component.ratchet_percent / HUNDRED
    explained = {"actual": str(actual)}
    if floor:
        explained.update(floor=str(floor), percent=str(component.ratchet_percent))
    return max(actual, floor), explained


def _peak(zones, zone):
    """The highest of a zone; of the whole day it is the highest of any, where not known itself."""
    return zones.get(zone, ZERO) if zone or zone in zones else max(zones.values(), default=ZERO)


def _months(span):
    first, last = (day.year * 12 + day.month - 1 for day in span)
    return [_month(index) for index in range(first, last + 1)]


def _looked_back(component, month):
    """The listed months' latest occurrences, or the last n months before."""
    index = month[0] * 12 + month[1] - 1
    if component.ratchet_months:
        back = (_month(index - n) for n in range(12))
        return [found for found in back if found[1] in component.ratchet_months]
    return [_month(index - n) for n in range(1, (component.ratchet_range or 11) + 1)]


def _month(index):
    return index // 12, index % 12 + 1
