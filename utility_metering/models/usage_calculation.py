from odoo import api, fields, models
from odoo.exceptions import UserError

from ..engine.facts import FactsError
from ..engine.spans import intersect
from ..engine.usage import calculate
from .usage_facts import UsageFacts


class Usage(models.Model):
    """From what the database knows to what the engine finds, without writing anything."""

    _inherit = "utility.usage"

    @api.model
    def _calculate_for(self, points, date_start, date_end):
        """The usage of points in a period, as it would be stored.

        :param date_start: first day, included; date or ISO text
        :param date_end: last day, included
        :return: {point id: `PointUsage`, or `FactsError` where the facts contradict each other};
            points of which nothing is known are left out
        """
        period = self._as_period(date_start, date_end)
        _facts, found = self._calculate_plan({point_id: {period} for point_id in points.ids})
        return {point_id: result for (point_id, _period), result in found.items() if result}

    @api.model
    def _calculate_plan(self, plan):
        """The usage of points in their periods.

        :param plan: {point id: set of periods}
        :return: (`UsageFacts`, {(point id, period): `PointUsage`, `FactsError` or None})
        """
        if not plan:
            return None, {}
        facts = UsageFacts(self.env, plan)
        calculation = _Calculation(facts)
        return facts, {
            (point_id, period): calculation.result(point_id, period)
            for point_id, periods in plan.items()
            for period in sorted(periods)
        }

    @api.model
    def _as_period(self, date_start, date_end):
        period = fields.Date.to_date(date_start), fields.Date.to_date(date_end)
        if period[1] < period[0]:
            raise UserError(self.env._("The period ends before it begins: choose a later end."))
        return period

    @api.model
    def _refuse_overlapping(self, periods):
        ordered = sorted(periods)
        if any(intersect(one, other) for one, other in zip(ordered, ordered[1:], strict=False)):
            raise UserError(
                self.env._("The periods share days: calculate each day in one period only.")
            )


class _Calculation:
    """Results of points, those that others are made of first."""

    def __init__(self, facts):
        self.facts = facts
        self._found = {}

    def result(self, point_id, period):
        key = (point_id, period)
        if key not in self._found:
            try:
                self._found[key] = self._calculate(point_id, period)
            except FactsError as error:
                self._found[key] = error
        return self._found[key]

    def _calculate(self, point_id, period):
        point_facts = self.facts.of(point_id, period)
        if not point_facts.terms:
            return calculate(point_facts, period)
        if self._leads_to_itself(point_id, period):
            raise FactsError("circle", point=point_id)
        sources = {term.point_id: self.result(term.point_id, period) for term in point_facts.terms}
        for source_id, source in sources.items():
            if isinstance(source, FactsError):
                raise FactsError("source", source=source_id)
        return calculate(point_facts, period, sources)

    def _leads_to_itself(self, point_id, period):
        seen, waiting = set(), [point_id]
        while waiting:
            for term in self.facts.terms(waiting.pop(), period):
                if term.point_id == point_id:
                    return True
                if term.point_id not in seen:
                    seen.add(term.point_id)
                    waiting.append(term.point_id)
        return False
