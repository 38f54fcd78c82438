"""Supplies to rate and explain, made of a few words."""

from datetime import date
from decimal import Decimal

from ..engine.facts import (
    Component,
    Dated,
    Line,
    Quantity,
    Spell,
    SupplyFacts,
    Version,
)
from ..engine.rate import rate

OCTOBER = (date(2026, 10, 1), date(2026, 10, 31))
VERSION_ID = 0


def unit(*prices, **more):
    """A component for the quantity; prices are texts, or dicts of a `Line`."""
    return component("unit", *prices, **more)


def component(kind, *prices, **more):
    more = {"id": 1, "code": kind, "name": kind.capitalize(), **more}
    return Component(kind=kind, lines=tuple(map(line, prices)), **more)


def line(price):
    if isinstance(price, str):
        return Line(Decimal(price))
    numbers = {name: Decimal(price[name]) for name in ("price", "upper", "amount") if name in price}
    return Line(**{**price, **numbers})


def quantity(number, source="measured", span=OCTOBER, **more):
    return Quantity(*span, Decimal(number), source, **more)


def dated(value, span=OCTOBER, source_id=0):
    return Dated(*span, Decimal(value), source_id)


def supply(*components, usage=(), share="100", period=OCTOBER, days=None, **more):
    """Facts of a supply with one agreement.

    :param days: first and last day of the agreement, where it is not the whole period
    """
    version = Version(VERSION_ID, tuple(components), **more.pop("version", {}))
    spell = Spell(*(days or period), 1, 1, version, Decimal(share))
    quantities = {"usage": tuple(usage), **more.pop("quantities", {})}
    return SupplyFacts(
        account_id=1,
        point_id=1,
        service_id=1,
        period=period,
        cycle=period,
        spells=(spell,),
        quantities=quantities,
        **{"uom": "m³", "preference": ("measured", "norm", "agreed", "allocated"), **more},
    )


def traces(facts):
    return [charge.trace for charge in rate(facts)]


def metered(meter, before, now, number, **more):
    """A row of usage with one piece between two readings, as (day, value)."""
    first = date.fromisoformat(before[0]).toordinal() + 1
    piece = {
        "from": date.fromordinal(first).isoformat(),
        "to": now[0],
        "quantity": number,
        "method": "measured",
        "band": "import",
        "sign": 1,
        "meter": meter.id,
        "register": 1,
        "multiplier": "1",
        "installation_factor": "1",
        "reading_from": {"id": 1, "day": before[0], "value": before[1]},
        "reading_to": {"id": 2, "day": now[0], "value": now[1]},
        "between_readings": {
            "from": date.fromordinal(first).isoformat(),
            "to": now[0],
            "quantity": number,
        },
        **more,
    }
    span = date.fromordinal(first), date.fromisoformat(now[0])
    return quantity(number, span=span, source_id=1, pieces=(piece,))
