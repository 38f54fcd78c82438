"""Short ways to say facts in tests of the engine."""

from datetime import date
from decimal import Decimal

from ..engine.facts import Installation, Mark, PointFacts, Register
from ..engine.usage import calculate


def day(text):
    return date.fromisoformat(text)


def span(first, last):
    return day(first), day(last)


def marks(*values, first_id=1, **flags):
    """Marks of ("2026-01-31", "100") or of ("2026-01-31", "100", {"actual": False})."""
    return tuple(
        Mark(first_id + index, day(on), Decimal(value), **(extra[0] if extra else {}), **flags)
        for index, (on, value, *extra) in enumerate(values)
    )


def register(*values, **vals):
    return Register(vals.pop("id", 1), marks=marks(*values), **vals)


def installation(*registers, start="2025-01-01", end=None, **vals):
    if end:
        vals["end"] = day(end)
    return Installation(
        vals.pop("id", 1), vals.pop("meter_id", 1), day(start), registers=registers, **vals
    )


def point(*installations, **vals):
    return PointFacts(vals.pop("point_id", 1), installations=installations, **vals)


def used(facts, first, last, **more):
    """The calculated quantity of a period."""
    return calculate(facts, span(first, last), **more).quantity
