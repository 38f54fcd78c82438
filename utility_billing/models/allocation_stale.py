from odoo import api, models
from odoo.tools import SQL

CHANGED = SQL("(fact.recorded_at >= run.facts_at OR fact.voided_at >= run.facts_at)")
ENDED = SQL(
    "(fact.recorded_at >= run.facts_at OR fact.voided_at >= run.facts_at "
    "OR fact.end_recorded_at >= run.facts_at)"
)


class AllocationRun(models.Model):
    """Sharings that rest on facts which have changed since: a corrected reading of the building or
    of a flat, another area, somebody who moved."""

    _inherit = "utility.allocation.run"

    @api.model
    def _share_again(self, company, since, until, buildings=None):
        """Share again what was shared for periods between two days, where facts have changed.

        What comes to the same stays as it is; see `_allocate`.

        :param since: last days of the periods, from
        :param until: last days of the periods, to
        :param buildings: premises; None: all
        """
        for (start, end), assignment_ids in self._stale(company, since, until, buildings).items():
            assignments = self.env["utility.allocation.assignment"].browse(assignment_ids)
            self._allocate(assignments, start, end)

    @api.model
    def _stale(self, company, since, until, buildings=None):
        """{(first, last): [assignment ids]} of sharings whose facts have changed since."""
        self.env.flush_all()
        found = {}
        for start, end, assignment_ids in self.env.execute_query(
            SQL(
                """
            SELECT run.date_start, run.date_end, array_agg(run.assignment_id ORDER BY run.id)
            FROM utility_allocation_run run
            JOIN utility_allocation_assignment assignment ON assignment.id = run.assignment_id
            JOIN utility_service_point source ON source.id = run.service_point_id
            JOIN utility_premise building ON building.id = run.building_id
            WHERE run.state IN ('calculated', 'approved') AND run.company_id = %(company)s
            AND run.total_source = 'usage' AND assignment.voided_at IS NULL
            AND run.date_end BETWEEN %(since)s AND %(until)s
            AND (%(everywhere)s OR run.building_id = ANY(%(buildings)s))
            AND (%(usage)s OR %(values)s OR %(people)s)
            GROUP BY run.date_start, run.date_end ORDER BY run.date_start
            """,
                company=company.id,
                since=since,
                until=until,
                everywhere=buildings is None,
                buildings=buildings.ids if buildings is not None else [],
                usage=self._stale_usage(),
                values=self._stale_facts("utility_attribute_value"),
                people=self._stale_facts("utility_occupancy"),
            )
        ):
            found[start, end] = assignment_ids
        return found

    @api.model
    def _stale_usage(self):
        """The quantity of the source, or of what hangs below it, is another one."""
        return SQL(
            """
            EXISTS (
                SELECT FROM utility_usage fact
                JOIN utility_service_point point ON point.id = fact.service_point_id
                WHERE point.parent_path LIKE source.parent_path || '%%'
                AND fact.date_start <= run.date_end AND fact.date_end >= run.date_start AND %s
            )
            """,
            CHANGED,
        )

    @api.model
    def _stale_facts(self, table):
        """A fact about a premise of the building is another one on days of the sharing."""
        return SQL(
            """
            EXISTS (
                SELECT FROM %s fact JOIN utility_premise premise ON premise.id = fact.premise_id
                WHERE premise.parent_path LIKE building.parent_path || '%%'
                AND fact.date_start <= run.date_end
                AND (fact.date_end IS NULL OR fact.date_end >= run.date_start
                     OR fact.end_recorded_at >= run.facts_at)
                AND %s
            )
            """,
            SQL.identifier(table),
            ENDED,
        )
