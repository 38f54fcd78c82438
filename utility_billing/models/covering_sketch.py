"""What money would cover: looked at, nothing locked and nothing written."""

from collections import defaultdict
from decimal import Decimal

from odoo.tools import SQL

from .covering import Covering
from .covering_items import Items


class ItemsWithout(Items):
    """Items as if a payment covered none of them."""

    def __init__(self, env, line_ids, payment):
        self._payment = payment
        super().__init__(env, line_ids)

    def _load_covered(self):
        found = super()._load_covered()
        for row in self._payment.sudo().allocation_ids:
            covered = found[row.line_id.id]
            item_id = row.item_id.id or 0
            if item_id in covered:
                covered[item_id] -= Decimal(str(row.amount))
        return found


class Told(Covering):
    """Remembers which service of which bill each sum covers.

    :ivar told: {(ledger line of what is owed, of the money): [(bill's line, service, amount)]}
    """

    def __init__(self, env, company, account_ids, day, terms=None):
        super().__init__(env, company, account_ids, day, terms)
        self.told = defaultdict(list)

    def _take(self, line_id, amount, money):
        before = {item.item_id: item.amount for item in self.items.of(line_id)}
        services = {item.item_id: item.service_id for item in self.items.of(line_id)}
        done = super()._take(line_id, amount, money)
        left = {item.item_id: item.amount for item in self.items.of(line_id)}
        rows = self.told[line_id, money.line_id]
        rest = amount
        for item_id, was in before.items():
            part = was - left.get(item_id, 0)
            if part:
                rows.append((item_id, services[item_id], part))
                rest -= part
        if rest:
            rows.append((0, self.items.lines[line_id].service_id, rest))
        return done

    def told_by_service(self):
        """{(ledger line of what is owed, service): Decimal}"""
        found = defaultdict(Decimal)
        for (line_id, _money), rows in self.told.items():
            for _item, service_id, amount in rows:
                found[line_id, service_id] += amount
        return dict(found)


class Sketch(Told):
    """What money would cover, by the terms in force or by others."""

    def __init__(self, env, company, account_ids, day, terms=None, payment=None):
        """:param payment: already registered: looked at as if it covered nothing yet"""
        self._payment = payment
        super().__init__(env, company, account_ids, day, terms)
        for line_id, amount in self._covered.items():
            self.left[line_id] += amount

    def _open_lines(self, company, account_ids):
        payment = self._payment
        covered = payment.sudo().line_ids._utility_covered() if payment else {}
        self._covered = {
            line.id: amount
            for line, amount in covered.items()
            if line.utility_account_id.id in account_ids
        }
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
            SELECT line.id FROM account_move_line line
            JOIN account_account ledger ON ledger.id = line.account_id
            WHERE line.utility_account_id = ANY(%s) AND line.company_id = %s
            AND line.parent_state = 'posted' AND ledger.account_type = 'asset_receivable'
            AND (line.id = ANY(%s) OR (line.reconciled IS NOT TRUE AND line.amount_residual > 0))
            ORDER BY line.id
            """,
                list(account_ids),
                company.id,
                list(self._covered),
            )
        )
        return [row[0] for row in rows]

    def _load_items(self, line_ids):
        if self._payment:
            return ItemsWithout(self.env, line_ids, self._payment)
        return super()._load_items(line_ids)

    def open_by_service(self):
        """{(ledger line of what is owed, service): Decimal that is still open}"""
        found = {}
        for line_id, left in self.left.items():
            for item in self.items.of(line_id):
                part = min(item.amount, left)
                left -= part
                if part > 0:
                    key = line_id, item.service_id
                    found[key] = found.get(key, 0) + part
            if left > 0:
                key = line_id, self.items.lines[line_id].service_id
                found[key] = found.get(key, 0) + left
        return found
