"""Foreign keys of many new rows, checked once for each row that they refer to.

PostgreSQL checks a foreign key with a trigger: for each column of each new row it locks the row
that is referred to, so that nobody deletes it before the transaction ends. With eight such columns
a row, that is two thirds of the work of a COPY, most of it spent on the same user, company or
service over and over. Here the same rows get the same lock (`FOR KEY SHARE`) with one query a
column; if all are there, the triggers rest during the COPY, as they do when a replica applies
changes. If one is missing they stay on, and PostgreSQL says itself what is wrong.

That needs the right to set `session_replication_role`: the owner of a private cluster and of
PostgreSQL's container image has it; elsewhere an administrator may `GRANT SET ON PARAMETER
session_replication_role TO` Odoo's role. Without it all is as usual, only slower. Tables with
triggers of somebody's own are left alone.
"""

from contextlib import contextmanager

from odoo.tools import SQL


@contextmanager
def references_checked(cr, table, columns):
    """A block in which rows with `columns` ({name: values}, with `id` of new ones) are written to
    `table`.

    The block is within a savepoint or ends the transaction when it fails: the rollback brings the
    triggers back.
    """
    if not (_may_rest_triggers(cr, table) and _lock_references(cr, table, columns)):
        yield
        return
    cr.execute("SET LOCAL session_replication_role = replica")
    yield
    cr.execute("SET LOCAL session_replication_role = origin")


def _may_rest_triggers(cr, table):
    granted = SQL("FALSE")
    if cr.connection.server_version >= 150000:
        granted = SQL("has_parameter_privilege('session_replication_role', 'SET')")
    cr.execute(
        SQL(
            """
            SELECT %s OR (SELECT rolsuper FROM pg_roles WHERE rolname = current_user),
                current_setting('session_replication_role') = 'origin',
                EXISTS (SELECT FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal)
            """,
            granted,
            table,
        )
    )
    allowed, is_usual, has_own_triggers = cr.fetchone()
    return allowed and is_usual and not has_own_triggers


def _lock_references(cr, table, columns):
    """Lock the rows that the columns refer to; whether all of them are there."""
    new = set(columns.get("id") or ())
    wanted = {}
    for column, referred in _foreign_keys(cr, table):
        values = columns.get(column)
        if values is None:
            continue
        ids = {values[0]} if hasattr(values, "value") else set(values)
        ids.discard(None)
        if referred == table:
            ids -= new
        wanted.setdefault(referred, set()).update(ids)
    return all(_lock(cr, referred, ids) for referred, ids in wanted.items() if ids)


def _foreign_keys(cr, table):
    """[(column, table that it refers to)]; keys of several columns and to others than `id` are
    unknown to Odoo."""
    cr.execute(
        """
        SELECT a.attname, r.relname
        FROM pg_constraint c
        JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
        JOIN pg_class r ON r.oid = c.confrelid
        WHERE c.conrelid = %s::regclass AND c.contype = 'f'
        """,
        [table],
    )
    return cr.fetchall()


def _lock(cr, table, ids):
    cr.execute(
        SQL(
            "SELECT count(*) FROM (SELECT FROM %s WHERE id = ANY(%s) FOR KEY SHARE) locked",
            SQL.identifier(table),
            list(ids),
        )
    )
    return cr.fetchone()[0] == len(ids)
