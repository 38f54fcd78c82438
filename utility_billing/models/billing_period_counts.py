from odoo import models
from odoo.tools import SQL


class BillingPeriodCheck(models.Model):
    """Points of the checklist that are counted set-wise: one query each."""

    _inherit = "utility.billing.period.check"

    def _unbilled(self, company, first, last):
        """Ids of accounts with a supply whose last day due in the month is not claimed."""
        self.env.flush_all()
        cycles = self.env["utility.billing.cycle"].search([])
        due = cycles.filtered(
            lambda cycle: (period := cycle._billed_on(last)) and period[1] <= last
        )
        return [
            row[0]
            for row in self.env.execute_query(
                SQL(
                    """
                SELECT DISTINCT agreement.account_id FROM utility_service_agreement agreement
                JOIN utility_account account ON account.id = agreement.account_id
                    AND account.company_id = %(company)s
                WHERE agreement.voided_at IS NULL AND agreement.billing_cycle_id = ANY(%(cycles)s)
                AND agreement.date_start <= %(last)s
                AND (agreement.date_end IS NULL OR agreement.date_end >= %(first)s)
                AND NOT EXISTS (
                    SELECT FROM utility_charge_claim claim
                    WHERE claim.released_at IS NULL AND claim.kind = 'supply'
                    AND claim.account_id = agreement.account_id
                    AND claim.service_point_id = agreement.service_point_id
                    AND claim.date_end >= LEAST(agreement.date_end, %(last)s)
                    AND claim.date_start <= %(last)s
                )
                """,
                    company=company.id,
                    cycles=due.ids,
                    first=first,
                    last=last,
                )
            )
        ]

    def _missing_numbers(self):
        """How many numbers are left out before the last one, in the bills' numberings that the
        month used."""
        self.env.flush_all()
        first, last = self.period_id._span()
        [(missing,)] = self.env.execute_query(
            SQL(
                """
            WITH prefixes AS (
                SELECT DISTINCT journal_id, sequence_prefix FROM account_move
                WHERE journal_id = %(journal)s AND state = 'posted'
                AND date BETWEEN %(first)s AND %(last)s
            ), numbers AS (
                SELECT move.sequence_number - lag(move.sequence_number, 1, 0) OVER (
                    PARTITION BY move.sequence_prefix ORDER BY move.sequence_number
                ) - 1 AS missing
                FROM prefixes JOIN account_move move ON move.journal_id = prefixes.journal_id
                AND move.sequence_prefix = prefixes.sequence_prefix AND move.state <> 'draft'
            )
            SELECT COALESCE(sum(missing), 0) FROM numbers WHERE missing > 0
            """,
                journal=self.company_id.utility_bill_journal_id.id or 0,
                first=first,
                last=last,
            )
        )
        return int(missing)

    def _moves_that_disagree(self, company, month):
        """Ids of bills whose charges, with taxes and without what funds bear of them, do not come
        to the bill."""
        self.env.flush_all()
        return [
            row[0]
            for row in self.env.execute_query(
                SQL(
                    """
                SELECT move.id FROM account_move move
                LEFT JOIN LATERAL (
                    SELECT sum(
                        charge.amount + COALESCE(charge.fund_amount, 0)
                        + CASE WHEN charge.tax_included THEN 0
                          ELSE COALESCE(charge.tax_amount, 0) END
                    ) AS total
                    FROM account_move_line line JOIN utility_charge charge
                    ON charge.account_id = line.utility_account_id
                    AND charge.move_line_id = line.id AND charge.state = 'posted'
                    WHERE line.move_id = move.id
                ) charges ON TRUE
                WHERE move.company_id = %s AND move.utility_month = %s AND move.state = 'posted'
                AND move.move_type IN ('out_invoice', 'out_refund')
                AND move.utility_run_id IS NOT NULL AND move.utility_cancelled_by_id IS NULL
                AND COALESCE(charges.total, 0) <> move.amount_total_signed
                """,
                    company.id,
                    month,
                )
            )
        ]
