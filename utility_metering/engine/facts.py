"""What the engine is told. Quantities are Decimal; days are `datetime.date`."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple

ONE = Decimal(1)


class Mark(NamedTuple):
    """An accepted reading: what the register showed at the end of `day`.

    :param actual: somebody or something looked; False for an estimated value
    :param opens: begins a new series: what was before says nothing about it (initial reading)
    """

    reading_id: int
    day: date
    value: Decimal
    actual: bool = True
    opens: bool = False
    rollover: bool = False
    rollback: bool = False


@dataclass(frozen=True)
class Register:
    """A register with its marks, in order of day.

    :param multiplier: its own multiplier, times the factor to the service's unit where the units
        are of one kind (MWh to kWh: 1000)
    :param purpose: import, export, total or info; only the first two have usage
    :param band: direction and zone, `import:DAY`; `import` alone where there is no zone; `units`
        for an allocator's units
    :param amounts: every value is an amount of its own (lifts), not a state of a counter
    :param converts: its unit asks for the point's conversion
    """

    id: int
    digits: int = 5
    decimals: int = 3
    multiplier: Decimal = ONE
    purpose: str = "import"
    band: str = "import"
    amounts: bool = False
    converts: bool = False
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True)
class Unfit:
    """Days (both included) on which an installed meter may not be billed by."""

    start: date
    end: date
    cause: str
    source_id: int = 0


@dataclass(frozen=True)
class Lifts:
    """Containers are lifted every so many weeks on a weekday (0 is Monday), from `start` on."""

    id: int
    weekday: int
    every_weeks: int
    containers: int
    start: date
    end: date = date.max


@dataclass(frozen=True)
class Installation:
    """A meter at the point: it measures the days after `start` up to `end`.

    :param counting: add, deduct or check
    :param factor: transformers, allocator factor or container volume
    """

    id: int
    meter_id: int
    start: date
    end: date = date.max
    counting: str = "add"
    factor: Decimal = ONE
    registers: tuple[Register, ...] = ()
    unfit: tuple[Unfit, ...] = ()
    lifts: tuple[Lifts, ...] = ()


@dataclass(frozen=True)
class Factor:
    """Converts a register's quantity to the service's unit on the days start to end.

    :param basis: ids and values behind the factor, for the trace
    """

    start: date
    end: date
    factor: Decimal
    basis: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Monthly:
    """A quantity a month, in force on the days start to end; a part of a month counts by days."""

    start: date
    end: date
    quantity: Decimal
    basis: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Rule:
    """An estimation rule; see `utility.estimation.rule`."""

    id: int
    situation: str
    method: str
    periods: int = 6
    min_periods: int = 3
    max_in_row: int = 3
    coefficient: Decimal = ONE


@dataclass(frozen=True)
class Issued:
    """What was estimated, and given out, for an earlier period by one installation."""

    usage_id: int
    start: date
    end: date
    quantities: dict


@dataclass(frozen=True)
class Term:
    """A derived quantity takes `factor` × the usage of another point."""

    id: int
    point_id: int
    factor: Decimal = ONE


@dataclass(frozen=True)
class PointFacts:
    """All that is known about the quantity of a service point.

    :param cut_method: days, degree_days or reading
    :param cycle_months: length of its periods, for "the last n periods"
    :param terms: the point's quantity is made of others
    :param degree_days: {day: degree days}, for the cut by degree days; other days follow the
        month's typical share
    :param issued: estimates given out before, for the cut by readings only

    `worked_out` keeps what follows from these facts for all periods of the point.
    """

    point_id: int
    cut_method: str = "days"
    cycle_months: int = 1
    installations: tuple[Installation, ...] = ()
    rules: tuple[Rule, ...] = ()
    conversions: tuple[Factor, ...] = ()
    agreed: tuple[Monthly, ...] = ()
    norms: tuple[Monthly, ...] = ()
    terms: tuple[Term, ...] = ()
    degree_days: dict = field(default_factory=dict)
    issued: tuple[Issued, ...] = ()
    worked_out: dict = field(default_factory=dict, init=False, repr=False, compare=False)


class FactsError(ValueError):
    """The facts contradict each other; `code` and `figures` say how, for a message."""

    def __init__(self, code, **figures):
        super().__init__(f"{code}: {figures}")
        self.code = code
        self.figures = figures
