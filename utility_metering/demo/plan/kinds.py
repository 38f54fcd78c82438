"""What the plan of the town's meters is made of."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal


@dataclass
class Dial:
    """A register of a meter: its values grow from `first` by what is used each month.

    :param code: code of the register in the meter's type
    """

    code: str = "1"
    first: Decimal = Decimal(0)
    decimals: int = 3
    digits: int = 5


@dataclass
class Device:
    """A meter at a point, from when to when."""

    serial: str
    type_code: str
    point: str
    start: date
    verified: date
    end: date = None
    counting: str = "add"
    place: str = ""
    dials: list = field(default_factory=list)
    factors: dict = field(default_factory=dict)
    seal: str = ""


@dataclass
class Seen:
    """A reading that somebody took, or sent."""

    serial: str
    dial: str
    day: date
    value: Decimal
    source: str = "portal"
    kind: str = "customer"
    taken: date = None
    rollover: bool = False
    note: str = ""


@dataclass
class Plan:
    """Everything that hangs in the town, and what was read; `late` came in this month."""

    devices: list = field(default_factory=list)
    readings: list = field(default_factory=list)
    late: list = field(default_factory=list)
    outages: list = field(default_factory=list)
