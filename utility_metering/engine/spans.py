"""Arithmetic of spans: pairs of days (first, last), both included."""

from calendar import monthrange
from datetime import date, timedelta

ONE_DAY = timedelta(days=1)
FIRST_DAY, LAST_DAY = date.min, date.max


def day_before(day):
    return day - ONE_DAY


def day_after(day):
    return day + ONE_DAY


def length(span):
    """Number of days."""
    return (span[1] - span[0]).days + 1


def intersect(one, other):
    """The days that two spans share, None when there are none."""
    first, last = max(one[0], other[0]), min(one[1], other[1])
    return (first, last) if first <= last else None


def subtract(span, holes):
    """The parts of a span that lie in none of the holes, in order."""
    parts, first = [], span[0]
    for hole in sorted(filter(None, (intersect(span, hole) for hole in holes))):
        if hole[0] > first:
            parts.append((first, day_before(hole[0])))
        if hole[1] == span[1]:
            return parts
        first = max(first, day_after(hole[1]))
    return [*parts, (first, span[1])]


def edges(spans, within):
    """Days of a span, after its first, on which one of the others begins or has just ended."""
    found = set()
    for first, last in spans:
        found.add(first)
        if last < within[1]:
            found.add(day_after(last))
    return {day for day in found if within[0] < day <= within[1]}


def cut(span, days):
    """The span as pieces, in order: a new one begins on each of the days, which lie within it."""
    if not days:
        return [span]
    firsts = sorted({span[0], *days})
    return list(zip(firsts, [*map(day_before, firsts[1:]), span[1]], strict=True))


def merge(spans):
    """The same days as few spans, in order: what touches or overlaps becomes one."""
    merged = []
    for first, last in sorted(spans):
        if merged and first <= day_after(merged[-1][1]):
            merged[-1] = (merged[-1][0], max(merged[-1][1], last))
        else:
            merged.append((first, last))
    return merged


def by_month(span):
    """Pieces of a span within one calendar month each: (piece, days of that month)."""
    first = span[0]
    while first <= span[1]:
        days = monthrange(first.year, first.month)[1]
        last = min(span[1], first.replace(day=days))
        yield (first, last), days
        first = day_after(last)


def month_back(day, months):
    """The same day so many months before, clamped to the month's end."""
    index = day.year * 12 + day.month - 1 - months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def is_month_end(day):
    return day.day == monthrange(day.year, day.month)[1]


def back(span, months):
    """The span so many months before; a span that ends with a month goes on to do so."""
    first, last = month_back(span[0], months), month_back(span[1], months)
    if is_month_end(span[1]):
        last = last.replace(day=monthrange(last.year, last.month)[1])
    return first, last
