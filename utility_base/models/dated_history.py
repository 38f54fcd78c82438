"""What was in force on a day, and what we knew about it."""

from datetime import UTC, date, datetime, time

from odoo import api, fields, models
from odoo.fields import Domain


class DatedHistory(models.AbstractModel):
    _inherit = "utility.dated.mixin"

    in_force_on = fields.Date(store=False, compute="_compute_no_date", search="_search_in_force_on")
    known_on = fields.Date(store=False, compute="_compute_no_date", search="_search_known_on")

    # -- searches ---------------------------------------------------------------------------

    def _search_fact_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        live = Domain("voided_at", "=", False)
        states = {
            "voided": Domain("voided_at", "!=", False),
            "planned": live & Domain("date_start", ">", today),
            "ended": live & Domain("date_end", "<", today),
            "in_force": self._domain_in_force(today),
        }
        return Domain.OR(states[state] for state in value if state in states)

    def _compute_no_date(self):
        self.in_force_on = self.known_on = False

    def _search_in_force_on(self, operator, value):
        return self._search_by_days(operator, value, self._domain_in_force)

    def _search_known_on(self, operator, value):
        return self._search_by_days(operator, value, self._domain_known_on)

    def _search_by_days(self, operator, value, domain_of_day):
        days = [value] if operator == "=" else value if operator == "in" else None
        if days is None:
            return NotImplemented
        return Domain.OR(domain_of_day(fields.Date.to_date(day)) for day in days if day)

    # -- questions in time ------------------------------------------------------------------

    @api.model
    def _domain_in_force(self, day, day_to=None, known_at=None):
        """Domain of the facts in force on `day` (or on any day up to `day_to`).

        :param known_at: moment (UTC) whose knowledge counts; now when empty
        """
        started = Domain("date_start", "<=", day_to or day)
        not_ended = Domain("date_end", "=", False) | Domain("date_end", ">=", day)
        if not known_at:
            return Domain("voided_at", "=", False) & started & not_ended
        not_ended |= Domain("end_recorded_at", ">", known_at)
        return self._domain_known_at(known_at) & started & not_ended

    @api.model
    def _domain_known_at(self, moment):
        """Domain of the facts that were recorded and not voided at `moment` (UTC)."""
        not_voided = Domain("voided_at", "=", False) | Domain("voided_at", ">", moment)
        return Domain("recorded_at", "<=", moment) & not_voided

    @api.model
    def _domain_known_on(self, day):
        return self._domain_known_at(self._end_of_day(day))

    @api.model
    def _end_of_day(self, day):
        """The last second of `day` where the user is, in UTC as the database keeps it."""
        end = self.env.tz.localize(datetime.combine(day, time(23, 59, 59)))
        return end.astimezone(UTC).replace(tzinfo=None)

    @api.model
    def _search(self, domain, *args, **kwargs):
        return super()._search(self._domain_as_known(Domain(domain)), *args, **kwargs)

    def _domain_as_known(self, domain):
        """“In force on” beside “known on” asks what was believed to be in force."""
        days = [
            _only_day(it.value) for it in domain.iter_conditions() if it.field_expr == "known_on"
        ]
        if len(days) != 1 or not days[0]:
            return domain
        moment = self._end_of_day(days[0])

        def believed(condition):
            day = condition.field_expr == "in_force_on" and _only_day(condition.value)
            return self._domain_in_force(day, known_at=moment) if day else condition

        return domain.map_conditions(believed)

    def _in_force(self, day):
        """Those of the facts that are live and in force on `day`."""
        return self.filtered(
            lambda fact: (
                not fact.voided_at
                and fact.date_start <= day
                and (not fact.date_end or fact.date_end >= day)
            )
        )

    def _as_known_at(self, moment):
        """What a timeline entry said at `moment` (UTC), where it says something else now."""
        self.ensure_one()
        if not moment:
            return {}
        then = {}
        if self.end_recorded_at and self.end_recorded_at > moment:
            then["date_end"] = False
        if self.voided_at and self.voided_at > moment:
            then.update(voided_at=False, reason=self.replace_reason or "")
        if then:
            then["state"] = self._state_on(
                fields.Date.context_today(self), then.get("date_end", self.date_end)
            )
        return then


def _only_day(value):
    """The day that a search condition asks for, None when it asks for several."""
    values = [value] if isinstance(value, (str, date)) else list(value or ())
    return fields.Date.to_date(values[0]) if len(values) == 1 else None
