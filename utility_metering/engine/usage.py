"""The quantity of a service point in a period, from all that is known about it."""

from dataclasses import dataclass
from decimal import Decimal

from . import VERSION
from .estimate import Estimator
from .measure import (
    Piece,
    active_days,
    counting_registers,
    measured_by,
    rounded,
    unfit_spans,
)
from .spans import intersect, subtract

REASONS = ("no_rule", "unfit", "missing", "unmetered")


@dataclass(frozen=True)
class PointUsage:
    """The result for a point and a period.

    :param quantity: in the service's unit, 6 places; what was taken from the network
    :param estimated: the part of it that was not measured
    :param method: measured, estimated, norm, agreed or derived
    :param reason: why it was not measured, empty when it was
    :param bands: quantities by direction and zone; `units` are those of heat-cost allocators,
        which say how a building's heat is shared and are no quantity themselves
    """

    point_id: int
    period: tuple
    quantity: Decimal
    estimated: Decimal
    method: str
    reason: str
    bands: dict
    pieces: tuple

    @property
    def trace(self):
        """How it was found, as JSON can hold it: enough to calculate it again by hand."""
        return {
            "engine": VERSION,
            "from": self.period[0].isoformat(),
            "to": self.period[1].isoformat(),
            "quantity": str(self.quantity),
            "pieces": [_explained(piece) for piece in self.pieces],
        }


def calculate(facts, period, sources=None):
    """The usage of a point in a period.

    :param facts: `PointFacts`
    :param period: (first day, last day), both included, of any length
    :param sources: {point id: PointUsage} of the points that the facts' terms name
    :return: `PointUsage`; None when nothing is known about the point and no rule speaks of it
    :raise FactsError: the facts contradict each other
    """
    pieces = _measured_pieces(facts, period)
    unmetered = _unmetered_pieces(facts, period) if not facts.terms else []
    derived = _derived_pieces(facts, period, sources or {})
    pieces = [*derived, *pieces, *unmetered]
    return _sum_up(facts, period, pieces) if pieces else None


def _measured_pieces(facts, period):
    measured = measured_by(facts)
    history = measured if facts.cut_method != "reading" else measured_by(facts, "days")
    estimator = Estimator(facts, history, period)
    pieces = []
    for installation in facts.installations:
        if installation.counting == "check":
            continue
        for register in counting_registers(installation):
            counted = _RegisterPeriod(facts, measured, estimator, installation, register)
            pieces += counted.pieces(period)
    return pieces


class _RegisterPeriod:
    """One register in one period: what it measured and what stands in for the rest."""

    def __init__(self, facts, measured, estimator, installation, register):
        self.facts = facts
        self.measured = measured
        self.estimator = estimator
        self.counter = (installation, register)
        self.installation = installation
        self.key = f"{installation.id}:{register.band}"

    def pieces(self, period):
        pieces = self.measured.pieces(*self.counter, period)
        active = active_days(self.installation)
        days = active and intersect(active, period)
        pieces += self._settled(pieces, period)
        if not days:
            return pieces
        unfit = [both for hole in unfit_spans(self.installation) if (both := intersect(hole, days))]
        known = self.measured.covered(*self.counter, days)
        gaps = subtract(days, [*known, *unfit])
        if gaps:
            pieces += self._missing(gaps, period)
        if unfit:
            since = min(hole.start for hole in self.installation.unfit if hole.end >= days[0])
            pieces += self._filled("unfit", unfit, since)
        return pieces

    def _missing(self, gaps, period):
        if self.facts.cut_method == "reading" and self.measured.was_read_later(
            *self.counter, period
        ):
            return self._as_issued(period)
        since = self.measured.last_known_day(*self.counter, gaps[0][0])
        return self._filled("missing", gaps, since)

    def _filled(self, situation, gaps, since):
        filled = self.estimator.fill(situation, gaps, *self.counter, since=since)
        if filled is None:
            return [self._piece((gaps[0][0], gaps[-1][1]), Decimal(0), "no_rule", {})]
        return filled

    def _settled(self, pieces, period):
        """Cut by readings, what was given out as estimated for earlier periods comes off."""
        if self.facts.cut_method != "reading":
            return []
        series = self.measured.by_register[self.installation.id, self.counter[1].id]
        segments = [segment for segment in series.ending_in(period) if segment.begin]
        return [
            self._piece(period, -issued.quantities[self.key], "", {"settles": issued.usage_id})
            for issued in self.facts.issued
            if self.key in issued.quantities
            and issued.end < period[0]
            and any(intersect((issued.start, issued.end), segment.span) for segment in segments)
        ]

    def _as_issued(self, period):
        """The reading that came later settles in its own period: this one stays as it was."""
        for issued in self.facts.issued:
            if (issued.start, issued.end) == period and self.key in issued.quantities:
                quantity = issued.quantities[self.key]
                return [self._piece(period, quantity, "missing", {"issued": issued.usage_id})]
        return []

    def _piece(self, span, quantity, reason, basis):
        return Piece(
            span=span,
            quantity=quantity,
            method="estimated" if reason else "measured",
            band=self.counter[1].band,
            sign=-1 if self.installation.counting == "deduct" else 1,
            installation_id=self.installation.id,
            reason=reason,
            basis={"register": self.counter[1].id, **basis},
        )


def _unmetered_pieces(facts, period):
    """Days on which no meter hung; the day of an installation counts as metered."""
    hanging = [
        (installation.start, installation.end)
        for installation in facts.installations
        if installation.counting == "add" and installation.start <= installation.end
    ]
    gaps = subtract(period, hanging)
    if not gaps or not any(rule.situation == "unmetered" for rule in facts.rules):
        return []
    estimator = Estimator(facts, None, period)
    filled = estimator.fill("unmetered", gaps)
    if filled is None:
        return [Piece((gaps[0][0], gaps[-1][1]), Decimal(0), "estimated", reason="no_rule")]
    return filled


def _derived_pieces(facts, period, sources):
    pieces = []
    for term in facts.terms:
        source = sources.get(term.point_id)
        if source:
            basis = {
                "term": term.id,
                "point": term.point_id,
                "usage": str(source.quantity),
                "factor": str(term.factor),
                "estimated": str(rounded(source.estimated * term.factor)),
            }
            quantity = rounded(source.quantity * term.factor)
            pieces.append(Piece(period, quantity, "derived", reason=source.reason, basis=basis))
    return pieces


def _sum_up(facts, period, pieces):
    taken = [piece for piece in pieces if piece.band.startswith("import")]
    bands = {}
    for piece in pieces:
        bands[piece.band] = bands.get(piece.band, Decimal(0)) + piece.sign * piece.quantity
    reasons = {piece.reason for piece in pieces}
    return PointUsage(
        point_id=facts.point_id,
        period=period,
        quantity=_signed(taken),
        estimated=sum(map(_estimated_part, taken), Decimal(0)),
        method=_method(taken),
        reason=next((reason for reason in REASONS if reason in reasons), ""),
        bands=bands,
        pieces=tuple(pieces),
    )


def _signed(pieces):
    return sum((piece.sign * piece.quantity for piece in pieces), Decimal(0))


def _estimated_part(piece):
    if piece.method == "derived":
        return Decimal(piece.basis["estimated"])
    return piece.sign * piece.quantity if piece.method != "measured" else Decimal(0)


def _method(pieces):
    """One word for all: whatever was not measured shows; different ways make it estimated."""
    methods = {piece.method for piece in pieces}
    if "derived" in methods:
        return "derived"
    return methods.pop() if len(methods) == 1 else "estimated" if methods else "measured"


def _explained(piece):
    return {
        "from": piece.span[0].isoformat(),
        "to": piece.span[1].isoformat(),
        "quantity": str(piece.quantity),
        "method": piece.method,
        "band": piece.band,
        "sign": piece.sign,
        **({"installation": piece.installation_id} if piece.installation_id else {}),
        **({"reason": piece.reason} if piece.reason else {}),
        **piece.basis,
    }
