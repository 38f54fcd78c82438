"""What was used on the days of a part: rows of usage and shares of a building, cut where needed.

A row is cut at a day by what had been used by its end, rounded to 6 places: the parts of a row add
up to it exactly, however it is cut.
"""

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from ...utility_metering.engine.spans import intersect, length, subtract
from .facts import RatingError

PLACES = Decimal("0.000001")
ZERO = Decimal(0)
# methods of usage by what the order of preference may name
METHODS = {
    "measured": ("measured", "estimated"),
    "norm": ("norm",),
    "agreed": ("agreed",),
    "derived": ("derived",),
}


class Quantities:
    """The quantities of a supply.

    :param facts: `SupplyFacts`
    """

    def __init__(self, facts):
        self.facts = facts
        self._rows = {}
        self._taken = {}

    def rows(self, source):
        """Rows of a component's source; `service` is, day by day, the first of the service's
        preference that has a quantity."""
        if source not in self._rows:
            self._rows[source] = self._find(source)
        return self._rows[source]

    def _find(self, source):
        facts = self.facts
        if source != "service":
            return facts.quantities.get(source, ())
        found, gaps = (), [facts.period]
        for wanted in facts.preference:
            rows = self._rows_of(wanted)
            if found:
                rows = tuple(
                    _clipped(row, both)
                    for row in rows
                    for gap in gaps
                    if (both := intersect((row.start, row.end), gap))
                )
            found += rows
            gaps = subtract(facts.period, [(row.start, row.end) for row in found])
            if not gaps:
                break
        return tuple(sorted(found, key=lambda row: row.start))

    def _rows_of(self, wanted):
        """Rows of a source that the order of preference names."""
        rows = self.facts.quantities.get("usage" if wanted in METHODS else wanted, ())
        if wanted in METHODS:
            rows = tuple(row for row in rows if row.source in METHODS[wanted])
        return tuple(row for row in rows if row.reason != "no_rule")

    def demanded(self, source, span):
        """Rows of a source that must cover all days of a span.

        :raise RatingError: there is no quantity, or not for every day
        """
        rows = self.rows(source)
        if not rows:
            raise RatingError("no_quantity", source=source, start=span[0], end=span[1])
        gaps = subtract(span, [(row.start, row.end) for row in rows])
        if gaps:
            raise RatingError("quantity_gap", start=gaps[0][0], end=gaps[0][1])
        return rows

    def taken(self, source, span):
        """[(row, quantity by band)] of the days of a span; bands are like `import:DAY`."""
        key = (source, span)
        if key not in self._taken:
            self._taken[key] = [
                (row, bands_on(row, both))
                for row in self.rows(source)
                if (both := intersect((row.start, row.end), span))
            ]
        return self._taken[key]

    def total(self, source, span):
        """The quantity taken from the network on the days of a span, all zones."""
        return sum((plain(bands) for _row, bands in self.taken(source, span)), ZERO)

    def normed(self, span):
        """The part of the service's quantity that is by norm, where there is no meter."""
        found = ZERO
        for row, bands in self.taken("service", span):
            if row.source == "norm" and row.reason in ("", "unmetered"):
                found += plain(bands)
            elif row.reason == "unmetered":
                found += sum(
                    (
                        _signed(piece, intersect(_span(piece), span), row)
                        for piece in row.pieces
                        if piece.get("method") == "norm" and piece.get("reason") == "unmetered"
                    ),
                    ZERO,
                )
        return found


def plain(bands):
    """What was taken out, whatever the zone."""
    if len(bands) == 1 and "import" in bands:
        return bands["import"]
    return sum((q for band, q in bands.items() if band.partition(":")[0] == "import"), ZERO)


def zones_of(bands):
    """{zone: quantity taken out}; the zone of what has none is empty."""
    found = {}
    for band, quantity in bands.items():
        direction, _colon, zone = band.partition(":")
        if direction == "import":
            found[zone] = found.get(zone, ZERO) + quantity
    return found


def bands_on(row, span):
    """A row's quantities by band on some of its days."""
    if span == (row.start, row.end):
        return row.bands or {"import": row.quantity}
    if not row.pieces:
        whole = row.bands or {"import": row.quantity}
        return {
            band: cut(quantity, (row.start, row.end), span, row.weights)
            for band, quantity in whole.items()
        }
    found = {}
    for piece in row.pieces:
        both = intersect(_span(piece), span)
        if both:
            band = piece.get("band", "import")
            found[band] = found.get(band, ZERO) + _signed(piece, both, row)
    return found or {"import": ZERO}


def _clipped(row, days):
    """The row's part of some of its days, as a row of its own."""
    pieces = tuple(
        {
            **piece,
            "from": both[0].isoformat(),
            "to": both[1].isoformat(),
            "quantity": str(cut(Decimal(piece["quantity"]), _span(piece), both, row.weights)),
        }
        for piece in row.pieces
        if (both := intersect(_span(piece), days))
    )
    bands = bands_on(row, days)
    return row._replace(
        start=days[0], end=days[1], quantity=plain(bands), pieces=pieces, bands=bands
    )


def _signed(piece, span, row):
    if not span:
        return ZERO
    quantity = Decimal(piece["quantity"]) * piece.get("sign", 1)
    return cut(quantity, _span(piece), span, row.weights)


def _span(piece):
    return date.fromisoformat(piece["from"]), date.fromisoformat(piece["to"])


def equal_part(quantity, index, count):
    """One of so many equal parts; together they are the quantity."""

    def until(number):
        part = quantity * number / count
        return quantity if number == count else part.quantize(PLACES, ROUND_HALF_UP)

    return until(index + 1) - until(index)


def cut(quantity, whole, span, weights=None):
    """The part of a quantity of some days that was used on those of a span.

    :param weights: {day: weight}; evenly without
    """
    return _by_the_end_of(quantity, whole, span[1], weights) - _by_the_end_of(
        quantity, whole, span[0] - timedelta(days=1), weights
    )


def _by_the_end_of(quantity, whole, day, weights):
    if day < whole[0]:
        return ZERO
    if day >= whole[1]:
        return quantity
    part, total = _weight(whole[0], day, weights), _weight(*whole, weights)
    if not total:
        part, total = length((whole[0], day)), length(whole)
    return (quantity * part / total).quantize(PLACES, ROUND_HALF_UP)


def _weight(first, last, weights):
    if not weights:
        return length((first, last))
    days = (first + timedelta(days=n) for n in range(length((first, last))))
    return sum((weights.get(day, ZERO) for day in days), ZERO)
