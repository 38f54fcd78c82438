"""Lines and sums that every bank format is read into.

A line is a dictionary that names every column of `COLUMNS`; values are text: dates as ISO dates,
amounts with a decimal point and without a sign (`direction` says which way the money went).
"""

from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from .errors import problem

COLUMNS = (
    "date",
    "value_date",
    "amount",
    "currency",
    "direction",
    "reference",
    "reference_kind",
    "end_to_end",
    "purpose",
    "payer_name",
    "payer_code",
    "payer_iban",
    "payer_bank",
    "payer_address",
    "ultimate_payer",
    "bank_ref",
    "commission",
    "account_iban",
    "statement",
    "entry",
    "status",
    "is_return",
    "return_reason",
    "transaction_type",
)
CREDIT, DEBIT = "credit", "debit"
BLANK = dict.fromkeys(COLUMNS, "")


def line(**values):
    """A line with the given columns; what is None or missing is empty."""
    return {**BLANK, **{name: value for name, value in values.items() if value is not None}}


def to_decimal(text):
    """The number of a text with a decimal point or comma; None when it is none."""
    try:
        number = Decimal((text or "").strip().replace(",", "."))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


@dataclass
class Statement:
    """What a file says of one account and period, and what its lines add up to.

    Amounts are in the account's currency; `opening` and `closing` are below zero when the account
    is overdrawn.

    :ivar credit: sum of booked entries that came in; `debit` of those that went out
    :ivar stated_credit: the same as the file itself states it, None when it does not
    :ivar is_final: the closing balance is final, not that of a page
    """

    account: str = ""
    number: str = ""
    currency: str = ""
    opening: Decimal | None = None
    closing: Decimal | None = None
    is_final: bool = True
    credit: Decimal = Decimal(0)
    debit: Decimal = Decimal(0)
    line_count: int = 0
    entry_count: int = 0
    stated_credit: Decimal | None = None
    stated_debit: Decimal | None = None
    stated_entries: int | None = None
    notes: list = field(default_factory=list)

    def add(self, amount, lines=1):
        """Count an entry.

        :param amount: with its sign, above zero when it came in
        :param lines: how many lines the entry is posted as
        """
        self.entry_count += 1
        self.line_count += lines
        if amount > 0:
            self.credit += amount
        else:
            self.debit -= amount

    @property
    def is_consistent(self):
        """Whether opening + credit − debit is the closing balance; None when one is not known. Sums
        that the file states go before those of its lines: it may be an extract."""
        if self.opening is None or self.closing is None:
            return None
        return self.expected_closing() == self.closing

    def expected_closing(self):
        credit, debit = (
            _either(self.stated_credit, self.credit),
            _either(self.stated_debit, self.debit),
        )
        return self.opening + credit - debit

    def problems(self):
        """[(code, details)] of sums that contradict each other."""
        found = list(self.notes)
        names = {"account": self.account, "statement": self.number}
        if self.is_consistent is False:
            found.append(
                problem(
                    "balance",
                    opening=self.opening,
                    expected=self.expected_closing(),
                    closing=self.closing,
                    difference=self.closing - self.expected_closing(),
                    **names,
                )
            )
        for code, stated, read in (
            ("stated_credit", self.stated_credit, self.credit),
            ("stated_debit", self.stated_debit, self.debit),
            ("stated_entries", self.stated_entries, self.entry_count),
        ):
            if stated is not None and stated != read:
                found.append(problem(code, stated=stated, read=read, **names))
        return found


@dataclass
class Summary:
    """What a whole file says: filled while its lines are read."""

    statements: list = field(default_factory=list)
    notes: list = field(default_factory=list)

    def problems(self):
        """[(code, details)] of all statements, and of balances that do not follow each other."""
        found = list(self.notes)
        last = {}
        for statement in self.statements:
            found += statement.problems()
            before = last.get(statement.account)
            if (
                before is not None
                and None not in (before.closing, statement.opening)
                and before.closing != statement.opening
            ):
                found.append(
                    problem(
                        "chain",
                        account=statement.account,
                        statement=statement.number,
                        closing=before.closing,
                        opening=statement.opening,
                    )
                )
            last[statement.account] = statement
        return found

    def totals(self):
        """{count, amount, debit, opening, closing} of the file.

        :return: the number of lines; amounts that came in and went out, as the file states them,
            else as its entries add up; balances None when the file has none or several currencies.
            A final closing balance goes before that of a page.
        """
        by_account = {}
        for statement in self.statements:
            by_account.setdefault(statement.account, []).append(statement)
        one_currency = len({statement.currency for statement in self.statements}) == 1
        openings = [_first(group) for group in by_account.values()]
        closings = [_last(group) for group in by_account.values()]
        return {
            "count": sum(each.line_count for each in self.statements),
            "amount": _sum(_either(each.stated_credit, each.credit) for each in self.statements),
            "debit": _sum(_either(each.stated_debit, each.debit) for each in self.statements),
            "opening": _sum(openings) if one_currency and None not in openings else None,
            "closing": _sum(closings) if one_currency and None not in closings else None,
        }


def _either(stated, read):
    return read if stated is None else stated


def _sum(amounts):
    return sum(amounts, Decimal(0))


def _first(statements):
    return next((each.opening for each in statements if each.opening is not None), None)


def _last(statements):
    known = [each for each in statements if each.closing is not None]
    final = [each for each in known if each.is_final]
    found = (final or known)[-1:]
    return found[0].closing if found else None
