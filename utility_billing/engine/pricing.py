"""One component on some days: its terms."""

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from ...utility_metering.engine.spans import intersect, length
from .demand import billed_demand
from .facts import DWELLINGS, HUNDRED, ONE, RatingError
from .formula import FormulaError
from .netting import net
from .parts import Part
from .quantities import cut, equal_part, plain, zones_of
from .terms import WHOLE, Blocks, Formula, Linear, Percentage, over_time
from .times import month_fractions, months_of

ZERO = Decimal(0)
# a period's quantity is shared among its months, however it was used within it
SHARED_OUT = ("equal", "whole_first", "whole_last")


class Pricing:
    """Prices parts for a rating."""

    def __init__(self, rating):
        self.rating = rating
        self.facts = rating.facts
        self.quantities = rating.quantities

    def part(self, component, stretch, span):
        """The component's part of the days of a span, or None where nothing is to be charged."""
        return getattr(self, f"_{component.kind}")(component, stretch, span)

    def price(self, component, span):
        """The one price of a component, whatever the zone.

        :raise RatingError: there is none in this season
        """
        return self._lines(component, span, "")[0].price

    def _fixed(self, component, stretch, span):
        time = self.rating.time(component, span)
        if not time:
            return None
        terms = [Linear(ONE, self.price(component, span), time)]
        return self._made(component, stretch, span, terms, over_time(ONE, time))

    def _attribute(self, component, stretch, span):
        row = self._demanded(component.attribute, span)
        time = self.rating.time(component, span)
        if not time:
            return None
        terms = self._priced(component, stretch, span, row.value, "", time)
        basis = {"value": {"code": component.attribute, "id": row.source_id}}
        quantity = over_time(row.value, time)
        return self._made(component, stretch, span, terms, quantity, basis=basis)

    def _unit(self, component, stretch, span):
        source = _row_source(component)
        if source == "service":
            self.quantities.demanded("service", span)
        rows = self.quantities.taken(source, span)
        if not rows:
            return None
        by_zone, basis = self._by_zone(component, stretch, span, rows)
        terms = [
            term
            for zone, quantity in by_zone.items()
            for term in self._priced(component, stretch, span, quantity, zone)
        ]
        if component.zones_share_limits and component.has_blocks:
            _share_limits(terms)
        if component.limit_per == "formula":
            limit = self._evaluated(component, component.limit_formula, stretch, span)
            basis = {**basis, "limit_formula": limit.as_json()}
        total = sum(by_zone.values(), ZERO)
        part = self._made(component, stretch, span, terms, total, rows, basis)
        part.source = rows[0][0].source
        return part

    def _demand(self, component, stretch, span):
        time = self.rating.time(component, span)
        if not time:
            return None
        terms, total, basis = [], ZERO, {}
        for zone in _zones_priced(component, span) or ("",):
            billed, explained = billed_demand(component, self.facts.demand, span, zone)
            total += billed
            basis[zone or "all"] = explained
            terms += self._priced(component, stretch, span, billed, zone, time)
        quantity = over_time(total, time)
        return self._made(component, stretch, span, terms, quantity, basis={"demand": basis})

    def _formula(self, component, stretch, span):
        time = WHOLE if component.proration == "none" else self.rating.time(component, span)
        if not time:
            return None
        term = self._evaluated(component, component.formula, stretch, span, time)
        return self._made(component, stretch, span, [term], ZERO)

    def _percentage(self, component, stretch, span):
        of = {
            code: self.rating.amount(code, stretch, span)
            for code in component.of
            if code in stretch.version.by_code
        }
        part = self._made(
            component, stretch, span, [Percentage(self.price(component, span), of)], ZERO
        )
        # the amounts it is a percentage of are the account's own already
        part.terms[0].share = HUNDRED
        return part

    def excess(self, component, stretch):
        """Parts of what a norm is raised by, where a meter could have been installed."""
        if not (component.raised and component.kind == "unit" and component.source == "service"):
            return
        for part in self.rating.parts(component, stretch):
            for raising in self.facts.raising:
                both = intersect((raising.start, raising.end), part.span)
                normed = both and self.quantities.normed(both)
                if normed and raising.value > 1:
                    yield self._raised(component, stretch, part, both, normed, raising)

    def _raised(self, component, stretch, part, days, normed, raising):
        excess = normed * (raising.value - ONE)
        terms = []
        if component.has_blocks or component.begun:
            # what more the raised quantity costs than the quantity itself
            total = self.quantities.total("service", days)
            for zone, part_of in self._zoned(component, stretch, days).items():
                terms += self._priced(component, stretch, days, (total + excess) * part_of, zone)
                terms += [
                    term.opposite()
                    for term in self._priced(component, stretch, days, total * part_of, zone)
                ]
        else:
            for zone, part_of in self._zoned(component, stretch, days).items():
                terms += self._priced(component, stretch, days, excess * part_of, zone)
        basis = {"raised": {"id": raising.source_id, "norm": str(normed), "by": str(raising.value)}}
        return self._made(component, stretch, days, terms, excess, basis=basis)

    # -- quantities -------------------------------------------------------------------------

    def _by_zone(self, component, stretch, days, rows):
        """({zone: quantity}, what to say about it in the trace)"""
        if component.month_split not in SHARED_OUT:
            return self._zone_quantities(component, stretch, days, rows)
        whole = self.quantities.taken(_row_source(component), stretch.span)
        zones, basis = self._zone_quantities(component, stretch, stretch.span, whole)
        return {
            zone: _of_month(component.month_split, quantity, stretch.span, days)
            for zone, quantity in zones.items()
        }, basis

    def _zone_quantities(self, component, stretch, days, rows):
        bands, basis = {}, {}
        for _row, taken in rows:
            for band, quantity in taken.items():
                bands[band] = bands.get(band, ZERO) + quantity
        fed_in = component.source in ("export", "excess")
        if fed_in or stretch.version.netting:
            bands, basis = net(bands, stretch.version.netting)
        if fed_in:
            return {"": bands[component.source]}, basis
        if not component.zones:
            return {"": plain(bands)}, basis
        zones = zones_of(bands)
        unzoned = zones.pop("", ZERO)
        if unzoned:
            hours = self._hours(component, stretch, days)
            basis = {**basis, "hours": {zone: str(count) for zone, count in hours.items()}}
            whole = sum(hours.values())
            for zone, count in hours.items():
                zones[zone] = zones.get(zone, ZERO) + unzoned * count / whole
        priced = _zones_priced(component, days)
        used = {zone: q for zone, q in zones.items() if q or not priced or zone in priced}
        return used or dict.fromkeys(priced, ZERO), basis

    def _zoned(self, component, stretch, days):
        """{zone: its part of a quantity that no dial has measured}"""
        if not component.zones:
            return {"": ONE}
        hours = self._hours(component, stretch, days)
        whole = sum(hours.values())
        return {zone: Decimal(count) / whole for zone, count in hours.items()}

    def _hours(self, component, stretch, days):
        calendar = stretch.version.calendar
        if component.unzoned != "hours" or calendar is None:
            raise RatingError("no_zones", code=component.code, start=days[0], end=days[1])
        return calendar.hours(days)

    # -- prices -----------------------------------------------------------------------------

    def _priced(self, component, stretch, days, quantity, zone, time=None):
        """Terms of a quantity of one zone.

        :param time: fractions of what the prices are for; None where they are for the quantity only
        """
        if component.only_price is not None and not zone:
            price, unit = component.only_price, component.quantity_unit
            return [Linear(quantity, price, time or WHOLE, unit, component.begun)]
        lines = self._lines(component, days, zone)
        if not component.has_blocks:
            price, unit = lines[0].price, component.quantity_unit
            return [Linear(quantity, price, time or WHOLE, unit, component.begun, zone)]
        quantity = quantity / component.quantity_unit
        if component.begun:
            quantity = quantity.quantize(ONE, ROUND_CEILING)
        amounts = tuple(line.amount for line in lines)
        return [
            Blocks(
                quantity,
                [line.upper for line in lines],
                [line.price for line in lines],
                amounts if any(amounts) else (),
                component.blocks,
                self._limit_count(component, stretch, days),
                WHOLE if time else self._limit_time(component, days),
                component.limit_rounding,
                zone,
                self.rating.time(component, days) if any(amounts) and not time else WHOLE,
                time or WHOLE,
            )
        ]

    def _lines(self, component, days, zone):
        month = days[0].month
        own = [line for line in component.lines if line.zone == zone and line.in_season(month)]
        if own or not zone:
            lines = own
        else:
            lines = [line for line in component.lines if not line.zone and line.in_season(month)]
        if not lines:
            raise RatingError("no_price", code=component.code, zone=zone, day=days[0])
        return lines

    def _limit_count(self, component, stretch, days):
        if component.limit_per == "resident":
            return self._demanded("residents", days).value
        if component.limit_per == "dwelling":
            code = component.limit_attribute or DWELLINGS
            if component.limit_attribute or self.facts.many_dwellings:
                return self._demanded(code, days).value
            row = self.rating.dated(code, days[0])
            return row.value if row else ONE
        if component.limit_per == "attribute":
            return self._demanded(component.limit_attribute, days).value
        if component.limit_per == "formula":
            return self._evaluated(component, component.limit_formula, stretch, days).value
        return ONE

    def _limit_time(self, component, days):
        if component.limit_per == "day":
            return ((length(days), 1),)
        if component.limit_per == "formula":
            return WHOLE
        cycle = self.facts.cycle or self.facts.period
        if component.limit_per == "period":
            if not component.limits_scaled or length(days) == length(cycle):
                return WHOLE
            return ((length(days), length(cycle)),)
        months = self.facts.cycle_months
        if not component.limits_scaled:
            return WHOLE if months == 1 or component.month_split else ((months, 1),)
        if component.proration == "days_of_n":
            return ((length(days), component.proration_days),)
        if component.proration == "days_of_period":
            return ((length(days) * months, length(cycle)),)
        return month_fractions(days)

    # -- formulas ---------------------------------------------------------------------------

    def holds(self, component, stretch, days):
        """Whether the component's condition holds on some days.

        :raise RatingError: the condition has no value
        """
        return bool(self._evaluated(component, component.condition, stretch, days).value)

    def _evaluated(self, component, formula, stretch, days, time=WHOLE):
        names = {name: self._named(name, component, stretch, days) for name in formula.used}
        try:
            return Formula(formula, names, time)
        except FormulaError as error:
            figures = {"code": component.code, **error.figures}
            raise RatingError(f"formula_{error.code}", **figures) from error

    def _named(self, name, component, stretch, days):
        """What a name of a formula is on some days, for the whole point."""
        if name == "quantity":
            return self._quantity(component, stretch, days)
        if name == "total_quantity":
            spans = [other.span for other in self.rating.stretches]
            return sum((self._service_total(span) for span in spans), ZERO)
        if name in ("common", "cost"):
            return self.quantities.total(name, days)
        if name == "days":
            return Decimal(length(days))
        if name == "months":
            return over_time(ONE, month_fractions(days))
        if name == "share":
            return stretch.share
        if name == "demand":
            return billed_demand(component, self.facts.demand, days, "")[0]
        if name in stretch.version.by_code and name != component.code:
            return self.rating.amount(name, stretch, days, whole=True)
        return self._demanded(name, days).value

    def _quantity(self, component, stretch, days):
        if component.month_split not in SHARED_OUT:
            return self._service_total(days)
        whole = self._service_total(stretch.span)
        return _of_month(component.month_split, whole, stretch.span, days)

    def _service_total(self, span):
        self.quantities.demanded("service", span)
        return self.quantities.total("service", span)

    def _demanded(self, code, span):
        row = self.rating.dated(code, span[0])
        if row is None:
            raise RatingError("missing_value", code=code, day=span[0])
        return row

    # -- together ---------------------------------------------------------------------------

    def _made(self, component, stretch, days, terms, quantity, rows=(), basis=None):
        if component.divided and stretch.share != HUNDRED:
            quantity = quantity * stretch.share / HUNDRED
            for term in terms:
                term.share = stretch.share
        return Part(days, stretch, terms, quantity, rows=rows, basis=basis or {})


def _share_limits(terms):
    """Each zone has its part of the limits, by what was used in it."""
    total = sum((term.quantity for term in terms), ZERO)
    for term in terms:
        term.portion = (term.quantity, total) if total else None


def _row_source(component):
    return "service" if component.source in ("export", "excess") else component.source


def _zones_priced(component, days):
    """Zones that have a price of their own in the season of some days."""
    month = days[0].month
    return dict.fromkeys(
        line.zone for line in component.lines if line.zone and line.in_season(month)
    )


def _of_month(how, quantity, whole, days):
    """The part of some days, within one month, of a quantity that was read over several.

    :param how: equal, or in whole units, of which the first or the last months get what is over
    """
    months = [piece for piece, _days in months_of(whole)]
    index = next(index for index, month in enumerate(months) if intersect(month, days))
    if how == "equal":
        found = equal_part(quantity, index, len(months))
    else:
        found = _whole_units(how, quantity, index, len(months))
    return found if days == months[index] else cut(found, months[index], days)


def _whole_units(how, quantity, index, count):
    units = int(quantity.to_integral_value(ROUND_FLOOR))
    each, over = divmod(units, count)
    last = how == "whole_last"
    found = Decimal(each + (index >= count - over if last else index < over))
    return found + quantity - units if index == (count - 1 if last else 0) else found
