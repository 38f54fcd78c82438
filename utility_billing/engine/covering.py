"""What money covers: which open bills, in which order, and which services of them.

Two steps, so that whoever reconciles, a clerk by hand or a job in bulk, comes to the same:

1. `cover` says how much of which bill a sum covers. It looks at all that is open, item by item
   (an item is a bill's service line), in the order that the policy asks for.
2. `spread` says which items of one bill a sum that was reconciled with it covers.

Items that stand at one place in the order share what is left for them in proportion to what is
open of each; cents go by largest remainder. Sums are in the company's currency.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

ZERO = Decimal(0)
CENT = Decimal("0.01")
LAST = 10**6


@dataclass(slots=True)
class OpenItem:
    """A part of what is owed that is not paid yet.

    :param line_id: the ledger's line of what is owed: a bill's receivable
    :param item_id: the bill's line that the part belongs to; 0: there is but the ledger's line
    :param day: since when it is owed: the bill's date
    :param amount: open, above zero
    :param is_late_fee: a penalty, which has its own place in the order
    :param due: until when it is to be paid: of one day's debts the earlier one is older, so is an
        instalment before the next one; None: the day itself
    """

    line_id: int
    item_id: int
    service_id: int
    day: date
    amount: Decimal
    is_late_fee: bool = False
    due: date | None = None

    @property
    def age(self):
        return self.day, self.due or self.day


@dataclass(slots=True)
class Terms:
    """A payment policy.

    :param first: `oldest` debt first, or the `newest` bill before old debt
    :param by: `age`: bill after bill, `service`: service after service
    :param late_fee: `first`, `last`, or `same` as any other service
    :param ranks: {service id: place}; services not named come last, together
    :param named: whether a bill that the payer named comes before all others
    :param firsts: {service id: `oldest` or `newest`} of services that have it otherwise, where one
        goes by service
    """

    first: str = "oldest"
    by: str = "age"
    late_fee: str = "same"
    ranks: dict = field(default_factory=dict)
    named: bool = True
    firsts: dict = field(default_factory=dict)

    def key(self, item, newest, named):
        """The place of an item: smaller is covered earlier."""
        rank = self.ranks.get(item.service_id, LAST)
        if self.firsts.get(item.service_id, self.first) == "newest":
            age = (item.day != newest, *item.age)
        else:
            age = (False, *item.age)
        order = (rank, age) if self.by == "service" else (age, rank)
        fee = {"first": -1, "last": 1}.get(self.late_fee, 0) if item.is_late_fee else 0
        return (not (self.named and item.line_id in named), fee, *order)


def cover(amount, items, terms, named=frozenset(), service_ids=None):
    """How much of which bill a sum covers.

    :param amount: to be placed, above zero
    :param items: [`OpenItem`]
    :param named: ledger lines of bills that the payer named
    :param service_ids: the sum is for these services only; None: for all
    :return: {ledger line: amount}, oldest first as the policy has it; what is not in it is over
    """
    if service_ids is not None:
        items = [item for item in items if item.service_id in service_ids]
    newest = max((item.day for item in items), default=None)
    found = {}
    for item, part in _fill(amount, items, lambda item: terms.key(item, newest, named)):
        found[item.line_id] = found.get(item.line_id, ZERO) + part
    return found


def spread(amount, items, terms, service_ids=()):
    """Which items of one bill a sum covers that was reconciled with it.

    :param items: [`OpenItem`] of the bill
    :param service_ids: the sum is for these services: their items come first
    :return: [(`OpenItem`, part)], parts add up to the amount, or to what is open
    """

    def place(item):
        is_other = bool(service_ids) and item.service_id not in service_ids
        return (is_other, terms.key(item, None, ()))

    return _fill(amount, items, place)


def _fill(amount, items, key):
    """[(item, part)] in the order of `key`; items of one key share."""
    buckets = {}
    for item in items:
        buckets.setdefault(key(item), []).append(item)
    found = []
    for place in sorted(buckets):
        if amount <= 0:
            break
        bucket = buckets[place]
        whole = sum(item.amount for item in bucket)
        part = min(amount, whole)
        parts = [item.amount for item in bucket] if part == whole else _share(part, bucket, whole)
        found += [(item, each) for item, each in zip(bucket, parts, strict=True) if each]
        amount -= part
    return found


def _share(amount, bucket, whole):
    """Parts of an amount in proportion, none above its item; the rest by largest remainder."""
    unit = Decimal(1).scaleb(min(item.amount.as_tuple().exponent for item in bucket))
    unit = min(unit, Decimal(1).scaleb(amount.as_tuple().exponent))
    exact = [amount * item.amount / whole for item in bucket]
    parts = [value.quantize(unit, "ROUND_DOWN") for value in exact]
    order = sorted(
        range(len(bucket)), key=lambda place: (parts[place] - exact[place], bucket[place].item_id)
    )
    rest = int((amount - sum(parts)) / unit)
    for place in order[:rest]:
        parts[place] += unit
    return parts


def open_items(amounts, covered, line):
    """The items of a bill that are still open.

    :param amounts: [(item id, service id, amount with tax, is a late fee)], below zero where a
        line takes something off
    :param covered: {item id: covered so far}
    :param line: (ledger line id, day, due, amount owed, above zero)
    :return: [`OpenItem`]
    """
    line_id, day, due, owed = line
    return [
        OpenItem(line_id, item_id, service_id, day, left, is_late_fee, due)
        for item_id, service_id, amount, is_late_fee in _parts_of(amounts, owed)
        if (left := amount - covered.get(item_id, ZERO)) > 0
    ]


def _parts_of(amounts, owed):
    """A bill's lines as parts of what is owed, none below zero, which add up to it.

    What takes something off is taken off the same service first, then off the largest lines. Of a
    bill that is owed in instalments each has its proportion of the lines.
    """
    off = {}
    for _item, service_id, amount, _fee in amounts:
        off[service_id] = off.get(service_id, ZERO) - min(amount, ZERO)
    rows = sorted((list(row) for row in amounts if row[2] > 0), key=lambda row: (-row[2], row[0]))
    for row in rows:
        part = min(row[2], off[row[1]])
        row[2] -= part
        off[row[1]] -= part
    _meet(rows, owed + sum(off.values()), owed)
    return rows


def _meet(rows, expected, owed):
    """Let the rows add up to what is owed.

    :param expected: what they would add up to if all was owed at once and nothing was rounded
    """
    whole = sum(row[2] for row in rows)
    if whole and abs(whole - expected) > CENT * len(rows):
        for row in rows:
            row[2] = (row[2] * owed / whole).quantize(CENT)
    rest = owed - sum(row[2] for row in rows)
    for row in rows:
        part = max(rest, -row[2])
        row[2] += part
        rest -= part
