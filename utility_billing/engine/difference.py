"""A past period rated again: only what is different stays.

Lines are the same when they agree on `Charge.key`: kind, component, payer, taxes, fund and source.
Where the tax changed between, the keys differ: what was is taken back whole, what is comes anew.
"""

from dataclasses import dataclass, replace
from decimal import Decimal

from . import VERSION
from .terms import Sum

ZERO = Decimal(0)


@dataclass(frozen=True)
class Was:
    """What was charged, over all bills, for one line of a period.

    :param ids: of the charges behind it
    :param last: the latest of them, a `Charge`
    :param fund: what the fund paid of them
    """

    ids: tuple
    quantity: Decimal
    amount: Decimal
    last: object
    fund: Decimal = ZERO


def differences(was, charges):
    """Charges that bring what was charged to what is due.

    :param was: {key: `Was`} of one supply and period
    :param charges: the new rating, list of `Charge`
    :return: list of `Charge`, whose trace says what was, what is and why; none where nothing
        changed. Prices are None: an amount of a difference has no price of its own
    """
    now = {}
    for charge in charges:
        now.setdefault(charge.key, []).append(charge)
    found = []
    for key in [*now, *(key for key in was if key not in now)]:
        before, after = was.get(key), now.get(key, [])
        if before is None:
            found += after
            continue
        difference = _difference(before, after)
        if difference:
            found.append(difference)
    return found


def _difference(before, after):
    amount = sum((charge.amount for charge in after), ZERO)
    quantity = sum((charge.quantity for charge in after), ZERO)
    if amount == before.amount and quantity == before.quantity:
        return None
    base = after[-1] if after else before.last
    return replace(
        base,
        quantity=quantity - before.quantity,
        price=None,
        amount=amount - before.amount,
        trace=_trace(before, after, base),
    )


def _trace(before, after, base):
    terms = [Sum(charge.amount, "is") for charge in after]
    terms.append(Sum(before.amount, "was", minus=True))
    total = sum((term.amount for term in terms), ZERO)
    unit = (
        "0.01"
        if -total.as_tuple().exponent <= 2
        else str(Decimal(1).scaleb(total.as_tuple().exponent))
    )
    trace = {
        "engine": VERSION,
        "kind": "difference",
        "component": base.trace["component"],
        "uom": base.trace.get("uom", ""),
        "was": {
            "charges": list(before.ids),
            "quantity": str(before.quantity),
            "amount": str(before.amount),
            "trace": before.last.trace,
        },
        "is": [charge.trace for charge in after],
        "parts": [
            {
                "from": base.date_start.isoformat(),
                "to": base.date_end.isoformat(),
                "terms": [term.as_json() for term in terms],
            }
        ],
        "sum": str(total),
        "rounding": ["half_up", unit],
        "amount": str(total),
    }
    if base.fund_id:
        paid = sum((fund_part(charge.trace) for charge in after), ZERO) - before.fund
        trace["fund"] = {"id": base.fund_id, "amount": str(paid)}
    return trace


def fund_part(trace):
    """What a fund pays instead of the resident, by a charge's trace."""
    return Decimal(trace.get("fund", {}).get("amount", 0))
