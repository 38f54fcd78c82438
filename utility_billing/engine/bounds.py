"""Minimum and maximum amounts of a period."""

from decimal import Decimal

from .facts import BOUNDS, HUNDRED, RatingError
from .parts import Part, Result
from .terms import Bound, over_time, rounded

ZERO = Decimal(0)


def bounds(rating, results):
    """What is missing to a minimum, or beyond a maximum, as results of their own.

    The bound of a period is the sum of its parts' bounds; it is held against the rounded amounts
    of the components it is about, so that the bill comes to exactly the minimum. Only amounts of
    the same payer and tax count, all of them with the tax or all without.
    """
    found = {}
    for stretch in rating.stretches:
        for component in stretch.version.bounds:
            if rating.spans(component, stretch):
                taxes = stretch.taxes if component.taxes is None else component.taxes
                gross = bool(taxes) and component.tax_included
                if taxes:
                    _refuse_mixed(component, stretch.version)
                key = (component.code, stretch.payer_id, taxes, gross)
                found.setdefault(key, []).append((stretch, component))
    made = []
    for (_code, *bearer), pieces in found.items():
        same = [
            result
            for result in results + made
            if [result.payer_id, result.taxes, result.gross] == bearer
        ]
        result = _bounded(rating, same, *bearer[:2], pieces)
        if result.sum:
            made.append(result)
    return made


def _refuse_mixed(bound, version):
    """
    :raise RatingError: an amount that it would be held against is with the tax, and the bound
        without it, or the other way round
    """
    for other in version.components:
        concerned = other.code in bound.of if bound.of else other.kind not in BOUNDS
        if concerned and other.taxes == bound.taxes and other.tax_included != bound.tax_included:
            raise RatingError("mixed_taxes", code=bound.code, other=other.code)


def _bounded(rating, results, payer_id, taxes, pieces):
    component = pieces[-1][1]
    total = ZERO
    for stretch, piece in pieces:
        for span in rating.spans(piece, stretch):
            amount = over_time(rating.pricing.price(piece, span), rating.time(piece, span))
            total += amount * stretch.share / HUNDRED if piece.divided else amount
    of = {}
    for result in results:
        if not component.of or result.component.code in component.of:
            code = result.component.code
            of[code] = of.get(code, ZERO) + rounded(
                result.sum, result.rounding[1], result.rounding[0]
            )
    span = pieces[0][0].span[0], pieces[-1][0].span[1]
    part = Part(span, pieces[-1][0], [Bound(component.kind, total, of)])
    rounding = (component.rounding, component.rounding_unit)
    return Result(component.kind, component, payer_id, taxes, [part], rounding=rounding)
