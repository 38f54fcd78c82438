"""The days that a rating works on, and what it finds for them."""

from dataclasses import dataclass, field
from decimal import Decimal

from .terms import rounded

ZERO = Decimal(0)


class Stretch:
    """Days on which nothing about the supply itself changes: one payer, rate, share and tax."""

    __slots__ = ("agreements", "payer_id", "share", "span", "taxes", "version")

    def __init__(self, span, spell):
        self.span = span
        self.payer_id, self.version = spell.payer_id, spell.version
        self.share, self.taxes = spell.share, spell.taxes
        self.agreements = [spell.agreement_id]


@dataclass(slots=True)
class Part:
    """Some days of a component with one price: its terms, and what they rest on.

    :param quantity: of the account, after its share
    :param rows: [(Quantity, what was taken of it)]
    """

    span: tuple
    stretch: Stretch
    terms: list
    quantity: Decimal = ZERO
    source: str = ""
    rows: list = ()
    basis: dict = field(default_factory=dict)

    @property
    def amount(self):
        terms = self.terms
        if len(terms) == 1:
            return terms[0].amount
        return sum([term.amount for term in terms], ZERO)

    @property
    def whole_amount(self):
        """For the whole point, not only the account's share."""
        whole = [-term.whole_amount() if term.minus else term.whole_amount() for term in self.terms]
        return sum(whole, ZERO)

    def as_json(self):
        found = {
            "from": self.span[0].isoformat(),
            "to": self.span[1].isoformat(),
            "version": self.stretch.version.id,
            "agreements": self.stretch.agreements,
            "terms": [term.as_json() for term in self.terms],
        }
        if self.rows:
            found["rows"] = [_row_as_json(row, taken) for row, taken in self.rows]
        if self.basis:
            found.update(self.basis)
        return found


@dataclass(slots=True)
class Result:
    """The parts of one component for one payer and tax: a charge before it is rounded."""

    kind: str
    component: object
    payer_id: int
    taxes: str
    parts: list
    amount: Decimal = ZERO
    unrounded: Decimal = ZERO
    fund_id: int = 0
    source_id: int = 0
    rounding: tuple = ("half_up", Decimal("0.01"))
    extra: dict = field(default_factory=dict)

    def settle(self):
        self.unrounded = self.sum
        self.amount = rounded(self.unrounded, self.rounding[1], self.rounding[0])
        return self

    @property
    def gross(self):
        """Whether a tax is in the amount."""
        return bool(self.taxes) and self.component.tax_included

    @property
    def sum(self):
        parts = self.parts
        if len(parts) == 1:
            return parts[0].amount
        return sum([part.amount for part in parts], ZERO)


def _row_as_json(row, taken):
    found = {
        "source": row.source,
        "id": row.source_id,
        "from": row.start.isoformat(),
        "to": row.end.isoformat(),
        "quantity": str(row.quantity),
        "taken": {band: str(quantity) for band, quantity in taken.items()},
    }
    if row.reason:
        found["reason"] = row.reason
    if row.pieces:
        found["pieces"] = row.pieces
    return found
