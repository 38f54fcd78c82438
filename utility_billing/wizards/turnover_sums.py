"""Rows of a turnover balance, from the ledger and from what bills are made of."""

from odoo import models
from odoo.tools import SQL

# a bill that stands against another one, or mends it
MENDS = SQL("(move.reversed_entry_id IS NOT NULL OR move.utility_bill_kind = 'correction')")
BILL = SQL("move.move_type IN ('out_invoice', 'out_refund')")


class Turnover(models.TransientModel):
    _inherit = "utility.turnover"

    def _fill(self):
        """Write the rows anew.

        All receivable lines are counted once, by account, and by service where they name one. What
        is known of services besides is added to them and taken off the rest, so that the sums are
        always those of the ledger.
        """
        self.env.flush_all()
        self.env.cr.execute(
            SQL("DELETE FROM utility_turnover_line WHERE turnover_id = %s", self.id)
        )
        self.env.cr.execute(self._insert())
        self.env.invalidate_all()

    def _insert(self):
        rows = SQL(
            "SELECT account_id, service_id, bucket, amount FROM ledger "
            "UNION ALL SELECT account_id, service_id, bucket, amount FROM known "
            "UNION ALL SELECT account_id, NULL, counted_as, -amount FROM known"
        )
        return SQL(
            """
            WITH scope AS MATERIALIZED (%(scope)s), ledger AS (%(ledger)s), known AS (%(known)s)
            INSERT INTO utility_turnover_line (
                turnover_id, account_id, partner_id, premise_id, building_id, service_id,
                service_name, opening, charged, recalculated, funds, paid, other, closing,
                create_uid, create_date, write_uid, write_date)
            SELECT %(turnover)s, sums.account_id, account.partner_id, account.premise_id,
                   account.building_id, sums.service_id,
                   COALESCE(service.name->>%(lang)s, service.name->>'en_US', %(rest)s),
                   sums.opening, sums.charged, sums.recalculated, -sums.funds, -sums.paid,
                   sums.other, sums.closing,
                   %(user)s, now() AT TIME ZONE 'UTC', %(user)s, now() AT TIME ZONE 'UTC'
            FROM (
                SELECT account_id, %(service)s AS service_id, %(buckets)s,
                       COALESCE(SUM(amount), 0) AS closing
                FROM (%(rows)s) parts GROUP BY 1, 2
            ) sums JOIN utility_account account ON account.id = sums.account_id
            LEFT JOIN utility_service service ON service.id = sums.service_id
            WHERE sums.opening <> 0 OR sums.charged <> 0 OR sums.recalculated <> 0
                OR sums.funds <> 0 OR sums.paid <> 0 OR sums.other <> 0
            """,
            scope=self._scope(),
            ledger=self._ledger(),
            known=SQL(" UNION ALL ").join(self._known()),
            turnover=self.id,
            user=self.env.uid,
            lang=self.env.lang or "en_US",
            rest=self.env._("Not allocated"),
            service=SQL("service_id") if self.by_service else SQL("NULL::int"),
            buckets=self._buckets(),
            rows=rows,
        )

    def _buckets(self):
        names = ("opening", "charged", "recalculated", "funds", "paid", "other")
        return SQL(", ").join(
            SQL(
                "COALESCE(SUM(amount) FILTER (WHERE bucket = %s), 0) AS %s",
                name,
                SQL.identifier(name),
            )
            for name in names
        )

    def _scope(self):
        """Accounts that the user may see."""
        accounts = self.env["utility.account"].with_context(active_test=False)
        return accounts._search(self._domain_accounts()).select()

    def _ledger(self):
        """Receivable lines: (account, bucket, amount)."""
        return SQL(
            """
            SELECT line.utility_account_id AS account_id, line.utility_service_id AS service_id,
                line.balance AS amount,
                CASE WHEN line.date < %(first)s THEN 'opening'
                     WHEN %(bill)s AND %(mends)s THEN 'recalculated'
                     WHEN %(bill)s THEN 'charged'
                     WHEN move.utility_run_id IS NOT NULL OR move.journal_id = %(fund_journal)s
                         THEN 'funds'
                     WHEN journal.type IN ('bank', 'cash', 'credit')
                         OR move.origin_payment_id IS NOT NULL
                         OR line.utility_payment_id IS NOT NULL OR %(cash)s THEN 'paid'
                     ELSE 'other' END AS bucket
            FROM account_move_line line
            JOIN account_account ledger_account ON ledger_account.id = line.account_id
                AND ledger_account.account_type = 'asset_receivable'
            JOIN account_move move ON move.id = line.move_id
            JOIN account_journal journal ON journal.id = move.journal_id
            WHERE line.utility_account_id IN (SELECT id FROM scope)
                AND line.parent_state = 'posted' AND line.date <= %(last)s
            """,
            first=self.date_from,
            last=self.date_to,
            bill=BILL,
            mends=MENDS,
            fund_journal=self.company_id.utility_fund_journal_id.id or 0,
            cash=SQL(
                """EXISTS (SELECT FROM account_move_line counter
                    JOIN account_account counter_account ON counter_account.id = counter.account_id
                    WHERE counter.move_id = move.id AND counter_account.account_type = 'asset_cash')
                """
            ),
        )

    def _known(self):
        """What is known of services: (account, service, bucket, bucket in the ledger, amount)."""
        parts = [self._known_of_charges()]
        if self.by_service:
            parts += [self._known_of_other_bills(), self._known_of_payments()]
        return parts

    def _known_of_charges(self):
        """Charges on bills; unless rows are by service, only those that are corrections.

        A bill that was below zero goes on the next one, at most for a year: charges are looked for
        that far back.
        """
        only = SQL()
        if not self.by_service:
            only = SQL(
                "AND charge.is_correction AND move.date >= %(first)s "
                "AND charge.month >= %(first)s::date - interval '1 year'",
                first=self.date_from,
            )
        return SQL(
            """
            SELECT move.utility_account_id AS account_id, charge.service_id,
                CASE WHEN move.date < %(first)s THEN 'opening'
                     WHEN charge.is_correction OR %(mends)s THEN 'recalculated'
                     ELSE 'charged' END AS bucket,
                %(counted_as)s AS counted_as,
                charge.amount + COALESCE(charge.fund_amount, 0)
                + CASE WHEN charge.tax_included THEN 0 ELSE COALESCE(charge.tax_amount, 0) END
                    AS amount
            FROM utility_charge charge
            JOIN account_move_line line ON line.id = charge.move_line_id
            JOIN account_move move ON move.id = line.move_id
            WHERE charge.state = 'posted' AND charge.month <= %(last)s
                AND charge.company_id = %(company)s AND %(bill)s AND move.state = 'posted'
                AND move.date <= %(last)s AND move.utility_account_id IN (SELECT id FROM scope)
                %(only)s
            """,
            first=self.date_from,
            last=self.date_to,
            company=self.company_id.id,
            mends=MENDS,
            bill=BILL,
            counted_as=self._counted_as(),
            only=only,
        )

    def _known_of_other_bills(self):
        """Lines of bills without charges that stand: credit notes, what they cancel, bills made by
        hand."""
        return SQL(
            """
            SELECT move.utility_account_id, line.utility_service_id, %(counted_as)s, %(counted_as)s,
                CASE WHEN move.move_type = 'out_refund' THEN -1 ELSE 1 END * line.price_total
            FROM account_move_line line JOIN account_move move ON move.id = line.move_id
            WHERE move.utility_account_id IN (SELECT id FROM scope) AND %(bill)s
                AND move.state = 'posted' AND move.date <= %(last)s
                AND line.utility_service_id IS NOT NULL AND line.display_type = 'product'
                AND NOT EXISTS (SELECT FROM utility_charge charge
                    WHERE charge.move_line_id = line.id AND charge.state = 'posted'
                    AND charge.account_id = line.utility_account_id)
            """,
            counted_as=self._counted_as(),
            bill=BILL,
            last=self.date_to,
        )

    def _known_of_payments(self):
        """What payments cover by services, as it is allocated today."""
        return SQL(
            """
            SELECT given.utility_account_id, part.service_id,
                CASE WHEN given.date < %(first)s THEN 'opening' ELSE 'paid' END,
                CASE WHEN given.date < %(first)s THEN 'opening' ELSE 'paid' END, -part.amount
            FROM utility_payment_allocation part
            JOIN account_partial_reconcile settled ON settled.id = part.partial_id
            JOIN account_move_line given ON given.id = settled.credit_move_id
            WHERE part.kind = 'payment' AND part.service_id IS NOT NULL
                AND given.utility_service_id IS NULL AND given.date <= %(last)s
                AND given.utility_account_id IN (SELECT id FROM scope)
            """,
            first=self.date_from,
            last=self.date_to,
        )

    def _counted_as(self):
        return SQL(
            "CASE WHEN move.date < %s THEN 'opening' WHEN %s THEN 'recalculated' "
            "ELSE 'charged' END",
            self.date_from,
            MENDS,
        )
