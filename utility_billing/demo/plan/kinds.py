"""What the plan of the town's tariffs is made of: plain rows, prices as they were published."""

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True)
class Part:
    """A component of a version. Prices are in euro; `more` are further values of the component.

    :param zones: {time-of-use zone: price}
    :param attribute: code of the characteristic that counts
    :param taxes: per cents of taxes of its own; None for the service's
    """

    code: str
    name: str
    price: float = 0.0
    kind: str = "unit"
    zones: dict = field(default_factory=dict)
    attribute: str = ""
    taxes: tuple | None = None
    more: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Edition:
    """A version: from when, by whose decision, of which parts."""

    start: date
    basis: str
    parts: tuple
    note: str = ""
    end: date | None = None
    approved: bool = True


@dataclass(frozen=True)
class Tariff:
    """A schedule of a plan. `premise_types` and `place` narrow down for whom it is.

    :param calendar: name of the calendar of zones that its versions have
    """

    plan: str
    service: str
    name: str
    editions: tuple
    premise_types: tuple = ()
    place: str = ""
    calendar: str = ""


@dataclass(frozen=True)
class Plan:
    code: str
    name: str
    is_default: bool = False
    note: str = ""


@dataclass(frozen=True)
class Clock:
    """A calendar of zones: what is in no window is in the default zone."""

    name: str
    default_zone: str
    windows: tuple
    note: str = ""


def gross(code, name, price=0.0, **values):
    """A part whose price includes tax, as it is published for residents."""
    more = {"tax_included": True, **values.pop("more", {})}
    return Part(code, name, price, more=more, **values)
