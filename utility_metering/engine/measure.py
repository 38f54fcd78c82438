"""What registers measured, and on which days: readings into segments, segments into days.

A segment's quantity is cut at any day by what would have been on the register that day, rounded to
6 places: pieces of a segment add up to it exactly, however it is cut.
"""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from .dial import difference
from .facts import FactsError, Installation, Mark, Register
from .spans import day_after, day_before, intersect, length, merge, subtract

PLACES = Decimal("0.000001")
# share of a year's heating, in thousandths, by month: HeizkostenV practice (VDI 2067), see rules
TYPICAL_HEATING = (170, 150, 130, 80, 40, 14, 13, 13, 30, 80, 120, 160)
MONTH_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def rounded(quantity):
    """To 6 places, half up."""
    return quantity.quantize(PLACES, ROUND_HALF_UP)


@dataclass(frozen=True)
class Cutting:
    """How a measured quantity is divided among the days on which it was measured.

    :param method: days, degree_days or reading
    """

    method: str = "days"
    degree_days: dict = field(default_factory=dict)

    def cumulated(self, segment, day):
        """What had been used by the end of `day`, in units of the register times multiplier and
        factor, 6 places."""
        if day >= segment.last:
            return segment.quantity
        if day < segment.first or self.method == "reading":
            return Decimal(0)
        whole = self._weight(segment.first, segment.last)
        part = self._weight(segment.first, day)
        if not whole:
            whole, part = Decimal(length(segment.span)), Decimal((day - segment.first).days + 1)
        return rounded(segment.quantity * part / whole)

    def _weight(self, first, last):
        if self.method != "degree_days":
            return Decimal((last - first).days + 1)
        days = (first + timedelta(days=n) for n in range((last - first).days + 1))
        return sum((self._degrees(day) for day in days), Decimal(0))

    def _degrees(self, day):
        known = self.degree_days.get(day)
        if known is not None:
            return known
        return Decimal(TYPICAL_HEATING[day.month - 1]) / MONTH_DAYS[day.month - 1]


class Segment(NamedTuple):
    """What a register counted between two readings.

    :param begin: the mark before; None for a register of amounts
    :param first: first day that it measured; readings of one day leave a segment of that day
    :param quantity: register units times multiplier and factor, before any conversion
    :param error: why there is no quantity; raised by whoever needs it
    """

    installation: Installation
    register: Register
    begin: Mark | None
    end: Mark
    first: date
    quantity: Decimal
    error: FactsError | None = None

    @property
    def last(self):
        return self.end.day

    @property
    def span(self):
        return self.first, self.end.day

    @property
    def actual(self):
        return self.end.actual and (self.begin is None or self.begin.actual)


@dataclass(frozen=True)
class Piece:
    """A quantity of some days, in the service's unit, with how it came about.

    :param method: measured, estimated, norm, agreed or derived
    :param sign: 1 counts, -1 is deducted
    :param basis: what it was made of: ids and values as text, for the trace
    """

    span: tuple
    quantity: Decimal
    method: str
    band: str = "import"
    sign: int = 1
    installation_id: int = 0
    reason: str = ""
    basis: dict = field(default_factory=dict)


class Series:
    """The segments of one register at one installation, in order, each worked out when it is asked
    for.

    An estimated value counts only until somebody looked, unless use is cut by readings only: then
    what was estimated stays in its period and the next reading brings the rest.
    """

    def __init__(self, installation, register, cut_method):
        self.installation = installation
        self.register = register
        start, end = installation.start, installation.end
        marks = [mark for mark in register.marks if start <= mark.day <= end]
        if register.amounts:
            self.pairs = [(None, mark) for mark in marks]
        else:
            if cut_method != "reading":
                marks = _until_looked(marks)
            pairs = zip(marks, marks[1:], strict=False)
            self.pairs = [(begin, mark) for begin, mark in pairs if not mark.opens]
        self.lasts = [mark.day for _begin, mark in self.pairs]
        self._segments = {}

    def on(self, span):
        """The segments that share a day with a span."""
        found = []
        for index in range(bisect_left(self.lasts, span[0]), len(self.pairs)):
            if _first_day(*self.pairs[index]) > span[1]:
                break
            found.append(self._segment(index))
        return found

    def ending_in(self, span):
        """The segments whose last reading was taken on a day of the span."""
        indexes = range(bisect_left(self.lasts, span[0]), bisect_right(self.lasts, span[1]))
        return [self._segment(index) for index in indexes]

    def last_actual_day(self, before):
        """The last day before a day on which a segment between real readings ends, or None."""
        for begin, end in reversed(self.pairs[: bisect_left(self.lasts, before)]):
            if end.actual and (begin is None or begin.actual):
                return end.day
        return None

    def _segment(self, index):
        segment = self._segments.get(index)
        if segment is None:
            segment = self._segments[index] = self._worked_out(*self.pairs[index])
        return segment

    def _worked_out(self, begin, end):
        counted, error = end.value, None
        if begin:
            try:
                counted = difference(
                    begin.value,
                    end.value,
                    self.register.digits,
                    rollover=end.rollover,
                    rollback=end.rollback or not (begin.actual and end.actual),
                )
            except FactsError as found:
                counted, error = Decimal(0), found
                error.figures.update(
                    register=self.register.id,
                    day=end.day,
                    reading=end.reading_id,
                    before=begin.reading_id,
                )
        quantity = rounded(counted * self.register.multiplier * self.installation.factor)
        first = _first_day(begin, end)
        return Segment(self.installation, self.register, begin, end, first, quantity, error)


def _first_day(begin, end):
    if begin is None or begin.day >= end.day:
        return end.day
    return day_after(begin.day)


def _until_looked(marks):
    last_actual = max((mark.day for mark in marks if mark.actual), default=None)
    return [m for m in marks if m.actual or last_actual is None or m.day > last_actual]


class Measured:
    """All that the meters of a point measured, ready to be asked about any days."""

    def __init__(self, facts, cut_method=None):
        self.facts = facts
        self.cutting = Cutting(cut_method or facts.cut_method, facts.degree_days)
        self.by_register = {
            (installation.id, register.id): Series(installation, register, self.cutting.method)
            for installation in facts.installations
            for register in counting_registers(installation)
        }

    def pieces(self, installation, register, span):
        """What the register measured on the days of `span` on which its meter was fit.

        :raise FactsError: the readings contradict each other, or a conversion is missing
        """
        found = []
        for segment in self.by_register[installation.id, register.id].on(span):
            if segment.error:
                raise segment.error
            found += self._cut(segment, intersect(segment.span, span))
        return found

    def _cut(self, segment, shared):
        holes = unfit_spans(segment.installation)
        if self.cutting.method == "reading" and holes:
            return self._whole_without(segment, shared, holes)
        return [
            piece for part in subtract(shared, holes) for piece in self._converted(segment, part)
        ]

    def _whole_without(self, segment, shared, holes):
        """Cut by readings, the share of the unfit days is left out by days."""
        fit = sum(map(length, subtract(segment.span, holes)))
        if shared[1] < segment.last or not fit:
            return []
        quantity = rounded(segment.quantity * fit / length(segment.span))
        return self._converted(segment._replace(quantity=quantity), shared)

    def _converted(self, segment, part):
        if not segment.register.converts:
            return [_piece(segment, part, self._between(segment, part))]
        found, left = [], [part]
        for factor in self.facts.conversions:
            days = intersect(part, (factor.start, factor.end))
            if days:
                raw = self._between(segment, days)
                basis = {"counted": str(raw), "factor": str(factor.factor), **factor.basis}
                quantity = rounded(raw * factor.factor)
                found.append(_piece(segment, days, quantity, conversion=basis))
                left = [rest for one in left for rest in subtract(one, [days])]
        if left and any(self._between(segment, rest) for rest in left):
            raise FactsError("no_conversion", day=left[0][0], register=segment.register.id)
        return found

    def _between(self, segment, days):
        until = self.cutting.cumulated(segment, days[1])
        return until - self.cutting.cumulated(segment, day_before(days[0]))

    # -- which days are known ---------------------------------------------------------------

    def covered(self, installation, register, span):
        """Days of `span` for which the register has a measured quantity, as spans.

        Cut by readings only, a period in which it was read is covered as a whole; so is, for
        containers, a period in which a lift was recorded.
        """
        counted = self.by_register[installation.id, register.id].on(span)
        if register.amounts:
            return [span] if counted else []
        if self.cutting.method == "reading":
            return [span] if any(segment.last <= span[1] for segment in counted) else []
        return merge(intersect(segment.span, span) for segment in counted)

    def was_read_later(self, installation, register, span):
        """Whether the reading that brings what was used in a span came after it."""
        return any(
            segment.last > span[1]
            for segment in self.by_register[installation.id, register.id].on(span)
        )

    def last_known_day(self, installation, register, before):
        """The last day before a day on which somebody read the register, or its first one."""
        series = self.by_register[installation.id, register.id]
        return series.last_actual_day(before) or installation.start

    def total(self, installation, register, span):
        """(quantity, days) that were really measured on the days of a span."""
        active = active_days(installation)
        shared = active and intersect(span, active)
        if not shared:
            return Decimal(0), 0
        quantity, days = Decimal(0), 0
        for segment in self.by_register[installation.id, register.id].on(shared):
            if segment.actual and not segment.error:
                part = intersect(segment.span, shared)
                fit = subtract(part, unfit_spans(installation))
                days += sum(map(length, fit))
                quantity += sum((p.quantity for p in self._cut(segment, part)), Decimal(0))
        return quantity, days


def measured_by(facts, cut_method=None):
    """`Measured` of a point's facts; the same one for all its periods."""
    method = cut_method or facts.cut_method
    if method not in facts.worked_out:
        facts.worked_out[method] = Measured(facts, method)
    return facts.worked_out[method]


def counting_registers(installation):
    """The registers that usage is made of."""
    return [r for r in installation.registers if r.purpose in ("import", "export")]


def unfit_spans(installation):
    return [(unfit.start, unfit.end) for unfit in installation.unfit]


def active_days(installation):
    """The days that an installation measures, those after it began; None when there are none."""
    first = day_after(installation.start)
    return (first, installation.end) if first <= installation.end else None


def _piece(segment, days, quantity, **extra):
    return Piece(
        span=days,
        quantity=quantity,
        method="measured" if segment.actual else "estimated",
        band=segment.register.band,
        sign=-1 if segment.installation.counting == "deduct" else 1,
        installation_id=segment.installation.id,
        reason="" if segment.actual else "missing",
        basis={**_readings(segment), **extra},
    )


def _readings(segment):
    """The two readings behind a segment, for the trace."""
    register, begin, end = segment.register, segment.begin, segment.end
    basis = {
        "register": register.id,
        "meter": segment.installation.meter_id,
        "multiplier": str(register.multiplier),
        "installation_factor": str(segment.installation.factor),
        "reading_to": _mark(end),
        "between_readings": {
            "from": segment.first.isoformat(),
            "to": segment.last.isoformat(),
            "quantity": str(segment.quantity),
        },
    }
    if begin:
        basis["reading_from"] = _mark(begin)
    if end.rollover:
        basis["rollover"] = 10**register.digits
    return basis


def _mark(mark):
    return {"id": mark.reading_id, "day": mark.day.isoformat(), "value": str(mark.value)}
