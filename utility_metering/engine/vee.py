"""Checks of a reading: facts and parameters in, figures for a message out where it fails.

All usages are in units of the register times multiplier and factor, unless `monthly` says that
they were brought to the service's unit. A month is 30 days.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import lru_cache

from dateutil.relativedelta import relativedelta

from . import dial

MONTH = Decimal(30)
# checks whose failure nobody may wave through: the reading cannot be in force as it stands
MANDATORY = ("duplicate", "backward")
HALF = Decimal("0.5")


@dataclass(frozen=True)
class Rule:
    """A check with its parameters; see the fields of `utility.vee.rule`. 0 means not used."""

    check: str
    verdict: str = "hold"
    id: int | None = None
    limit: Decimal = Decimal(0)
    low_factor: Decimal = Decimal(0)
    high_factor: Decimal = Decimal(0)
    periods: int = 0
    tolerance: Decimal = Decimal(0)
    floor: Decimal = Decimal(0)


@dataclass(frozen=True)
class Interval:
    """What was counted from the end of `start` to the end of `end`."""

    start: date
    end: date
    usage: Decimal

    @property
    def days(self):
        return (self.end - self.start).days

    @property
    def daily(self):
        return self.usage / self.days if self.days else self.usage


@dataclass(frozen=True)
class Facts:
    """A reading and all that is known around it.

    :param dial: "first", "forward", "rollover" or "backward"
    :param scale: usage times this is in the service's unit; None: the units cannot be compared
    :param norm: of the point, in the service's unit a month
    :param following: (day, value) of the next reading, where it shows less and did not roll over
    :param sums: (usage of the total register, sum of the others) over the same interval
    """

    day: date
    today: date
    value: Decimal
    digits: int
    decimals: int
    looked_on: date | None = None
    known: bool = True
    dial: str = "first"
    wrapped: Decimal = Decimal(0)
    previous: tuple | None = None
    following: tuple | None = None
    interval: Interval | None = None
    history: tuple = ()
    scale: Decimal | None = Decimal(1)
    same_day: Decimal | None = None
    window: tuple | None = None
    norm: Decimal | None = None
    vacant: bool = False
    sums: tuple | None = None

    @property
    def monthly(self):
        """Usage a month in the service's unit; None where it cannot be told."""
        if not self.interval or not self.interval.days or self.scale is None:
            return None
        return self.interval.daily * MONTH * self.scale


@dataclass(frozen=True)
class Finding:
    rule: Rule
    verdict: str
    figures: dict = field(default_factory=dict)

    @property
    def check(self):
        return self.rule.check


def assess(facts, rules):
    """What the rules find about the reading, in their order; mandatory checks come of themselves
    where no rule names them."""
    named = {rule.check for rule in rules}
    rules = [*(Rule(check) for check in MANDATORY if check not in named), *rules]
    findings = []
    for rule in rules:
        figures = CHECKS[rule.check](facts, rule)
        if figures is not None:
            verdict = "hold" if rule.check in MANDATORY else rule.verdict
            findings.append(Finding(rule, verdict, figures))
    return findings


def verdict(findings):
    """pass, warn or hold: the gravest of what was found."""
    verdicts = {finding.verdict for finding in findings}
    return "hold" if "hold" in verdicts else "warn" if verdicts else "pass"


def rollover_bound(rules, history, days, unit):
    """The most that can have been used in so many days by the rollover rule, in units of the
    register; None where it sets none.

    :param unit: usage (times multiplier and factor) that one unit of the register stands for
    """
    rule = next((rule for rule in rules if rule.check == "rollover"), None)
    average = daily_average(history, rule.periods or len(history)) if rule else None
    if not rule or not rule.high_factor or not average:
        return None
    return average * rule.high_factor * max(days, 1) / unit


def daily_average(history, periods):
    """Average use a day over the last intervals; None without any."""
    last = history[-periods:] if periods else history
    days = sum(interval.days for interval in last)
    return sum(interval.usage for interval in last) / days if days else None


@lru_cache(maxsize=1000)
def year_before(day):
    """The same day of the year before; 28 February for a leap day."""
    return day - relativedelta(years=1)


def same_period_last_year(history, start, end):
    """Daily use a year before the interval, if at least half of its days were measured.

    :return: (daily use, days known), or None
    """
    start, end = year_before(start), year_before(end)
    usage, days = Decimal(0), 0
    for interval in history:
        common = (min(end, interval.end) - max(start, interval.start)).days
        if common > 0:
            usage += interval.daily * common
            days += common
    if not days or days < (end - start).days * HALF:
        return None
    return usage / days, days


def spike_percent(values):
    """By how many per cent the highest stands above the third highest (Oracle Utilities MDM,
    interval spike check); None with fewer than three values or a third highest of 0."""
    highest = sorted(values, reverse=True)
    if len(highest) < 3 or not highest[2]:
        return None
    return (highest[0] - highest[2]) / highest[2] * 100


def sum_percent(total, parts):
    """By how many per cent of the total the sum of the parts is off; None for a total of 0 that
    the parts keep."""
    if not total:
        return Decimal(100) if parts else None
    return abs(total - parts) / abs(total) * 100


# -- checks: figures for the message, or None when the reading passes -----------------------------


def check_unknown_meter(facts, rule):
    return None if facts.known else {}


def check_future(facts, rule):
    looked = facts.looked_on or facts.day
    return {"day": looked} if looked > facts.today else None


def check_outside_window(facts, rule):
    looked = facts.looked_on or facts.day
    if not facts.window or facts.window[0] <= looked <= facts.window[1]:
        return None
    return {"day": looked, "first": facts.window[0], "last": facts.window[1]}


def check_duplicate(facts, rule):
    if facts.same_day is None or facts.same_day == facts.value:
        return None
    return {"other": facts.same_day}


def check_backward(facts, rule):
    if facts.dial == "backward":
        return {
            "previous": facts.previous[1],
            "previous_day": facts.previous[0],
            "wrapped": facts.wrapped,
        }
    if facts.following:
        return {"following": facts.following[1], "following_day": facts.following[0]}
    return None


def check_rollover(facts, rule):
    if facts.dial != "rollover":
        return None
    return {"previous": facts.previous[1], "usage": facts.interval.usage}


def check_digits(facts, rule):
    highest = dial.capacity(facts.digits) - Decimal(1).scaleb(-facts.decimals)
    if not 0 <= facts.value <= highest:
        return {"highest": highest}
    return None


def check_above_limit(facts, rule):
    monthly = facts.monthly
    if not rule.limit or monthly is None or monthly <= rule.limit:
        return None
    return {"monthly": monthly, "limit": rule.limit}


def check_above_average(facts, rule):
    average = daily_average(facts.history, rule.periods)
    return _against_usual(facts, rule, average)


def check_year_ago(facts, rule):
    if not facts.interval:
        return None
    known = same_period_last_year(facts.history, facts.interval.start, facts.interval.end)
    return _against_usual(facts, rule, known and known[0])


def _against_usual(facts, rule, usual):
    """Daily use against the usual daily use: intervals of any length compare."""
    interval = facts.interval
    if not usual or usual < 0 or not interval or not interval.days:
        return None
    times = interval.daily / usual
    high = rule.high_factor and times > rule.high_factor and not _small(facts, rule, interval.daily)
    low = rule.low_factor and times < rule.low_factor and not _small(facts, rule, usual)
    if not high and not low:
        return None
    return {"times": times, "usual": usual * interval.days, "low": bool(low)}


def _small(facts, rule, daily):
    """Whether a daily use is at most the rule's floor, in the service's unit a month."""
    return (
        bool(rule.floor) and facts.scale is not None and (daily * MONTH * facts.scale <= rule.floor)
    )


def check_above_norm(facts, rule):
    monthly = facts.monthly
    if monthly is None or not facts.norm or monthly <= rule.floor:
        return None
    times = monthly / facts.norm
    if times <= (rule.high_factor or 1):
        return None
    return {"times": times, "monthly": monthly, "norm": facts.norm}


def check_zero(facts, rule):
    interval = facts.interval
    if not interval or not interval.days or interval.usage:
        return None
    usual = daily_average(facts.history, rule.periods)
    if rule.floor and (not usual or _small(facts, rule, usual)):
        return None
    return {}


def check_stuck(facts, rule):
    if not facts.interval or not rule.periods:
        return None
    last = [*facts.history, facts.interval][-rule.periods :]
    if len(last) < rule.periods or any(interval.usage for interval in last):
        return None
    return {"times": rule.periods, "since": last[0].start}


def check_gap(facts, rule):
    if not facts.interval or not rule.limit or facts.interval.days <= rule.limit:
        return None
    return {"limit": rule.limit}


def check_vacant(facts, rule):
    if not facts.vacant or not facts.interval or facts.interval.usage <= 0:
        return None
    return None if _small(facts, rule, facts.interval.daily) else {}


def check_spike(facts, rule):
    if not facts.interval:
        return None
    last = [interval.daily for interval in (*facts.history, facts.interval)][-rule.periods :]
    percent = spike_percent(last)
    if percent is None or percent <= rule.tolerance or facts.interval.daily < max(last):
        return None
    return {"percent": percent, "periods": len(last)}


def check_sum(facts, rule):
    if not facts.sums:
        return None
    total, parts = facts.sums
    percent = sum_percent(total, parts)
    if percent is None or percent <= rule.tolerance:
        return None
    return {"total": total, "parts": parts, "percent": percent}


CHECKS = {
    name.removeprefix("check_"): function
    for name, function in list(globals().items())
    if name.startswith("check_")
}
