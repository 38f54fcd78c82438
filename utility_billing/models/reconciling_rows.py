"""Rows of a reconciliation, as Odoo would write them.

Lines that are reconciled with each other, over however many steps, make one group: its number is
that of its first partial reconciliation, or of the full one once nothing of any line is open.
"""

from collections import defaultdict, namedtuple
from decimal import Decimal

from odoo.tools import SQL

from odoo.addons.utility_base.tools.bulk import copy_columns, draw_ids
from odoo.addons.utility_base.tools.bulk_references import references_checked

PARTIAL, FULL = "account_partial_reconcile", "account_full_reconcile"
Line = namedtuple(
    "Line", "id move_id move_type company_id currency_id date residual number payment_id"
)
INVOICES = ("out_invoice", "out_refund", "out_receipt", "in_invoice", "in_refund", "in_receipt")


class Reconciliation:
    def __init__(self, env, pairs):
        """:param pairs: see `utility.reconciling._reconcile`"""
        self.env, self.pairs = env, pairs
        wanted = {line_id for debit, credit, _amount in pairs for line_id in (debit, credit)}
        self.lines = {row[0]: self._line(row) for row in self._load(wanted)}
        self.partial_ids = []

    def _load(self, wanted):
        return self.env.execute_query(
            SQL(
                """
            SELECT line.id, line.move_id, move.move_type, line.company_id, line.currency_id,
                   line.date, line.matching_number,
                   COALESCE(line.payment_id, line.statement_line_id),
                   line.amount_residual::text
            FROM account_move_line line JOIN account_move move ON move.id = line.move_id
            WHERE line.id = ANY(%s)
            """,
                list(wanted),
            )
        )

    def _line(self, row):
        *start, number, payment_id, residual = row
        return Line(*start, Decimal(residual), number, payment_id)

    def foreign_pairs(self, company):
        """Pairs of which something is not in the company's currency."""
        own = {
            line.id for line in self.lines.values() if line.currency_id == company.currency_id.id
        }
        return [pair for pair in self.pairs if not own.issuperset(pair[:2])]

    def is_odoos_payment(self):
        return any(line.payment_id for line in self.lines.values())

    # -- writing ----------------------------------------------------------------------------

    def store(self):
        """Write the rows."""
        self.partial_ids = draw_ids(self.env.cr, PARTIAL, len(self.pairs))
        self.left = {line.id: line.residual for line in self.lines.values()}
        for debit, credit, amount in self.pairs:
            self.left[debit] -= amount
            self.left[credit] += amount
        self._group()
        self._write_fulls()
        self._write_partials()
        self._write_lines()
        self._write_moves()
        self.env.invalidate_all(flush=False)

    def _group(self):
        """Groups of lines: whole ones and others; with what was reconciled before."""
        groups = _Groups()
        members, partials = self._before()
        for number, line_ids in members.items():
            for line_id in line_ids:
                groups.join(("number", number), line_id)
        for debit, credit, _amount in self.pairs:
            groups.join(debit, credit)
        self.first, self.of_group = {}, defaultdict(list)
        for key, root in groups.roots():
            if not isinstance(key, tuple):
                self.of_group[root].append(key)
        for (debit, _credit, _amount), partial_id in zip(self.pairs, self.partial_ids, strict=True):
            self._belongs(groups.root(debit), partial_id)
        self.old_partials = defaultdict(list)
        for partial_id, debit_id in partials:
            root = groups.root(debit_id)
            self._belongs(root, partial_id)
            self.old_partials[root].append(partial_id)
        whole = [root for root, ids in self.of_group.items() if self._is_whole(ids)]
        self.full = dict(zip(whole, draw_ids(self.env.cr, FULL, len(whole)), strict=True))
        self.root_of = {line_id: root for root, ids in self.of_group.items() for line_id in ids}

    def _belongs(self, root, partial_id):
        self.first[root] = min(partial_id, self.first.get(root, partial_id))

    def _is_whole(self, line_ids):
        return all(not self.left[line_id] for line_id in line_ids)

    def _before(self):
        """({number: lines}, [(partial reconciliation, its debit line)]) of groups that the lines
        belong to already."""
        numbers = {line.number for line in self.lines.values() if line.number}
        members = defaultdict(list)
        if not numbers:
            return members, []
        for number, line_id, residual in self.env.execute_query(
            SQL(
                "SELECT matching_number, id, amount_residual::text FROM account_move_line "
                "WHERE matching_number = ANY(%s)",
                list(numbers),
            )
        ):
            members[number].append(line_id)
            self.left.setdefault(line_id, Decimal(residual))
        ids = [line_id for found in members.values() for line_id in found]
        partials = self.env.execute_query(
            SQL("SELECT id, debit_move_id FROM %s WHERE debit_move_id = ANY(%s)", PARTIAL_SQL, ids)
        )
        return members, partials

    @property
    def _log(self):
        return self.env.uid, self.env.cr.now()

    def _copy(self, table, columns):
        uid, now = self._log
        count = len(columns["id"])
        columns |= {"create_uid": [uid] * count, "write_uid": [uid] * count}
        columns |= {"create_date": [now] * count, "write_date": [now] * count}
        with references_checked(self.env.cr, table, columns):
            copy_columns(self.env.cr, table, columns)

    def _write_fulls(self):
        if self.full:
            self._copy(FULL, {"id": list(self.full.values())})
            old = [
                (partial_id, full_id)
                for root, full_id in self.full.items()
                for partial_id in self.old_partials[root]
            ]
            self._update(PARTIAL, ("full_reconcile_id",), ("int",), old)

    def _write_partials(self):
        debits, credits, amounts = zip(*self.pairs, strict=True)
        texts = list(map(str, amounts))
        pairs = [(self.lines[one], self.lines[other]) for one, other, _amount in self.pairs]
        self._copy(
            PARTIAL,
            {
                "id": self.partial_ids,
                "debit_move_id": list(debits),
                "credit_move_id": list(credits),
                "full_reconcile_id": [self.full.get(self.root_of[line_id]) for line_id in debits],
                "debit_currency_id": [debit.currency_id for debit, _credit in pairs],
                "credit_currency_id": [credit.currency_id for _debit, credit in pairs],
                "company_id": [debit.company_id for debit, _credit in pairs],
                "max_date": [max(debit.date, credit.date) for debit, credit in pairs],
                "amount": texts,
                "debit_amount_currency": texts,
                "credit_amount_currency": texts,
            },
        )

    def _write_lines(self):
        rows = [
            (
                line_id,
                str(self.left[line_id]),
                str(self.left[line_id]),
                not self.left[line_id],
                self.full.get(root),
                str(self.full[root]) if root in self.full else f"P{self.first[root]}",
            )
            for line_id, root in self.root_of.items()
        ]
        self._update(
            "account_move_line",
            (
                "amount_residual",
                "amount_residual_currency",
                "reconciled",
                "full_reconcile_id",
                "matching_number",
            ),
            ("numeric", "numeric", "bool", "int", "text"),
            rows,
        )

    def _update(self, table, columns, kinds, rows):
        """Write columns of existing rows: [(id, value, ...)]."""
        if not rows:
            return
        uid, now = self._log
        values = [list(column) for column in zip(*rows, strict=True)]
        self.env.cr.execute(
            SQL(
                "UPDATE %(table)s t SET %(columns)s, write_uid = %(uid)s, write_date = %(now)s "
                "FROM unnest(%(values)s) AS v (id, %(names)s) WHERE t.id = v.id",
                table=SQL.identifier(table),
                columns=SQL(", ").join(
                    SQL("%s = v.%s", SQL.identifier(name), SQL.identifier(name)) for name in columns
                ),
                uid=uid,
                now=now,
                values=SQL(", ").join(
                    SQL(f"%s::{kind}[]", value)
                    for kind, value in zip(("int", *kinds), values, strict=True)
                ),
                names=SQL(", ").join(map(SQL.identifier, columns)),
            )
        )

    # -- bills ------------------------------------------------------------------------------

    def _write_moves(self):
        """What is open of the bills, and how far they are paid."""
        moves = {line.move_id for line in self.lines.values() if line.move_type in INVOICES}
        if not moves:
            return
        uid, now = self._log
        self.env.cr.execute(
            SQL(
                """
            UPDATE account_move move
            SET amount_residual = abs(found.residual), amount_residual_signed = found.residual,
                payment_state = CASE WHEN found.residual <> 0 THEN 'partial'
                    WHEN found.reversed THEN 'reversed' ELSE 'paid' END,
                write_uid = %(uid)s, write_date = %(now)s
            FROM (
                SELECT line.move_id, sum(line.amount_residual) AS residual,
                       bool_or(other.reverses) AS reversed
                FROM account_move_line line
                JOIN account_move bill ON bill.id = line.move_id
                CROSS JOIN LATERAL (
                    SELECT CASE bill.move_type
                        WHEN 'out_invoice' THEN bool_or(move.move_type = 'out_refund')
                            AND bool_and(move.move_type IN ('out_refund', 'entry'))
                        WHEN 'in_invoice' THEN bool_or(move.move_type = 'in_refund')
                            AND bool_and(move.move_type IN ('in_refund', 'entry'))
                        WHEN 'out_receipt' THEN FALSE WHEN 'in_receipt' THEN FALSE
                        ELSE bool_and(move.move_type = 'entry') END AS reverses
                    FROM account_partial_reconcile part
                    JOIN account_move_line counter ON counter.id IN (
                        part.debit_move_id, part.credit_move_id) AND counter.id <> line.id
                    JOIN account_move move ON move.id = counter.move_id
                    WHERE line.id IN (part.debit_move_id, part.credit_move_id)
                    AND move.id <> bill.id
                ) other
                WHERE line.move_id = ANY(%(moves)s) AND line.display_type = 'payment_term'
                GROUP BY line.move_id
            ) found
            WHERE found.move_id = move.id
            """,
                moves=list(moves),
                uid=uid,
                now=now,
            )
        )
        self._recompute_others(moves)

    def _recompute_others(self, moves):
        """Bills that Odoo's own payments have a part in are Odoo's to judge."""
        others = self.env.execute_query(
            SQL(
                """
            SELECT DISTINCT line.move_id FROM account_move_line line
            JOIN account_partial_reconcile part
                ON line.id IN (part.debit_move_id, part.credit_move_id)
            JOIN account_move_line counter
                ON counter.id IN (part.debit_move_id, part.credit_move_id)
            JOIN account_move move ON move.id = counter.move_id
            WHERE line.move_id = ANY(%s)
            AND (move.origin_payment_id IS NOT NULL OR move.statement_line_id IS NOT NULL)
            """,
                list(moves),
            )
        )
        if others:
            self.env.invalidate_all(flush=False)
            found = self.env["account.move"].browse(row[0] for row in others)
            self.env.add_to_compute(found._fields["payment_state"], found)
            found._recompute_recordset(["payment_state"])
            self.env.flush_all()


PARTIAL_SQL = SQL.identifier(PARTIAL)


class _Groups:
    """Disjoint sets."""

    def __init__(self):
        self._parent = {}

    def root(self, key):
        parent = self._parent.setdefault(key, key)
        while parent != self._parent[parent]:
            self._parent[parent] = parent = self._parent[self._parent[parent]]
        self._parent[key] = parent
        return parent

    def join(self, one, other):
        self._parent[self.root(other)] = self.root(one)

    def roots(self):
        return [(key, self.root(key)) for key in list(self._parent)]
