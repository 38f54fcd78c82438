"""The readings that charges rest on, from their traces."""

from collections import namedtuple
from datetime import date
from decimal import Decimal

Readings = namedtuple(
    "Readings",
    "service_id meter_id installation_id register_id zone start_day start end_day end quantity "
    "method reason",
)
METERED = ("measured", "estimated")


def readings_of(traces):
    """
    :param traces: [(service id, trace of a charge)]
    :return: [`Readings`], by service and day, each once though several charges rest on it; `start`
        and `end` are what the dial showed, None where a quantity was estimated
    """
    found = {}
    for service_id, trace in traces:
        for part in trace.get("parts") or ():
            for row in part.get("rows") or ():
                for piece in row.get("pieces") or ():
                    reading = _reading(service_id, piece)
                    if reading:
                        found.setdefault(reading[:9], reading)
    return sorted(found.values(), key=lambda row: (row.service_id, row.start_day, row.zone))


def _reading(service_id, piece):
    if "reading_to" not in piece and piece.get("method") not in METERED:
        return None
    if not (piece.get("meter") or piece.get("installation")) or "settles" in piece:
        return None
    begin, end = piece.get("reading_from"), piece.get("reading_to")
    quantity = Decimal(piece["quantity"]) * piece.get("sign", 1)
    return Readings(
        service_id,
        piece.get("meter") or 0,
        piece.get("installation") or 0,
        piece.get("register") or 0,
        piece.get("band", "").partition(":")[2],
        date.fromisoformat(begin["day"] if begin else piece["from"]),
        Decimal(begin["value"]) if begin else None,
        date.fromisoformat(end["day"] if end else piece["to"]),
        Decimal(end["value"]) if end else None,
        quantity,
        piece.get("method", ""),
        piece.get("reason") or "",
    )
