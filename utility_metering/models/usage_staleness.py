from odoo import api, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

CALCULATORS = (
    "utility_base.group_meter_engineer",
    "utility_base.group_billing_operator",
    "utility_base.group_administrator",
)


class Usage(models.Model):
    """Quantities are marked when what they rest on changes, and calculated again soon after."""

    _inherit = "utility.usage"

    @api.model
    def _recalculate_after(self, readings):
        """Mark the periods between the neighbours of readings that came into force or went out.

        :param readings: `utility.reading` records, whatever their state is now
        """
        hung = readings.filtered("installation_id")
        if not hung:
            return
        self.env["utility.usage.stale"]._mark(
            SQL(
                """
            SELECT reading.service_point_id AS point_id,
                   COALESCE((
                       SELECT max(date) + 1 FROM utility_reading other
                       WHERE other.state = 'accepted' AND other.reading_type <> 'estimated'
                       AND other.register_id = reading.register_id
                       AND other.installation_id = reading.installation_id
                       AND other.date < reading.date
                   ), installation.date_start) AS date_from,
                   (
                       SELECT min(date) FROM utility_reading other
                       WHERE other.state = 'accepted' AND other.reading_type <> 'estimated'
                       AND other.register_id = reading.register_id
                       AND other.installation_id = reading.installation_id
                       AND other.date > reading.date
                   ) AS date_to
            FROM utility_reading reading
            JOIN utility_meter_installation installation
                ON installation.id = reading.installation_id
            WHERE reading.id = ANY(%s)
            """,
                hung.ids,
            ),
            self.env._("Readings came or changed"),
        )

    @api.model
    def _recalculate_from(self, points, day, reason):
        """Mark all that was calculated for the points from a day on."""
        if points:
            self.env["utility.usage.stale"]._mark(
                SQL(
                    "SELECT id AS point_id, %s::date AS date_from, NULL::date AS date_to "
                    "FROM unnest(%s::int[]) id",
                    day,
                    points.ids,
                ),
                reason,
            )

    @api.model
    def _recalculate_meters(self, meters, day, reason):
        """Mark all that was calculated from a day on where the meters hung."""
        self.env["utility.usage.stale"]._mark(
            SQL(
                """
            SELECT service_point_id AS point_id, GREATEST(date_start, %s::date) AS date_from,
                   NULL::date AS date_to
            FROM utility_meter_installation
            WHERE meter_id = ANY(%s) AND (date_end IS NULL OR date_end >= %s)
            """,
                day,
                meters.ids,
                day,
            ),
            reason,
        )

    @api.model
    def _recalculate_services(self, services, day, reason):
        """Mark what was not measured, of the services, from a day on."""
        self.env["utility.usage.stale"]._mark(
            SQL(
                """
            SELECT service_point_id AS point_id, GREATEST(min(date_start), %s::date) AS date_from,
                   NULL::date AS date_to
            FROM utility_usage WHERE voided_at IS NULL AND reason IS NOT NULL
            AND service_id = ANY(%s) AND date_end >= %s GROUP BY service_point_id
            """,
                day,
                services.ids,
                day,
            ),
            reason,
        )

    @api.model
    def _recalculate_degrees(self, company, first, last):
        """Mark what was cut by degree days on some days: from the reading before them on, and
        what was estimated from it since.

        :param first, last: days whose degree days are other ones
        """
        self.env["utility.usage.stale"]._mark(
            SQL(
                """
            SELECT installation.service_point_id AS point_id,
                   min(COALESCE((
                       SELECT max(reading.date) + 1 FROM utility_reading reading
                       WHERE reading.state = 'accepted'
                       AND reading.reading_type <> 'estimated'
                       AND reading.installation_id = installation.id AND reading.date < %(first)s
                   ), installation.date_start)) AS date_from,
                   NULL::date AS date_to
            FROM utility_service service
            JOIN utility_service_point point ON point.service_id = service.id
            JOIN utility_meter_installation installation
                ON installation.service_point_id = point.id
            WHERE service.cut_method = 'degree_days' AND service.company_id = %(company)s
            AND installation.date_start <= %(last)s
            AND (installation.date_end IS NULL OR installation.date_end >= %(first)s)
            GROUP BY installation.service_point_id
            """,
                company=company.id,
                first=first,
                last=last,
            ),
            self.env._("Degree days changed"),
        )

    # -- by hand ----------------------------------------------------------------------------

    @api.model
    def _check_may_calculate(self):
        if not self.env.su and not any(map(self.env.user.has_group, CALCULATORS)):
            raise AccessError(
                self.env._("Only meter engineers and billing operators may calculate usage.")
            )

    def action_recalculate(self):
        """Calculate the points' periods anew, now."""
        self._check_may_calculate()
        plan = {}
        for usage in self.filtered(lambda usage: not usage.voided_at):
            period = (usage.date_start, usage.date_end)
            plan.setdefault(usage.service_point_id.id, set()).add(period)
        counts = self._recalculate_plan(plan)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if counts["failed"] else "success",
                "message": self.env._(
                    "%(unchanged)s unchanged, %(replaced)s replaced, %(failed)s with problems.",
                    **{name: counts[name] for name in ("unchanged", "replaced", "failed")},
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
