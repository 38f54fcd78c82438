"""What a supply costs in a period: the period is split wherever a fact changes, each part is rated,
the parts of a component are summed and rounded once.

Quantities and block limits are both cut by the days of a part (a rate that changes within a period
counts for the days on which it was in force); what was measured is cut by its readings first.
"""

from decimal import ROUND_HALF_UP, Decimal, DecimalException

from ...utility_metering.engine.spans import cut, day_after, edges, intersect
from . import VERSION
from .bounds import bounds
from .facts import BOUNDS, Charge, RatingError
from .parts import Result, Stretch
from .pricing import Pricing
from .quantities import PLACES, Quantities
from .relief import reliefs
from .terms import BASE_PLACES, ONE, Linear
from .times import Times, months_of

ZERO = Decimal(0)


def rate(facts):
    """Rate one supply.

    :param facts: `SupplyFacts`
    :return: list of `Charge`, in the order of the rate's components
    :raise RatingError: something that the rate asks for is not known
    """
    rating = _Rating(facts)
    try:
        return rating.charges()
    except DecimalException as error:
        raise RatingError("no_number") from error
    finally:
        # it and its pricing know each other: garbage would stay until somebody collects it
        vars(rating).clear()


class _Rating:
    def __init__(self, facts):
        self.facts = facts
        self.quantities = Quantities(facts)
        self.stretches = _stretches(facts)
        self.pricing = Pricing(self)
        self._spans, self._times, self._parts, self._working = {}, {}, {}, set()

    def charges(self):
        results = self._gross()
        results += bounds(self, results)
        for result in results:
            result.settle()
        results += reliefs(self, results)
        return [self._charge(result) for result in results]

    # -- parts of components ----------------------------------------------------------------

    def _gross(self):
        results, raising = {}, self.facts.raising
        for stretch in self.stretches:
            for component, kind in stretch.version.charged:
                for part in self.parts(component, stretch):
                    self._add(results, kind, component, part)
                for part in self.pricing.excess(component, stretch) if raising else ():
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

    def parts(self, component, stretch):
        """The component's parts on the days of a stretch.

        :raise RatingError: it is made of itself, or something that it needs is not known
        """
        key = (component.id, stretch.span)
        parts = self._parts.get(key)
        if parts is None:
            if key in self._working:
                raise RatingError("component_circle", code=component.code)
            self._working.add(key)
            parts = self._parts[key] = [
                part
                for span in self.spans(component, stretch)
                if (part := self.pricing.part(component, stretch, span))
            ]
        return parts

    def amount(self, code, stretch, span, whole=False):
        """The unrounded amount of another component on some days of a stretch.

        :param whole: for the whole point instead of the account's share
        :raise RatingError: it is a minimum or maximum, which is found last, or made of itself
        """
        component = stretch.version.by_code[code]
        if component.kind in BOUNDS:
            raise RatingError("bound_in_amount", code=code)
        found = ZERO
        for part in self.parts(component, stretch):
            both = intersect(part.span, span)
            if both:
                amount = part.whole_amount if whole else part.amount
                if both != part.span:
                    amount *= self._portion(component, part, both)
                found += amount
        return found

    def _portion(self, component, part, days):
        """How much some days of a part are of it: by what was used, else by time."""
        if component.kind == "unit":
            used = self.quantities.total(component.source, part.span)
            if used:
                return self.quantities.total(component.source, days) / used
        return self.times(component).portion(days, part.span)

    def spans(self, component, stretch):
        """The stretch, cut on each day on which something changes that the component needs, without
        the days on which its condition does not hold."""
        if not component.may_be_cut:
            return [stretch.span]
        key = (component.id, stretch.span)
        if key not in self._spans:
            firsts = set()
            for code in component.needs:
                firsts |= self.changes(code, stretch.span)
            if component.seasonal or component.month_split:
                firsts |= self._month_starts(component, stretch.span)
            spans = cut(stretch.span, firsts)
            if component.condition:
                spans = [span for span in spans if self.pricing.holds(component, stretch, span)]
            self._spans[key] = spans
        return self._spans[key]

    def changes(self, code, span):
        """Days within a span, after its first, on which a dated value becomes another one."""
        rows = self.facts.values.get(code, ())
        found, before = set(), self.value(code, span[0])
        for day in sorted(edges(((row.start, row.end) for row in rows), span)):
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
        return self.times(component).of(span)

    def times(self, component):
        times = self._times.get(component.id)
        if times is None or times.component is not component:
            cycle = self.facts.cycle or self.facts.period
            times = self._times[component.id] = Times(
                component, self._all_spans, cycle, self.facts.cycle_months
            )
        return times

    def _all_spans(self, code):
        """Spans of a component in the period, whoever pays and whatever its price."""
        return [
            span
            for stretch in self.stretches
            if (same := stretch.version.by_code.get(code))
            for span in self.spans(same, stretch)
        ]

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
            quantity=_tidy(sum([part.quantity for part in parts], ZERO)),
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
            "component": component.said,
            "uom": self.facts.uom,
            **result.extra,
            "parts": [part.as_json() for part in result.parts],
            "sum": str(result.unrounded.quantize(BASE_PLACES)),
            "rounding": [result.rounding[0], str(result.rounding[1])],
            "amount": str(result.amount),
        }


def _stretches(facts):
    """The spells within the period, in order; neighbours that say the same become one."""
    found, spells = [], facts.spells
    if len(spells) > 1:
        spells = sorted(spells, key=lambda spell: spell.start)
    for spell in spells:
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


def _tidy(quantity):
    """To 6 places, which is what is stored; shorter ones stay as they are."""
    short = quantity.quantize(PLACES, ROUND_HALF_UP)
    return quantity if short == quantity else short


def _one_price(parts):
    """The price of a unit where the amount is the quantity at that price, else None."""
    prices = {_plain_price(term) for part in parts for term in part.terms}
    return prices.pop() if len(prices) == 1 else None


def _plain_price(term):
    plain = isinstance(term, Linear) and term.unit == ONE and not (term.begun or term.minus)
    return term.price if plain else None
