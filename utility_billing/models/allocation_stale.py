from collections import defaultdict
from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.utility_base.tools.trees import within

CHANGED = SQL("(fact.recorded_at >= run.facts_at OR fact.voided_at >= run.facts_at)")
ENDED = SQL(
    "(fact.recorded_at >= run.facts_at OR fact.voided_at >= run.facts_at "
    "OR fact.end_recorded_at >= run.facts_at)"
)
ON_ITS_DAYS = SQL(
    "(fact.date_start <= run.date_end AND (fact.date_end IS NULL "
    "OR fact.date_end >= run.date_start OR fact.end_recorded_at >= run.facts_at))"
)


class AllocationRun(models.Model):
    """Sharings that rest on facts which have changed since: a corrected reading of the building or
    of a flat, another area, somebody who moved, another sharing of the building."""

    _inherit = "utility.allocation.run"

    @api.model
    def _share_again(self, company, since, until, buildings=None):
        """Share again what was shared for periods between two days, where facts have changed; a
        total that was typed stays.

        What comes to the same stays as it is; see `_allocate`.

        :param since: last days of the periods, from
        :param until: last days of the periods, to
        :param buildings: premises; None: all
        :return: `utility.allocation.run` records
        """
        shared = self.browse()
        for (start, end), totals in self._stale(company, since, until, buildings).items():
            assignments = self.env["utility.allocation.assignment"].browse(totals)
            typed = {key: total for key, total in totals.items() if total is not None}
            shared |= self._allocate(assignments, start, end, typed)
        return shared

    @api.model
    def _stale(self, company, since, until, buildings=None):
        """{(first, last): {assignment id: typed total or None}} of sharings whose facts have
        changed since, and of those that were taken back with their assignment."""
        self.env.flush_all()
        found = defaultdict(dict)
        for start, end, assignment_id, total in self.env.execute_query(
            SQL(
                """
            WITH run AS (
                SELECT id, assignment_id, service_point_id, building_id, service_id, purpose,
                       date_start, date_end, facts_at, total_source, total, is_outdated
                FROM utility_allocation_run
                WHERE (state IN ('calculated', 'approved') OR is_outdated)
                AND assignment_id IS NOT NULL AND company_id = %s AND date_end BETWEEN %s AND %s
                AND (%s OR building_id = ANY(%s))
            )
            SELECT run.date_start, run.date_end, found.assignment_id,
                   CASE WHEN run.total_source = 'typed' THEN trim_scale(run.total)::text END
            FROM run JOIN (%s UNION %s) found ON found.id = run.id
            ORDER BY run.date_start, run.id
            """,
                company.id,
                since,
                until,
                buildings is None,
                buildings.ids if buildings is not None else [],
                self._stale_by_facts(),
                self._stale_by_assignment(),
            )
        ):
            found[start, end][assignment_id] = total and Decimal(total)
        return dict(found)

    @api.model
    def _stale_by_facts(self):
        """SQL of sharings that stand, and their assignments."""
        return SQL(
            """
            SELECT run.id, run.assignment_id FROM run
            JOIN utility_service_point source ON source.id = run.service_point_id
            JOIN utility_premise building ON building.id = run.building_id
            WHERE NOT COALESCE(run.is_outdated, FALSE) AND (%s OR %s OR %s OR %s)
            """,
            self._stale_usage(),
            self._stale_agreements(),
            self._stale_facts("utility_attribute_value"),
            self._stale_facts("utility_occupancy"),
        )

    @api.model
    def _stale_by_assignment(self):
        """SQL of sharings that were taken back with their assignment, and what is in force in its
        place on their last day: a correction of it, or whatever shares the same."""
        return SQL(
            """
            SELECT run.id, other.id FROM run
            JOIN utility_allocation_assignment other ON other.voided_at IS NULL
            AND daterange(other.date_start, other.date_end, '[]') @> run.date_end
            AND other.service_point_id = run.service_point_id AND (
                other.service_id = run.service_id AND other.purpose = run.purpose
                OR other.replaces_id = run.assignment_id AND run.total_source = 'usage'
            )
            WHERE run.is_outdated AND NOT EXISTS (
                SELECT FROM utility_allocation_run later
                WHERE later.service_point_id = run.service_point_id
                AND later.service_id = other.service_id AND later.purpose = other.purpose
                AND later.date_start <= run.date_end AND later.date_end >= run.date_start
                AND later.id > run.id
            )
            """
        )

    @api.model
    def _stale_usage(self):
        """The quantity of the source, or of what hangs below it, is another one."""
        return SQL(
            """
            EXISTS (
                SELECT FROM utility_usage fact
                JOIN utility_service_point point ON point.id = fact.service_point_id
                WHERE %s
                AND fact.date_start <= run.date_end AND fact.date_end >= run.date_start AND %s
            )
            """,
            within("point", "source"),
            CHANGED,
        )

    @api.model
    def _stale_agreements(self):
        """Another account has a flat that takes part, or from another day on."""
        return SQL(
            """
            EXISTS (
                SELECT FROM utility_service_agreement fact
                WHERE fact.premise_id = ANY (ARRAY(
                    SELECT premise_id FROM utility_allocation_share WHERE run_id = run.id
                ))
                AND fact.service_id IN (run.service_id, source.service_id)
                AND %s AND %s
            )
            """,
            ON_ITS_DAYS,
            ENDED,
        )

    @api.model
    def _stale_facts(self, table):
        """A fact about a premise of the building is another one on days of the sharing."""
        return SQL(
            """
            EXISTS (
                SELECT FROM %s fact JOIN utility_premise premise ON premise.id = fact.premise_id
                WHERE %s AND %s AND %s
            )
            """,
            SQL.identifier(table),
            within("premise", "building"),
            ON_ITS_DAYS,
            ENDED,
        )
