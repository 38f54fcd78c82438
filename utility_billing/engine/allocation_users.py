"""A flat's share among those who had it one after another."""

from decimal import ROUND_DOWN, Decimal

from ...utility_metering.engine.spans import by_month, intersect, length, subtract
from .allocation_facts import User
from .allocation_rounding import by_largest_remainder, unit

HUNDRED = Decimal(100)


def thousandths(span, method):
    """Thousandths of a year's heating that fall on the days of a span."""
    found = Decimal(0)
    for piece, days in by_month(span):
        month = method.season[piece[0].month - 1]
        if length(piece) == days:
            found += month
        elif method.day_decimals is None:
            found += month * length(piece) / days
        else:
            day = (month / days).quantize(unit(method.day_decimals), ROUND_DOWN)
            found += day * length(piece)
    return found


def users_of(participant, span):
    """Users with their days within the span, those of empty days among them as key None."""
    present = [
        (user, days)
        for user in sorted(participant.users, key=lambda user: (user.start, user.key))
        if (days := intersect((user.start, user.end), span))
    ]
    empty = subtract(span, [days for _user, days in present])
    vacant = [(User(None, *days), days) for days in empty]
    return sorted([*present, *vacant], key=lambda row: (row[1], row[0].key or 0))


def user_weights(split, users, method):
    """A weight for each of the users by days, by degree days, or by what each used."""
    if split == "reading":
        readings = [user.reading for user, _days in users if user.key is not None]
        if None not in readings and sum(readings):
            return [user.reading or Decimal(0) for user, _days in users]
        split = "degree_days"
    measure = _measure(split, method)
    return [measure(days) * user.percent / HUNDRED for user, days in users]


def _measure(split, method):
    if split == "degree_days":
        return lambda days: thousandths(days, method)
    return lambda days: Decimal(length(days))


def split_share(amount, parts, users, method):
    """A participant's share among its users, who get all of it.

    :param amount: the share, rounded
    :param parts: [(split, part of the share before rounding)]
    :param users: [(user, days)]
    :return: [amount for each user]
    """
    exact = [Decimal(0)] * len(users)
    for split, part in parts:
        for place, weight in enumerate(_fractions(split, users, method)):
            exact[place] += part * weight
    whole = sum(exact)
    if whole:
        exact = [borne * amount / whole for borne in exact]
    else:
        exact = [amount * weight for weight in _fractions("days", users, method)]
    places = max(0, -amount.as_tuple().exponent)
    found = by_largest_remainder(dict(enumerate(exact)), amount, places)
    return [found[place] for place in range(len(users))]


def _fractions(split, users, method):
    weights = user_weights(split, users, method)
    whole = sum(weights)
    return [weight / whole for weight in weights]
