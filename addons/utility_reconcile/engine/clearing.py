"""Which money on its way a bank's transfer brings.

A transfer is a line of a bank statement. What it may bring is what still stands on the clearing
accounts of collectors: a whole list of payments, less commission; several lists that follow each
other; one day's entry of a list; or, of a bank's own file, a single payment.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

# days from the day of a list to that of the transfer
EARLIER, LATER = 7, 45
# of a single payment, which the bank's file and its statement both have
APART = 5
# lists in a row that one transfer may bring
IN_A_ROW = 10
# a transfer that differs from a list by less than this part of it is shown beside it
NEAR = Decimal("0.05")


@dataclass(frozen=True, slots=True)
class Transfer:
    """A line of a bank statement.

    :param amount: below zero when the bank takes money back
    :param collectors: ids of those whose it may be by its sender; empty: not known
    :param iban: the sender's, without spaces
    :param references: the bank's own numbers of it
    :param settlement: what its text says of the payments, see `engine.settlement`
    """

    id: int
    day: date
    amount: Decimal
    collectors: frozenset = frozenset()
    iban: str = ""
    references: frozenset = frozenset()
    settlement: object = None


@dataclass(slots=True)
class Standing:
    """What a list of payments still has on a clearing account, `open` in all.

    :param items: [(ledger line, day, amount)]: debts of the collector above zero
    :param gross: sum of the list
    :param count: payments of the list
    :param fee: commission that is kept back and not booked yet
    """

    id: int
    collector: int
    day: date
    items: tuple
    gross: Decimal = Decimal(0)
    count: int = 0
    fee: Decimal = Decimal(0)
    open: Decimal = field(init=False)

    def __post_init__(self):
        self.open = sum((amount for _line, _day, amount in self.items), Decimal(0))

    @property
    def lines(self):
        return tuple(line for line, _day, _amount in self.items)


@dataclass(frozen=True, slots=True)
class Receipt:
    """A single payment of a list, as the bank's own file had it."""

    id: int
    standing: int
    collector: int
    line: int
    day: date
    amount: Decimal
    bank_ref: str = ""
    iban: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """
    :param lines: ledger lines that the transfer clears, wholly or in part
    :param fees: lists whose commission is to be booked first
    :param sure: whether it needs no person
    """

    lines: tuple
    sure: bool
    fees: tuple = ()
    standings: tuple = ()
    payment: int | None = None


@dataclass(slots=True)
class Clearing:
    """Finds for transfers what they bring; what one has brought, no other does."""

    transfers: list
    standings: list
    receipts: list
    found: dict = field(default_factory=dict)
    taken: set = field(default_factory=set)
    _by_sum: dict = field(init=False)
    _by_collector: dict = field(init=False)

    def __post_init__(self):
        self.standings.sort(key=lambda standing: (standing.day, standing.id))
        self._by_sum, self._by_collector = defaultdict(list), defaultdict(list)
        for standing in self.standings:
            self._by_collector[standing.collector].append(standing)
            for amount in {standing.open, standing.open - standing.fee}:
                self._by_sum[amount].append(standing)

    def find(self):
        """:return: {transfer's id: `Match`}"""
        self._single_payments()
        left = self._left(self.transfers)
        for step in (self._by_text, self._whole, self._one_day, self._in_a_row):
            left = self._settle_surely(left, step)
        for step in (self._by_text, self._whole, self._anybodys, self._in_a_row, self._near):
            left = self._propose(left, step)
        return self.found

    # -- whole lists ------------------------------------------------------------------------

    def _settle_surely(self, left, step):
        """Take up what a step finds where a transfer has one choice only, and no other transfer
        has the same."""
        choices = {transfer.id: list(step(transfer)) for transfer in left}
        wanted = defaultdict(int)
        for matches in choices.values():
            for line in {line for match in matches for line in match.lines}:
                wanted[line] += 1
        for transfer in left:
            matches = choices[transfer.id]
            if len(matches) == 1 and all(wanted[line] == 1 for line in matches[0].lines):
                self._take(transfer, matches[0], matches[0].sure)
        return self._left(left)

    def _propose(self, left, step):
        """Take up the first that a step finds, to be looked at by a person."""
        for transfer in left:
            match = next(iter(step(transfer)), None)
            if match:
                self._take(transfer, match, False)
        return self._left(left)

    def _left(self, transfers):
        return [transfer for transfer in transfers if transfer.id not in self.found]

    def _take(self, transfer, match, sure):
        self.found[transfer.id] = Match(
            match.lines, sure, match.fees if sure else (), match.standings, match.payment
        )
        self.taken.update(match.lines)

    def _near_in_time(self, transfer, standings):
        """Those that it may bring by their days and sign, the earliest first."""
        return [
            standing
            for standing in standings
            if -EARLIER <= (transfer.day - standing.day).days <= LATER
            and (standing.open > 0) == (transfer.amount > 0)
            and not self.taken.intersection(standing.lines)
        ]

    def _of_sender(self, transfer):
        found = [
            standing
            for collector in sorted(transfer.collectors)
            for standing in self._by_collector[collector]
        ]
        return self._near_in_time(transfer, found)

    def _by_text(self, transfer):
        """The list whose sum, number and days the text of the transfer says."""
        said = transfer.settlement
        if not said or not said.agrees(transfer.amount):
            return
        known = transfer.collectors
        for standing in self._near_in_time(transfer, self.standings):
            if known and standing.collector not in known:
                continue
            if standing.gross != said.amount or (said.count and said.count != standing.count):
                continue
            if said.first_day and not (
                said.first_day <= standing.day <= said.last_day + timedelta(days=EARLIER)
            ):
                continue
            yield self._brings(transfer, [standing])

    def _whole(self, transfer):
        for standing in self._of_sender(transfer):
            match = self._brings(transfer, [standing])
            if match.sure:
                yield match

    def _one_day(self, transfer):
        """The entries of one day, where a list has several."""
        for standing in self._of_sender(transfer):
            days = defaultdict(list)
            for line, day, amount in standing.items:
                days[day].append((line, amount))
            for items in days.values() if len(days) > 1 else ():
                if sum(amount for _line, amount in items) == transfer.amount:
                    yield Match(
                        tuple(line for line, _amount in items), True, standings=(standing.id,)
                    )

    def _in_a_row(self, transfer):
        """Lists of one collector that follow each other."""
        by_collector = defaultdict(list)
        for standing in self._of_sender(transfer):
            by_collector[standing.collector].append(standing)
        for standings in by_collector.values():
            for first in range(len(standings)):
                for last in range(first + 2, min(first + IN_A_ROW, len(standings)) + 1):
                    match = self._brings(transfer, standings[first:last])
                    if match.sure:
                        yield match

    def _anybodys(self, transfer):
        """The same sum, whoever sent it."""
        if transfer.collectors:
            return
        for standing in self._near_in_time(transfer, self._by_sum[transfer.amount]):
            match = self._brings(transfer, [standing])
            if match.sure:
                yield match

    def _near(self, transfer):
        """The list of the sender that comes nearest: what differs is for a person to say."""
        near = [
            (abs(standing.open - standing.fee - transfer.amount), standing.id, standing)
            for standing in self._of_sender(transfer)
        ]
        for difference, _id, standing in sorted(near)[:1]:
            if difference <= NEAR * abs(standing.open):
                yield self._brings(transfer, [standing])

    def _brings(self, transfer, standings):
        """A match; a sure one, when the sum is that of the lists, less commission or not."""
        whole = sum(standing.open for standing in standings)
        fees = tuple(standing.id for standing in standings if standing.fee)
        lines = tuple(line for standing in standings for line in standing.lines)
        ids = tuple(standing.id for standing in standings)
        if transfer.amount == whole:
            return Match(lines, True, standings=ids)
        kept = sum(standing.fee for standing in standings)
        return Match(lines, transfer.amount == whole - kept, fees, ids)

    # -- single payments --------------------------------------------------------------------

    def _single_payments(self):
        """A bank's file of payments beside its statement: the same money, line by line."""
        by_amount = defaultdict(list)
        for receipt in self.receipts:
            by_amount[receipt.amount].append(receipt)
        used = set()
        for same, sure in ((_same_number, True), (_same_sender, True), (_same_day, False)):
            left = self._left(self.transfers)
            choices = {
                transfer.id: [
                    receipt
                    for receipt in by_amount[transfer.amount]
                    if receipt.id not in used
                    and abs((receipt.day - transfer.day).days) <= APART
                    and same(transfer, receipt)
                ]
                for transfer in left
            }
            wanted = defaultdict(int)
            for receipts in choices.values():
                for receipt in receipts:
                    wanted[receipt.id] += 1
            for transfer in left:
                receipts = choices[transfer.id]
                if len(receipts) != 1 or wanted[receipts[0].id] > 1:
                    continue
                (receipt,) = receipts
                used.add(receipt.id)
                self.taken.add(receipt.line)
                self.found[transfer.id] = Match(
                    (receipt.line,), sure, standings=(receipt.standing,), payment=receipt.id
                )


def _same_number(transfer, receipt):
    return bool(receipt.bank_ref) and receipt.bank_ref in transfer.references


def _same_sender(transfer, receipt):
    return bool(receipt.iban) and receipt.iban == transfer.iban


def _same_day(transfer, receipt):
    """Nothing but sum and day: only of a transfer from nobody that is known."""
    return not transfer.collectors and not transfer.settlement and receipt.day == transfer.day
