"""What the rating engine is told. Quantities and prices are Decimal; days are `datetime.date`."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

ONE = Decimal(1)
HUNDRED = Decimal(100)
CENT = Decimal("0.01")
# how many dwellings there are, where a rate names no other characteristic for it
DWELLINGS = "dwellings"
# kinds of components that are about the amounts of others
BOUNDS = ("minimum", "maximum")
# what charges of the other kinds of components are called
CHARGE_KINDS = {"fixed": "fixed"}


class RatingError(ValueError):
    """A supply cannot be rated with what is known; `code` and `figures` say why, for a message."""

    def __init__(self, code, /, **figures):
        super().__init__(f"{code}: {figures}")
        self.code = code
        self.figures = figures


# -- rates ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """A price of a component: for a block of the quantity, a zone, a season, or all of it.

    :param price: in the currency for one unit
    :param upper: last unit that it applies to, included; None is unlimited
    :param amount: due once when the quantity ends in this block (whole blocks only)
    :param zone: time-of-use zone; empty for any
    :param months: first and last month (1 to 12) of its season; may pass the year's end
    """

    price: Decimal
    upper: Decimal | None = None
    amount: Decimal = Decimal(0)
    zone: str = ""
    months: tuple = (1, 12)

    def in_season(self, month):
        first, last = self.months
        return first <= month <= last if first <= last else month >= first or month <= last


@dataclass(frozen=True)
class Component:
    """One part of a rate; see `utility.rate.component` for what each word means.

    :param kind: fixed, unit, attribute, demand, formula, percentage, minimum or maximum
    :param lines: prices; a unit price is one line
    :param per: period, day, month or year: what a fixed, attribute or demand price is for
    :param source: where a unit price's quantity comes from: service, common, cost, export, excess
    :param blocks: marginal or whole
    :param limit_per: what block limits are for: period, month, day, resident, dwelling, attribute,
        or formula: they are multiples of what `limit_formula` gives for the days (a budget)
    :param limits_scaled: limits follow the days on which the price is in force
    :param zones_share_limits: a limit is one for all zones, each has its part by what it used;
        else every zone has the limits of its own lines
    :param limit_rounding: limits are rounded to this unit (1: whole ones); None: not
    :param proration: days_of_month, days_of_period, days_of_n, whole_month or none
    :param proration_days: days of a month for days_of_n; least days for whole_month
    :param month_split: every month of the period by itself: "" (no), days, equal, whole_first,
        whole_last
    :param of: codes of the components that a percentage, minimum or maximum is about
    :param divided: the account bears its share of the point's amount
    :param quantity_unit: quantities count by this unit (1000 gallons); begun ones whole if `begun`
    :param condition: formula; the component is charged only where it is true
    :param unzoned: how a quantity without zones is priced: refuse, or by the hours of each zone
    :param reducible: absence and poor quality reduce it
    :param on_norm_raised: quantities by norm are raised where a meter could have been installed
    """

    id: int
    code: str
    kind: str
    name: str = ""
    lines: tuple = ()
    per: str = "month"
    source: str = "service"
    attribute: str = ""
    formula: object = None
    condition: object = None
    of: tuple = ()
    blocks: str = "marginal"
    limit_per: str = "month"
    limit_attribute: str = ""
    limit_formula: object = None
    limits_scaled: bool = True
    zones_share_limits: bool = False
    limit_rounding: Decimal | None = None
    proration: str = "days_of_month"
    proration_days: Decimal = Decimal(30)
    month_split: str = ""
    divided: bool = True
    quantity_unit: Decimal = ONE
    begun: bool = False
    rounding: str = "half_up"
    rounding_unit: Decimal = CENT
    tax_included: bool = False
    taxes: str | None = None
    ratchet_percent: Decimal = Decimal(0)
    ratchet_months: tuple = ()
    ratchet_range: int = 0
    unzoned: str = "refuse"
    reducible: bool = True
    raised: bool = True

    @cached_property
    def needs(self):
        """Codes of the dated values that it depends on."""
        found = set()
        if self.kind == "attribute":
            found.add(self.attribute)
        if self.lines and self.has_blocks:
            if self.limit_per == "resident":
                found.add("residents")
            elif self.limit_per in ("dwelling", "attribute"):
                found.add(self.limit_attribute or DWELLINGS)
        for formula in (self.formula, self.condition, self.limit_formula):
            if formula is not None:
                found |= set(formula.used)
        return frozenset(found)

    @cached_property
    def may_be_cut(self):
        """Whether something of its own may change within the days of one payer and rate."""
        return bool(self.needs or self.seasonal or self.month_split or self.condition)

    @cached_property
    def said(self):
        """What a trace says of it."""
        return {
            "id": self.id,
            "code": self.code,
            "kind": self.kind,
            "name": self.name,
            "per": self.per,
        }

    @cached_property
    def has_blocks(self):
        return any(line.upper is not None or line.amount for line in self.lines)

    @cached_property
    def seasonal(self):
        return any(line.months != (1, 12) for line in self.lines)

    @cached_property
    def zones(self):
        return tuple(dict.fromkeys(line.zone for line in self.lines if line.zone))

    @cached_property
    def only_price(self):
        """The one price of a component that knows neither blocks, zones nor seasons, or None."""
        plain = len(self.lines) == 1 and not (self.has_blocks or self.seasonal or self.zones)
        return self.lines[0].price if plain else None


@dataclass(frozen=True)
class Version:
    """A rate in force.

    :param calendar: `Zones`, when a clock says which zone it is; or None
    :param netting: zones in whose order what is fed in covers what is taken out; empty: no netting
    """

    id: int
    components: tuple
    plan_id: int = 0
    schedule_id: int = 0
    calendar: object = None
    netting: tuple = ()

    @cached_property
    def by_code(self):
        return {component.code: component for component in self.components}

    @cached_property
    def charged(self):
        """[(component, kind of its charges)], without minima and maxima."""
        return [
            (component, CHARGE_KINDS.get(component.kind, "consumption"))
            for component in self.components
            if component.kind not in BOUNDS
        ]

    @cached_property
    def bounds(self):
        """The minima and maxima."""
        return [component for component in self.components if component.kind in BOUNDS]


# -- supplies ---------------------------------------------------------------------------------


class Dated(NamedTuple):
    """A value on the days start to end.

    :param source_id: of the record that says so, for the trace
    """

    start: date
    end: date
    value: Decimal
    source_id: int = 0


class Spell(NamedTuple):
    """Days on which an agreement is in force, with one payer, one rate and one tax.

    :param share: per cent of the point's quantity that the account bears
    :param taxes: ids of the taxes, in order, with commas
    """

    start: date
    end: date
    agreement_id: int
    payer_id: int
    version: Version
    share: Decimal = HUNDRED
    taxes: str = ""

    @property
    def says(self):
        """What makes a difference to the amounts; an agreement's other terms do not."""
        return self.payer_id, self.version, self.share, self.taxes


class Quantity(NamedTuple):
    """A quantity of some days and how it was found: a row of usage, or a share of a building's.

    :param source: measured, estimated, norm, agreed, derived, allocated or attribute
    :param pieces: dicts of a usage's trace: from, to, quantity, band, sign, ...; empty: by days
    :param bands: {direction:zone: Decimal}; empty when all is plain import
    :param weights: {day: weight} by which a piece is divided among its days; empty: evenly
    """

    start: date
    end: date
    quantity: Decimal
    source: str
    source_id: int = 0
    reason: str = ""
    pieces: tuple = ()
    bands: dict = {}
    weights: dict = {}


@dataclass(frozen=True)
class Benefit:
    """A relief of the price; see `utility.benefit`.

    :param kind: percent, amount (a month) or price (off each unit)
    :param basis: all, or norm: only what lies within the norm
    :param per: household, or person: only the part of the persons that it covers
    :param persons: how many it covers
    :param norm_person: units a covered person and month within the norm; `norm_household` once
    :param fund_percent: part of the relief that the fund pays; the rest is the company's loss
    :param codes: components that it is about; empty: all that are reducible
    """

    id: int
    start: date
    end: date
    kind: str
    value: Decimal
    basis: str = "all"
    per: str = "household"
    persons: int = 1
    norm_person: Decimal = Decimal(0)
    norm_household: Decimal = Decimal(0)
    fund_id: int = 0
    fund_percent: Decimal = HUNDRED
    codes: tuple = ()
    stacking: str = "sum"


@dataclass(frozen=True)
class Reduction:
    """Less is due for some days: absence or poor quality; see `utility.adjustment`.

    :param percent: of the amount of those days; 100 for nothing due at all
    :param price: what a unit costs instead, for such a part; None: the part is not due at all
    :param persons: who is away: only their part is not due; 0: the whole household's
    :param sources: quantities that it is about: absence reduces no measured use; empty: all
    """

    id: int
    kind: str
    start: date
    end: date
    percent: Decimal = HUNDRED
    persons: int = 0
    sources: tuple = ()
    codes: tuple = ()
    price: Decimal | None = None


@dataclass
class SupplyFacts:
    """All that is known about what an account owes for a service point and a period.

    :param period: what is to be charged: first and last day
    :param cycle: the whole billing period that it belongs to, with its months
    :param preference: sources of the service's quantity, on each day the first that has any counts
    :param quantities: {source: (Quantity, ...)}; `common` and `cost` are shares of a building's
    :param values: {code: (Dated, ...)}: attributes, residents, dwellings
    :param many_dwellings: the premise holds many, and how many must be known; else it is one
    :param demand: {(year, month): {zone: highest demand}}; zone "" is the whole day
    :param raising: dated coefficients for norms where a meter could have been installed
    """

    account_id: int
    point_id: int
    service_id: int
    period: tuple
    spells: tuple
    cycle: tuple = ()
    cycle_months: int = 1
    preference: tuple = ("usage", "allocated")
    quantities: dict = field(default_factory=dict)
    values: dict = field(default_factory=dict)
    many_dwellings: bool = False
    demand: dict = field(default_factory=dict)
    raising: tuple = ()
    benefits: tuple = ()
    reductions: tuple = ()
    currency_unit: Decimal = CENT
    uom: str = ""


# -- results ----------------------------------------------------------------------------------


@dataclass
class Charge:
    """One calculated line.

    :param kind: consumption, fixed, norm_excess, minimum, benefit, reduction ...
    :param price: for one unit of the quantity, where there is one; else None
    :param amount: rounded; tax-included where the flag says so
    :param fund_id: partner that pays instead of the resident; 0: nobody
    """

    kind: str
    code: str
    component_id: int
    agreement_id: int
    payer_id: int
    taxes: str
    tax_included: bool
    date_start: date
    date_end: date
    quantity: Decimal
    price: Decimal | None
    amount: Decimal
    trace: dict
    fund_id: int = 0
    source_id: int = 0

    @property
    def key(self):
        """What two ratings of one supply and period have in common of the same line."""
        return (
            self.kind,
            self.code,
            self.payer_id,
            self.taxes,
            self.tax_included,
            self.fund_id,
            self.source_id,
        )
