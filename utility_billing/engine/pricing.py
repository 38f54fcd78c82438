"""One component on some days: its terms."""

from decimal import ROUND_CEILING, Decimal

from ...utility_metering.engine.spans import intersect, length
from .demand import billed_demand
from .facts import HUNDRED, ONE, RatingError
from .netting import net
from .parts import Part
from .quantities import plain, zones_of
from .terms import WHOLE, Blocks, Formula, Linear, Percentage
from .times import month_fractions, months_of

ZERO = Decimal(0)


class Pricing:
    """Prices parts for a rating."""

    def __init__(self, rating):
        self.rating = rating
        self.facts = rating.facts
        self.quantities = rating.quantities
        self._working = set()

    def part(self, component, stretch, span, within=None):
        """The component's part of the days of a span, or None where nothing is to be charged.

        :param within: only these days of the part count (a formula asks for them)
        """
        key = (component.id, span, within)
        if key in self._working:
            raise RatingError("component_circle", code=component.code)
        self._working.add(key)
        try:
            return getattr(self, f"_{component.kind}")(component, stretch, span, within)
        finally:
            self._working.discard(key)

    def _fixed(self, component, stretch, span, within):
        time = self._time(component, span, within)
        price = self._line(component, span).price
        return self._made(component, stretch, within or span, [Linear(ONE, price, time)], ONE)

    def _attribute(self, component, stretch, span, within):
        row = self._demanded(component.attribute, span)
        time = self._time(component, span, within)
        terms = self._priced(component, stretch, within or span, row.value, "", time)
        basis = {"value": {"code": component.attribute, "id": row.source_id}}
        return self._made(component, stretch, within or span, terms, row.value, basis=basis)

    def _unit(self, component, stretch, span, within):
        days = within or span
        if component.source in ("service", "export", "excess"):
            self.quantities.demanded("service", days)
        rows = self.quantities.taken(_row_source(component), days)
        if not rows:
            return None
        by_zone, basis = self._by_zone(component, stretch, span, days, rows)
        terms = [
            term
            for zone, quantity in by_zone.items()
            for term in self._priced(component, stretch, days, quantity, zone)
        ]
        total = sum(by_zone.values(), ZERO)
        part = self._made(component, stretch, days, terms, total, rows, basis)
        part.source = rows[0][0].source
        return part

    def _demand(self, component, stretch, span, within):
        days = within or span
        time = self._time(component, span, within)
        terms, total, basis = [], ZERO, {}
        for zone in component.zones or ("",):
            billed, explained = billed_demand(component, self.facts.demand, days, zone)
            total = max(total, billed)
            basis[zone or "all"] = explained
            terms += self._priced(component, stretch, days, billed, zone, time)
        return self._made(component, stretch, days, terms, total, basis={"demand": basis})

    def _formula(self, component, stretch, span, within):
        days = within or span
        time = WHOLE if component.proration == "none" else self._time(component, span, within)
        names = self.names(component.formula, component, stretch, days)
        return self._made(component, stretch, days, [Formula(component.formula, names, time)], ZERO)

    def _percentage(self, component, stretch, span, within):
        days = within or span
        of = {
            code: self.rating.amount(code, stretch, days)
            for code in component.of
            if code in stretch.version.by_code
        }
        percent = self._line(component, span).price
        part = self._made(component, stretch, days, [Percentage(percent, of)], ZERO)
        # the amounts it is a percentage of are the account's own already
        part.terms[0].share = HUNDRED
        return part

    def excess(self, component, stretch):
        """Parts of what a norm is raised by, where a meter could have been installed."""
        if not (component.raised and self.facts.raising and component.kind == "unit"):
            return
        if component.source != "service":
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

    def _by_zone(self, component, stretch, span, days, rows):
        """({zone: quantity}, what to say about it in the trace)"""
        bands = {}
        for _row, taken in rows:
            for band, quantity in taken.items():
                bands[band] = bands.get(band, ZERO) + quantity
        if component.source in ("export", "excess") or stretch.version.netting:
            bands, basis = net(bands, stretch.version.netting)
            if component.source in ("export", "excess"):
                return {"": bands[component.source]}, basis
        else:
            basis = {}
        if component.month_split:
            return {"": self._split(component, stretch, days)}, basis
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
        return zones or dict.fromkeys(component.zones, ZERO), basis

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
            raise RatingError("no_zones", code=component.code)
        return calendar.hours(days)

    def _split(self, component, stretch, days):
        """The part of one month of a quantity that was read over several."""
        months = [piece for piece, _days in months_of(stretch.span)]
        total = self.quantities.total(_row_source(component), stretch.span)
        how, index, count = component.month_split, months.index(days), len(months)
        if how == "days":
            return self.quantities.total(_row_source(component), days)
        if how == "equal":
            return total / count
        whole, odd = divmod(total, count)
        gets_odd = index >= count - odd if how == "whole_last" else index < odd
        return whole + (1 if gets_odd else 0)

    # -- prices -----------------------------------------------------------------------------

    def _priced(self, component, stretch, days, quantity, zone, time=WHOLE):
        """Terms of a quantity of one zone."""
        if component.only_price is not None and not zone:
            price = component.only_price
            return [Linear(quantity, price, time, component.quantity_unit, component.begun)]
        lines = self._lines(component, days, zone)
        if not component.has_blocks:
            price = lines[0].price
            unit, begun = component.quantity_unit, component.begun
            return [Linear(quantity, price, time, unit, begun, zone)]
        quantity = quantity / component.quantity_unit
        if component.begun:
            quantity = quantity.quantize(ONE, ROUND_CEILING)
        return [
            Blocks(
                quantity,
                [line.upper for line in lines],
                [line.price for line in lines],
                tuple(line.amount for line in lines) if any(line.amount for line in lines) else (),
                component.blocks,
                self._limit_count(component, days),
                self._limit_time(component, days),
                component.limit_rounding,
                zone,
            )
        ]

    def _line(self, component, span):
        lines = self._lines(component, span, "")
        return lines[0]

    def _lines(self, component, days, zone):
        lines = [
            line
            for line in component.lines
            if line.zone in (zone, "") and line.in_season(days[0].month)
        ]
        own = [line for line in lines if line.zone == zone]
        if not lines:
            raise RatingError("no_price", code=component.code, zone=zone, day=days[0])
        return own or lines

    def _limit_count(self, component, days):
        if component.limit_per == "resident":
            return self._demanded("residents", days).value
        if component.limit_per == "dwelling":
            code = component.limit_attribute or "dwellings"
            row = self.rating.dated(code, days[0])
            return row.value if row else ONE
        if component.limit_per == "attribute":
            return self._demanded(component.limit_attribute, days).value
        return ONE

    def _limit_time(self, component, days):
        if component.limit_per == "day":
            return ((length(days), 1),)
        cycle = self.facts.cycle or self.facts.period
        if component.limit_per == "period":
            if not component.limits_scaled or length(days) == length(cycle):
                return WHOLE
            return ((length(days), length(cycle)),)
        if not component.limits_scaled:
            months = 1 if component.month_split else self.facts.cycle_months
            return WHOLE if months == 1 else ((months, 1),)
        if component.proration == "days_of_n":
            return ((length(days), component.proration_days),)
        return month_fractions(days)

    def _time(self, component, span, within):
        time = self.rating.time(component, span)
        if within is None or within == span:
            return time
        days, whole = length(within), length(span)
        return tuple((number * days, denominator * whole) for number, denominator in time)

    # -- formulas ---------------------------------------------------------------------------

    def names(self, formula, component, stretch, days):
        """What the names of a formula are on some days.

        :raise RatingError: a value is not known
        """
        return {name: self._named(name, component, stretch, days) for name in formula.used}

    def _named(self, name, component, stretch, days):
        if name in ("quantity", "total_quantity"):
            span = days if name == "quantity" else self._whole_span()
            self.quantities.demanded("service", span)
            return self.quantities.total("service", span)
        if name in ("common", "cost"):
            return self.quantities.total(name, days)
        if name == "days":
            return Decimal(length(days))
        if name == "months":
            return sum((Decimal(n) / d for n, d in month_fractions(days)), ZERO)
        if name == "share":
            return stretch.share
        if name == "demand":
            return billed_demand(component, self.facts.demand, days, "")[0]
        if name in stretch.version.by_code and name != component.code:
            return self.rating.amount(name, stretch, days)
        return self._demanded(name, days).value

    def _whole_span(self):
        stretches = self.rating.stretches
        return stretches[0].span[0], stretches[-1].span[1]

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


def _row_source(component):
    return "service" if component.source in ("export", "excess") else component.source
