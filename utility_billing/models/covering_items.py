"""What is open of bills, service line by service line, from the ledger."""

from collections import defaultdict, namedtuple
from decimal import Decimal

from odoo.tools import SQL

from ..engine.covering import OpenItem, open_items

# a ledger line of what is owed, or of what was given; amount: above zero, in company currency
Line = namedtuple(
    "Line",
    "id move_id move_type account_id partner_id ledger_id service_id day due month amount residual",
)


class Items:
    """Lines and their open items; what is taken from them is remembered."""

    def __init__(self, env, line_ids):
        """:param line_ids: receivable lines, of either sign"""
        self.env = env
        self.lines = {row[0]: self._line(row) for row in self._load_lines(line_ids)}
        parts = self._load_parts()
        covered = self._load_covered()
        self._items = {
            line.id: self._items_of(line, parts.get(line.move_id), covered[line.id])
            for line in self.lines.values()
        }

    def of(self, line_id):
        """[`OpenItem`] of a line, those that are open."""
        return [item for item in self._items[line_id] if item.amount > 0]

    def take(self, line_id, item, amount):
        """A part of an item is covered now."""
        item.amount -= amount

    def _load_lines(self, line_ids):
        return self.env.execute_query(
            SQL(
                """
            SELECT line.id, line.move_id, move.move_type, COALESCE(line.utility_account_id, 0),
                   COALESCE(line.partner_id, 0), line.account_id,
                   COALESCE(line.utility_service_id, 0), line.date, line.date_maturity,
                   date_trunc('month', COALESCE(move.utility_month, line.date))::date,
                   abs(line.balance)::text, abs(line.amount_residual)::text
            FROM account_move_line line JOIN account_move move ON move.id = line.move_id
            WHERE line.id = ANY(%s)
            """,
                list(line_ids),
            )
        )

    def _line(self, row):
        return Line(*row[:-2], Decimal(row[-2]), Decimal(row[-1]))

    def _load_parts(self):
        """{bill: [(line, service, amount with tax, is a late fee)]}, in company currency"""
        moves = {
            line.move_id
            for line in self.lines.values()
            if line.move_type in ("out_invoice", "out_refund")
        }
        found = defaultdict(list)
        if not moves:
            return found
        for move_id, *part, amount, is_late_fee in self.env.execute_query(
            SQL(
                """
            SELECT line.move_id, line.id, COALESCE(line.utility_service_id, 0),
                   line.price_total::text, COALESCE(service.kind = 'late_fee', FALSE)
            FROM account_move_line line
            LEFT JOIN utility_service service ON service.id = line.utility_service_id
            JOIN res_company company ON company.id = line.company_id
            WHERE line.move_id = ANY(%s) AND line.display_type = 'product'
            AND line.currency_id = company.currency_id
            ORDER BY line.id
            """,
                list(moves),
            )
        ):
            found[move_id].append((*part, Decimal(amount), is_late_fee))
        return found

    def _load_covered(self):
        """{line: {bill's line, or 0: covered so far}}"""
        found = defaultdict(dict)
        for line_id, item_id, amount in self.env.execute_query(
            SQL(
                """
            SELECT line_id, COALESCE(item_id, 0), sum(abs(amount))::text
            FROM utility_payment_allocation WHERE line_id = ANY(%s) GROUP BY 1, 2
            """,
                list(self.lines),
            )
        ):
            found[line_id][item_id] = Decimal(amount)
        return found

    def _items_of(self, line, parts, covered):
        if not parts:
            left = line.amount - sum(covered.values())
            item = OpenItem(line.id, 0, line.service_id, line.day, left, due=line.due)
            return [item] if left > 0 else []
        return open_items(parts, covered, (line.id, line.day, line.due, line.amount))
