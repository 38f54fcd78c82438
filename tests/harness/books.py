"""Whether a town's books agree, asked of the database and not of the suite's own checks."""

import json
from decimal import Decimal

from suite import odoo, postgres

RECEIVABLE = "ledger.account_type = 'asset_receivable' AND line.parent_state = 'posted'"

# entries that do not balance, and what all of them together are out by
UNBALANCED = """
    SELECT move_id, sum(debit), sum(credit) FROM account_move_line
    WHERE parent_state = 'posted' GROUP BY move_id HAVING sum(debit) <> sum(credit)
    UNION ALL
    SELECT 0, sum(debit), sum(credit) FROM account_move_line
    WHERE parent_state = 'posted' HAVING sum(debit) <> sum(credit)
"""

# bills that are another sum than their charges with tax
OTHER_THAN_CHARGES = """
    SELECT move.name, move.amount_total_signed, charged.amount
    FROM account_move move
    LEFT JOIN (
        SELECT line.move_id, sum(
            charge.amount + CASE WHEN charge.tax_included THEN 0 ELSE charge.tax_amount END
        ) AS amount
        FROM utility_charge charge
        JOIN account_move_line line ON line.id = charge.move_line_id
        WHERE charge.state = 'posted' GROUP BY line.move_id
    ) charged ON charged.move_id = move.id
    WHERE move.state = 'posted' AND move.move_type IN ('out_invoice', 'out_refund')
    AND move.utility_run_id IS NOT NULL
    AND move.amount_total_signed <> COALESCE(charged.amount, 0)
"""

# bills of which there is another sum open than was not covered
OTHER_THAN_COVERED = f"""
    SELECT move.name, line.balance, covered.amount, line.amount_residual
    FROM account_move_line line
    JOIN account_move move ON move.id = line.move_id
    JOIN account_account ledger ON ledger.id = line.account_id
    LEFT JOIN (
        SELECT line_id, sum(amount) AS amount FROM utility_payment_allocation GROUP BY line_id
    ) covered ON covered.line_id = line.id
    WHERE {RECEIVABLE} AND move.utility_run_id IS NOT NULL
    AND line.balance - COALESCE(covered.amount, 0) <> line.amount_residual
"""

# {account: what is open of all its lines}
OPEN = f"""
    SELECT line.utility_account_id, sum(line.amount_residual)
    FROM account_move_line line JOIN account_account ledger ON ledger.id = line.account_id
    WHERE {RECEIVABLE} AND line.utility_account_id IS NOT NULL GROUP BY 1
"""

# the ledger's whole of the same lines, reconciled or not
OWED = f"""
    SELECT line.utility_account_id, sum(line.balance)
    FROM account_move_line line JOIN account_account ledger ON ledger.id = line.account_id
    WHERE {RECEIVABLE} AND line.utility_account_id IS NOT NULL GROUP BY 1
"""

# supplies with a day that two live claims have billed
TWICE = """
    SELECT one.id, other.id FROM utility_charge_claim one
    JOIN utility_charge_claim other ON other.account_id = one.account_id
    AND other.service_point_id = one.service_point_id AND other.id > one.id
    AND daterange(other.date_start, other.date_end, '[]')
        && daterange(one.date_start, one.date_end, '[]')
    WHERE one.kind = 'supply' AND other.kind = 'supply'
    AND one.released_at IS NULL AND other.released_at IS NULL
"""


class Books:
    """The books of a served town.

    :param call: JSON-2 client of the administrator
    """

    def __init__(self, database, call):
        self.database = database
        self.call = call

    def assert_agree(self):
        """Trial balance, balances of accounts, charges less what is covered, traces, claims."""
        assert self.rows(UNBALANCED) == []
        assert self.rows(OTHER_THAN_CHARGES) == []
        assert self.rows(OTHER_THAN_COVERED) == []
        assert self.rows(TWICE) == []
        self.assert_balances()
        found = json.loads(odoo.inside("recompute", self.database))
        assert found["charges"] > 0
        assert found["differing"] == []

    def assert_balances(self):
        """What screens show as owed is what is open in the ledger, and the ledger's whole."""
        accounts = self.call("utility.account", "search_read", domain=[], fields=["balance"])
        shown = {row["id"]: round(Decimal(str(row["balance"])), 2) for row in accounts}
        for ledger in (self.by_account(OPEN), self.by_account(OWED)):
            others = {
                number: (amount, ledger.get(number, Decimal(0)))
                for number, amount in shown.items()
                if amount != ledger.get(number, Decimal(0))
            }
            assert others == {}

    def by_account(self, query):
        return {int(account): Decimal(amount) for account, amount in self.rows(query)}

    def rows(self, query):
        return [row.split("|") for row in postgres.psql(query, self.database)]
