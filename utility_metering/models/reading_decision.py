from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date, format_datetime

from ..tools.decimals import to_decimal
from ..tools.reading_assessment import Assessment, Item
from ..tools.reading_facts import Series


class Reading(models.Model):
    """What people decide about readings: accept, correct, reject, go and look."""

    _inherit = "utility.reading"

    finding_text = fields.Text("Found", compute="_compute_finding_text")
    open_visit_id = fields.Many2one(
        "utility.check.visit", "Visit Planned", compute="_compute_open_visit_id"
    )

    @api.depends("finding_ids.message")
    def _compute_finding_text(self):
        for reading in self:
            reading.finding_text = "\n".join(reading.finding_ids.mapped("message"))

    @api.depends("service_point_id")
    def _compute_open_visit_id(self):
        visits = self.env["utility.check.visit"].search(
            [("service_point_id", "in", self.service_point_id.ids), ("state", "=", "planned")]
        )
        by_point = {visit.service_point_id: visit for visit in visits}
        for reading in self:
            reading.open_visit_id = by_point.get(reading.service_point_id)

    # -- business ---------------------------------------------------------------------------

    def _accept(self, reason=None, rollover=False, rollback=False):
        """Bring held or rejected readings into force, whatever the rules said. Another reading of
        the same day gives way.

        :param rollover: the registers passed their highest value and began again at zero
        :param rollback: the registers really show less than before
        :raise UserError: it shows less than before and neither was confirmed; or it was decided
            meanwhile
        """
        self._lock_for_decision(("new", "held", "rejected"))
        if rollover or rollback:
            self._put({"rollover": rollover, "rollback": rollback})
        self._refuse_two_of_one_day()
        items = self._items()
        if not items:
            return
        Assessment(self.env, items, trusted=True)
        self._refuse_backward(items)
        replaced = self.browse(item.same_id for item in items if item.same_id)
        replaced._leave("superseded", self.env._("Another reading of the day was accepted."))
        for reading, item in zip(self, items, strict=True):
            reading._put(
                {
                    **self._prepare_judged_vals(item),
                    "state": "accepted",
                    "voided_at": False,
                    "replaces_id": item.same_id or reading.replaces_id.id,
                    **self._decision(reason),
                }
            )
        (self | replaced | self._refigure_followers())._readings_changed()

    def _refuse_two_of_one_day(self):
        seen = set()
        for reading in self:
            day = (reading.register_id, Series.key(reading))
            if day in seen:
                raise UserError(
                    self.env._(
                        "%(reading)s and another chosen reading are of the same day: accept one "
                        "of them.",
                        reading=reading.display_name,
                    )
                )
            seen.add(day)

    def _refuse_backward(self, items):
        for reading, item in zip(self, items, strict=True):
            if item.facts.dial == "backward":
                raise UserError(
                    self.env._(
                        "%(reading)s is less than %(previous)s of %(day)s. Confirm that the "
                        "register rolled over or really went backward, or correct the reading.",
                        reading=reading.register_id.display_name
                        + ": "
                        + reading.register_id._shown(float(item.value)),
                        previous=self._figure(item.previous.value),
                        day=format_date(self.env, item.previous.date),
                    )
                )

    def _reject(self, reason):
        """Take readings out of force, or never let them in.

        :raise UserError: no reason, or it was decided meanwhile
        """
        self._require_reason(reason)
        self._lock_for_decision(("new", "held", "accepted"))
        changed = self._leave("rejected", reason)
        if changed:
            (changed | changed._refigure_followers())._readings_changed()

    def _leave(self, state, reason):
        """Put readings out of force; return those that were in it."""
        in_force = self.filtered(lambda reading: reading.state == "accepted")
        if self:
            self._put(
                {"state": state, "voided_at": fields.Datetime.now(), **self._decision(reason)}
            )
            self.flush_recordset()
        return in_force

    def _correct(self, value, reason, date=None, rollover=False, rollback=False):
        """Put another value or day in a reading's place; both are kept.

        What a person corrects with a reason is in force, with what the rules find noted beside it.

        :return: the reading that takes its place
        :raise UserError: no reason; it was decided meanwhile; the new value cannot be
        """
        self.ensure_one()
        self._require_reason(reason)
        self._lock_for_decision(("new", "held", "accepted"))
        item = self._judge_correction(value, date or self.date, rollover, rollback)
        self._refuse_backward([item])
        self._refuse_correction(item)
        self._leave("superseded", reason)
        new = self._insert_rows(self._prepare_correction_vals(item, reason))
        item.id = new.id
        self._write_findings([item])
        changed = self | new
        (changed | changed._refigure_followers())._readings_changed()
        return new

    def _judge_correction(self, value, date, rollover=False, rollback=False):
        """The corrected reading as the rules find it, with the wrong one out of the way."""
        item = Item(
            id=self.id,
            register_id=self.register_id.id,
            date=fields.Date.to_date(date),
            value=to_decimal(value, 4),
            source=self.source,
            reading_type=self.reading_type,
            taken_on=self.taken_on or None if date == self.date else None,
            rollover=rollover,
            rollback=rollback,
        )
        Assessment(self.env, [item], trusted=True)
        return item

    def _prepare_correction_vals(self, item, reason):
        return {
            "register_id": self.register_id.id,
            "date": item.date,
            "taken_on": item.taken_on or False,
            "value": float(item.value),
            "installation_id": item.installation.id if item.installation else False,
            "source": self.source,
            "reading_type": self.reading_type,
            "replaces_id": self.id,
            "note": self.note,
            "act_id": self.act_id.id,
            "visit_id": self.visit_id.id,
            **self._prepare_judged_vals(item),
            "state": "accepted",
            **self._decision(reason),
        }

    def _refuse_correction(self, item):
        never = ("duplicate", "future", "digits")
        messages = [
            message
            for finding, message in zip(item.findings, self._finding_messages(item), strict=True)
            if finding.check in never or (finding.check == "backward" and item.facts.following)
        ]
        if item.same_id and not messages:
            messages = [self.env._("Another reading of this day says the same. Reject this one.")]
        if messages:
            raise UserError("\n".join(messages))

    def _preview_correction(self, value, date, rollover=False, rollback=False):
        """What a correction of this reading would meet; see `_preview`."""
        self.ensure_one()
        return self._prepare_preview(self._judge_correction(value, date, rollover, rollback))

    def _plan_visit(self, reason):
        """Have somebody look at the points; one visit a point is enough.

        :return: visits, planned now or before
        """
        self._require_reason(reason)
        visits = self.env["utility.check.visit"]._plan(dict.fromkeys(self.service_point_id, reason))
        of_point = {reading.service_point_id: reading.meter_id for reading in self}
        for visit in visits.filtered(lambda visit: not visit.meter_id):
            visit.meter_id = of_point[visit.service_point_id]
        return visits

    def _require_reason(self, reason):
        if not (reason or "").strip():
            raise UserError(self.env._("Say why, so that others understand it later."))

    def _lock_for_decision(self, states):
        """Keep others from deciding about the same readings at the same time.

        :raise UserError: somebody else does, or did
        """
        self.check_access("write")
        locked = self.try_lock_for_update(allow_referencing=True)
        self.invalidate_recordset(["state", "decided_by", "decided_at"])
        labels = dict(self._fields["state"]._description_selection(self.env))
        for reading in self:
            if reading not in locked:
                raise UserError(
                    self.env._(
                        "Somebody else is deciding about %(reading)s right now. Open it again in "
                        "a moment.",
                        reading=reading.display_name,
                    )
                )
            if reading.state not in states:
                raise UserError(
                    self.env._(
                        "%(reading)s: %(state)s already, by %(user)s on %(moment)s. Open it again "
                        "to see what was decided.",
                        reading=reading.display_name,
                        state=labels[reading.state],
                        user=(reading.decided_by or reading.create_uid).name,
                        moment=format_datetime(self.env, reading.decided_at or reading.recorded_at),
                    )
                )

    # -- buttons ----------------------------------------------------------------------------

    def action_accept(self):
        return self._action_decide("accept", self.env._("Accept"))

    def action_rollover(self):
        return self._action_decide("rollover", self.env._("Confirm the Rollover"))

    def action_rollback(self):
        return self._action_decide("rollback", self.env._("Confirm That It Went Backward"))

    def action_reject(self):
        return self._action_decide("reject", self.env._("Reject"))

    def action_visit(self):
        return self._action_decide("visit", self.env._("Ask for a Check Visit"))

    def action_correct(self):
        self.ensure_one()
        return self._action_decide("correct", self.env._("Correct"))

    def _action_decide(self, decision, name):
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "utility.reading.decision.wizard",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_decision": decision,
                "default_reading_ids": [fields.Command.set(self.ids)],
            },
        }
