"""Rounding of shares so that nothing is lost unseen."""

from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal

# digits of intermediate results: a share of a share of a share still has what rounding needs
PRECISION = 50


def rounded(value, decimals):
    """Half up to so many places; None leaves it as it is."""
    return value if decimals is None else value.quantize(unit(decimals), ROUND_HALF_UP)


def unit(decimals):
    return Decimal(1).scaleb(-decimals)


def by_largest_remainder(amounts, total, decimals):
    """Amounts rounded so that they add up to the rounded total.

    Everybody gets what is whole; the units that are left go to those who lost most. Who has
    nothing gets none of them.

    :param amounts: {key: Decimal}
    :return: {key: Decimal}
    """
    step = unit(decimals)
    found = {key: amount.quantize(step, ROUND_FLOOR) for key, amount in amounts.items()}
    bearing = [key for key, amount in amounts.items() if amount]
    if not bearing:
        return found
    missing = int((rounded(total, decimals) - sum(found.values())) / step)
    each, some = divmod(missing, len(bearing))
    bearing.sort(key=lambda key: (found[key] - amounts[key], key))
    for place, key in enumerate(bearing):
        found[key] += step * (each + (place < some))
    return found
