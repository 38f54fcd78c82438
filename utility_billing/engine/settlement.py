"""What a collector says in the text of its transfer: so many payments, their sum, less commission.

The payers stand in the collector's register; the bank statement has but one line for all of them:
"Įmokų skaičius:1, įmokų suma:337.50, komisinis atlygis: 0.08, laikotarpis: 2017-09-03 -
2017-09-03". Whose payments they were is credited with the whole sum; the commission is an expense.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

NUMBER = r"(?P<{0}>\d[\d\s\u00a0\u202f']*(?:[.,]\d+)*)"
BETWEEN = r"[^\d]{0,25}?"
COUNTS = (
    r"count|number\s+of\s+(?:payments|transactions)|skai[čc]ius|kiek[is]\w*|"
    r"кол(?:ичество|-во|\.)|кількість|к-сть"
)
SUMS = r"(?:sum|amount|total|suma|сумма|сума)(?!\w)"
# each word for a sum has one of these in it
SUM_WORDS = ("sum", "amount", "total", "сум")
COMMISSIONS = r"commission|fee|komisin\w+|комисси\w+|комісі\w+|вознаграждени\w+|винагород\w+"
DAYS = re.compile(r"(\d{4})[-./](\d\d?)[-./](\d\d?)|(\d\d?)[-./](\d\d?)[-./](\d{4})")
PATTERNS = {
    "count": re.compile(rf"(?:{COUNTS}){BETWEEN}(?P<value>\d+)", re.IGNORECASE),
    "amount": re.compile(rf"(?:{SUMS}){BETWEEN}{NUMBER.format('value')}", re.IGNORECASE),
    "commission": re.compile(rf"(?:{COMMISSIONS}){BETWEEN}{NUMBER.format('value')}", re.IGNORECASE),
}
PERIOD = re.compile(
    r"(?:period\w*|laikotarp\w*|период\w*|період\w*|за\s+(?=\d)|from|nuo|с\s+(?=\d)|з\s+(?=\d))"
    r"(?P<value>.{0,60})",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Settlement:
    """A transfer of what a collector has taken in.

    :param count: payments; 0: not said
    :param amount: their sum, in the currency of the transfer
    :param commission: what the collector keeps of it
    :param first_day: of the period in which they were paid; None: not said
    """

    count: int
    amount: Decimal
    commission: Decimal
    first_day: date | None = None
    last_day: date | None = None

    @property
    def transferred(self):
        return self.amount - self.commission

    def agrees(self, transferred):
        """Whether a transfer brings what its text says, the commission kept back or not."""
        return transferred in (self.transferred, self.amount)


def read_settlement(text):
    """The `Settlement` that a purpose text speaks of; None when it is no such text.

    A sum and a commission make one, or a sum and a number of payments.
    """
    # nearly all texts are a payer's own: they are told at a glance
    small = (text or "").lower()
    if not any(word in small for word in SUM_WORDS):
        return None
    found = {name: pattern.search(text) for name, pattern in PATTERNS.items()}
    amount = found["amount"] and _decimal(found["amount"]["value"])
    commission = found["commission"] and _decimal(found["commission"]["value"])
    if not amount or (commission is None and not found["count"]):
        return None
    first_day, last_day = _period(text)
    return Settlement(
        count=int(found["count"]["value"]) if found["count"] else 0,
        amount=amount,
        commission=commission or Decimal(0),
        first_day=first_day,
        last_day=last_day,
    )


def transfer_difference(amount, commission, transferred):
    """By how much a transfer differs from the sum of a register less its commission: above zero,
    too much was transferred."""
    return transferred - (amount - commission)


def _decimal(text):
    """A number whose last sign decides: "1 250,00", "1,250.00", "1250"."""
    text = re.sub(r"[\s\u00a0\u202f']", "", text)
    sign = max(text.rfind("."), text.rfind(","))
    if sign < 0 or len(text) - sign > 3:
        return Decimal(re.sub(r"[.,]", "", text))
    return Decimal(re.sub(r"[.,]", "", text[:sign]) + "." + text[sign + 1 :])


def _period(text):
    found = PERIOD.search(text)
    days = [day for day in map(_day, DAYS.finditer(found["value"])) if day] if found else []
    return (days[0], days[min(1, len(days) - 1)]) if days else (None, None)


def _day(match):
    year, month, day, *other = match.groups()
    if year is None:
        day, month, year = other
    try:
        return datetime(int(year), int(month), int(day)).date()
    except ValueError:
        return None
