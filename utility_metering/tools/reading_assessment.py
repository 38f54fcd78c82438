"""Readings judged by the rules of validation: many at once, in the order of their days.

What is found good joins the register's series, so that later readings of the same batch are
compared with it.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from types import SimpleNamespace

from odoo import fields

from ..engine import dial, vee
from .decimals import to_decimal
from .reading_facts import ReadingFacts, Series, belongs

ACTS = ("initial", "final", "check")


@dataclass(eq=False)
class Item:
    """A reading that is judged, on record or not yet.

    :param double_of: id of the reading, or the item, that says the same already
    """

    register_id: int
    date: date
    value: Decimal
    source: str = "clerk"
    reading_type: str = "actual"
    taken_on: date | None = None
    id: int | None = None
    installation_id: int | None = None
    rollover: bool = False
    rollback: bool = False
    installation: SimpleNamespace | None = None
    double_of: object = None
    facts: vee.Facts | None = None
    findings: list = field(default_factory=list)
    previous: SimpleNamespace | None = None
    unit: Decimal = Decimal(1)
    same_id: object = None
    state: str = "accepted"

    @property
    def record_id(self):
        """Id of the reading that says it: this one, or the one that said it before."""
        if isinstance(self.double_of, Item):
            return self.double_of.record_id
        return self.double_of or self.id

    @property
    def usage(self):
        """As the register counted, times multiplier and factor; less than 0 where it shows less
        than before."""
        if not self.facts:
            return None
        if self.facts.interval:
            return self.facts.interval.usage
        return (self.value - self.previous.value) * self.unit if self.previous else None

    @property
    def verdict(self):
        return vee.verdict(self.findings)


class Assessment:
    """:param items: `Item`s in the order in which they came
    :param trusted: they are in force whatever the rules say
    """

    def __init__(self, env, items, trusted=False):
        self.env = env(su=True)
        self.items = items
        self.trusted = trusted
        self.today = fields.Date.context_today(env["utility.reading"])
        self.windows, self.rules, self.scales = {}, {}, {}
        self.known = ReadingFacts(env, [item.register_id for item in items])
        self._place()
        self._load()
        for item in sorted(items, key=lambda item: (item.register_id, Series.key(item))):
            self._judge(item)

    # -- before anything is compared ------------------------------------------------------------

    def _place(self):
        """Where each reading belongs, and the day it counts for."""
        for item in self.items:
            item.register = self.known.registers[item.register_id]
            item.installation = self._installation(item)
        points = {item.installation.point_id for item in self.items if item.installation}
        premises = {item.installation.premise_id for item in self.items if item.installation}
        days = [item.date for item in self.items] or [self.today]
        self.known.load_people(points, premises, min(days), max(days))
        for item in self.items:
            self._take_window(item)

    def _installation(self, item):
        if item.installation_id:
            for row in self.known.installations[item.register.meter_id]:
                if row.id == item.installation_id:
                    return row
        return self.known.installation_on(item.register, item.date, item.reading_type)

    def _take_window(self, item):
        """A reading of the window counts for the period's last day, where the service says so."""
        item.window = None
        if not item.installation or item.reading_type in ACTS:
            return
        window = self._window(item)
        if not window:
            return
        item.window = window[:2]
        last_day = window.period[1]
        inside = window.first <= item.date <= window.last
        if item.id or item.taken_on or not window.counts_as_end or not inside:
            return
        if last_day != item.date and last_day <= item.installation.date_end:
            item.taken_on, item.date = item.date, last_day

    def _window(self, item):
        looked = item.taken_on or item.date
        cycle = self.known.cycle_on(item.installation.point_id, looked)
        key = (item.installation.service_id, cycle.id, looked)
        if key not in self.windows:
            service = self.env["utility.service"].browse(
                {item.installation.service_id for item in self.items if item.installation}
            )
            service = service.browse(item.installation.service_id).with_prefetch(service.ids)
            self.windows[key] = service._reading_window_on(cycle, looked)
        return self.windows[key]

    def _load(self):
        spans = {}
        for item in self.items:
            registers = self.known.of_meter[item.register.meter_id]
            if not any(register.purpose == "total" for register in registers):
                registers = [item.register]
            for register in registers:
                first, last = spans.get(register.id, (item.date, item.date))
                spans[register.id] = min(first, item.date), max(last, item.date)
        self.known.load_series(spans, [item.id for item in self.items if item.id])
        points = self.env["utility.service.point"].browse(
            {item.installation.point_id for item in self.items if item.installation}
        )
        months = {item.date.replace(day=1) for item in self.items}
        self.norms = {day: points._norms_a_month(day) if points else {} for day in months}
        self.groups = self.env["utility.vee.group"]._rules_by_group()

    # -- one reading ----------------------------------------------------------------------------

    def _judge(self, item):
        series = self.known.series[item.register_id]
        same = series.same_day(item)
        undecided = self.known.undecided.get((item.register_id, *Series.key(item)), ())
        for other in (same, *undecided):
            if other and other.value == item.value and not self.trusted:
                item.double_of = getattr(other, "item", None) or other.id
                return
        item.same_id = (same.id or getattr(same, "item", None)) if same else None
        item.facts = self._facts(item, series, same)
        item.findings = vee.assess(item.facts, self._rules(item))
        item.rollover = item.facts.dial == "rollover"
        item.state = "held" if item.verdict == "hold" else "accepted"
        if same and self.trusted:
            series.remove(same)
        if item.state == "accepted" or self.trusted:
            series.insert(self._mark(item))

    @staticmethod
    def _mark(item):
        return SimpleNamespace(
            id=item.id,
            item=item,
            register_id=item.register_id,
            date=item.date,
            value=item.value,
            reading_type=item.reading_type,
            rollover=item.rollover,
            rollback=item.rollback,
            installation_id=item.installation.id if item.installation else None,
        )

    def _facts(self, item, series, same):
        register, installation = item.register, item.installation
        common = {
            "day": item.date,
            "today": self.today,
            "value": item.value,
            "digits": register.digits,
            "decimals": register.decimals,
            "looked_on": item.taken_on,
            "known": bool(installation),
            "same_day": same.value if same else None,
            "window": item.window,
        }
        if not installation:
            return vee.Facts(**common)
        common |= {
            "scale": self._scale(register, installation),
            "norm": self._norm(item),
            "vacant": self.known.is_vacant(installation, item.date),
        }
        if register.purpose == "info":
            return vee.Facts(**common)
        if register.counting == "amount":
            return vee.Facts(**common, **self._amount(item))
        return vee.Facts(**common, **self._counted(item, series))

    @staticmethod
    def _amount(item):
        """Every value is a quantity of its own, with nothing before it to compare."""
        unit = item.register.multiplier * item.installation.factor
        return {"interval": vee.Interval(item.date, item.date, item.value * unit)}

    def _counted(self, item, series):
        """What the register counted since the reading before."""
        unit = item.unit = item.register.multiplier * item.installation.factor
        marks = series.before(item, item.installation) if item.reading_type != "initial" else []
        item.previous = previous = marks[-1] if marks else None
        after = series.after(item, item.installation)
        following = self._overtaken(item, after)
        if not previous:
            return {"following": following}
        history = self._intervals(marks, item.register, unit)
        days = (item.date - previous.date).days
        verdict, wrapped = self._turn(item, previous, history, days, unit)
        counted = wrapped if verdict == "rollover" else item.value - previous.value
        interval = vee.Interval(previous.date, item.date, counted * unit)
        backward = verdict == "backward"
        return {
            "dial": verdict,
            "wrapped": wrapped * unit,
            "previous": (previous.date, previous.value),
            "following": following,
            "interval": None if backward else interval,
            "history": tuple(history),
            "sums": None if backward else self._sums(item, interval),
        }

    def _turn(self, item, previous, history, days, unit):
        digits = item.register.digits
        wrapped = dial.wrapped(previous.value, item.value, digits)
        if item.value >= previous.value or item.rollback:
            return "forward", wrapped
        if item.rollover:
            return "rollover", wrapped
        if previous.reading_type == "estimated":
            return "forward", wrapped
        bound = vee.rollover_bound(self._rules(item), history, days, unit)
        return dial.judge(previous.value, item.value, digits, bound), wrapped

    @staticmethod
    def _overtaken(item, after):
        """The next reading, where this one cannot stand before it."""
        shows_less = after and after.value < item.value
        if not shows_less or after.rollover or after.rollback:
            return None
        return None if item.reading_type == "estimated" else (after.date, after.value)

    @staticmethod
    def _intervals(marks, register, unit):
        intervals = []
        for begin, end in zip(marks, marks[1:], strict=False):
            counted = end.value - begin.value
            if end.rollover and counted < 0:
                counted = dial.wrapped(begin.value, end.value, register.digits)
            if end.date > begin.date:
                intervals.append(vee.Interval(begin.date, end.date, counted * unit))
        return intervals

    def _sums(self, item, interval):
        """Usage of the total register and of the others, where all were read on both days."""
        registers = self.known.of_meter[item.register.meter_id]
        total = [register for register in registers if register.purpose == "total"]
        parts = [register for register in registers if register.purpose == "import"]
        if not total or not parts:
            return None
        usages = {item.register_id: interval.usage}
        for register in (*total, *parts):
            if register.id not in usages:
                usages[register.id] = self._usage_between(register, item, interval)
        if None in usages.values():
            return None
        return (
            sum(usages[register.id] for register in total),
            sum(usages[register.id] for register in parts),
        )

    def _usage_between(self, register, item, interval):
        marks = {
            mark.date: mark
            for mark in self.known.series[register.id].marks
            if belongs(mark, item.installation)
        }
        begin, end = marks.get(interval.start), marks.get(interval.end)
        if not begin or not end:
            return None
        unit = register.multiplier * item.installation.factor
        pair = self._intervals([begin, end], register, unit)
        return pair[0].usage if pair else None

    # -- what holds for many --------------------------------------------------------------------

    def _scale(self, register, installation):
        """What a unit of the register is in the service's unit; None where they do not compare."""
        key = (register.uom_id, installation.uom_id)
        if key not in self.scales:
            uoms = self.env["uom.uom"]
            unit, wanted = uoms.browse(key[0]), uoms.browse(key[1])
            related = unit == wanted or unit._has_common_reference(wanted)
            self.scales[key] = (
                to_decimal(unit.factor, 12) / to_decimal(wanted.factor, 12) if related else None
            )
        return self.scales[key]

    def _norm(self, item):
        norm = self.norms[item.date.replace(day=1)].get(item.installation.point_id)
        return Decimal(str(norm)) if norm else None

    def _rules(self, item):
        installation = item.installation
        key = (
            item.register.company_id,
            installation.service_id if installation else None,
            installation.service_kind if installation else None,
            installation.point_kind if installation else None,
            item.source,
            item.reading_type in ACTS,
        )
        if key not in self.rules:
            self.rules[key] = self.env["utility.vee.group"]._rules_for(self.groups, *key)
        return self.rules[key]
