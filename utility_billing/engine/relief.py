"""What is not due: reductions for absence and poor quality first, then benefits."""

from decimal import Decimal

from ...utility_metering.engine.spans import day_before, intersect, length
from .parts import Part, Result
from .terms import WHOLE, Blocks, Capped, Linear, Relief, over_time, rounded
from .times import month_fractions

ZERO = Decimal(0)
ONE = Decimal(1)


def reliefs(rating, results):
    """Results with amounts below zero for the reductions and benefits of a supply."""
    left = {id(result): result.amount for result in results}
    found = []
    for reduction in rating.facts.reductions:
        found += _reduced(rating, results, reduction, left)
    for benefit in _ranked(rating.facts.benefits):
        found += _benefits(rating, results, benefit, left)
    return found


def _ranked(benefits):
    """Percentages before prices before amounts, which take what is left."""
    order = {"percent": 0, "price": 1, "amount": 2}
    return sorted(benefits, key=lambda benefit: (order[benefit.kind], benefit.id))


def _reduced(rating, results, reduction, left):
    for result in results:
        component = result.component
        if not component.reducible or reduction.codes and component.code not in reduction.codes:
            continue
        parts = []
        for part in result.parts:
            if not reduction.sources or (part.source or component.kind) in reduction.sources:
                parts += _reduced_parts(rating, part, reduction)
        if parts:
            yield from _settled(rating, result, parts, left, f"{reduction.kind}", reduction.id)


def _reduced_parts(rating, part, reduction):
    both = intersect((reduction.start, reduction.end), part.span)
    for days, persons in _persons(rating, both, reduction.persons):
        term = Relief(part.amount, reduction.percent, (length(days), length(part.span)), persons)
        quantity = -part.quantity * length(days) / length(part.span)
        quantity = quantity * persons[0] / persons[1] * reduction.percent / 100
        yield _part(days, part, [term], quantity, {"document": [reduction.kind, reduction.id]})


def _benefits(rating, results, benefit, left):
    remaining = None
    if benefit.kind == "amount":
        span = intersect((benefit.start, benefit.end), rating.facts.period)
        remaining = benefit.value, month_fractions(span) if span else ()
    for result in results:
        component = result.component
        if not component.reducible or benefit.codes and component.code not in benefit.codes:
            continue
        if remaining:
            made, remaining = _amount_benefit(result, benefit, remaining, left)
        else:
            made = [
                made
                for part in result.parts
                for made in _benefit_parts(rating, component, part, benefit)
            ]
        if made:
            yield from _settled(rating, result, made, left, "benefit", benefit.id, benefit)


def _benefit_parts(rating, component, part, benefit):
    both = intersect((benefit.start, benefit.end), part.span)
    covered = benefit.persons if benefit.per == "person" else 0
    for days, persons in _persons(rating, both, covered):
        terms, basis = part.terms, {"benefit": benefit.id}
        if benefit.basis == "norm":
            limit = benefit.norm_person * benefit.persons + benefit.norm_household
            terms, basis["limit"] = _within(part, limit)
            # the norm counts the covered persons already
            persons = (1, 1)
        if benefit.kind == "price":
            quantity = sum((term.quantity for term in terms if _counted(term)), ZERO)
            quantity = quantity * length(days) / length(part.span) * persons[0] / persons[1]
            made = Linear(quantity, benefit.value, share=part.stretch.share, minus=True)
        else:
            base = sum((term.amount for term in terms), ZERO)
            made = Relief(base, benefit.value, (length(days), length(part.span)), persons)
        if terms is not part.terms:
            basis["limited"] = [term.as_json() for term in terms]
        yield _part(days, part, [made], ZERO, basis)


def _within(part, limit):
    """The part's terms with no more than `limit` units a month, shared by what each has."""
    counted = [term for term in part.terms if _counted(term)]
    total = sum((term.quantity for term in counted), ZERO)
    monthly = any(getattr(term, "time", WHOLE) is not WHOLE for term in counted)
    allowed = limit if monthly else over_time(limit, month_fractions(part.span))
    if total <= allowed or not total:
        return list(part.terms), str(allowed)
    return (
        [term.with_quantity(term.quantity * allowed / total) for term in counted],
        str(allowed),
    )


def _counted(term):
    return isinstance(term, Linear | Blocks)


def _amount_benefit(result, benefit, remaining, left):
    value, time = remaining
    cap = max(left[id(result)], ZERO)
    if not value or not cap or not time:
        return [], remaining
    term = Capped(value, cap, time)
    spent = term.whole_amount()
    part = _part(
        (result.parts[0].span[0], result.parts[-1].span[1]),
        result.parts[-1],
        [term],
        ZERO,
        {"benefit": benefit.id},
    )
    whole = Capped(value, Decimal(10) ** 12, time).whole_amount()
    return [part], (whole - spent, WHOLE)


def _settled(rating, result, parts, left, kind, source_id, benefit=None):
    """The relief as a result of its own, never more than what is left of the amount."""
    unit = rating.facts.currency_unit
    relief = Result(kind, result.component, result.payer_id, result.taxes, parts)
    relief.rounding = ("half_up", unit)
    relief.settle()
    remaining = max(left[id(result)], ZERO)
    if -relief.amount > remaining:
        before = [part.as_json() for part in parts]
        capped = Capped(-relief.sum, remaining)
        relief.parts = [_part(_around(parts), parts[-1], [capped], ZERO, {"before": before})]
        relief.settle()
    left[id(result)] += relief.amount
    relief.source_id = source_id
    if benefit:
        relief.fund_id = benefit.fund_id
        fund = rounded(-relief.amount * benefit.fund_percent / 100, unit)
        relief.extra = {"fund": {"id": benefit.fund_id, "amount": str(fund)}}
    if relief.amount:
        yield relief


def _around(parts):
    return parts[0].span[0], parts[-1].span[1]


def _persons(rating, span, covered):
    """[(days, (persons concerned, residents))]; without persons it is the whole household."""
    if not span:
        return
    if not covered:
        yield span, (1, 1)
        return
    firsts = sorted({span[0]} | rating.changes("residents", span))
    lasts = [*map(day_before, firsts[1:]), span[1]]
    for first, last in zip(firsts, lasts, strict=True):
        residents = rating.value("residents", first)
        if residents:
            yield (first, last), (min(Decimal(covered), residents), residents)


def _part(days, part, terms, quantity, basis):
    return Part(days, part.stretch, terms, quantity, basis=basis)
