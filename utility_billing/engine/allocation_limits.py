"""Least and most that a flat bears, as a part of the building's average per unit of area."""

from decimal import Decimal

from .allocation_facts import SharingError

ZERO = Decimal(0)


def limit(parts, areas, minimum, maximum):
    """Parts brought between the limits, the sum kept as far as the limits allow.

    Who is out of the limits is pinned at them; the others share what is left in proportion to their
    parts (by area where these are all nothing). This may push others out, so it is repeated: each
    round pins those on the side that is further out, which ends after at most as many rounds as
    there are participants.

    :param parts: {key: Decimal}
    :param areas: {key: Decimal}
    :param minimum, maximum: coefficients of the average, None: no limit
    :return: {key: Decimal}
    :raise SharingError: the minimum is above the maximum, or there is no area
    """
    whole, area = sum(parts.values(), ZERO), sum(areas.values(), ZERO)
    if minimum is not None and maximum is not None and minimum > maximum:
        raise SharingError("limits", minimum=minimum, maximum=maximum)
    if whole <= 0:
        return dict(parts)
    if not area:
        raise SharingError("limits", minimum=minimum, maximum=maximum)
    average = whole / area
    least = {key: areas[key] * average * (minimum or ZERO) for key in parts}
    most = {key: areas[key] * average * maximum for key in parts} if maximum is not None else {}
    pinned, found = {}, dict(parts)
    while len(pinned) < len(parts):
        below = {key: least[key] for key in found if found[key] < least[key]}
        above = {key: most[key] for key in found if key in most and found[key] > most[key]}
        if not below and not above:
            return {**pinned, **found}
        lifted = sum((bound - found[key] for key, bound in below.items()), ZERO)
        lowered = sum((found[key] - bound for key, bound in above.items()), ZERO)
        pinned |= below if lifted >= lowered else {}
        pinned |= above if lowered >= lifted else {}
        free = [key for key in found if key not in pinned]
        found = _spread(whole - sum(pinned.values(), ZERO), free, parts, areas)
    return pinned


def _spread(amount, free, parts, areas):
    weights = {key: parts[key] for key in free}
    if not any(weights.values()):
        weights = {key: areas[key] for key in free}
    whole = sum(weights.values(), ZERO)
    return {key: amount * weight / whole if whole else ZERO for key, weight in weights.items()}
