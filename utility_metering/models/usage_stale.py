from odoo import api, fields, models
from odoo.tools import SQL

SLICE = 1000


class UsageStale(models.Model):
    """A point whose quantities from a day on rest on facts that have changed since."""

    _name = "utility.usage.stale"
    _description = "Usage to Be Calculated Again"
    _order = "id"
    _rec_name = "service_point_id"
    _check_company_auto = True

    service_point_id = fields.Many2one(
        "utility.service.point", required=True, index=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="service_point_id.company_id", store=True, index=True, precompute=True
    )
    date_from = fields.Date("From", required=True, readonly=True)
    date_to = fields.Date("To", readonly=True, help="Empty: all that was calculated since.")
    reason = fields.Char("Why", readonly=True)
    recorded_at = fields.Datetime(
        "Since", required=True, readonly=True, default=fields.Datetime.now
    )

    # -- marking ----------------------------------------------------------------------------

    @api.model
    def _mark(self, spans, reason):
        """Mark what was calculated on the days of the spans; one query, nothing is calculated.

        :param spans: SQL that yields (point_id, date_from, date_to); an empty end is open
        :param reason: kept on the rows that will be replaced
        """
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
            INSERT INTO utility_usage_stale (
                service_point_id, company_id, date_from, date_to, reason, recorded_at,
                create_uid, create_date, write_uid, write_date
            )
            SELECT point.id, point.company_id, span.date_from, span.date_to, %(reason)s, %(now)s,
                   %(uid)s, %(now)s, %(uid)s, %(now)s
            FROM (SELECT DISTINCT * FROM (%(spans)s) spans) span
            JOIN utility_service_point point ON point.id = span.point_id
            WHERE EXISTS (
                SELECT FROM utility_usage usage WHERE usage.voided_at IS NULL
                AND usage.service_point_id = point.id AND usage.date_end >= span.date_from
                AND usage.date_start <= COALESCE(span.date_to, 'infinity')
            )
            AND NOT EXISTS (
                SELECT FROM utility_usage_stale stale WHERE stale.service_point_id = point.id
                AND stale.date_from <= span.date_from
                AND COALESCE(stale.date_to, 'infinity') >= COALESCE(span.date_to, 'infinity')
            )
            """,
                spans=spans,
                reason=reason,
                now=fields.Datetime.now(),
                uid=self.env.uid,
            )
        )
        if self.env.cr.rowcount:
            self.invalidate_model()
            # the clerk who saved a reading may not touch scheduled actions
            cron = self.env.ref("utility_metering.cron_usage_stale", raise_if_not_found=False)
            if cron:
                cron.sudo()._trigger()

    # -- calculating ------------------------------------------------------------------------

    @api.model
    def _cron_settle(self):
        """Calculate again what rests on changed facts, slice by slice."""
        left = self.search_count([])
        self.env["ir.cron"]._commit_progress(remaining=left)
        while left:
            taken = self._settle(limit=SLICE)
            if not taken:
                break
            left = self.search_count([])
            self.env["ir.cron"]._commit_progress(taken, remaining=left)

    @api.model
    def _settle(self, points=None, limit=None):
        """Calculate the oldest stale points again, or those given, and what is derived from them.

        :return: number of marks that were settled
        """
        domain = [("service_point_id", "in", points.ids)] if points is not None else []
        # marks follow from facts, nobody owns them
        marks = self.sudo().search(domain, limit=limit).try_lock_for_update()
        if not marks:
            return 0
        for reason, same in marks.grouped("reason").items():
            self.env["utility.usage"]._recalculate_plan(same._plan(), reason or None)
        number = len(marks)
        marks.unlink()
        return number

    def _plan(self):
        """{point id: periods} of the live usage on the marked days, also of derived points."""
        plan = {}
        for point_id, start, end in self.env.execute_query(
            SQL(
                """
            WITH RECURSIVE changed (point_id, date_from, date_to) AS (
                SELECT service_point_id, date_from, COALESCE(date_to, 'infinity')
                FROM utility_usage_stale WHERE id = ANY(%s)
            UNION
                SELECT derived.id, changed.date_from, changed.date_to
                FROM changed
                JOIN utility_service_point source ON source.id = changed.point_id
                JOIN utility_derivation term ON term.voided_at IS NULL
                    AND (term.source_point_id = source.id
                         OR term.source_service_id = source.service_id)
                JOIN LATERAL (
                    SELECT own.id FROM utility_service_point own
                    WHERE own.id = term.service_point_id
                    AND (term.source_point_id = source.id OR own.premise_id = source.premise_id)
                    UNION ALL
                    SELECT same.id FROM utility_service_point same
                    WHERE same.service_id = term.service_id
                    AND (term.source_point_id = source.id OR same.premise_id = source.premise_id)
                ) derived ON TRUE
            )
            SELECT DISTINCT usage.service_point_id, usage.date_start, usage.date_end
            FROM changed
            JOIN utility_usage usage ON usage.service_point_id = changed.point_id
                AND usage.voided_at IS NULL AND usage.date_end >= changed.date_from
                AND usage.date_start <= changed.date_to
            """,
                self.ids,
            )
        ):
            plan.setdefault(point_id, set()).add((start, end))
        return dict(sorted(plan.items()))

    def action_settle(self):
        """Calculate these points again now."""
        self.env["utility.usage"]._check_may_calculate()
        self._settle(self.service_point_id)
        return True
