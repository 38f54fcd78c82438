"""Charges that no rate makes: what was typed, and one-off services."""

from decimal import Decimal

from . import VERSION
from .facts import CENT, Charge
from .terms import BASE_PLACES, Linear, Sum, rounded

ZERO = Decimal(0)


def typed(amount, words="", minus=False):
    """The term of an amount that somebody settled."""
    return Sum(amount, words, minus=minus)


def counted(quantity, price, minus=False):
    """The term of a quantity at a price of its own."""
    return Linear(quantity, price, minus=minus)


def single(kind, code, name, terms, **charge):
    """A charge of one day.

    :param terms: what it is summed up from, see `typed` and `counted`
    :param charge: further values of `Charge`: agreement_id, payer_id, taxes, tax_included, day,
        quantity, price, unit (of rounding), basis (what it rests on, for the trace), uom, ...
    """
    day, unit = charge.pop("day"), charge.pop("unit", CENT)
    basis, uom, extra = charge.pop("basis", {}), charge.pop("uom", ""), charge.pop("extra", {})
    last = charge.pop("last_day", day)
    total = sum((term.amount for term in terms), ZERO)
    amount = rounded(total, unit)
    trace = {
        "engine": VERSION,
        "kind": kind,
        "component": {"id": 0, "code": code, "kind": kind, "name": name, "per": ""},
        "uom": uom,
        **extra,
        "parts": [
            {
                "from": day.isoformat(),
                "to": last.isoformat(),
                "terms": [term.as_json() for term in terms],
                **basis,
            }
        ],
        "sum": str(total.quantize(BASE_PLACES)),
        "rounding": ["half_up", str(unit)],
        "amount": str(amount),
    }
    return Charge(
        kind=kind,
        code=code,
        component_id=0,
        date_start=day,
        date_end=last,
        amount=amount,
        trace=trace,
        **charge,
    )
