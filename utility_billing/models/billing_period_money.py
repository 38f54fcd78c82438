from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .payment import OPEN


class BillingPeriodCheck(models.Model):
    """Points of the checklist about money: the trial balance, and what payments cover."""

    _inherit = "utility.billing.period.check"

    code = fields.Selection(
        selection_add=[
            ("placed", "All payments are placed"),
            ("balanced", "The trial balance agrees"),
            ("covered", "What is open agrees with what payments cover"),
        ],
        ondelete={"placed": "cascade", "balanced": "cascade", "covered": "cascade"},
    )

    def _advice(self):
        texts = {
            "placed": self.env._("Say for whom these payments are, or leave them out."),
            "balanced": self.env._("Have an accountant look at entries that do not balance."),
            "covered": self.env._("Undo the reconciliation of these lines, and do it again."),
        }
        return texts.get(self.code) or super()._advice()

    def _open_placed(self, company, _first, last):
        return "utility.payment", (
            Domain("company_id", "=", company.id)
            & Domain("date", "<=", last)
            & Domain("state", "in", OPEN)
        )

    def _open_balanced(self, company, first, last):
        return "account.move", Domain("id", "in", self._unbalanced(company, first, last))

    def _open_covered(self, company, first, last):
        return "account.move.line", Domain("id", "in", self._uncovered(company, first, last))

    def _unbalanced(self, company, first, last):
        """Ids of the month's entries whose debits and credits differ, or whose lines say another
        day, state or company than the entry."""
        self.env.flush_all()
        return [
            row[0]
            for row in self.env.execute_query(
                SQL(
                    """
                SELECT move.id FROM account_move move
                JOIN account_move_line line ON line.move_id = move.id
                WHERE move.company_id = %s AND move.state = 'posted'
                AND move.date BETWEEN %s AND %s
                GROUP BY move.id
                HAVING sum(line.balance) <> 0 OR sum(line.debit - line.credit) <> 0
                OR bool_or(line.date <> move.date OR line.parent_state <> 'posted'
                           OR line.company_id <> move.company_id)
                """,
                    company.id,
                    first,
                    last,
                )
            )
        ]

    def _uncovered(self, company, first, last):
        """Ids of the month's lines under utility accounts of which there is another sum open than
        was not covered."""
        self.env.flush_all()
        return [
            row[0]
            for row in self.env.execute_query(
                SQL(
                    """
                SELECT line.id FROM account_move_line line
                JOIN account_account ledger ON ledger.id = line.account_id
                LEFT JOIN LATERAL (
                    SELECT sum(abs(amount)) AS amount FROM utility_payment_allocation
                    WHERE line_id = line.id
                ) covered ON TRUE
                LEFT JOIN LATERAL (
                    SELECT sum(amount) AS amount FROM account_partial_reconcile
                    WHERE line.id IN (debit_move_id, credit_move_id)
                ) matched ON TRUE
                WHERE line.company_id = %s AND line.parent_state = 'posted'
                AND line.date BETWEEN %s AND %s AND line.utility_account_id IS NOT NULL
                AND ledger.account_type = 'asset_receivable'
                AND (
                    abs(line.balance) - COALESCE(matched.amount, 0) <> abs(line.amount_residual)
                    OR (line.utility_payment_id IS NULL
                        AND COALESCE(covered.amount, 0) <> COALESCE(matched.amount, 0))
                )
                """,
                    company.id,
                    first,
                    last,
                )
            )
        ]
