"""Moulds: rows of the ledger's tables as Odoo itself writes them, learned from bills that it posts
in a savepoint that is rolled back. A bill in bulk is the mould of each of its rows, with what is
the bill's own put in.

A *kind* says all that decides what Odoo writes, save for what is the bill's own. What was learned
is tried on the very bills it was learned from: a column that comes out otherwise than Odoo wrote
it keeps the batch from being posted in bulk.
"""

import json
from collections import defaultdict

from odoo.tools import SQL

from odoo.addons.utility_base.tools.bulk import copy_text

MOVE, LINE = "account_move", "account_move_line"
LINE_TAXES, LINE_TAGS = (
    "account_move_line_account_tax_rel",
    "account_account_tag_account_move_line_rel",
)
ANALYTIC = "account_analytic_line"
KNOWN_TABLES = frozenset({MOVE, LINE, LINE_TAXES, LINE_TAGS, ANALYTIC, "res_partner"})
# written at another moment than Odoo wrote them, not to be foreseen, or of samples only
FLEETING = frozenset({"create_date", "write_date", "access_token", "made_sequence_gap"})
SAMPLES = 12


class Mould:
    """A row as texts for COPY; `tags` are the tags of the line."""

    __slots__ = ("values", "texts", "tags", "taxes", "places")

    def __init__(self, row, tags=(), taxes=()):
        self.values = dict(row)
        self.places = {name: place for place, name in enumerate(row)}
        self.texts = [copy_text(_plain(value)) for value in row.values()]
        self.tags = tuple(tags)
        self.taxes = tuple(taxes)

    @property
    def columns(self):
        return tuple(self.values)

    def filled(self, own):
        """The row with some columns' texts put in.

        :param own: {column: text}
        """
        texts = self.texts.copy()
        places = self.places
        for name, text in own.items():
            texts[places[name]] = text
        return texts


class Captured:
    """What Odoo wrote for some bills."""

    def __init__(self, env, moves):
        self.env = env
        self.moves = {row["id"]: row for row in self._rows(MOVE, "id", moves.ids)}
        self.lines = defaultdict(list)
        for row in self._rows(LINE, "move_id", moves.ids):
            self.lines[row["move_id"]].append(row)
        ids = [row["id"] for rows in self.lines.values() for row in rows]
        self.taxes = self._pairs(LINE_TAXES, "account_move_line_id", "account_tax_id", ids)
        self.tags = self._pairs(LINE_TAGS, "account_move_line_id", "account_account_tag_id", ids)
        self.analytic = defaultdict(list)
        for row in self._rows(ANALYTIC, "move_line_id", ids):
            self.analytic[row["move_line_id"]].append(row)

    def _rows(self, table, column, ids):
        query = SQL(
            "SELECT * FROM %s WHERE %s = ANY(%s) ORDER BY id",
            SQL.identifier(table),
            SQL.identifier(column),
            list(ids),
        )
        return self.env.execute_query_dict(query)

    def _pairs(self, table, column, other, ids):
        found = defaultdict(list)
        for line_id, other_id in self.env.execute_query(
            SQL(
                "SELECT %s, %s FROM %s WHERE %s = ANY(%s) ORDER BY 1, 2",
                SQL.identifier(column),
                SQL.identifier(other),
                SQL.identifier(table),
                SQL.identifier(column),
                list(ids),
            )
        ):
            found[line_id].append(other_id)
        return found


def written_tables(cr):
    """{table: rows inserted, updated or deleted in this transaction}"""
    cr.execute(
        "SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables "
        "WHERE n_tup_ins + n_tup_upd + n_tup_del > 0"
    )
    return dict(cr.fetchall())


def _plain(value):
    return json.dumps(value, ensure_ascii=False) if isinstance(value, (dict, list)) else value
