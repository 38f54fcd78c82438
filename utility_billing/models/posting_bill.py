"""A bill on its way into the ledger: as it is handed to either way of posting, and as it came."""

from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(slots=True)
class PreparedBill:
    """A bill as values of `account.move`; its lines are in the order of `bill.lines`.

    :param vals: for `create`, save that `invoice_line_ids` is a list of the lines' values
    """

    bill: object
    vals: dict

    @property
    def is_refund(self):
        return self.vals["move_type"] == "out_refund"


@dataclass(slots=True)
class PostedBill:
    """A bill in the ledger.

    :param line_ids: ledger lines, in the order of `bill.lines`
    :param owed: [(line of what is owed, amount)]
    :param taxes: {tax: amount}, as one of a bill that is owed by the payer
    :param total: below zero for a credit note
    """

    bill: object
    move_id: int
    line_ids: list
    owed: list = field(default_factory=list)
    taxes: dict = field(default_factory=dict)
    total: Decimal = Decimal(0)

    def lines_of_charges(self):
        """{charge: the ledger's line that carries it}"""
        return {
            charge: line_id
            for line_id, line in zip(self.line_ids, self.bill.lines, strict=True)
            for charge in line.charges
        }
