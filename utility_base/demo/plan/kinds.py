"""What the plan of the demo town is made of: plain rows, each with a code that names it."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta


@dataclass(frozen=True)
class Calendar:
    """Days of the story. History begins two years before the month of `today`."""

    today: date

    def month(self, offset=0, day=1):
        """A day of the month that lies `offset` months from today's; `day` 0 is its last one."""
        index = self.today.year * 12 + self.today.month - 1 + offset
        if not day:
            return self.month(offset + 1) - timedelta(days=1)
        return date(index // 12, index % 12 + 1, day)

    @property
    def start(self):
        return self.month(-24)

    def years_ago(self, years, month=1, day=1):
        """A day of the year that lies `years` before the first one of the history."""
        return date(self.start.year - years, month, day)

    def moment(self, day, hour=9, minute=0):
        return datetime.combine(day, time(hour, minute))

    def learned(self, day, hour=9, minute=0):
        """When the office learned what is so from `day` on: that day; what was before its time,
        when the history began; what lies ahead, late in the last month."""
        known = max(day, self.start) if day < self.today else self.month(-1, 25)
        return self.moment(known, hour, minute)


@dataclass
class Place:
    """A premise. `code` is its code in the address registry."""

    code: str
    kind: str
    name: str
    parent: str = ""
    floor: int = 0
    postcode: str = ""
    latitude: float = 0.0
    longitude: float = 0.0
    attributes: dict = field(default_factory=dict)


@dataclass
class Person:
    """Somebody who owns, lives or pays; `ref` is the customer's reference."""

    ref: str
    name: str
    is_company: bool = False
    birth: date = None
    personal_code: str = ""
    registry: str = ""
    email: str = ""
    phone: str = ""
    home: str = ""


@dataclass
class Stay:
    """One occupancy: who is what at which place, from when to when (both days included)."""

    place: str
    person: str
    role: str
    start: date
    end: date = None
    share: float = 100.0
    lives: bool = False
    registered: bool = False
    basis: str = ""
    note: str = ""


@dataclass
class Contract:
    """One account."""

    key: str
    place: str
    payer: str
    start: date
    kind: str = "individual"
    channel: str = "paper"
    billed_with: str = ""


@dataclass
class Point:
    """One service point of a network."""

    code: str
    service: str
    place: str
    parent: str = ""
    kind: str = "unit"
    name: str = ""


@dataclass
class Supply:
    """One service agreement: which account takes what from which point, in which cycle."""

    contract: str
    point: str
    cycle: str = "monthly"
    share: float = 100.0


@dataclass
class Town:
    """The whole plan. `companies` names the legal entities by what they are in the story."""

    calendar: Calendar
    places: list = field(default_factory=list)
    people: list = field(default_factory=list)
    stays: list = field(default_factory=list)
    contracts: list = field(default_factory=list)
    points: list = field(default_factory=list)
    supplies: list = field(default_factory=list)
    companies: dict = field(default_factory=dict)
    stories: object = None

    def place(self, code):
        return next(place for place in self.places if place.code == code)

    def inside(self, code):
        """The units of a building, in order, whichever entrance they lie in."""
        sections = {place.code for place in self.places if place.parent == code} | {code}
        return [
            place
            for place in self.places
            if place.parent in sections and place.kind in ("flat", "commercial", "room")
        ]
