"""Random supplies for tests of the rating engine."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from ..engine.facts import Benefit, Dated, Quantity, Reduction, Spell, SupplyFacts
from ..engine.zones import Window, Zones
from .rating_kit import component, line, version

D = Decimal
FIRST, LAST = date(2025, 1, 1), date(2027, 12, 31)
CALENDAR = Zones((Window("DAY", start=7 * 60, end=23 * 60),), "NIGHT")
PRORATIONS = ("days_of_month", "days_of_period", "days_of_n", "whole_month", "none")


def number(least, most, places=2):
    scale = 10**places
    return st.integers(int(least * scale), int(most * scale)).map(lambda n: D(n) / scale)


prices = number(0, 9, 4)


@st.composite
def block_lines(draw, amounts=False):
    uppers = sorted(draw(st.sets(number(1, 60, 1), min_size=1, max_size=3)))
    return tuple(
        line(draw(prices), upper, amount=draw(number(0, 20)) if amounts else D(0))
        for upper in [*uppers, None]
    )


zone_lines = st.tuples(prices, prices).map(
    lambda pair: (line(pair[0], zone="DAY"), line(pair[1], zone="NIGHT"))
)
season_lines = st.tuples(prices, prices).map(
    lambda pair: (line(pair[0], months=(5, 9)), line(pair[1], months=(10, 4)))
)


@st.composite
def usage_components(draw):
    """What a quantity costs, in one of many ways."""
    lines = draw(
        st.one_of(prices, block_lines(), block_lines(amounts=True), zone_lines, season_lines)
    )
    return component(
        "unit",
        lines,
        "usage",
        blocks=draw(st.sampled_from(["marginal", "whole"])),
        limit_per=draw(st.sampled_from(["month", "period", "day", "resident"])),
        limits_scaled=draw(st.booleans()),
        unzoned="hours",
        quantity_unit=draw(st.sampled_from([D(1), D(10)])),
    )


@st.composite
def versions(draw, number_of=1):
    """A rate with one component of each kind."""
    timed = {
        "per": st.sampled_from(["period", "day", "month", "year"]),
        "proration": st.sampled_from(PRORATIONS),
        "proration_days": st.sampled_from([D(10), D(15), D(30)]),
    }

    def time():
        return {name: draw(strategy) for name, strategy in timed.items()}

    return version(
        draw(usage_components()),
        component("fixed", draw(number(0, 30)), "fee", **time()),
        component("attribute", draw(prices), "area", attribute="area", **time()),
        component(
            "formula",
            code="pump",
            formula="usage * 0.1 + area_m2 * 0.01 + quantity * 0.3",
            proration="none",
        ),
        component("demand", draw(prices), "demand", ratchet_percent=draw(number(0, 90))),
        component(
            "percentage",
            draw(number(0, 30)),
            "levy",
            of=("usage", "fee"),
            condition="residents > 1",
        ),
        component("minimum", draw(number(0, 40)), of=("usage",)),
        component("maximum", draw(number(200, 400)), of=("usage", "fee")),
        id=number_of,
        calendar=CALENDAR,
    )


@st.composite
def dated(draw, values):
    """A value that may change once or twice, without a gap."""
    days = sorted(draw(st.sets(st.integers(300, 500), max_size=2)))
    starts = [FIRST, *(FIRST + timedelta(count) for count in days)]
    ends = [*(start - timedelta(1) for start in starts[1:]), LAST]
    return tuple(
        Dated(start, end, draw(values), index)
        for index, (start, end) in enumerate(zip(starts, ends, strict=True))
    )


@st.composite
def rows_of_usage(draw, span, source=None):
    """One to three rows that cover a span, plain or in pieces."""
    count = (span[1] - span[0]).days
    cuts = sorted(draw(st.sets(st.integers(1, count), max_size=2)))
    starts = [span[0], *(span[0] + timedelta(cut) for cut in cuts)]
    ends = [*(start - timedelta(1) for start in starts[1:]), span[1]]
    return tuple(
        draw(row_of_usage(start, end, index, source))
        for index, (start, end) in enumerate(zip(starts, ends, strict=True))
    )


@st.composite
def row_of_usage(draw, start, end, index, source):
    quantity = draw(number(0, 90, 3))
    source = source or draw(st.sampled_from(["measured", "estimated", "norm"]))
    row = Quantity(start, end, quantity, source, index)
    if start < end and draw(st.booleans()):
        middle = start + timedelta(draw(st.integers(0, (end - start).days - 1)))
        before = (quantity * draw(st.integers(0, 4)) / 4).quantize(D("0.001"))
        row = row._replace(
            pieces=(
                piece(start, middle, before, source),
                piece(middle + timedelta(1), end, quantity - before, source),
            )
        )
    return row


def piece(start, end, quantity, source, **more):
    return {
        "from": start.isoformat(),
        "to": end.isoformat(),
        "quantity": str(quantity),
        "method": source,
        "band": "import",
        "sign": 1,
        **more,
    }


@st.composite
def spells(draw, span, payers=True):
    """One to three spells that cover a span, with their payers, rates and shares."""
    count = (span[1] - span[0]).days
    cuts = sorted(draw(st.sets(st.integers(1, count), max_size=2)))
    starts = [FIRST, *(span[0] + timedelta(cut) for cut in cuts)]
    ends = [*(start - timedelta(1) for start in starts[1:]), LAST]
    known = [draw(versions(number_of)) for number_of in (1, 2)]
    return tuple(
        Spell(
            start,
            end,
            index + 1,
            draw(st.sampled_from([1, 2])) if payers else 1,
            draw(st.sampled_from(known)),
            draw(st.sampled_from([D(100), D(100), D(50), D("33.3")])),
            draw(st.sampled_from(["1", "2"])),
        )
        for index, (start, end) in enumerate(zip(starts, ends, strict=True))
    )


periods = st.tuples(st.integers(300, 420), st.integers(20, 70)).map(
    lambda pair: (FIRST + timedelta(pair[0]), FIRST + timedelta(sum(pair)))
)


@st.composite
def supplies(draw, reliefs=True):
    """Facts of a supply."""
    span = draw(periods)
    peak = draw(number(1, 9))
    demands = {
        (year, month): {"": peak + month % 5} for year in (2025, 2026) for month in range(1, 13)
    }
    facts = SupplyFacts(
        1,
        1,
        1,
        span,
        draw(spells(span)),
        cycle_months=draw(st.sampled_from([1, 2])),
        quantities={"usage": draw(rows_of_usage(span))},
        values={
            "residents": draw(dated(st.integers(1, 4).map(D))),
            "area": draw(dated(number(20, 90))),
            "area_m2": draw(dated(number(20, 90))),
        },
        demand=demands,
        raising=(Dated(FIRST, LAST, D("1.5"), 9),) if draw(st.booleans()) else (),
    )
    return replace(facts, **draw(reliefs_of(span))) if reliefs else facts


@st.composite
def reliefs_of(draw, span):
    days = sorted(draw(st.tuples(*[st.integers(0, (span[1] - span[0]).days)] * 2)))
    start, end = (span[0] + timedelta(count) for count in days)
    benefit = Benefit(
        1,
        start,
        end,
        draw(st.sampled_from(["percent", "amount"])),
        draw(number(1, 60)),
        basis=draw(st.sampled_from(["all", "norm"])),
        norm_person=D(3),
        fund_id=5,
        fund_percent=draw(st.sampled_from([D(100), D(40)])),
    )
    absence = Reduction(2, "absence", start, end, persons=1)
    return {
        "benefits": (benefit,) if draw(st.booleans()) else (),
        "reductions": (absence,) if draw(st.booleans()) else (),
    }
