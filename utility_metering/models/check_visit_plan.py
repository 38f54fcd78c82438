from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class CheckVisitPlan(models.Model):
    """Visits are planned by whoever finds a point suspicious, and done, refused or given up."""

    _inherit = "utility.check.visit"

    is_overdue = fields.Boolean(
        "Overdue", compute="_compute_is_overdue", search="_search_is_overdue"
    )

    @api.depends_context("tz")
    @api.depends("state", "date_planned")
    def _compute_is_overdue(self):
        today = fields.Date.context_today(self)
        for visit in self:
            visit.is_overdue = (
                visit.state == "planned" and bool(visit.date_planned) and visit.date_planned < today
            )

    def _search_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        late = Domain("state", "=", "planned") & Domain(
            "date_planned", "<", fields.Date.context_today(self)
        )
        return late if True in value else ~late

    @api.depends("service_point_id.code", "reason")
    def _compute_display_name(self):
        for visit in self:
            parts = (visit.service_point_id.code, visit.reason)
            visit.display_name = " · ".join(part for part in parts if part)

    # -- business ---------------------------------------------------------------------------

    @api.model
    def _plan(self, reasons, **vals):
        """Plan a visit to each point; a point that has an open one gets its reason added there.

        A visit goes to the controller of the point's route when there is exactly one.

        :param reasons: {service point or its id: why, as text}
        :param vals: further values of new visits; `score` may be {point id: score}
        :return: the visits, in the order of `reasons`
        """
        reasons = {getattr(point, "id", point): reason for point, reason in reasons.items()}
        points = self.env["utility.service.point"].browse(reasons)
        visits = self._open_visits(points)
        for point_id, visit in visits.items():
            visit._add_reason(reasons[point_id])
        missing = points.filtered(lambda point: point.id not in visits)
        scores = vals.pop("score", None)
        controllers = self.env["utility.route"]._controllers_of(missing)
        meters = missing._hanging_meters()
        fresh = self.create(
            [
                {
                    "service_point_id": point.id,
                    "reason": reasons[point.id],
                    "meter_id": meters[point.id].id if len(meters[point.id]) == 1 else False,
                    "user_id": controllers[point.id].id
                    if len(controllers[point.id]) == 1
                    else False,
                    "score": (scores.get(point.id) if isinstance(scores, dict) else scores) or 0,
                    **vals,
                }
                for point in missing
            ]
        )
        visits.update({visit.service_point_id.id: visit for visit in fresh})
        return self.union(*(visits[point_id] for point_id in reasons))

    def _open_visits(self, points):
        """{point id: the visit planned to it}."""
        visits = self.search([("service_point_id", "in", points.ids), ("state", "=", "planned")])
        return {visit.service_point_id.id: visit for visit in visits}

    def _add_reason(self, reason):
        self.ensure_one()
        if reason not in self.reason:
            self.reason = f"{self.reason}; {reason}"

    def _finish(self, state, text=None, act=None, day=None):
        """End planned visits.

        :param state: done, refused or cancelled
        :param text: what was found; why it was refused or is not needed
        :raise UserError: a visit is not planned, or is cancelled without saying why
        """
        for visit in self:
            if visit.state != "planned":
                raise UserError(
                    self.env._(
                        "%(visit)s is closed already. Reopen it first.", visit=visit.display_name
                    )
                )
        if state == "cancelled" and not (text or "").strip():
            raise UserError(self.env._("Say why the visit is not needed."))
        vals = {"state": state, "date_done": day or fields.Date.context_today(self)}
        if text:
            vals["result"] = text
        if act:
            vals["act_id"] = act.id
        self.write(vals)

    # -- buttons ----------------------------------------------------------------------------

    def action_assign(self):
        return self._action_wizard("assign", self.env._("Assign"))

    def action_done(self):
        return self._action_wizard("done", self.env._("Visit Done"))

    def action_refused(self):
        return self._action_wizard("refused", self.env._("Access Refused"))

    def action_cancel(self):
        return self._action_wizard("cancelled", self.env._("Cancel Visits"))

    def action_reopen(self):
        """A visit that was closed by mistake is planned again."""
        self.write({"state": "planned", "date_done": False})

    def action_open_readings(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Readings"),
            "res_model": "utility.reading",
            "view_mode": "list,form",
            "domain": [("visit_id", "=", self.id)],
        }

    def _action_wizard(self, verdict, name):
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "utility.check.visit.wizard",
            "view_mode": "form",
            "target": "new",
            "context": {"default_verdict": verdict, "default_visit_ids": self.ids},
        }
