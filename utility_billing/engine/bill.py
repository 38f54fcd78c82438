"""Which charges make which bill, and its lines: by payer, by service and tax.

A line's amount is what its charges come to, less what a fund bears of them: the fund's part is no
line of the bill but money from the fund, booked apart.
"""

from collections import defaultdict, namedtuple
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import groupby

ZERO = Decimal(0)
ONE = Decimal(1)

ChargeRow = namedtuple(
    "ChargeRow",
    "id account_id bill_account_id partner_id service_id building_id tax_key tax_included kind "
    "code quantity uom_id price amount fund_id fund_amount is_correction period_start period_end "
    "corrects_id settles_id",
    # on the bill with the rest, on a line with its like
    defaults=(0, 0),
)


@dataclass(slots=True)
class BillLine:
    """A line of a bill.

    :param account_id: under which it is owed: of a collective bill, the member's account
    :param tax_key: ids of taxes with commas
    :param tax_included: the amount includes the taxes
    :param uom_id: unit of the quantity; 0 where the quantity is 1 because nothing was counted
    :param quantity: below zero where the amount is
    :param price: per unit, never below zero: quantity × price is the amount, rounded
    :param amount: in the bill's currency, as one of a bill that is owed by the payer
    :param charges: {charge: its part of the amount}
    :param settles_id: the advance bill that the line takes off; 0 otherwise
    """

    account_id: int
    service_id: int
    building_id: int
    tax_key: str
    tax_included: bool
    is_correction: bool
    period_start: object
    period_end: object
    uom_id: int
    quantity: Decimal
    price: Decimal
    amount: Decimal
    charges: dict
    settles_id: int = 0


@dataclass(slots=True)
class FundPart:
    """What a fund pays of a bill's charges: tax included or not as they are.

    :param charges: {charge: the fund's part of it}
    """

    account_id: int
    fund_id: int
    service_id: int
    tax_key: str
    tax_included: bool
    amount: Decimal
    charges: dict


@dataclass(slots=True)
class Bill:
    """What one payer owes under an account (or a collective one) for a run.

    :param corrects_id: the bill whose corrections it carries, and nothing else; 0 otherwise
    """

    account_id: int
    partner_id: int
    lines: list = field(default_factory=list)
    funds: list = field(default_factory=list)
    corrects_id: int = 0

    @property
    def charge_ids(self):
        found = {charge for part in (*self.lines, *self.funds) for charge in part.charges}
        return sorted(found)


def bills_of(rows, ranks, places=3):
    """Charges as bills.

    :param rows: `ChargeRow`s in any order
    :param ranks: {service id: its place on a bill}
    :param places: decimals of a line's quantity
    :return: [`Bill`], by account, payer and the bill that is corrected; one without anything to
        say is none
    """
    found = []
    for (account_id, partner_id, corrects_id), charges in _grouped(rows, _bill_key):
        bill = Bill(account_id, partner_id, corrects_id=corrects_id)
        bill.lines = [
            line
            for key, members in _grouped(charges, lambda row: _line_key(row, ranks))
            if (line := _line(members, places))
        ]
        bill.funds = [
            _fund_part(members)
            for key, members in _grouped(
                [row for row in charges if row.fund_id and row.fund_amount], _fund_key
            )
        ]
        if bill.lines or bill.funds:
            found.append(bill)
    return found


def _grouped(rows, key):
    # pylint: disable-next=bad-builtin-groupby
    return [(found, list(members)) for found, members in groupby(sorted(rows, key=key), key)]


def _bill_key(row):
    return row.bill_account_id, row.partner_id, row.corrects_id


def _line_key(row, ranks):
    # corrections of one service stand together, whatever their months
    return (
        row.account_id,
        ranks.get(row.service_id, 0),
        row.service_id,
        row.is_correction,
        row.tax_key,
        row.tax_included,
        row.building_id,
        row.settles_id,
    )


def _fund_key(row):
    return row.fund_id, row.account_id, row.service_id, row.tax_key, row.tax_included


def _line(rows, places):
    rows = [row for row in rows if not row.fund_amount or row.amount + row.fund_amount]
    charges = {row.id: row.amount + row.fund_amount for row in rows}
    if not any(charges.values()):
        return None
    amount = sum(charges.values())
    quantity, uom_id, price = _quantity(rows, amount, places)
    first = rows[0]
    return BillLine(
        account_id=first.account_id,
        service_id=first.service_id,
        building_id=first.building_id,
        tax_key=first.tax_key,
        tax_included=first.tax_included,
        is_correction=first.is_correction,
        period_start=min(row.period_start for row in rows),
        period_end=max(row.period_end for row in rows),
        uom_id=uom_id,
        quantity=quantity,
        price=price,
        amount=amount,
        charges=charges,
        settles_id=first.settles_id,
    )


def _quantity(rows, amount, places):
    """What was counted, by the component that most of the money is for: (quantity, unit, price).

    Components of one service count the same cubic metres, so they are not added up. The price is
    the effective one: a tariff's would leave the ledger to round once more.
    """
    counted = defaultdict(lambda: [ZERO, ZERO])
    for row in rows:
        if row.kind == "consumption" and row.quantity and row.uom_id:
            entry = counted[row.code, row.uom_id]
            entry[0] += row.amount
            entry[1] += row.quantity
    step = ONE.scaleb(-places)
    if counted and amount:
        (_code, uom_id), (_money, quantity) = max(
            counted.items(), key=lambda item: (abs(item[1][0]), str(item[0]))
        )
        quantity = quantity.quantize(step)
        if quantity and (quantity > 0) == (amount > 0):
            return quantity, uom_id, amount / quantity
    sign = -ONE if amount < 0 else ONE
    return sign, 0, abs(amount)


def _fund_part(rows):
    first = rows[0]
    return FundPart(
        account_id=first.account_id,
        fund_id=first.fund_id,
        service_id=first.service_id,
        tax_key=first.tax_key,
        tax_included=first.tax_included,
        amount=sum(row.fund_amount for row in rows),
        charges={row.id: row.fund_amount for row in rows},
    )
