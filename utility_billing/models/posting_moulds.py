"""Moulds: rows of the ledger's tables as Odoo itself writes them, learned from bills that it posts
in a savepoint that is rolled back. A bill in bulk is the mould of each of its rows, with what is
the bill's own put in.

A *kind* says all that decides what Odoo writes, save for what is the bill's own. What was learned
is tried on the very bills it was learned from: a column that comes out otherwise than Odoo wrote
it keeps the batch from being posted in bulk.
"""

import json
from collections import defaultdict, namedtuple

from odoo.tools import SQL

from odoo.addons.utility_base.tools.bulk import copy_text

MOVE, LINE, ANALYTIC = "account_move", "account_move_line", "account_analytic_line"
# a line's links that follow from its own analytic shares, not from its kind
OWN_LINKS = "analytic_account_ids"
# written at another moment than Odoo wrote them, not to be foreseen, or of samples only
FLEETING = frozenset({"create_date", "write_date", "access_token", "made_sequence_gap"})
# bills without a new kind of row that are learned from too
TRIED = 2


# how lines are linked to others: a many2many field's name, table and columns
Link = namedtuple("Link", "name table column other")


def links_of(env):
    """All stored links of ledger lines, whichever module made them."""
    fields = env["account.move.line"]._fields.values()
    return tuple(
        Link(field.name, field.relation, field.column1, field.column2)
        for field in fields
        if field.type == "many2many" and field.store
    )


def known_tables(env):
    """Tables that bills in bulk are written to."""
    return {MOVE, LINE, ANALYTIC, "res_partner", *(link.table for link in links_of(env))}


class Mould:
    """A row as texts for COPY.

    :param linked: {`Link`: ids} of a line
    """

    __slots__ = ("values", "texts", "linked", "places")

    def __init__(self, row, linked=None):
        self.values = dict(row)
        self.places = {name: place for place, name in enumerate(row)}
        self.texts = [copy_text(_plain(value)) for value in row.values()]
        self.linked = linked or {}

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
        self.links = {
            link: self._pairs(link.table, link.column, link.other, ids) for link in links_of(env)
        }
        self.analytic = defaultdict(list)
        for row in self._rows(ANALYTIC, "move_line_id", ids):
            self.analytic[row["move_line_id"]].append(row)

    def linked(self, line_id):
        """{`Link`: ids} of a line."""
        return {
            link: tuple(pairs[line_id]) for link, pairs in self.links.items() if line_id in pairs
        }

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
