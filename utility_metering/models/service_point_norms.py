from odoo import models
from odoo.tools import SQL

from .usage_facts_norms import NormFacts


class ServicePoint(models.Model):
    """What consumers are held to use, for the validation of their readings."""

    _inherit = "utility.service.point"

    def _norms_a_month(self, day):
        facts = _PointsOnDay(self, day)
        if not facts.points:
            return super()._norms_a_month(day)
        norms = NormFacts(self.env, facts)
        return {
            point_id: float(spans[0].quantity)
            for point_id in facts.points
            if (spans := norms.spans(point_id))
        }


class _PointsOnDay:
    """What `NormFacts` asks of the facts of a calculation, for consumers on one day whose service
    has norms."""

    def __init__(self, points, day):
        self.since = self.until = day
        names = ("id", "service_id", "premise_id", "premise_path", "building_id")
        rows = points.env.execute_query(
            SQL(
                """
            SELECT point.id, point.service_id, premise.id, premise.parent_path, premise.building_id
            FROM utility_service_point point
            JOIN utility_premise premise ON premise.id = point.premise_id
            WHERE point.id = ANY(%s) AND point.kind = 'unit' AND EXISTS (
                SELECT FROM utility_norm norm
                WHERE norm.service_id = point.service_id AND norm.voided_at IS NULL
            )
            """,
                points.ids,
            )
        )
        self.points = {row[0]: dict(zip(names, row, strict=True)) for row in rows}

    def points_with_rule(self, _method):
        return list(self.points)

    def span_of(self, _point_id):
        return self.since, self.until
