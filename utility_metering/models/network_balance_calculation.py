from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

# how many months the monthly job calculates again: readings come late
MONTHS_AGAIN = 3


class NetworkBalance(models.Model):
    """How balances are found: one statement a month for all points of a service."""

    _inherit = "utility.network.balance"

    @api.model
    def _months(self, date_start, date_end):
        """Whole months from that of one day to that of the other: list of (first, last day)."""
        month, months = date_start.replace(day=1), []
        while month <= date_end:
            months.append((month, month + relativedelta(months=1, days=-1)))
            month += relativedelta(months=1)
        return months

    @api.model
    def _calculate(self, service, date_start, date_end, base_start=None, base_end=None):
        """Balance every point of the service that feeds others, month by month, and compare the
        losses with those of the base period, whose months are calculated where they are missing.

        One statement a month, whatever the number of points; plus two for the comparison.

        :param date_start: any day of the first month
        :param date_end: any day of the last month
        :param base_start: any day of the first month to compare with; none: no comparison
        :raise UserError: the service has no network
        """
        if not service.has_network:
            raise UserError(
                self.env._(
                    "%s has no network: nothing of it can be balanced. Choose another service.",
                    service.name,
                )
            )
        self._flush_facts()
        months = self._months(date_start, date_end)
        base = self._months(base_start, base_end) if base_start and base_end else []
        for first, last in sorted({*months, *self._missing_months(service, base)}):
            self._balance_month(service, first, last)
        if base:
            self._compare_months(service, (months[0][0], months[-1][1]), (base[0][0], base[-1][1]))
        self.invalidate_model()

    def _flush_facts(self):
        for model in (
            "utility.usage",
            "utility.service.point",
            "utility.premise",
            "utility.check.visit",
        ):
            self.env[model].flush_model()

    def _missing_months(self, service, months):
        """Those of the months that were never calculated for the service."""
        if not months:
            return []
        found = self.env.execute_query(
            SQL(
                "SELECT DISTINCT date_start FROM utility_network_balance WHERE service_id = %s",
                service.id,
            )
        )
        known = {day for (day,) in found}
        return [month for month in months if month[0] not in known]

    def _balance_month(self, service, date_start, date_end):
        """Replace the service's rows of one month."""
        self.env.execute_query(
            SQL(
                """
                %(tree)s, visit AS (
                    SELECT service_point_id AS id, COUNT(*) AS count
                      FROM utility_check_visit
                     WHERE service_id = %(service)s AND state = 'done'
                       AND date_done BETWEEN %(start)s AND %(end)s
                  GROUP BY service_point_id
                ), balance AS (%(balances)s), gone AS (
                    DELETE FROM utility_network_balance old
                     WHERE old.service_id = %(service)s AND old.date_start = %(start)s
                       AND NOT EXISTS (
                           SELECT FROM balance WHERE balance.service_point_id = old.service_point_id
                       )
                )
                INSERT INTO utility_network_balance (
                       service_point_id, service_id, company_id, premise_id, building_id,
                       locality_id, point_kind, network_id, district_id, quantity,
                       children_quantity, loss, loss_percent, children_count, children_known,
                       children_measured, estimated_quantity, estimated_percent, visits_done, state,
                       date_start, date_end, days, create_uid, create_date, write_uid, write_date)
                SELECT balance.*, %(start)s, %(end)s, %(end)s::date - %(start)s::date + 1,
                       %(uid)s, now() AT TIME ZONE 'UTC', %(uid)s, now() AT TIME ZONE 'UTC'
                  FROM balance
                ON CONFLICT (service_point_id, date_start) DO UPDATE
                   SET (service_id, company_id, premise_id, building_id, locality_id, point_kind,
                        network_id, district_id, quantity, children_quantity, loss, loss_percent,
                        children_count, children_known, children_measured, estimated_quantity,
                        estimated_percent, visits_done, state, date_end, days, write_uid,
                        write_date, base_date_start, base_date_end, base_daily_loss, base_loss, won,
                        won_percent)
                     = (excluded.service_id, excluded.company_id, excluded.premise_id,
                        excluded.building_id, excluded.locality_id, excluded.point_kind,
                        excluded.network_id, excluded.district_id, excluded.quantity,
                        excluded.children_quantity, excluded.loss, excluded.loss_percent,
                        excluded.children_count, excluded.children_known,
                        excluded.children_measured, excluded.estimated_quantity,
                        excluded.estimated_percent, excluded.visits_done, excluded.state,
                        excluded.date_end,
                        excluded.days, excluded.write_uid, excluded.write_date,
                        NULL, NULL, NULL, NULL, NULL, NULL)
                RETURNING id
                """,
                tree=self._sql_tree(service, date_start, date_end),
                balances=self._sql_balances(date_start, date_end),
                service=service.id,
                start=date_start,
                end=date_end,
                uid=self.env.uid,
            )
        )

    def _sql_tree(self, service, date_start, date_end):
        """CTEs of the service's points in a period: `point` with its own usage there, cut by days;
        `below`, for each point that has usage (`owner`) the nearest points below it that have, and
        those at the end of a branch that have none. `counts`: the point belongs to the balance."""
        return SQL(
            """
            WITH RECURSIVE part AS (
                SELECT usage.service_point_id AS id,
                       SUM(cut.days) AS days,
                       SUM(usage.quantity * cut.days / cut.all_days) AS quantity,
                       SUM(CASE WHEN cut.days < cut.all_days
                                  OR usage.method NOT IN ('measured', 'derived')
                                 AND COALESCE(usage.estimated_quantity, 0) = 0
                                THEN usage.quantity
                                ELSE COALESCE(usage.estimated_quantity, 0)
                           END * cut.days / cut.all_days) AS estimated,
                       BOOL_AND(usage.method = 'measured'
                            AND COALESCE(usage.estimated_quantity, 0) = 0) AS is_measured
                  FROM utility_usage usage
            CROSS JOIN LATERAL (
                       SELECT LEAST(usage.date_end, %(end)s::date)
                              - GREATEST(usage.date_start, %(start)s::date) + 1 AS days,
                              usage.date_end - usage.date_start + 1 AS all_days
                       ) cut
                 WHERE usage.service_id = %(service)s AND usage.voided_at IS NULL
                   AND usage.date_start <= %(end)s AND usage.date_end >= %(start)s
              GROUP BY usage.service_point_id
            ), point AS (
                SELECT point.id, point.parent_id, point.kind, point.connection,
                       part.id IS NOT NULL AS has_usage,
                       COALESCE(part.days = %(end)s::date - %(start)s::date + 1, FALSE) AS is_known,
                       COALESCE(part.is_measured, FALSE) AS is_measured,
                       part.quantity, part.estimated
                  FROM utility_service_point point
             LEFT JOIN part ON part.id = point.id
                 WHERE point.service_id = %(service)s AND (point.active OR part.id IS NOT NULL)
            ), feeder AS (
                SELECT DISTINCT parent_id AS id FROM point WHERE parent_id IS NOT NULL
            ), step AS (
                SELECT owner.id AS owner, child.*
                  FROM point owner
                  JOIN point child ON child.parent_id = owner.id
                 WHERE owner.has_usage
                 UNION ALL
                SELECT step.owner, child.*
                  FROM step
                  JOIN point child ON child.parent_id = step.id
                 WHERE NOT step.has_usage
            ), below AS (
                SELECT step.*, feeder.id IS NOT NULL AS feeds
                  FROM step
             LEFT JOIN feeder ON feeder.id = step.id
                 WHERE step.has_usage
                    OR feeder.id IS NULL AND step.kind IN ('unit', 'inlet')
                   AND step.connection = 'connected'
            )""",
            service=service.id,
            start=date_start,
            end=date_end,
        )

    def _sql_balances(self, date_start, date_end):
        """Rows of the month from `point`, `below` and `visit`, in the order of the columns."""
        return SQL(
            """
            SELECT owner.id AS service_point_id, place.service_id, place.company_id,
                   place.premise_id,
                   CASE premise.level WHEN 'building' THEN premise.id ELSE premise.building_id END,
                   premise.locality_id, place.kind,
                   SPLIT_PART(place.parent_path, '/', 1)::int,
                   district.id,
                   ROUND(owner.quantity, 3),
                   ROUND(total.quantity, 3),
                   CASE WHEN is_complete THEN ROUND(owner.quantity - total.quantity, 3) END,
                   CASE WHEN is_complete AND owner.quantity <> 0
                        THEN ROUND(100 * (owner.quantity - total.quantity)
                                   / ABS(owner.quantity), 2) END,
                   total.count, total.known, total.measured,
                   ROUND(owner.estimated + total.estimated, 3),
                   COALESCE(ROUND(100 * (owner.estimated + total.estimated)
                                  / NULLIF(owner.quantity + total.quantity, 0), 2), 0),
                   COALESCE(total.visits, 0) + COALESCE(visit.count, 0),
                   CASE WHEN NOT owner.is_known THEN 'own'
                        WHEN total.known < total.count THEN 'children'
                        ELSE 'complete' END
              FROM (SELECT owner, COUNT(*) AS count,
                           COUNT(*) FILTER (WHERE is_known) AS known,
                           COUNT(*) FILTER (WHERE is_known AND is_measured) AS measured,
                           COALESCE(SUM(quantity), 0) AS quantity,
                           COALESCE(SUM(estimated), 0) AS estimated,
                           SUM(visit.count) FILTER (WHERE NOT feeds) AS visits
                      FROM below
                 LEFT JOIN visit ON visit.id = below.id
                  GROUP BY owner) total
              JOIN point owner ON owner.id = total.owner
         LEFT JOIN visit ON visit.id = owner.id
        CROSS JOIN LATERAL (SELECT owner.is_known AND total.known = total.count) _ (is_complete)
              JOIN utility_service_point place ON place.id = owner.id
              JOIN utility_premise premise ON premise.id = place.premise_id
         LEFT JOIN LATERAL (
                   SELECT above.id
                     FROM utility_service_point above
                    WHERE above.id = ANY (
                              STRING_TO_ARRAY(TRIM(TRAILING '/' FROM place.parent_path), '/')::int[]
                          )
                      AND above.kind = 'main'
                 ORDER BY LENGTH(above.parent_path) DESC
                    LIMIT 1
                   ) district ON TRUE"""
        )

    def _compare_months(self, service, period, base):
        """Set the rows of a period against the average daily loss of the complete months of the
        base period; both are pairs of a first and a last day."""
        self.env.execute_query(
            SQL(
                """
                UPDATE utility_network_balance balance
                   SET base_date_start = %(base_start)s, base_date_end = %(base_end)s,
                       base_daily_loss = ROUND(base.daily, 6),
                       base_loss = ROUND(base.daily * balance.days, 3),
                       won = ROUND(base.daily * balance.days - balance.loss, 3),
                       won_percent = ROUND(100 * (base.daily * balance.days - balance.loss)
                                     / NULLIF(ABS(base.daily * balance.days), 0), 2)
                  FROM (SELECT service_point_id, SUM(loss) / SUM(days) AS daily
                          FROM utility_network_balance
                         WHERE service_id = %(service)s AND state = 'complete'
                           AND date_start >= %(base_start)s AND date_end <= %(base_end)s
                      GROUP BY service_point_id) base
                 WHERE base.service_point_id = balance.service_point_id
                   AND balance.service_id = %(service)s AND balance.state = 'complete'
                   AND balance.date_start >= %(start)s AND balance.date_end <= %(end)s
             RETURNING balance.id
                """,
                service=service.id,
                start=period[0],
                end=period[1],
                base_start=base[0],
                base_end=base[1],
            )
        )

    def _points_below(self, only_missing=False):
        """Ids of the points that this balance counts; only those whose usage is not known."""
        self.ensure_one()
        self._flush_facts()
        rows = self.env.execute_query(
            SQL(
                "%s SELECT id FROM below WHERE owner = %s AND (NOT %s OR NOT is_known)",
                self._sql_tree(self.service_id, self.date_start, self.date_end),
                self.service_point_id.id,
                only_missing,
            )
        )
        return [key for (key,) in rows]

    # -- cron -----------------------------------------------------------------------------------

    @api.model
    def _last_base(self, service):
        """The base period that the service was last compared with: (first, last day) or nothing."""
        row = self.search(
            Domain("service_id", "=", service.id) & Domain("base_date_start", "!=", False), limit=1
        )
        return (row.base_date_start, row.base_date_end) if row else (None, None)

    @api.model
    def _cron_calculate(self):
        """Last months' balances and suspicions of every service with a network."""
        last_day = fields.Date.context_today(self).replace(day=1) - relativedelta(days=1)
        first_day = last_day + relativedelta(months=1 - MONTHS_AGAIN, day=1)
        services = self.env["utility.service"].search(
            [("has_network", "=", True), ("is_quantified", "=", True)]
        )
        self.env["ir.cron"]._commit_progress(remaining=len(services))
        for service in services:
            self._calculate(service, first_day, last_day, *self._last_base(service))
            self.env["utility.suspicion"]._calculate(service, last_day)
            self.env["ir.cron"]._commit_progress(1)
