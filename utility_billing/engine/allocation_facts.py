"""What is known of a building when its total is shared, and what comes out.

Quantities are in the service's unit, costs in the currency; whether a tax is in a cost is for the
caller to know. Numbers are Decimal, days are `datetime.date`.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

# German HeizkostenV, par. 9b: thousandths of a year's heating by month
DEGREE_DAYS = tuple(map(Decimal, (170, 150, 130, 80, 40, 14, 13, 13, 30, 80, 120, 160)))


class SharingError(ValueError):
    """A building's total cannot be shared with what is known.

    :ivar code: no_participants, missing_value, missing_use, too_much, coefficient, negative_weight,
        formula, limits, span
    :ivar figures: what the message names; `participants` are keys, `step` a step's name
    """

    def __init__(self, code, **figures):
        self.code = code
        self.figures = figures
        super().__init__(f"{code}: {figures}")


@dataclass(frozen=True)
class User:
    """Who has the flat, from when to when: what changes when tenants do.

    :param percent: of the flat's share on these days
    :param reading: own use between interim readings, None where none were taken
    """

    key: int
    start: date = date.min
    end: date = date.max
    percent: Decimal = Decimal(100)
    reading: Decimal | None = None


@dataclass(frozen=True)
class Participant:
    """A flat, shop or room that bears a share.

    :param usage: measured own use; None: not metered
    :param norm: what it is held to use by norm, None: no norm
    :param values: {code: Decimal} of attributes; `residents`, `owner_share` (%), `units` of
        heat-cost allocators, `usage_<service>` of other services; flags are 1 or 0
    :param users: several `User`s when they changed within the period
    :param span: first and last day on which it takes part; None: all of the period
    """

    key: int
    name: str = ""
    kind: str = "residential"
    usage: Decimal | None = None
    norm: Decimal | None = None
    values: dict = field(default_factory=dict)
    users: tuple = ()
    span: tuple | None = None


@dataclass(frozen=True)
class Pool:
    """What is shared.

    :param kind: quantity or cost
    :param total: of the building; may be negative
    :param difference: only what the participants did not use themselves is shared (common use)
    :param values: {code: Decimal} of the building, `building_<code>` in formulas
    :param span: first and last day, both included
    """

    kind: str
    total: Decimal
    difference: bool = False
    values: dict = field(default_factory=dict)
    span: tuple | None = None


@dataclass(frozen=True)
class Step:
    """One part of the total and how it is shared.

    :param takes: what part: `rest` (all that is left), `percent` of the total, `percent_rest` of
        what is left, `formula` over the building's values, `own` (each one's own use), `each` (a
        formula for each participant)
    :param amount: percentage
    :param formula: text, for `formula` and `each`
    :param coefficient: what is taken is multiplied by it
    :param allowed: ((lowest, highest), ...) ranges of a lawful coefficient; empty: any
    :param among: who bears it; `having` and `lacking` look at the value named `flag`
    :param weight: by what: `value` (the value named `value`), `equal`, `usage` (own use),
        `season` (the value times the degree days of the participant's days), `formula`
    :param pool_decimals: what is taken is rounded to so many places; None: not
    :param unit_decimals: the value of one unit of weight is rounded; None: not
    :param decimals: each participant's part is rounded; None: only the sum of the parts
    :param limited: minimum and maximum shares look at this step
    :param split: how users who change within the period share the part
    :param tag: shares are given out by tag: the service that a part is charged as
    """

    name: str
    takes: str = "rest"
    amount: Decimal = Decimal(0)
    formula: str = ""
    coefficient: Decimal = Decimal(1)
    allowed: tuple = ()
    among: str = "all"
    flag: str = ""
    weight: str = "value"
    value: str = ""
    weight_formula: str = ""
    pool_decimals: int | None = None
    unit_decimals: int | None = None
    decimals: int | None = None
    limited: bool = True
    split: str = "days"
    tag: str = ""


@dataclass(frozen=True)
class Method:
    """How a building's total is shared: steps in order, and what holds for all of them.

    :param decimals: places of a share
    :param remainder: what rounding leaves: `residual` or `largest` (given to the shares that lost
        most by rounding)
    :param missing: what the own use of those without a meter is held to be
    :param area: code of the area of averages and of minimum and maximum shares
    :param minimum: least share, as a part of the building's average per unit of area; None: none
    :param maximum: most, as the same part
    :param negative: a negative part is given back (`credit`) or stays as residual (`keep`)
    :param cap_formula: most that is shared, over the building's values; empty: no limit
    :param cap_percent: most that is shared, in per cent of the total; None: no limit
    :param cut_percent: shares of `cut_among` (`cut_flag`) are cut by so much
    :param bearer: who bears what is not shared: supplier, association or nobody
    :param season: twelve thousandths of the year's heating
    :param day_decimals: thousandths of a day are cut off after so many places; None: not
    :param names: further names that formulas may use, known though nobody has a value
    """

    steps: tuple
    code: str = ""
    decimals: int = 6
    remainder: str = "residual"
    missing: str = "refuse"
    area: str = ""
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    negative: str = "credit"
    cap_formula: str = ""
    cap_percent: Decimal | None = None
    cut_percent: Decimal = Decimal(0)
    cut_among: str = "unmetered"
    cut_flag: str = ""
    bearer: str = "nobody"
    season: tuple = DEGREE_DAYS
    day_decimals: int | None = None
    names: frozenset = frozenset()


@dataclass(frozen=True)
class Share:
    """What a participant, or one of its users, bears.

    :param user: key of the user; None: of the participant as a whole, or of days without a user
    :param start, end: the user's days; None: the whole period
    """

    key: int
    tag: str
    amount: Decimal
    user: int | None = None
    start: date | None = None
    end: date | None = None


@dataclass(frozen=True)
class Residual:
    """A part of the total that nobody's share holds, and why: cap, negative, unshared, limits, cut,
    rounding."""

    reason: str
    amount: Decimal
    bearer: str = "nobody"


@dataclass(frozen=True)
class Sharing:
    """A total, shared: total = own + sum of shares + residual, exactly.

    :param own: what the participants used themselves and is not shared (0 unless only the
        difference is)
    :param proof: JSON-able; `recompute_sharing` finds the same shares from it
    """

    total: Decimal
    own: Decimal
    shares: tuple
    residuals: tuple
    proof: dict

    @property
    def residual(self):
        return sum((residual.amount for residual in self.residuals), Decimal(0))

    def of(self, key):
        """Sum of a participant's shares."""
        return sum((share.amount for share in self.shares if share.key == key), Decimal(0))
