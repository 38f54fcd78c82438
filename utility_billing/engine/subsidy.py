"""Money from a fund, laid over what an account is charged for a month."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .allocation_rounding import by_largest_remainder
from .facts import CENT
from .single import single
from .terms import Capped, Sum, rounded

ZERO = Decimal(0)


@dataclass(frozen=True)
class Subsidy:
    """What a fund pays for an account in a month; see `utility.subsidy`.

    :param amount: for the month, with what earlier months left over
    :param services: ids in the order in which they are covered; empty: all, as they come
    :param way: order, or pro_rata: by what each service comes to
    :param capped: never more than what is charged
    :param over: what becomes of the rest: carry (to the next month) or return (to the fund)
    :param after: the month's last charge that used some of it already
    """

    id: int
    amount: Decimal
    services: tuple = ()
    way: str = "order"
    capped: bool = True
    over: str = "carry"
    fund_id: int = 0
    name: str = ""
    after: int = 0


@dataclass(frozen=True)
class Due:
    """What an account is charged for a service and a month.

    :param amount: to pay, tax included
    """

    service_id: int
    amount: Decimal
    agreement_id: int = 0
    payer_id: int = 0


@dataclass(frozen=True)
class Laid:
    """A subsidy of a month, used up.

    :param shares: [(`Due`, what is paid of it)]
    """

    subsidy: Subsidy
    shares: tuple
    used: Decimal
    carried: Decimal
    returned: Decimal
    charges: tuple = ()


def lay(subsidies, dues, month, unit=CENT):
    """Lay the subsidies of an account over a month, one after the other.

    :param subsidies: `Subsidy`s, in the order in which they are used
    :param dues: `Due`s of the account
    :param month: first and last day
    :param unit: smallest amount of the currency
    :return: list of `Laid`; their charges are of kind `subsidy`, tax included, below zero
    """
    left = [due.amount for due in dues]
    found = []
    for subsidy in subsidies:
        places = _places(subsidy, dues)
        paid = _paid(subsidy, [left[place] for place in places], unit)
        shares = []
        for place, (amount, term) in zip(places, paid, strict=True):
            if amount:
                shares.append((dues[place], amount, term))
                left[place] -= amount
        found.append(_laid(subsidy, shares, month, unit))
    return found


def _places(subsidy, dues):
    """Where the services that it covers stand, in its order."""
    if not subsidy.services:
        return list(range(len(dues)))
    rank = {service: place for place, service in enumerate(subsidy.services)}
    places = [place for place, due in enumerate(dues) if due.service_id in rank]
    return sorted(places, key=lambda place: (rank[dues[place].service_id], place))


def _paid(subsidy, left, unit):
    """[(amount, term)] for each of the amounts that are left to pay."""
    open_amounts = [max(amount, ZERO) for amount in left]
    total = sum(open_amounts, ZERO)
    if not left or subsidy.amount <= 0:
        return [(ZERO, None)] * len(left)
    if subsidy.way == "pro_rata":
        return _pro_rata(subsidy, open_amounts, total, unit)
    return _in_order(subsidy, open_amounts, unit)


def _in_order(subsidy, amounts, unit):
    remaining, found = subsidy.amount, []
    for place, amount in enumerate(amounts):
        # without a cap the last service takes the rest, whatever it comes to
        is_last = place == len(amounts) - 1
        cap = amount if subsidy.capped or not is_last else max(amount, remaining)
        term = Capped(remaining, cap)
        paid = rounded(-term.amount, unit)
        found.append((paid, term))
        remaining -= paid
    return found


def _pro_rata(subsidy, amounts, total, unit):
    given = min(subsidy.amount, total) if subsidy.capped else subsidy.amount
    weights = amounts if total else [Decimal(1)] * len(amounts)
    whole = sum(weights, ZERO)
    exact = {place: given * weight / whole for place, weight in enumerate(weights)}
    shares = by_largest_remainder(exact, given, -unit.as_tuple().exponent)
    return [(share, Sum(share, "share", minus=True)) for share in shares.values()]


def _laid(subsidy, shares, month, unit):
    used = sum((amount for _due, amount, _term in shares), ZERO)
    rest = subsidy.amount - used
    charges = tuple(_charge(subsidy, due, term, month, unit) for due, _amount, term in shares)
    return Laid(
        subsidy,
        tuple((due, amount) for due, amount, _term in shares),
        used,
        carried=rest if subsidy.over == "carry" else ZERO,
        returned=ZERO if subsidy.over == "carry" else rest,
        charges=charges,
    )


def _charge(subsidy, due, term, month: tuple[date, date], unit):
    basis = {"subsidy": subsidy.id, "service": due.service_id, "of": str(due.amount)}
    if subsidy.after:
        basis["after"] = subsidy.after
    charge = single(
        "subsidy",
        "subsidy",
        subsidy.name,
        [term],
        agreement_id=due.agreement_id,
        payer_id=due.payer_id,
        taxes="",
        # it pays what the bill comes to, which is with tax
        tax_included=True,
        day=month[0],
        last_day=month[1],
        quantity=ZERO,
        price=None,
        unit=unit,
        fund_id=subsidy.fund_id,
        source_id=subsidy.id,
        basis=basis,
    )
    fund = {"id": subsidy.fund_id, "amount": str(-charge.amount)}
    charge.trace["fund"] = fund
    return charge
