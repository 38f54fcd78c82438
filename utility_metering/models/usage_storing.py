from collections import Counter
from contextlib import contextmanager
from decimal import Decimal

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, mute_logger, split_every

from odoo.addons.utility_base.tools.bulk import bulk_create

from ..engine.facts import FactsError
from ..engine.spans import length

BATCH = 1000
COUNTS = ("new", "replaced", "unchanged", "voided", "failed")


class PointsBusyError(UserError):
    """Somebody else calculates or edits the points at this moment."""


class Usage(models.Model):
    """What was calculated is kept: unchanged rows stay, changed ones are voided and replaced."""

    _inherit = "utility.usage"

    @api.model
    def _recalculate(self, points, periods, reason=None):
        """Calculate points in periods and keep what is new.

        Where the facts contradict each other, a problem is noted for the point
        (`utility.usage.problem`), its quantity stays as it was, and the others go on.

        :param points: `utility.service.point` records
        :param periods: list of (first day, last day), both included; no day twice
        :param reason: why quantities change, kept on the rows that are replaced
        :return: {"new", "replaced", "unchanged", "voided", "failed": number of rows}
        :raise UserError: somebody else is calculating the same points
        """
        periods = {self._as_period(*period) for period in periods}
        self._refuse_overlapping(periods)
        return self._recalculate_plan(dict.fromkeys(points.ids, periods), reason)

    @api.model
    def _recalculate_plan(self, plan, reason=None):
        """Same, with periods of its own for each point.

        :param plan: {point id: set of periods}
        """
        counts = Counter(dict.fromkeys(COUNTS, 0))
        for ids in split_every(BATCH, plan, list):
            self._lock_points(ids)
            part = {point_id: set(plan[point_id]) for point_id in ids if plan[point_id]}
            facts, results = self._calculate_plan(part)
            if results:
                counts.update(_Storing(self, facts, results, reason).run())
        return dict(counts)

    @api.model
    def _lock_points(self, point_ids):
        """One calculation at a time for a point; the other is refused, not left waiting with old
        eyes. A lock is no write: whoever may calculate need not be allowed to change points."""
        points = self.env["utility.service.point"].sudo().browse(point_ids)
        if points.try_lock_for_update(allow_referencing=True) != points:
            raise self._busy_error()

    def _busy_error(self):
        return PointsBusyError(
            self.env._(
                "These service points are being calculated or edited by somebody else right now. "
                "Try again in a moment."
            )
        )


class _Storing:
    """Compares results with the live rows and writes the difference, by a fixed number of queries.

    :param results: {(point id, period): `PointUsage`, `FactsError` or None}
    """

    def __init__(self, model, facts, results, reason):
        self.model = model
        self.env = model.env
        self.facts = facts
        self.results = results
        self.reason = reason or self.env._("Calculated again: what is known has changed")
        self.counts = Counter()
        self.voided, self.vals_list, self.errors = [], [], {}

    def run(self):
        live = self._live_rows()
        for (point_id, period), result in self.results.items():
            self._compare(point_id, period, result, live.get((point_id, period), ()))
        self._void()
        self._insert()
        self.env["utility.usage.problem"]._note(self.errors, set(self.results) - set(self.errors))
        return self.counts

    def _live_rows(self):
        """{(point id, period): live rows that share a day with it}"""
        keys = list(self.results)
        live = {}
        for row in self.env.execute_query(
            SQL(
                """
            SELECT usage.service_point_id, wanted.date_start, wanted.date_end, usage.id,
                   usage.date_start, usage.date_end, usage.quantity::text,
                   usage.estimated_quantity::text, usage.method, usage.reason, usage.bands,
                   usage.trace->'pieces'
            FROM unnest(%s::int[], %s::date[], %s::date[])
                AS wanted (point_id, date_start, date_end)
            JOIN utility_usage usage ON usage.service_point_id = wanted.point_id
                AND usage.voided_at IS NULL AND usage.date_start <= wanted.date_end
                AND usage.date_end >= wanted.date_start
            ORDER BY usage.date_start
            """,
                [point_id for point_id, _period in keys],
                [period[0] for _point_id, period in keys],
                [period[1] for _point_id, period in keys],
            )
        ):
            live.setdefault((row[0], (row[1], row[2])), []).append(row[3:])
        return live

    def _compare(self, point_id, period, result, rows):
        beyond = [row for row in rows if row[1] < period[0] or row[2] > period[1]]
        if isinstance(result, FactsError):
            self._fail(point_id, period, result)
        elif beyond:
            error = FactsError("overlap", date_start=beyond[0][1], date_end=beyond[0][2])
            self._fail(point_id, period, error)
        elif result is None:
            self.voided += [row[0] for row in rows]
            self.counts["voided"] += len(rows)
        elif len(rows) == 1 and rows[0][1:3] == period and _says(rows[0], result):
            self.counts["unchanged"] += 1
        else:
            self.voided += [row[0] for row in rows]
            self.vals_list.append(self._vals(result, rows[0][0] if rows else False))
            self.counts["replaced" if rows else "new"] += 1

    def _fail(self, point_id, period, error):
        self.errors[point_id, period] = error
        self.counts["failed"] += 1

    def _vals(self, result, replaces_id):
        point = self.facts.points[result.point_id]
        days = length(result.period)
        return {
            "service_point_id": result.point_id,
            "service_id": point["service_id"],
            "premise_id": point["premise_id"],
            "building_id": point["building_id"],
            "company_id": point["company_id"],
            "point_kind": point["kind"],
            "uom_id": point["uom_id"],
            "date_start": result.period[0],
            "date_end": result.period[1],
            "days": days,
            "quantity": float(result.quantity),
            "estimated_quantity": float(result.estimated),
            "daily": float(result.quantity / days),
            "method": result.method,
            "reason": result.reason or False,
            "bands": _bands(result) or False,
            "trace": result.trace,
            "replaces_id": replaces_id,
        }

    # -- writing: the engine's word, not the user's, so that nobody needs the right to write usage

    def _void(self):
        if not self.voided:
            return
        now = fields.Datetime.now()
        with self._explained():
            self.env.cr.execute(
                SQL(
                    "UPDATE utility_usage SET voided_at = %s, void_reason = %s, write_date = %s, "
                    "write_uid = %s WHERE id = ANY(%s)",
                    now,
                    self.reason,
                    now,
                    self.env.uid,
                    self.voided,
                )
            )
        self.model.browse(self.voided).invalidate_recordset()

    def _insert(self):
        # a row has its company from its point: nothing to check
        with self._explained():
            bulk_create(self.model.sudo(), self.vals_list, replaced=["_check_company"])

    @contextmanager
    def _explained(self):
        """A row that another transaction stored meanwhile is the other's turn, not a fault."""
        try:
            with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                yield
        except psycopg2.errors.ExclusionViolation as error:
            raise self.model._busy_error() from error


def _bands(result):
    """Quantities as text by direction and zone, where there is more than what was taken."""
    if set(result.bands) == {"import"} or not result.bands:
        return None
    return {band: str(quantity) for band, quantity in sorted(result.bands.items())}


def _says(row, result):
    """Whether a live row holds the result already."""
    usage_id, _start, _end, quantity, estimated, method, reason, bands, pieces = row
    found = result.trace["pieces"]
    stays_as_issued = all(piece.get("issued") == usage_id for piece in found)
    return (
        Decimal(quantity) == result.quantity
        and Decimal(estimated or 0) == result.estimated
        and (method, reason or "") == (result.method, result.reason)
        and (bands or None) == _bands(result)
        and (pieces == found or stays_as_issued)
    )
