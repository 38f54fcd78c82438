"""What a register counted, from its readings alone: totals, averages, amounts by month.

Plain figures before multiplier and factors. A dial is read at the end of a day; periods include
both their days.
"""

from bisect import bisect_left
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from . import spans


@dataclass(frozen=True)
class Dial:
    """What a register showed at the end of `day`.

    `rollover`: it passed its highest value since the reading before. `estimated`: nobody saw it.
    """

    day: date
    value: Decimal
    rollover: bool = False
    estimated: bool = False


def steps(dials, capacity, amounts=False):
    """What was counted between neighbouring readings.

    :param dials: readings of one installation in the order of their days
    :param capacity: what the register counts before it begins again at zero
    :param amounts: every value is an amount of its own, not a state
    :return: list of (first day, last day, quantity, estimated)
    """
    found = []
    for before, after in zip(dials, dials[1:], strict=False):
        if after.day <= before.day:
            continue
        quantity = after.value if amounts else after.value - before.value
        if after.rollover and not amounts:
            quantity += capacity
        found.append((spans.day_after(before.day), after.day, quantity, after.estimated))
    return found


def used_between(found, start, end):
    """What was counted from `start` to `end`, parts of a step by days.

    :param found: what `steps` returned
    :return: quantity; None where the readings do not reach over the whole period
    """
    if not found or start < found[0][0] or end > found[-1][1] or end < start:
        return None
    total = Decimal(0)
    last_days = [step[1] for step in found]
    for first, last, quantity, _estimated in found[bisect_left(last_days, start) :]:
        if first > end:
            break
        days = (min(last, end) - max(first, start)).days + 1
        total += quantity * days / ((last - first).days + 1)
    return total


def daily_average(found, days=365):
    """What was counted a day over at most the last `days` days; None without readings."""
    if not found:
        return None
    end = found[-1][1]
    start = max(found[0][0], end - timedelta(days=days - 1))
    return used_between(found, start, end) / ((end - start).days + 1)


def by_month(start, end, quantity):
    """The quantity of a period on the months that it touches, by days.

    :return: {first day of month: quantity}; the parts add up to `quantity`
    """
    pieces = [piece for piece, _days in spans.by_month((start, end))]
    days = spans.length((start, end))
    shares = {
        piece[0].replace(day=1): quantity * spans.length(piece) / days for piece in pieces[:-1]
    }
    shares[pieces[-1][0].replace(day=1)] = quantity - sum(shares.values())
    return shares
