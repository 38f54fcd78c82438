"""What a supply costs in a period: the period is split wherever a fact changes, each part is rated,
the parts of a component are summed and rounded once.

Quantities and block limits are both cut by the days of a part (a rate that changes within a period
counts for the days on which it was in force); what was measured is cut by its readings first.
"""

from decimal import Decimal

from ...utility_metering.engine.spans import day_after, intersect
from . import VERSION
from .bounds import bounds
from .facts import Charge, RatingError
from .parts import Result, Stretch
from .pricing import Pricing
from .quantities import Quantities
from .relief import reliefs
from .terms import BASE_PLACES
from .times import Times, months_of

ZERO = Decimal(0)
CHARGE_KINDS = {"fixed": "fixed", "minimum": "minimum", "maximum": "maximum"}


def rate(facts):
    """Rate one supply.

    :param facts: `SupplyFacts`
    :return: list of `Charge`, in the order of the rate's components
    :raise RatingError: something that the rate asks for is not known
    """
    return _Rating(facts).charges()


class _Rating:
    def __init__(self, facts):
        self.facts = facts
        self.quantities = Quantities(facts)
        self.stretches = _stretches(facts)
        self.pricing = Pricing(self)
        self._spans, self._times, self._parts, self._on = {}, {}, {}, {}

    def charges(self):
        results = self._gross()
        results += bounds(self, results)
        for result in results:
            result.settle()
        results += reliefs(self, results)
        return [self._charge(result) for result in results]

    # -- parts of components ----------------------------------------------------------------

    def _gross(self):
        results = {}
        for stretch in self.stretches:
            for component in stretch.version.components:
                if component.kind in ("minimum", "maximum") or not self.applies(component, stretch):
                    continue
                kind = CHARGE_KINDS.get(component.kind, "consumption")
                for part in self.parts(component, stretch):
                    self._add(results, kind, component, part)
                for part in self.pricing.excess(component, stretch):
                    self._add(results, "norm_excess", component, part)
        return list(results.values())

    def _add(self, results, kind, component, part):
        taxes = part.stretch.taxes if component.taxes is None else component.taxes
        key = (kind, component.code, part.stretch.payer_id, taxes, component.tax_included)
        result = results.get(key)
        if result is None:
            result = results[key] = Result(kind, component, part.stretch.payer_id, taxes, [])
        result.parts.append(part)
        result.component = component
        result.rounding = (component.rounding, component.rounding_unit)

    def applies(self, component, stretch):
        """Whether the component is charged on the days of a stretch."""
        if component.condition is None:
            return True
        key = (component.id, stretch.span)
        if key not in self._on:
            names = self.pricing.names(component.condition, component, stretch, stretch.span)
            self._on[key] = bool(component.condition.evaluate(names))
        return self._on[key]

    def parts(self, component, stretch):
        """The component's parts on the days of a stretch."""
        key = (component.id, stretch.span)
        parts = self._parts.get(key)
        if parts is None:
            parts = self._parts[key] = [
                part
                for span in self.spans(component, stretch)
                if (part := self.pricing.part(component, stretch, span))
            ]
        return parts

    def amount(self, code, stretch, span):
        """The unrounded amount of another component on some days of a stretch.

        :raise RatingError: the rate has no such component, or it is made of itself
        """
        component = stretch.version.by_code.get(code)
        if component is None:
            raise RatingError("unknown_component", code=code)
        if not self.applies(component, stretch):
            return ZERO
        if span == stretch.span:
            return sum((part.amount for part in self.parts(component, stretch)), ZERO)
        found = ZERO
        for whole in self.spans(component, stretch):
            both = intersect(whole, span)
            part = both and self.pricing.part(component, stretch, whole, within=both)
            found += part.amount if part else ZERO
        return found

    def spans(self, component, stretch):
        """The stretch, cut on each day on which something changes that the component needs."""
        if not (component.needs or component.seasonal or component.month_split):
            return [stretch.span]
        key = (component.id, stretch.span)
        if key not in self._spans:
            firsts = {stretch.span[0]}
            for code in component.needs:
                firsts |= self.changes(code, stretch.span)
            if component.seasonal or component.month_split:
                firsts |= self._month_starts(component, stretch.span)
            self._spans[key] = _spans_from(sorted(firsts), stretch.span[1])
        return self._spans[key]

    def changes(self, code, span):
        """Days within a span, after its first, on which a dated value becomes another one."""
        rows = self.facts.values.get(code, ())
        found, before = set(), self.value(code, span[0])
        days = {row.start for row in rows} | {
            day_after(row.end) for row in rows if row.end < span[1]
        }
        for day in sorted(day for day in days if span[0] < day <= span[1]):
            now = self.value(code, day)
            if now != before:
                found.add(day)
            before = now
        return found

    def value(self, code, day):
        """The dated value of a day, or None."""
        row = self.dated(code, day)
        return None if row is None else row.value

    def dated(self, code, day):
        for row in self.facts.values.get(code, ()):
            if row.start <= day <= row.end:
                return row
        return None

    def _month_starts(self, component, span):
        starts, before = set(), None
        for piece, _days in months_of(span):
            lines = tuple(line for line in component.lines if line.in_season(piece[0].month))
            if component.month_split or (before is not None and lines != before):
                starts.add(piece[0])
            before = lines
        return starts

    def time(self, component, span):
        """Fractions of the time that the component's price is for, on the days of a part."""
        times = self._times.get(component.code)
        if times is None:
            spans = [
                span
                for stretch in self.stretches
                if (same := stretch.version.by_code.get(component.code))
                for span in self.spans(same, stretch)
            ]
            cycle = self.facts.cycle or self.facts.period
            times = self._times[component.code] = Times(
                component, spans, cycle, self.facts.cycle_months
            )
        times.component = component
        return times.of(span)

    # -- charges ----------------------------------------------------------------------------

    def _charge(self, result):
        component, parts = result.component, result.parts
        last = parts[-1]
        return Charge(
            kind=result.kind,
            code=component.code,
            component_id=component.id,
            agreement_id=last.stretch.agreements[-1],
            payer_id=result.payer_id,
            taxes=result.taxes,
            tax_included=component.tax_included,
            date_start=parts[0].span[0],
            date_end=last.span[1],
            quantity=sum([part.quantity for part in parts], ZERO),
            price=_one_price(parts),
            amount=result.amount,
            trace=self._trace(result),
            fund_id=result.fund_id,
            source_id=result.source_id,
        )

    def _trace(self, result):
        component = result.component
        return {
            "engine": VERSION,
            "kind": result.kind,
            "component": {
                "id": component.id,
                "code": component.code,
                "kind": component.kind,
                "name": component.name,
                "per": component.per,
            },
            "uom": self.facts.uom,
            **result.extra,
            "parts": [part.as_json() for part in result.parts],
            "sum": str(result.sum.quantize(BASE_PLACES)),
            "rounding": [result.rounding[0], str(result.rounding[1])],
            "amount": str(result.amount),
        }


def _stretches(facts):
    """The spells within the period, in order; neighbours that say the same become one."""
    found = []
    for spell in sorted(facts.spells, key=lambda spell: spell.start):
        span = intersect((spell.start, spell.end), facts.period)
        if not span:
            continue
        last = found[-1] if found else None
        if last and _goes_on(last, span, spell):
            last.span = (last.span[0], span[1])
            last.agreements.append(spell.agreement_id)
        else:
            found.append(Stretch(span, spell))
    return found


def _goes_on(stretch, span, spell):
    says = (stretch.payer_id, stretch.version, stretch.share, stretch.taxes)
    return day_after(stretch.span[1]) == span[0] and says == spell.says


def _spans_from(firsts, last):
    lasts = [*(_before(day) for day in firsts[1:]), last]
    return list(zip(firsts, lasts, strict=True))


def _before(day):
    return day.fromordinal(day.toordinal() - 1)


def _one_price(parts):
    """The price of a unit where all terms have the same, else None."""
    prices = {
        getattr(term, "price", None) if getattr(term, "unit", 1) == 1 else None
        for part in parts
        for term in part.terms
    }
    return prices.pop() if len(prices) == 1 else None
