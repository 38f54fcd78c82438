from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import format_date

APPROVERS = "utility_base.group_billing_operator"


class Adjustment(models.Model):
    """Who asks for it, who approves it, and what it comes to."""

    _inherit = "utility.adjustment"

    submitted_by = fields.Many2one("res.users", readonly=True, copy=False)
    submitted_at = fields.Datetime("Submitted on", readonly=True, copy=False)
    approved_by = fields.Many2one("res.users", readonly=True, copy=False)
    approved_at = fields.Datetime("Approved on", readonly=True, copy=False)
    by_limit = fields.Boolean(
        "Approved by the Limit",
        readonly=True,
        copy=False,
        help="No second person was needed: the effect is within the company's limit.",
    )
    refuse_reason = fields.Char("Refused because", readonly=True, copy=False)
    cancelled_by = fields.Many2one("res.users", readonly=True, copy=False)
    cancelled_at = fields.Datetime("Cancelled on", readonly=True, copy=False)
    cancel_reason = fields.Char("Cancelled because", readonly=True, copy=False)
    effect = fields.Monetary(
        "Estimated Effect",
        compute="_compute_effect",
        help="About what the accounts are charged more, or less where it is below 0.",
    )
    is_effect_known = fields.Boolean(compute="_compute_effect")
    may_approve = fields.Boolean(compute="_compute_may_approve", search="_search_may_approve")
    warning = fields.Char(compute="_compute_warning")

    @api.depends(
        "kind", "amount", "line_ids.effect", "line_ids.included", "line_ids.monthly_amount"
    )
    def _compute_effect(self):
        for adjustment in self:
            if adjustment.kind in ("manual", "one_off"):
                adjustment.effect, adjustment.is_effect_known = adjustment.amount, True
                continue
            lines = adjustment.line_ids.filtered("included")
            adjustment.effect = sum(lines.mapped("effect"))
            adjustment.is_effect_known = bool(lines) and all(lines.mapped("monthly_amount"))

    def _part_of_month(self):
        """Which part of a month's charge the adjustment takes off, about."""
        self.ensure_one()
        if self.kind == "absence":
            return self.absent_days / 30
        found = 0
        for span, _hours, percent in self._reduced_months():
            days = (span[1] - span[0]).days + 1 if self.measure == "percent" else 30
            found += float(percent) / 100 * days / 30
        return found

    @api.depends_context("uid")
    @api.depends("state", "user_id", "submitted_by", "editor_ids")
    def _compute_may_approve(self):
        approves = self.env.user.has_group(APPROVERS)
        for adjustment in self:
            adjustment.may_approve = (
                approves
                and adjustment.state == "submitted"
                and self.env.user not in adjustment._authors()
            )

    def _search_may_approve(self, operator, value):
        if operator != "in":
            return NotImplemented
        if not self.env.user.has_group(APPROVERS):
            found = Domain.FALSE
        else:
            uid = self.env.uid
            found = (
                Domain("state", "=", "submitted")
                & Domain("user_id", "!=", uid)
                & Domain("submitted_by", "!=", uid)
                & Domain("create_uid", "!=", uid)
                & Domain("editor_ids", "not in", [uid])
            )
        return found if True in value else ~found

    @api.depends("kind", "account_id", "left_on", "returned_on")
    def _compute_warning(self):
        occupancies = self.env["utility.occupancy"]
        for adjustment in self:
            adjustment.warning = ""
            if adjustment.kind != "absence" or not adjustment.absent_days:
                continue
            domain = occupancies._domain_in_force(*adjustment._days())
            away = occupancies.search(
                domain
                & Domain("role", "=", "absent")
                & Domain("premise_id", "child_of", adjustment.account_id.premise_id.ids)
            )
            if away:
                adjustment.warning = self.env._(
                    "%s is on record as absent in these days: what is by the number of residents "
                    "leaves them out already.",
                    ", ".join(away.partner_id.mapped("name")),
                )

    def _authors(self):
        return self.user_id | self.submitted_by | self.create_uid | self.editor_ids

    # -- buttons ----------------------------------------------------------------------------

    def action_submit(self):
        """Ask for approval; what is known to be within the company's limit is approved by it."""
        for adjustment in self:
            adjustment._refuse_state("draft")
            adjustment._refuse_incomplete()
            if adjustment.kind in ("absence", "quality") and not adjustment.line_ids:
                adjustment._find_lines()
            adjustment._refuse_nobody()
            adjustment._decide(
                {
                    "state": "submitted",
                    "submitted_by": self.env.uid,
                    "submitted_at": fields.Datetime.now(),
                }
            )
            if adjustment._is_within_limit():
                adjustment._approve(by_limit=True)
        return True

    def action_approve(self):
        """Approve what another person has drawn up and submitted."""
        for adjustment in self:
            adjustment._refuse_state("submitted")
            adjustment._refuse_approver()
            adjustment._approve()
        return True

    def action_draft(self):
        """Take it back, to mend it, while nobody has approved it."""
        for adjustment in self:
            adjustment._refuse_state("submitted", "refused")
            adjustment._decide({"state": "draft", "refuse_reason": False})
        return True

    def action_refuse(self):
        return self._action_reason("refuse", self.env._("Refuse"))

    def action_cancel(self):
        return self._action_reason("cancel", self.env._("Cancel the Adjustment"))

    def _action_reason(self, decision, name):
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "utility.adjustment.decision",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_adjustment_ids": self.ids,
                "default_decision": decision,
            },
        }

    # -- deciding ---------------------------------------------------------------------------

    def _refuse(self, reason):
        """Say no to what was submitted.

        :raise UserError: no reason
        """
        self._refuse_without_reason(reason)
        for adjustment in self:
            adjustment._refuse_state("submitted")
            adjustment._refuse_approver()
            adjustment._decide({"state": "refused", "refuse_reason": reason})

    def _cancel(self, reason):
        """Take it out of force; what was charged by it is taken back by the next run.

        :raise UserError: no reason
        """
        self._refuse_without_reason(reason)
        for adjustment in self:
            adjustment._refuse_state("draft", "submitted", "approved", "charged", "refused")
            if adjustment.state in ("approved", "charged"):
                adjustment._refuse_no_approver()
            adjustment._decide(
                {
                    "state": "cancelled",
                    "cancel_reason": reason,
                    "cancelled_by": self.env.uid,
                    "cancelled_at": fields.Datetime.now(),
                }
            )

    def _approve(self, by_limit=False):
        self._decide(
            {
                "state": "approved",
                "approved_by": self.env.uid,
                "approved_at": fields.Datetime.now(),
                "by_limit": by_limit,
            }
        )

    def _decide(self, vals):
        """Write what the buttons decide: their checks are done, nobody else writes it."""
        self.check_access("write")
        self.sudo().write(vals)

    def _is_within_limit(self):
        limit = self.company_id.utility_approval_limit
        known = self.is_effect_known and self._is_effect_found()
        return bool(limit and known and abs(self.effect) <= limit)

    def _is_effect_found(self):
        """Whether the estimate rests on what was charged, not on what somebody typed."""
        if self.kind in ("manual", "one_off"):
            return True
        lines = self.line_ids.filtered("included")
        found = self._monthly_amounts([(line.account_id, line.service_point_id) for line in lines])
        return all(
            not line.currency_id.compare_amounts(
                line.monthly_amount,
                found.get((line.account_id.id, line.service_point_id.id), 0),
            )
            for line in lines
        )

    # -- refusals ---------------------------------------------------------------------------

    def _refuse_state(self, *states):
        if self.state not in states:
            names = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "%(adjustment)s is in the state “%(state)s”: that cannot be done now.",
                    adjustment=self.display_name,
                    state=names[self.state],
                )
            )

    def _refuse_approver(self):
        self._refuse_no_approver()
        if self.env.user in self._authors():
            raise UserError(
                self.env._(
                    "%s: whoever drew it up, changed or submitted it cannot decide on it. Ask "
                    "another billing operator.",
                    self.display_name,
                )
            )

    def _refuse_no_approver(self):
        if not self.env.user.has_group(APPROVERS):
            raise AccessError(
                self.env._("%s: only a billing operator decides on it.", self.display_name)
            )

    def _refuse_without_reason(self, reason):
        if not (reason or "").strip():
            raise UserError(self.env._("Say why: it stays on record."))

    def _refuse_incomplete(self):
        problem = getattr(self, f"_lack_of_{self.kind}")()
        if problem:
            raise UserError(
                self.env._(
                    "%(adjustment)s: %(problem)s",
                    adjustment=self.display_name,
                    problem=problem,
                )
            )

    def _lack_of_absence(self):
        if not (self.left_on and self.returned_on):
            return self.env._("say on which days they left and returned.")
        least = self.company_id.utility_absence_days
        if self.absent_days < max(least, 1):
            return self.env._(
                "%(days)s full days away, and it counts from %(least)s on.",
                days=self.absent_days,
                least=max(least, 1),
            )
        other = self._other_absence()
        if other:
            return self.env._(
                "%(other)s is about the same days (%(left)s – %(returned)s).",
                other=other.display_name,
                left=format_date(self.env, other.left_on),
                returned=format_date(self.env, other.returned_on),
            )
        return ""

    def _other_absence(self):
        """Another absence of the same days, where one of both is the whole household's."""
        others = self.search(
            Domain("kind", "=", "absence")
            & Domain("account_id", "=", self.account_id.id)
            & Domain("id", "!=", self.id)
            & Domain("state", "in", ("submitted", "approved"))
            & Domain("left_on", "<", self.returned_on)
            & Domain("returned_on", ">", self.left_on)
        )
        services = self.service_ids
        return others.filtered(
            lambda other: (
                not (other.persons and self.persons)
                and (not services or not other.service_ids or services & other.service_ids)
            )
        )[:1]

    def _lack_of_quality(self):
        if not (self.premise_ids and self.service_ids and self.begin_at and self.end_at):
            return self.env._("say where it was, of which services, and from when to when.")
        if not self._reduced_months():
            return self.env._("nothing is reduced: it lasted no longer than is allowed.")
        return ""

    def _lack_of_manual(self):
        if not self.service_id:
            return self.env._("choose the service.")
        if not self.amount:
            return self.env._("type an amount, above or below 0.")
        if not (self.reason or "").strip():
            return self.env._("say why it is corrected by hand.")
        return ""

    def _lack_of_one_off(self):
        if not self.service_id or not self.product_id:
            return self.env._("choose the service and what was done.")
        if not self.amount:
            return self.env._("type a quantity and a price.")
        if not self.work_date or not self.performer_id:
            return self.env._("say when it was done, and by whom.")
        return ""

    def _refuse_nobody(self):
        if self.kind in ("absence", "quality") and not any(self.line_ids.mapped("included")):
            raise UserError(
                self.env._(
                    "%s concerns nobody: no account takes these services in these days.",
                    self.display_name,
                )
            )
