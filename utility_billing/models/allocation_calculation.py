from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..engine.allocation import share_out
from ..engine.allocation_facts import SharingError
from .allocation_facts import SharingFacts, Source
from .allocation_storing import Result, SharingStore


class AllocationRun(models.Model):
    """From what is known of buildings to their shares."""

    _inherit = "utility.allocation.run"

    @api.model
    def _due(self, company, period, buildings=None):
        """Assignments with something to share in a period: those in force on its last day whose
        source has usage in it; costs wait for somebody who types them.

        :param period: (first, last day), both included
        :param buildings: premises; None: all
        :return: `utility.allocation.assignment` records
        """
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
            SELECT assignment.id FROM utility_allocation_assignment assignment
            WHERE assignment.voided_at IS NULL AND assignment.company_id = %(company)s
            AND assignment.purpose <> 'cost' AND assignment.date_start <= %(last)s
            AND (assignment.date_end IS NULL OR assignment.date_end >= %(last)s)
            AND (%(everywhere)s OR assignment.building_id = ANY(%(buildings)s))
            AND EXISTS (
                SELECT FROM utility_usage usage
                WHERE usage.service_point_id = assignment.service_point_id
                AND usage.voided_at IS NULL AND usage.date_start >= %(first)s
                AND usage.date_end <= %(last)s
            )
            ORDER BY assignment.building_id, assignment.id
            """,
                company=company.id,
                first=period[0],
                last=period[1],
                everywhere=buildings is None,
                buildings=buildings.ids if buildings is not None else [],
            )
        )
        return self.env["utility.allocation.assignment"].browse(row[0] for row in rows)

    @api.model
    def _allocate(self, assignments, date_start, date_end, totals=None):
        """Share buildings out and keep what is new, by a fixed number of queries.

        What says the same as before stays as it is. What says something else replaces the run
        before, whose shares are voided. What cannot be shared is held with its reason; if it could
        be before, these shares stay and the reason is noted on their run.

        :param assignments: `utility.allocation.assignment` records
        :param date_start, date_end: first and last day, both included
        :param totals: {assignment id: Decimal} typed instead of the source's usage
        :return: `utility.allocation.run` records, one for each assignment
        :raise UserError: somebody else is sharing one of the buildings
        """
        if not assignments:
            return self.browse()
        span = fields.Date.to_date(date_start), fields.Date.to_date(date_end)
        self._lock(assignments)
        results = self._results(self._sources_of(assignments, totals or {}), span)
        return SharingStore(self, results, span).run()

    @api.model
    def _share_cost(self, vals, premises, total):
        """Share a cost once among chosen premises.

        :param vals: name, company_id, service_id, method_id, building_id, date_start, date_end
        :param premises: who bears it
        :param total: Decimal, in the company's currency
        :return: the run
        :raise UserError: it cannot be shared, with the reason
        """
        result, span = self._result_of_cost(vals, premises, total)
        if result.problem:
            raise UserError(self._problem_words(result.problem))
        return SharingStore(self, [result], span).run()

    @api.model
    def _result_of_cost(self, vals, premises, total):
        """What `_share_cost` would store, and the period."""
        span = fields.Date.to_date(vals["date_start"]), fields.Date.to_date(vals["date_end"])
        source = Source(
            0,
            assignment_id=False,
            name=vals["name"],
            service_point_id=False,
            place_id=vals.get("building_id") or False,
            service_id=vals["service_id"],
            company_id=vals["company_id"],
            method=self.env["utility.allocation.method"].browse(vals["method_id"]),
            purpose="cost",
            typed=total,
        )
        source.places = {premise_id: [] for premise_id in premises.ids}
        self._take_points(source, premises)
        return self._results([source], span)[0], span

    def _take_points(self, source, premises):
        """The premises' own points of the service, which say who pays."""
        for premise_id, point_id in self.env.execute_query(
            SQL(
                """
            SELECT premise_id, id FROM utility_service_point
            WHERE premise_id = ANY(%s) AND service_id = %s AND active ORDER BY id
            """,
                premises.ids,
                source.service_id,
            )
        ):
            source.places[premise_id].append(point_id)

    @api.model
    def _preview(self, vals, span):
        """What would be shared, without storing anything.

        :param vals: service_point_id, service_id, company_id, method_id, purpose, reach
        :return: `Result`
        """
        source = self._source({**vals, "id": 0}, vals.get("typed"))
        self._take_part([source], {0: vals.get("reach") or "network"})
        return self._results([source], span)[0]

    def _lock(self, assignments):
        """One sharing at a time for a building. A lock is no write: whoever may share need not be
        allowed to change assignments."""
        if assignments.sudo().try_lock_for_update(allow_referencing=True) != assignments:
            raise UserError(
                self.env._(
                    "Somebody else is sharing one of these buildings right now. Try again in a "
                    "moment."
                )
            )

    # -- sources ----------------------------------------------------------------------------

    def _sources_of(self, assignments, totals):
        rows = assignments.read(
            [
                "service_point_id",
                "service_id",
                "company_id",
                "method_id",
                "purpose",
                "building_id",
                "reach",
            ],
            load=None,
        )
        sources = [self._source(row, totals.get(row["id"])) for row in rows]
        for source, assignment in zip(sources, assignments, strict=True):
            source.bearer = assignment.bearer_point_id or None
        self._take_part(sources, {row["id"]: row["reach"] for row in rows})
        return sources

    def _source(self, row, typed):
        return Source(
            row["id"],
            assignment_id=row["id"] or False,
            name=False,
            service_point_id=row["service_point_id"],
            place_id=row["building_id"],
            service_id=row["service_id"],
            company_id=row["company_id"],
            method=self.env["utility.allocation.method"].browse(row["method_id"]),
            purpose=row["purpose"],
            typed=typed,
        )

    def _take_part(self, sources, reaches):
        """Find who takes part: consumers fed from the source, or all of a service in a building."""
        by_key = {source.key: source for source in sources}
        network = [source for source in sources if reaches[source.key] == "network"]
        building = [source for source in sources if reaches[source.key] == "building"]
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
            WITH RECURSIVE fed (key, id) AS (
                SELECT key, id FROM unnest(%(keys)s::int[], %(roots)s::int[]) root (key, id)
            UNION ALL
                SELECT fed.key, point.id FROM fed
                JOIN utility_service_point point ON point.parent_id = fed.id
                WHERE point.active AND point.connection <> 'removed'
            ), place (key, service_id, company_id, id) AS (
                SELECT * FROM unnest(%(place_keys)s::int[], %(services)s::int[],
                                     %(companies)s::int[], %(places)s::int[])
            UNION ALL
                SELECT place.key, place.service_id, place.company_id, part.id FROM place
                JOIN utility_premise part ON part.parent_id = place.id
            )
            SELECT fed.key, point.premise_id, point.id FROM fed
            JOIN utility_service_point point ON point.id = fed.id WHERE point.kind = 'unit'
            UNION ALL
            SELECT place.key, point.premise_id, point.id FROM place
            JOIN utility_service_point point ON point.premise_id = place.id
            WHERE point.service_id = place.service_id AND point.company_id = place.company_id
            AND point.kind = 'unit' AND point.active AND point.connection <> 'removed'
            ORDER BY 1, 2, 3
            """,
                keys=[source.key for source in network],
                roots=[source.service_point_id for source in network],
                place_keys=[source.key for source in building],
                services=[source.service_id for source in building],
                companies=[source.company_id for source in building],
                places=[source.place_id for source in building],
            )
        )
        for key, premise_id, point_id in rows:
            by_key[key].places.setdefault(premise_id, []).append(point_id)

    # -- results ----------------------------------------------------------------------------

    def _results(self, sources, span):
        facts, methods = SharingFacts(self.env, sources, span), {}
        for source in sources:
            currency = self.env["res.company"].browse(source.company_id).currency_id
            places = currency.decimal_places if source.purpose == "cost" else None
            if (source.method, places) not in methods:
                methods[source.method, places] = source.method._engine_method(places)
            source.engine_method = methods[source.method, places]
        return [self._result(facts, source) for source in sources]

    def _result(self, facts, source):
        method = source.engine_method
        try:
            sharing = share_out(facts.pool(source), facts.participants(source), method)
        except SharingError as error:
            figures = {name: _plain(value) for name, value in error.figures.items()}
            return Result(source, facts, problem={"code": error.code, **figures})
        return Result(source, facts, sharing=sharing)


def _plain(value):
    return value if isinstance(value, (int, str, list)) or value is None else str(value)
