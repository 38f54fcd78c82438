"""All that a transaction wrote, table by table, so that two ways of writing can be compared."""

from collections import defaultdict

from odoo.tools import SQL

# moments, and what is drawn at random
FLEETING = {"create_date", "write_date", "access_token"}
# how the posting itself went, not what it wrote
OWN = {
    "utility_billing_posting",
    "utility_bill_range",
    "utility_bill_counter",
    "utility_charge_mark",
}


class Snapshot:
    """Tables as they are, with names in place of ids of what is new."""

    def __init__(self, env, tables, known_moves):
        self.env, self.names = env, {}
        env.flush_all()
        self._name_moves(known_moves)
        self.tables = {table: self._rows(table) for table in sorted(tables)}

    def _name_moves(self, known_moves):
        """A move is called by its name; a line by its move's and its place among its lines."""
        moves = self.env.execute_query(
            SQL("SELECT id, name FROM account_move WHERE id <> ALL(%s)", list(known_moves) or [0])
        )
        self.names["account_move"] = {move_id: f"move {name}" for move_id, name in moves}
        lines = defaultdict(list)
        for move_id, *line in self.env.execute_query(
            SQL(
                "SELECT move_id, display_type, sequence, account_id, utility_service_id, "
                "tax_line_id, name, balance, id FROM account_move_line WHERE move_id = ANY(%s)",
                [move_id for move_id, _name in moves],
            )
        ):
            lines[move_id].append(line)
        self.names["account_move_line"] = {
            line[-1]: f"{self.names['account_move'][move_id]} line {place}"
            for move_id, found in lines.items()
            for place, line in enumerate(sorted(found, key=lambda line: list(map(str, line))))
        }

    def _rows(self, table):
        references = dict(
            self.env.execute_query(
                SQL(
                    """
                SELECT attribute.attname, target.relname FROM pg_constraint
                JOIN pg_attribute attribute ON attribute.attrelid = conrelid
                    AND attribute.attnum = conkey[1]
                JOIN pg_class target ON target.oid = confrelid
                WHERE contype = 'f' AND conrelid = %s::regclass
                """,
                    table,
                )
            )
        )
        rows = self.env.execute_query_dict(SQL("SELECT * FROM %s", SQL.identifier(table)))
        return sorted((self._named(table, row, references) for row in rows), key=str)

    def _named(self, table, row, references):
        own = self.names.get(table, {})
        named = {}
        for column, value in row.items():
            if column in FLEETING:
                continue
            if column == "id":
                value = own.get(value, "new" if table == "account_analytic_line" else value)
            elif references.get(column) in self.names:
                value = self.names[references[column]].get(value, value)
            named[column] = value
        return tuple(sorted(named.items()))
