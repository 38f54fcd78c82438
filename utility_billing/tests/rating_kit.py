"""Short ways to say the facts of a supply in tests of the rating engine."""

import json
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
from ..engine.formula import Formula
from ..engine.rate import rate
from ..engine.recompute import recompute

D = Decimal
FIRST, LAST = date(2000, 1, 1), date(2099, 12, 31)


def day(text):
    return date.fromisoformat(text)


def span(first, last):
    return day(first), day(last)


def line(price, upper=None, **more):
    return Line(D(price), None if upper is None else D(upper), **more)


def blocks(*pairs):
    """Lines of ("price", "upper") pairs; an upper of None is unlimited."""
    return tuple(line(price, upper) for price, upper in pairs)


def component(kind, price=None, code=None, **more):
    """A component; `price` is its one price, or its lines."""
    if isinstance(price, tuple):
        more["lines"] = price
    elif price is not None:
        more["lines"] = (line(price),)
    for name in ("formula", "condition", "limit_formula"):
        if isinstance(more.get(name), str):
            more[name] = formula(more[name])
    return Component(more.pop("id", 0), code or kind, kind, **more)


def formula(text):
    """A formula over whatever it names."""
    words = "".join(char if char.isalnum() or char == "_" else " " for char in text).split()
    known = {"if", "else", "and", "or", "not", "min", "max", "abs", "round", "ceil", "floor"}
    return Formula(text, [word for word in words if word.isidentifier() and word not in known])


def version(*components, **more):
    """A version whose components have ids of their own."""
    numbered = tuple(
        one if one.id else Component(**{**_fields(one), "id": number})
        for number, one in enumerate(components, 1)
    )
    return Version(more.pop("id", 1), numbered, **more)


def _fields(one):
    return {name: getattr(one, name) for name in one.__dataclass_fields__}


def spell(first, last, rate_version, payer=1, agreement=1, **more):
    return Spell(day(first), day(last), agreement, payer, rate_version, **more)


def used(quantity, first, last, source="measured", **more):
    return Quantity(day(first), day(last), D(quantity), source, **more)


def known(amount, first="2000-01-01", last="2099-12-31", source_id=0):
    return Dated(day(first), day(last), D(amount), source_id)


def supply(rates, quantity=None, first="2026-03-01", last="2026-03-31", **more):
    """Facts of one supply; by default of March 2026.

    :param rates: a version, or spells
    :param quantity: used in the period, or rows of usage
    """
    spells = (Spell(FIRST, LAST, 1, 1, rates),) if isinstance(rates, Version) else tuple(rates)
    quantities = dict(more.pop("quantities", {}))
    if quantity is not None:
        rows = quantity if isinstance(quantity, tuple) else (used(quantity, first, last),)
        quantities["usage"] = rows
    values = {
        code: rows if isinstance(rows, tuple) and not isinstance(rows, Dated) else (rows,)
        for code, rows in more.pop("values", {}).items()
    }
    return SupplyFacts(
        1, 1, 1, span(first, last), spells, quantities=quantities, values=values, **more
    )


def rated(facts):
    """The charges of a supply, of which each can be calculated again from its trace."""
    charges = rate(facts)
    for charge in charges:
        written = json.dumps(charge.trace)
        assert recompute(json.loads(written)) == charge.amount, written
    return charges


def amounts(facts):
    """{code: amount}"""
    found = {}
    for charge in rated(facts):
        found[charge.code] = found.get(charge.code, D(0)) + charge.amount
    return found


def total(facts):
    return sum((charge.amount for charge in rated(facts)), D(0))


def floats_in(data):
    """Every float within a trace."""
    if isinstance(data, dict):
        return [found for one in data.values() for found in floats_in(one)]
    if isinstance(data, list | tuple):
        return [found for one in data for found in floats_in(one)]
    return [data] if isinstance(data, float) else []
