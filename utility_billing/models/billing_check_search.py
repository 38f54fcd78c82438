"""What each kind of check looks for, as SQL over all accounts of a run at once.

Each `_sql_<kind>` selects (account_id, figures) from `utility_gate_bill`, the run's bills: one row
an account that gets one, with its amount (tax not included).
"""

from odoo import fields, models
from odoo.tools import SQL


class BillingCheck(models.Model):
    _inherit = "utility.billing.check"

    def _find(self, run, account_ids=None):
        """Accounts of a run that a check is about; `_gather` was called before.

        :return: [(account id, amount of its bill or None, figures)]
        """
        self.ensure_one()
        return self.env.execute_query(
            SQL(
                """
            SELECT found.account_id, bill.amount, found.figures FROM (%s) found
            LEFT JOIN utility_gate_bill bill ON bill.account_id = found.account_id
            WHERE %s ORDER BY found.account_id
            """,
                getattr(self, f"_sql_{self.kind}")(run),
                SQL("found.account_id = ANY(%s)", account_ids) if account_ids else SQL("TRUE"),
            )
        )

    def _gather(self, run, account_ids=None):
        """The bills of a run, for the checks of this transaction: of accounts with charges, and of
        those whose periods were rated and came to nothing."""
        self.env.flush_all()
        some = account_ids is not None
        self.env.cr.execute(SQL("DROP TABLE IF EXISTS utility_gate_bill"))
        self.env.cr.execute(
            SQL(
                """
            CREATE TEMPORARY TABLE utility_gate_bill ON COMMIT DROP AS
            SELECT account_id, sum(amount) AS amount FROM (
                SELECT account_id, amount FROM utility_charge WHERE run_id = %(run)s AND %(mine)s
                UNION ALL
                SELECT account_id, 0 FROM (
                    SELECT DISTINCT (entry->>0)::int AS account_id
                    FROM utility_billing_batch batch, jsonb_array_elements(batch.rated) AS entry
                    WHERE batch.run_id = %(run)s AND NOT (entry->>7)::bool
                ) rated WHERE %(mine)s
            ) parts GROUP BY account_id
            """,
                run=run.id,
                mine=SQL("account_id = ANY(%s)", account_ids) if some else SQL("TRUE"),
            )
        )
        self.env.cr.execute(SQL("CREATE UNIQUE INDEX ON utility_gate_bill (account_id)"))
        self.env.cr.execute(SQL("ANALYZE utility_gate_bill"))

    # -- amounts ----------------------------------------------------------------------------

    def _sql_zero(self, _run):
        return SQL(
            "SELECT account_id, '{}'::jsonb AS figures FROM utility_gate_bill WHERE amount = 0"
        )

    def _sql_negative(self, _run):
        return SQL(
            "SELECT account_id, '{}'::jsonb AS figures FROM utility_gate_bill WHERE amount < 0"
        )

    def _sql_above(self, _run):
        return SQL(
            """
            SELECT account_id, jsonb_build_object('limit', %(limit)s::float) AS figures
            FROM utility_gate_bill WHERE amount > %(limit)s
            """,
            limit=self.amount_limit,
        )

    def _sql_high(self, run):
        return self._sql_average(
            run,
            SQL("amount > average * %s", self.factor),
            SQL("amount - average"),
        )

    def _sql_low(self, run):
        """Bills of zero and below have checks of their own."""
        return self._sql_average(
            run,
            SQL("amount > 0 AND amount < average / %s", self.factor),
            SQL("average - amount"),
        )

    def _sql_average(self, run, condition, difference):
        """Like is compared with like: each service with the months in which it was billed. What is
        billed every other month, or in winter only, is not out of the ordinary when it is.

        :param condition: of what is not as usual, from `amount` and `average`
        """
        first, _last = run._span()
        return SQL(
            """
            SELECT account_id, jsonb_build_object(
                'amount', round(amount, 2), 'average', round(average, 2), 'months', months
            ) AS figures
            FROM (
                SELECT past.account_id, sum(now.amount) AS amount, sum(past.average) AS average,
                       max(past.months) AS months
                FROM (
                    SELECT charge.account_id, charge.service_id,
                           count(DISTINCT charge.month) AS months,
                           sum(charge.amount) / count(DISTINCT charge.month) AS average
                    FROM utility_charge charge
                    JOIN utility_gate_bill mine ON mine.account_id = charge.account_id
                    WHERE charge.state IN ('approved', 'posted') AND charge.run_id <> %(run)s
                    AND charge.month >= %(since)s AND charge.month < %(first)s
                    GROUP BY charge.account_id, charge.service_id
                ) past
                JOIN (
                    SELECT charge.account_id, charge.service_id, sum(charge.amount) AS amount
                    FROM utility_charge charge
                    JOIN utility_gate_bill mine ON mine.account_id = charge.account_id
                    WHERE charge.run_id = %(run)s GROUP BY charge.account_id, charge.service_id
                ) now ON now.account_id = past.account_id AND now.service_id = past.service_id
                GROUP BY past.account_id
            ) compared
            WHERE average > 0 AND %(condition)s AND %(difference)s >= %(least)s
            """,
            run=run.id,
            since=fields.Date.subtract(first, months=self.months),
            first=first,
            condition=condition,
            difference=difference,
            least=self.amount_limit or 0,
        )

    # -- quantities -------------------------------------------------------------------------

    def _sql_no_readings(self, run):
        """Meters that hang longer than the months asked for, and were not read in them."""
        last = run._span()[1]
        return SQL(
            """
            SELECT bill.account_id, jsonb_build_object(
                'points', array_agg(DISTINCT point.code ORDER BY point.code),
                'last_read', min(read.day)) AS figures
            FROM utility_gate_bill bill
            JOIN utility_service_agreement agreement ON agreement.account_id = bill.account_id
                AND agreement.voided_at IS NULL AND agreement.date_start <= %(last)s
                AND (agreement.date_end IS NULL OR agreement.date_end >= %(last)s)
            JOIN utility_service_point point ON point.id = agreement.service_point_id
            JOIN utility_meter_installation meter ON meter.service_point_id = point.id
                AND meter.voided_at IS NULL AND meter.date_start <= %(since)s
                AND (meter.date_end IS NULL OR meter.date_end >= %(last)s)
            LEFT JOIN LATERAL (
                SELECT max(reading.date) AS day FROM utility_reading reading
                WHERE reading.installation_id = meter.id AND reading.voided_at IS NULL
                AND reading.state = 'accepted' AND reading.reading_type <> 'estimated'
                AND reading.date <= %(last)s
            ) read ON TRUE
            WHERE (read.day IS NULL OR read.day <= %(since)s) AND %(services)s
            GROUP BY bill.account_id
            """,
            last=last,
            since=self._months_before(last),
            services=_of_services(run),
        )

    def _months_before(self, last):
        """The last day of the month so many months before a month's last day."""
        return fields.Date.end_of(fields.Date.subtract(last, months=self.months), "month")

    def _sql_estimated(self, run):
        return SQL(
            """
            SELECT bill.account_id, jsonb_build_object(
                'points', array_agg(DISTINCT point.code ORDER BY point.code)) AS figures
            FROM utility_gate_bill bill
            JOIN utility_service_agreement agreement ON agreement.account_id = bill.account_id
                AND agreement.voided_at IS NULL AND agreement.date_start <= %(last)s
                AND (agreement.date_end IS NULL OR agreement.date_end >= %(last)s)
            JOIN utility_service_point point ON point.id = agreement.service_point_id
            JOIN LATERAL (
                SELECT count(*) FILTER (WHERE method = 'estimated' OR reason = 'missing') AS guessed
                FROM (
                    SELECT usage.method, usage.reason FROM utility_usage usage
                    WHERE usage.service_point_id = point.id AND usage.voided_at IS NULL
                    AND usage.date_end <= %(last)s ORDER BY usage.date_end DESC LIMIT %(months)s
                ) recent
            ) found ON found.guessed = %(months)s
            WHERE %(services)s GROUP BY bill.account_id
            """,
            last=run._span()[1],
            months=self.months,
            services=_of_services(run),
        )

    def _sql_empty(self, run):
        """Measured usage after the account was closed, or of a place for which people are on
        record but none for any day of it."""
        return SQL(
            """
            SELECT charge.account_id, jsonb_build_object(
                'quantity', sum(charge.quantity), 'uom', min(charge.uom_id),
                'services', array_agg(DISTINCT charge.service_id),
                'closed', min(account.date_close)) AS figures
            FROM utility_charge charge
            JOIN utility_gate_bill bill ON bill.account_id = charge.account_id
            JOIN utility_account account ON account.id = charge.account_id
            WHERE charge.run_id = %(run)s AND charge.kind = 'consumption' AND charge.quantity > 0
            AND NOT COALESCE(charge.is_correction, FALSE)
            AND EXISTS (
                SELECT FROM utility_usage usage
                WHERE usage.service_point_id = charge.service_point_id AND usage.voided_at IS NULL
                AND usage.method = 'measured' AND usage.quantity > 0
                AND usage.date_start <= charge.date_end AND usage.date_end >= charge.date_start
            )
            AND (account.date_close < charge.date_start OR (
                EXISTS (SELECT FROM utility_occupancy known
                        WHERE known.premise_id = charge.premise_id AND known.voided_at IS NULL)
                AND NOT EXISTS (
                    SELECT FROM utility_occupancy stay
                    WHERE stay.premise_id = charge.premise_id AND stay.voided_at IS NULL
                    AND stay.role <> 'absent' AND stay.date_start <= charge.date_end
                    AND (stay.date_end IS NULL OR stay.date_end >= charge.date_start))))
            GROUP BY charge.account_id
            """,
            run=run.id,
        )

    # -- accounts ---------------------------------------------------------------------------

    def _sql_unrated(self, run):
        return SQL(
            """
            SELECT account_id, jsonb_build_object(
                'problems', array_agg(id ORDER BY id)) AS figures
            FROM utility_billing_problem WHERE run_id = %s AND state = 'open' GROUP BY account_id
            """,
            run.id,
        )

    def _sql_no_payer(self, run):
        """The payer of a member's bill is its collective account's."""
        return SQL(
            """
            SELECT DISTINCT charge.account_id, '{}'::jsonb AS figures
            FROM utility_charge charge
            JOIN utility_gate_bill bill ON bill.account_id = charge.account_id
            JOIN utility_account account ON account.id = charge.account_id
            LEFT JOIN utility_account payer ON payer.id = account.bill_to_account_id
            WHERE charge.run_id = %s AND COALESCE(payer.partner_id, charge.partner_id) IS NULL
            """,
            run.id,
        )

    def _sql_payer_changed(self, run):
        first, last = run._span()
        return SQL(
            """
            SELECT bill.account_id, jsonb_build_object(
                'day', max(payer.date_start),
                'partners', array_agg(payer.partner_id ORDER BY payer.date_start)) AS figures
            FROM utility_gate_bill bill
            JOIN utility_account_payer payer ON payer.account_id = bill.account_id
                AND payer.voided_at IS NULL AND payer.date_start BETWEEN %(first)s AND %(last)s
            WHERE EXISTS (
                SELECT FROM utility_account_payer before
                WHERE before.account_id = payer.account_id AND before.voided_at IS NULL
                AND before.date_start < payer.date_start
                AND before.partner_id <> payer.partner_id)
            GROUP BY bill.account_id
            """,
            first=first,
            last=last,
        )

    def _sql_first(self, run):
        """In the first month that a company bills at all, every bill is a first one."""
        return SQL(
            """
            SELECT bill.account_id, jsonb_build_object('opened', account.date_open) AS figures
            FROM utility_gate_bill bill JOIN utility_account account ON account.id = bill.account_id
            WHERE EXISTS (
                SELECT FROM utility_charge charge WHERE charge.company_id = %(company)s
                AND charge.month < %(first)s AND charge.state IN ('approved', 'posted'))
            AND NOT EXISTS (
                SELECT FROM utility_charge charge WHERE charge.account_id = bill.account_id
                AND charge.state IN ('approved', 'posted'))
            """,
            company=run.company_id.id,
            first=run._span()[0],
        )

    def _sql_final(self, run):
        first, last = run._span()
        return SQL(
            """
            SELECT bill.account_id, jsonb_build_object('closed', account.date_close) AS figures
            FROM utility_gate_bill bill JOIN utility_account account ON account.id = bill.account_id
            WHERE account.date_close BETWEEN %s AND %s
            """,
            first,
            last,
        )


def _of_services(run):
    if not run.service_ids:
        return SQL("TRUE")
    return SQL("agreement.service_id = ANY(%s)", run.service_ids.ids)
