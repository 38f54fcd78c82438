from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.tools import SQL


class Suspicion(models.Model):
    """How suspicious points are found: one statement for all points of a service and month.

    Every reason is a SELECT of (service point's id, reason, score, figures as jsonb); a module
    above adds its own to `_sql_reasons` and a method `_explain_…` that puts the figures in words.
    """

    _inherit = "utility.suspicion"

    @api.model
    def _calculate(self, service, day):
        """Replace the new rows of the service and of the month of `day`; rows that were explained
        or led to a visit keep their state. The month's network balance is calculated before."""
        limit = self.env["utility.loss.limit"].sudo()._for(service)[service]
        start = day.replace(day=1)
        end = start + relativedelta(months=1, days=-1)
        balances = self.env["utility.network.balance"]
        balances._flush_facts()
        if balances._missing_months(service, [(start, end)]) and service.has_network:
            balances._calculate(service, start, end)
        for model in ("utility.suspicion", "utility.meter", "utility.meter.outage"):
            self.env[model].flush_model()
        self.env["utility.meter.installation"].flush_model()
        self._replace_month(service, limit, start, end)
        self.invalidate_model()

    def _replace_month(self, service, limit, start, end):
        self.env.execute_query(
            SQL(
                """
                WITH %(facts)s, found (id, reason, score, figures) AS (%(reasons)s), fresh AS (
                    SELECT found.id,
                           ROUND(100 * (1 - EXP(SUM(LN(1 - LEAST(found.score, 99.9) / 100.0)))), 0)
                               AS score,
                           (ARRAY_AGG(found.reason ORDER BY found.score DESC, found.reason))[1]
                               AS reason,
                           STRING_AGG(found.reason, ' ' ORDER BY found.score DESC, found.reason)
                               AS reason_codes,
                           JSONB_AGG(JSONB_BUILD_OBJECT(
                               'reason', found.reason, 'score', ROUND(found.score, 0),
                               'figures', found.figures
                           ) ORDER BY found.score DESC, found.reason) AS findings
                      FROM found
                  GROUP BY found.id
                ), listed AS (
                    SELECT * FROM fresh WHERE score >= %(least)s
                ), gone AS (
                    DELETE FROM utility_suspicion old
                     WHERE old.service_id = %(service)s AND old.date_start = %(start)s
                       AND old.state = 'new'
                       AND NOT EXISTS (
                           SELECT FROM listed WHERE listed.id = old.service_point_id
                       )
                )
                INSERT INTO utility_suspicion (
                       service_point_id, service_id, company_id, premise_id, building_id,
                       date_start, date_end, score, reason, reason_codes, findings, state,
                       create_uid, create_date, write_uid, write_date)
                SELECT point.id, point.service_id, point.company_id, point.premise_id,
                       CASE premise.level WHEN 'building' THEN premise.id
                            ELSE premise.building_id END,
                       %(start)s, %(end)s, listed.score, listed.reason,
                       listed.reason_codes, listed.findings, 'new',
                       %(uid)s, now() AT TIME ZONE 'UTC', %(uid)s, now() AT TIME ZONE 'UTC'
                  FROM listed
                  JOIN utility_service_point point ON point.id = listed.id
                  JOIN utility_premise premise ON premise.id = point.premise_id
                ON CONFLICT (service_point_id, date_start) DO UPDATE
                   SET (score, reason, reason_codes, findings, write_uid, write_date)
                     = (excluded.score, excluded.reason, excluded.reason_codes, excluded.findings,
                        excluded.write_uid, excluded.write_date)
                RETURNING id
                """,
                facts=self._sql_facts(service, limit, start, end),
                reasons=SQL(" UNION ALL ").join(self._sql_reasons(service, limit, start, end)),
                least=limit.least_score,
                service=service.id,
                start=start,
                end=end,
                uid=self.env.uid,
            )
        )

    def _sql_facts(self, service, limit, start, end):
        """CTEs of measured use by point: `now` in the month, `past` in the 12 months before it,
        `year_ago` in the same month last year, `still` in the months without use; and of
        `neighbours` by place."""
        year = relativedelta(years=1)
        first_of_year_ago = start - year
        windows = {
            "now": (start, end),
            "past": (start - year, start - relativedelta(days=1)),
            "year_ago": (first_of_year_ago, first_of_year_ago + relativedelta(months=1, days=-1)),
            "still": (start - relativedelta(months=limit.zero_months - 1), end),
        }
        measured = [
            SQL(
                """
                %(name)s AS (
                    SELECT usage.service_point_id AS id, SUM(cut.days) AS days,
                           SUM(usage.quantity * cut.days / cut.all_days) AS quantity,
                           SUM(usage.quantity * cut.days / cut.all_days)
                               / SUM(cut.days) AS daily
                      FROM utility_usage usage
                CROSS JOIN LATERAL (
                           SELECT LEAST(usage.date_end, %(end)s::date)
                                  - GREATEST(usage.date_start, %(start)s::date) + 1 AS days,
                                  usage.date_end - usage.date_start + 1 AS all_days
                           ) cut
                     WHERE usage.service_id = %(service)s AND usage.voided_at IS NULL
                       AND usage.method = 'measured'
                       AND usage.date_start <= %(end)s AND usage.date_end >= %(start)s
                  GROUP BY usage.service_point_id
                )""",
                name=SQL.identifier(name),
                service=service.id,
                start=window[0],
                end=window[1],
            )
            for name, window in windows.items()
        ]
        return SQL(
            """%s, neighbours AS (
                SELECT COALESCE(point.building_id, -point.parent_id) AS place, COUNT(*) AS count,
                       COUNT(*) FILTER (WHERE now.quantity > 0) AS using_count
                  FROM now
                  JOIN utility_service_point point ON point.id = now.id
                 WHERE point.kind = 'unit'
              GROUP BY 1
            )""",
            SQL(", ").join(measured),
        )

    def _sql_reasons(self, service, limit, start, end):
        return [
            self._sql_drop(limit, start, end),
            self._sql_stuck(limit, start, end),
            self._sql_balance(service, limit, start),
            self._sql_estimates(service, limit, start, end),
            self._sql_disconnected(),
            self._sql_outages(service, start, end),
            self._sql_overdue(service, end),
        ]

    def _sql_drop(self, limit, start, end):
        """The less is left of the usual use, the higher: 10 % left score 90."""
        return SQL(
            """
            SELECT now.id, 'drop', LEAST(95, 100 * (1 - now.daily / expected.daily)),
                   JSONB_BUILD_OBJECT(
                       'now', ROUND(now.daily, 6), 'expected', ROUND(expected.daily, 6),
                       'percent', ROUND(100 * now.daily / expected.daily, 1))
              FROM now
              JOIN past ON past.id = now.id
         LEFT JOIN year_ago ON year_ago.id = now.id
        CROSS JOIN LATERAL (
                   SELECT LEAST(past.daily, COALESCE(year_ago.daily, past.daily)) AS daily
                   ) expected
             WHERE past.days >= %(history)s AND now.days = %(days)s
               AND expected.daily * %(days)s >= %(least)s AND expected.daily > 0
               AND now.daily >= 0 AND now.daily < expected.daily * %(percent)s / 100""",
            history=limit.history_days,
            days=(end - start).days + 1,
            least=limit.least_quantity,
            percent=limit.drop_percent,
        )

    def _sql_stuck(self, limit, start, end):
        """The more of the neighbours use, the higher: half score 75, all 90."""
        first = start - relativedelta(months=limit.zero_months - 1)
        return SQL(
            """
            SELECT still.id, 'stuck',
                   60 + 30.0 * neighbours.using_count / (neighbours.count - 1),
                   JSONB_BUILD_OBJECT('months', %(months)s::int, 'using', neighbours.using_count,
                                      'count', neighbours.count - 1)
              FROM still
              JOIN utility_service_point point ON point.id = still.id
              JOIN neighbours
                ON neighbours.place = COALESCE(point.building_id, -point.parent_id)
             WHERE point.kind = 'unit' AND point.connection = 'connected'
               AND still.quantity = 0 AND still.days = %(days)s AND neighbours.count > 1
               AND neighbours.using_count > 0
               AND neighbours.using_count >= (neighbours.count - 1) * %(percent)s / 100.0""",
            months=limit.zero_months,
            days=(end - first).days + 1,
            percent=limit.neighbours_percent,
        )

    def _sql_balance(self, service, limit, start):
        """Houses by what each of their flats bears, other branches by per cent; 40 at the limit,
        60 at twice the limit of a house, 2 more for each per cent of loss. Points below that are
        above their feeder: 40 at the limit, 4 more for each per cent."""
        return SQL(
            """
            SELECT balance.service_point_id, verdict.reason,
                   CASE verdict.reason
                        WHEN 'common' THEN LEAST(95, 20 + 20 * each.quantity / %(common)s::numeric)
                        WHEN 'loss' THEN
                            LEAST(95, 40 + 2 * (balance.loss_percent - %(percent)s::numeric))
                        ELSE LEAST(90, 40 + 4 * (-balance.loss_percent - %(surplus)s::numeric))
                   END,
                   CASE verdict.reason
                        WHEN 'common' THEN JSONB_BUILD_OBJECT(
                            'loss', balance.loss, 'each', ROUND(each.quantity, 6),
                            'count', balance.children_count, 'limit', %(common)s::numeric)
                        WHEN 'loss' THEN JSONB_BUILD_OBJECT(
                            'loss', balance.loss, 'percent', balance.loss_percent,
                            'limit', %(percent)s::numeric)
                        ELSE JSONB_BUILD_OBJECT(
                            'own', balance.quantity, 'below', balance.children_quantity,
                            'percent', -balance.loss_percent)
                   END
              FROM utility_network_balance balance
        CROSS JOIN LATERAL (SELECT balance.loss / balance.children_count AS quantity) each
        CROSS JOIN LATERAL (
                   SELECT CASE WHEN balance.loss_percent < -%(surplus)s::numeric THEN 'surplus'
                               WHEN balance.point_kind IN ('inlet', 'riser')
                                AND each.quantity > %(common)s::numeric THEN 'common'
                               WHEN balance.point_kind NOT IN ('inlet', 'riser')
                                AND balance.loss_percent > %(percent)s::numeric THEN 'loss'
                          END AS reason
                   ) verdict
             WHERE balance.service_id = %(service)s AND balance.date_start = %(start)s
               AND balance.state = 'complete' AND verdict.reason IS NOT NULL""",
            service=service.id,
            start=start,
            common=limit.common_quantity,
            percent=limit.loss_percent,
            surplus=limit.surplus_percent,
        )

    def _sql_estimates(self, service, limit, start, end):
        """40 at the limit, 10 more for each month; never measured: 60."""
        return SQL(
            """
            SELECT estimated.id, 'estimates',
                   COALESCE(LEAST(90, 40 + 10 * (since.months - %(limit)s)), 60),
                   JSONB_BUILD_OBJECT('months', since.months, 'last', last.day)
              FROM (SELECT DISTINCT service_point_id AS id
                      FROM utility_usage
                     WHERE service_id = %(service)s AND voided_at IS NULL AND method = 'estimated'
                       AND date_start <= %(end)s AND date_end >= %(end)s) estimated
         LEFT JOIN (SELECT service_point_id AS id, MAX(date_end) AS day
                      FROM utility_usage
                     WHERE service_id = %(service)s AND voided_at IS NULL AND method = 'measured'
                       AND date_end <= %(end)s
                  GROUP BY service_point_id) last ON last.id = estimated.id
        CROSS JOIN LATERAL (
                   SELECT (12 * (DATE_PART('year', %(end)s::date) - DATE_PART('year', last.day))
                          + DATE_PART('month', %(end)s::date) - DATE_PART('month', last.day))::int
                          AS months
                   ) since
             WHERE since.months IS NULL OR since.months >= %(limit)s""",
            service=service.id,
            end=end,
            limit=limit.estimated_months,
        )

    def _sql_disconnected(self):
        return SQL(
            """
            SELECT now.id, 'disconnected', 95,
                   JSONB_BUILD_OBJECT('now', ROUND(now.quantity, 6))
              FROM now
              JOIN utility_service_point point ON point.id = now.id
             WHERE point.connection <> 'connected' AND now.quantity > 0"""
        )

    def _sql_outages(self, service, start, end):
        """Broken seals and meters that were tampered with, not mended before the month."""
        return SQL(
            """
            SELECT point_id, cause, CASE cause WHEN 'seal' THEN 85 ELSE 95 END,
                   JSONB_BUILD_OBJECT('serial', serial, 'day', day)
              FROM (SELECT DISTINCT ON (hangs.service_point_id, outage.cause)
                           hangs.service_point_id AS point_id, outage.cause, meter.serial,
                           outage.date_start AS day
                      FROM utility_meter_outage outage
                      JOIN utility_meter meter ON meter.id = outage.meter_id
                      JOIN utility_meter_installation hangs
                        ON hangs.meter_id = meter.id AND hangs.voided_at IS NULL
                       AND hangs.date_start <= %(end)s
                       AND COALESCE(hangs.date_end, %(end)s) >= %(start)s
                     WHERE outage.voided_at IS NULL AND outage.cause IN ('seal', 'tampering')
                       AND outage.date_start <= %(end)s
                       AND COALESCE(outage.date_end, %(end)s) >= %(start)s
                       AND hangs.service_id = %(service)s
                  ORDER BY hangs.service_point_id, outage.cause, outage.date_start) broken""",
            service=service.id,
            start=start,
            end=end,
        )

    def _sql_overdue(self, service, end):
        return SQL(
            """
            SELECT point_id, 'overdue', 35, JSONB_BUILD_OBJECT('serial', serial, 'day', day)
              FROM (SELECT DISTINCT ON (hangs.service_point_id)
                           hangs.service_point_id AS point_id, meter.serial,
                           meter.valid_until AS day
                      FROM utility_meter_installation hangs
                      JOIN utility_meter meter ON meter.id = hangs.meter_id
                     WHERE hangs.voided_at IS NULL AND hangs.date_start <= %(end)s
                       AND COALESCE(hangs.date_end, %(end)s) >= %(end)s
                       AND hangs.service_id = %(service)s AND meter.valid_until < %(end)s
                  ORDER BY hangs.service_point_id, meter.valid_until) late""",
            service=service.id,
            end=end,
        )
