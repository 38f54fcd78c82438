"""What is not due: reductions for absence and poor quality first, then benefits.

A benefit is taken off what is left after the reductions of the same days. Nothing is taken off
twice: what a line's reliefs would come to beyond its amount is cut off.
"""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from ...utility_metering.engine.spans import cut, day_after, edges, intersect, length
from .facts import HUNDRED, RatingError
from .parts import Part, Result
from .terms import WHOLE, Blocks, Capped, Linear, Relief, over_time, rounded
from .times import month_fractions

ZERO = Decimal(0)
ONE = Decimal(1)
ALL = (1, 1)
# places of a quantity, and of an average price
UNITS = Decimal("0.000001")
PRICES = Decimal("0.00000001")
# percentages before prices before amounts, which take what is left
ORDER = {"percent": 0, "price": 1, "amount": 2}
# quantities of these do not grow with the days on which they are counted
STANDING = ("attribute", "demand", "fixed")


def reliefs(rating, results):
    """Results with amounts below zero for the reductions and benefits of a supply."""
    if not (rating.facts.reductions or rating.facts.benefits):
        return []
    return _Reliefs(rating, results).found()


class _Reliefs:
    """The reliefs of one rating.

    :ivar left: {id of a result: what is still due of it}
    :ivar taken: {id of a part: [(days, what reductions took of it)]}
    """

    def __init__(self, rating, results):
        self.rating = rating
        self.facts = rating.facts
        # a credit is no amount that a relief could be taken off
        self.results = [result for result in results if result.amount > 0]
        self.left = {id(result): result.amount for result in self.results}
        self.taken = {}

    def found(self):
        found = []
        for reduction in self.facts.reductions:
            for result in self._concerned(reduction):
                parts = list(self._reduced(result, reduction))
                found += self._settled(result, parts, reduction.kind, reduction.id)
        for benefit in sorted(self._winners(), key=_rank):
            found += self._benefit(benefit)
        return found

    def _concerned(self, relief):
        """Results that a reduction or benefit is about."""
        for result in self.results:
            component = result.component
            if component.reducible and (not relief.codes or component.code in relief.codes):
                yield result

    # -- reductions -------------------------------------------------------------------------

    def _reduced(self, result, reduction):
        for part in result.parts:
            both = intersect((reduction.start, reduction.end), part.span)
            for days, persons in self._persons(both, reduction.persons):
                made = self._reduced_part(result, part, reduction, days, persons)
                if made:
                    self.taken.setdefault(id(part), []).append((days, made.amount))
                    yield made

    def _reduced_part(self, result, part, reduction, days, persons):
        portion, affected = ALL, (length(days), length(part.span))
        slices = list(_slices(part))
        if slices and (reduction.sources or len(slices) > 1):
            wanted = [one for one in slices if _is_of(one[2], reduction.sources)]
            if not wanted:
                return None
            if len(slices) > 1 or slices[0][0] != part.span:
                portion, affected = _portion(wanted, slices, days), ALL
        elif reduction.sources and not _is_of(_own_source(result, part), reduction.sources):
            return None
        if not portion[0]:
            return None
        document = {"document": [reduction.kind, reduction.id]}
        if reduction.price is not None:
            ratio = _ratio(affected) * _ratio(portion) * _ratio(persons)
            made = list(_cheaper(part.terms, reduction.price, ratio * reduction.percent / HUNDRED))
            return _part(days, part, made, ZERO, document) if made else None
        term = Relief(part.amount, reduction.percent, affected, persons, portion)
        quantity = -part.quantity * _ratio(affected) * _ratio(portion) * _ratio(persons)
        quantity = quantity * reduction.percent / HUNDRED
        return _part(days, part, [term], quantity, document)

    # -- benefits ---------------------------------------------------------------------------

    def _winners(self):
        """The benefits, of those that do not add up the greatest of each day."""
        benefits = self.facts.benefits
        rivals = [benefit for benefit in benefits if benefit.stacking == "highest"]
        if len(rivals) < 2:
            return benefits
        found = [benefit for benefit in benefits if benefit.stacking != "highest"]
        for span in _pieces(rivals, self.facts.period):
            here = [
                replace(benefit, start=span[0], end=span[1])
                for benefit in rivals
                if intersect((benefit.start, benefit.end), span)
            ]
            if here:
                found.append(max(here, key=lambda benefit: (self._worth(benefit), -benefit.id)))
        return _joined(found)

    def _worth(self, benefit):
        """What a benefit would come to if it were the only one."""
        worth = ZERO
        if benefit.kind == "amount":
            remaining = self._remaining(benefit)
            for result in self._concerned(benefit):
                parts, remaining[result.payer_id] = self._amount_parts(
                    result, benefit, remaining.get(result.payer_id)
                )
                worth -= sum((part.amount for part in parts), ZERO)
            return worth
        for result in self._concerned(benefit):
            parts = self._benefit_parts(result, benefit)
            amount = -sum((part.amount for part in parts), ZERO)
            worth += min(amount, max(self.left[id(result)], ZERO))
        return worth

    def _benefit(self, benefit):
        remaining = self._remaining(benefit) if benefit.kind == "amount" else {}
        found = []
        for result in self._concerned(benefit):
            if benefit.kind == "amount":
                payer = result.payer_id
                parts, remaining[payer] = self._amount_parts(result, benefit, remaining.get(payer))
            else:
                parts = list(self._benefit_parts(result, benefit))
            found += self._settled(result, parts, "benefit", benefit.id, benefit)
        return found

    def _benefit_parts(self, result, benefit):
        if benefit.basis == "norm" and result.kind == "norm_excess":
            return
        for part in result.parts:
            both = intersect((benefit.start, benefit.end), part.span)
            covered = benefit.persons if benefit.per == "person" else 0
            for days, persons in self._persons(both, covered):
                yield from self._benefit_part(result, part, benefit, days, persons)

    def _benefit_part(self, result, part, benefit, days, persons):
        terms, basis = part.terms, {"benefit": benefit.id}
        if benefit.basis == "norm":
            limit = benefit.norm_person * benefit.persons + benefit.norm_household
            terms, basis["limit"] = _within(result.component, part, limit)
            # the norm counts the covered persons already
            persons = ALL
        affected = length(days), length(part.span)
        portion = self._left_of(part, days)
        if benefit.kind == "price":
            ratio = _ratio(affected) * _ratio(persons) * _ratio(portion)
            made = [
                _off_price(term, benefit.value, term.quantity * ratio)
                for term in terms
                if _counted(term)
            ]
        else:
            base = sum((term.amount for term in terms), ZERO)
            made = [Relief(base, benefit.value, affected, persons, portion)]
        if terms is not part.terms:
            basis["limited"] = [term.as_json() for term in terms]
        if any(term.amount for term in made):
            yield _part(days, part, made, ZERO, basis)

    def _left_of(self, part, days):
        """(what reductions left of the amount of some days of a part, that amount)"""
        taken = self.taken.get(id(part))
        if not taken:
            return ALL
        amount = part.amount * length(days) / length(part.span)
        left = amount
        for span, reduced in taken:
            both = intersect(span, days)
            if both:
                left += reduced * length(both) / length(span)
        return (max(left, ZERO), amount) if amount else ALL

    def _remaining(self, benefit):
        """{payer: (amount a month, fractions of months)} of the days on which each pays."""
        value = benefit.value * benefit.persons if benefit.per == "person" else benefit.value
        found = {}
        for stretch in self.rating.stretches:
            both = intersect((benefit.start, benefit.end), stretch.span)
            if both:
                before = found.get(stretch.payer_id, (value, ()))[1]
                found[stretch.payer_id] = value, (*before, *month_fractions(both))
        return {payer: (value, _plain_time(time)) for payer, (value, time) in found.items()}

    def _amount_parts(self, result, benefit, remaining):
        cap = max(self.left[id(result)], ZERO)
        if not remaining or not remaining[0] or not cap:
            return [], remaining
        value, time = remaining
        term = Capped(value, cap, time)
        spent = term.whole_amount()
        part = _part(_around(result.parts), result.parts[-1], [term], ZERO, {"benefit": benefit.id})
        return [part], (over_time(value, time) - spent, WHOLE)

    # -- together ---------------------------------------------------------------------------

    def _settled(self, result, parts, kind, source_id, benefit=None):
        """The relief as a result of its own, never more than what is left of the amount."""
        if not parts:
            return
        unit = self.facts.currency_unit
        relief = Result(kind, result.component, result.payer_id, result.taxes, parts)
        relief.rounding = ("half_up", unit)
        relief.settle()
        remaining = max(self.left[id(result)], ZERO)
        if -relief.amount > remaining:
            relief.parts = [_cut_off(parts, relief.sum, remaining)]
            relief.settle()
        self.left[id(result)] += relief.amount
        relief.source_id = source_id
        if benefit and benefit.fund_id:
            relief.fund_id = benefit.fund_id
            fund = rounded(-relief.amount * benefit.fund_percent / HUNDRED, unit)
            relief.extra = {"fund": {"id": benefit.fund_id, "amount": str(fund)}}
        if relief.amount:
            yield relief

    def _persons(self, span, covered):
        """[(days, (persons concerned, residents))]; without persons it is the whole household.

        :raise RatingError: nobody knows how many live there
        """
        if not span:
            return
        if not covered:
            yield span, ALL
            return
        for first, last in cut(span, self.rating.changes("residents", span)):
            residents = self.rating.value("residents", first)
            if residents is None:
                raise RatingError("missing_value", code="residents", day=first)
            if residents:
                yield (first, last), (min(Decimal(covered), residents), residents)


def _rank(benefit):
    return ORDER[benefit.kind], benefit.id, benefit.start


def _pieces(benefits, period):
    """The days of a period, cut wherever one of the benefits begins or ends."""
    return cut(period, edges(((row.start, row.end) for row in benefits), period))


def _joined(benefits):
    """Pieces of one benefit that follow each other as one again."""
    found = []
    for benefit in sorted(benefits, key=lambda benefit: (benefit.id, benefit.start)):
        last = found[-1] if found else None
        if last and last.id == benefit.id and day_after(last.end) == benefit.start:
            found[-1] = replace(last, end=benefit.end)
        else:
            found.append(benefit)
    return found


def _slices(part):
    """(days, quantity, how it was found) of what a part's quantity is made of."""
    for row, taken in part.rows:
        if row.pieces:
            for piece in row.pieces:
                whole = date.fromisoformat(piece["from"]), date.fromisoformat(piece["to"])
                both = intersect(whole, part.span)
                if both:
                    quantity = Decimal(piece["quantity"]) * piece.get("sign", 1)
                    quantity = quantity * length(both) / length(whole)
                    how = piece.get("method", row.source)
                    yield both, quantity, _found_by(how, piece.get("reason"))
        else:
            both = intersect((row.start, row.end), part.span)
            if both:
                yield both, sum(taken.values(), ZERO), _found_by(row.source, row.reason)


def _found_by(how, reason):
    """What is derived from a quantity by norm is by norm, too."""
    return "norm" if how == "derived" and reason == "unmetered" else how


def _portion(wanted, slices, days):
    """(quantity of the wanted slices on some days, quantity of all)"""
    concerned = ZERO
    for span, quantity, _source in wanted:
        both = intersect(span, days)
        if both:
            concerned += quantity * length(both) / length(span)
    whole = sum((quantity for _span, quantity, _source in slices), ZERO)
    if whole <= 0 or concerned <= 0:
        return ZERO, ONE
    return min(concerned, whole), whole


def _is_of(source, sources):
    return not sources or source in sources


def _own_source(result, part):
    """How the quantity of a part without rows was found; what a norm is raised by is by norm."""
    if result.kind == "norm_excess":
        return "norm"
    return part.source or result.component.kind


def _within(component, part, limit):
    """The part's terms with no more than `limit` units, a month where they are of a consumption,
    shared by what each has; and how much that is."""
    counted = [term for term in part.terms if _counted(term)]
    total = sum((_own_quantity(term) for term in counted), ZERO)
    standing = component.kind in STANDING
    allowed = limit if standing else over_time(limit, month_fractions(part.span))
    if total <= allowed or not total:
        return list(part.terms), str(allowed)
    return (
        [term.with_quantity(term.quantity * allowed / total) for term in counted],
        str(allowed),
    )


def _own_quantity(term):
    quantity = term.quantity * term.share / HUNDRED
    return -quantity if term.minus else quantity


def _counted(term):
    return isinstance(term, Linear | Blocks)


def _cheaper(terms, price, ratio):
    """A part of the units of each term at another price, where that is lower."""
    for term in filter(_counted, terms):
        quantity = (term.quantity * ratio).quantize(UNITS)
        usual = term.price if isinstance(term, Linear) else _average(term)
        if quantity and usual > price:
            yield _off_price(term, usual - price, quantity)


def _average(blocks):
    """What a unit costs on average over the blocks that it fell in."""
    return (blocks.amount / blocks.quantity).quantize(PRICES) if blocks.quantity else ZERO


def _off_price(term, price, quantity):
    """So much off the price of each of some units that a term prices."""
    if isinstance(term, Blocks):
        return Linear(quantity, price, share=term.share, minus=not term.minus)
    return Linear(
        quantity,
        price,
        term.time,
        term.unit,
        zone=term.zone,
        share=term.share,
        minus=not term.minus,
    )


def _cut_off(parts, total, remaining):
    """One part in the place of several that come to more than there is."""
    capped = Capped(-total, remaining)
    quantity = sum((part.quantity for part in parts), ZERO) * remaining / -total
    before = {"before": [part.as_json() for part in parts]}
    return _part(_around(parts), parts[-1], [capped], quantity, before)


def _around(parts):
    return min(part.span[0] for part in parts), max(part.span[1] for part in parts)


def _plain_time(time):
    return WHOLE if time == WHOLE else time


def _ratio(pair):
    return Decimal(pair[0]) / Decimal(pair[1])


def _part(days, part, terms, quantity, basis):
    return Part(days, part.stretch, terms, quantity, basis=basis)
