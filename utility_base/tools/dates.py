"""Days and periods as the suite counts them: both ends included, an empty end is open."""

from datetime import date, timedelta

ONE_DAY = timedelta(days=1)
FOREVER = date.max


def day_before(day):
    return day - ONE_DAY


def day_after(day):
    return day + ONE_DAY


def overlaps(start_a, end_a, start_b, end_b):
    """Whether two periods share a day; an end may be None (or False) for "still in force"."""
    return start_a <= (end_b or FOREVER) and start_b <= (end_a or FOREVER)


def breakpoints(periods):
    """First days of the pieces into which the periods cut time, in order.

    :param periods: iterable of (start, end), ends included, end may be empty
    """
    days = set()
    for start, end in periods:
        days.add(start)
        if end:
            days.add(day_after(end))
    return sorted(days)


def peak_sum(shares):
    """The highest sum of shares that are in force together, and its first day.

    :param shares: iterable of (start, end, share)
    :return: (sum, day), (0, None) without shares
    """
    shares = list(shares)
    peak, at = 0, None
    for day in breakpoints((start, end) for start, end, _share in shares):
        total = sum(share for start, end, share in shares if start <= day <= (end or FOREVER))
        if total > peak:
            peak, at = total, day
    return peak, at
