"""Which open bills money covers: facts of many accounts at once."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from odoo.tools import SQL

from ..engine.covering import cover, spread
from .covering_items import Items


@dataclass(slots=True)
class Money:
    """A sum to be placed.

    :param line_id: the ledger's line that it stands on; 0 as long as there is none
    :param partner_id: whose debt it may cover: the commercial partner
    :param ledger_id: the ledger account that it stands on; 0: it may yet stand on any
    :param named: ledger lines of bills that the payer named
    :param service_ids: for these services only; None: for all
    """

    line_id: int
    account_id: int
    partner_id: int
    amount: Decimal
    ledger_id: int = 0
    named: frozenset = frozenset()
    service_ids: frozenset | None = None


class Covering:
    """What is owed under some accounts, locked until the transaction ends, and covered bit by
    bit."""

    def __init__(self, env, company, account_ids, day, terms=None):
        """:param terms: in place of those of the policy in force on the day"""
        self.env = env
        self.terms = terms or env["utility.payment.policy"]._terms_on(company, day)
        self.items = self._load_items(self._open_lines(company, account_ids))
        self._by_payer, self._by_bill = defaultdict(list), defaultdict(set)
        for line in self.items.lines.values():
            self._by_payer[line.account_id, line.partner_id].append(line)
            self._by_bill[line.move_id].add(line.id)
        self.left = {line.id: line.residual for line in self.items.lines.values()}

    def _load_items(self, line_ids):
        return Items(self.env, line_ids)

    def _open_lines(self, company, account_ids):
        """Ids of lines of what is owed; another that registers money for them waits."""
        self.env.flush_all()
        return [
            row[0]
            for row in self.env.execute_query(
                SQL(
                    """
                SELECT line.id FROM account_move_line line
                JOIN account_account ledger ON ledger.id = line.account_id
                WHERE line.utility_account_id = ANY(%s) AND line.company_id = %s
                AND line.parent_state = 'posted' AND line.reconciled IS NOT TRUE
                AND line.amount_residual > 0 AND ledger.account_type = 'asset_receivable'
                ORDER BY line.id FOR NO KEY UPDATE OF line
                """,
                    list(account_ids),
                    company.id,
                )
            )
        ]

    def lines_of_bill(self, bill_id):
        return frozenset(self._by_bill.get(bill_id, ()))

    def cover(self, money):
        """[(what is owed, amount)] that a sum covers; it is not open any more."""
        lines = self._by_payer.get((money.account_id, money.partner_id), ())
        items = [
            item
            for line in lines
            if money.ledger_id in (0, line.ledger_id)
            for item in self._items_of(line)
        ]
        found = []
        parts = cover(money.amount, items, self.terms, money.named, money.service_ids)
        for line_id, amount in parts.items():
            amount = min(amount, self.left[line_id])
            if amount > 0:
                self._take(line_id, amount, money)
                found.append((self.items.lines[line_id], amount))
        return found

    def _items_of(self, line):
        return self.items.of(line.id) if self.left[line.id] > 0 else []

    def _take(self, line_id, amount, money):
        """What the reconciliation will be found to cover: see `utility.allocating`."""
        services = money.service_ids or ()
        for item, part in spread(amount, self.items.of(line_id), self.terms, services):
            self.items.take(line_id, item, part)
        self.left[line_id] -= amount
