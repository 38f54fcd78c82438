from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

AT_ONCE = 500


class RateAssignment(models.Model):
    """A plan given to many agreements at once: who did it, what it moved, and its way back."""

    _name = "utility.rate.assignment"
    _description = "Mass Assignment of a Tariff Plan"
    _channel = "root.utility_rates"
    _order = "id desc"
    _check_company_auto = True

    plan_id = fields.Many2one(
        "utility.rate.plan", "Tariff Plan", required=True, ondelete="restrict", index=True
    )
    company_id = fields.Many2one(
        related="plan_id.company_id", store=True, index=True, precompute=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date_start = fields.Date("From", required=True)
    user_id = fields.Many2one(
        "res.users", "Assigned by", required=True, default=lambda self: self.env.user
    )
    note = fields.Char("Reason")
    state = fields.Selection(
        [
            ("running", "Running"),
            ("done", "Done"),
            ("undoing", "Being Undone"),
            ("undone", "Undone"),
        ],
        required=True,
        default="running",
        index=True,
    )
    month = fields.Date("Compared Month")
    line_ids = fields.One2many("utility.rate.assignment.line", "assignment_id")
    slice_ids = fields.One2many("utility.rate.assignment.slice", "assignment_id")
    agreement_ids = fields.One2many("utility.service.agreement", "rate_assignment_id")
    agreement_count = fields.Integer("Agreements", readonly=True)
    kept_count = fields.Integer(
        "Kept",
        readonly=True,
        help="Agreements that were changed since; taking the assignment back leaves them.",
    )
    problems = fields.Text(readonly=True, help="Agreements that could not be changed, and why.")
    amount_before = fields.Monetary("Before", compute="_compute_amounts", store=True)
    amount_after = fields.Monetary("After", compute="_compute_amounts", store=True)
    amount_difference = fields.Monetary("Difference", compute="_compute_amounts", store=True)
    progress = fields.Float(compute="_compute_progress", help="Per cent of the agreements.")

    @api.depends("plan_id.name", "date_start")
    def _compute_display_name(self):
        for assignment in self:
            assignment.display_name = self.env._(
                "%(plan)s from %(day)s",
                plan=assignment.plan_id.name,
                day=format_date(self.env, assignment.date_start),
            )

    @api.depends("line_ids.amount_before", "line_ids.amount_after")
    def _compute_amounts(self):
        for assignment in self:
            assignment.amount_before = sum(assignment.line_ids.mapped("amount_before"))
            assignment.amount_after = sum(assignment.line_ids.mapped("amount_after"))
            assignment.amount_difference = assignment.amount_after - assignment.amount_before

    @api.depends("slice_ids.state", "state")
    def _compute_progress(self):
        for assignment in self:
            slices = assignment.slice_ids
            done = slices.filtered(lambda part: part.state == "done")
            finished = assignment.state in ("done", "undone") or not slices
            assignment.progress = 100 if finished else 100 * len(done) / len(slices)

    def _start(self, agreement_ids):
        """Assign the plan to agreements: at once, or in jobs when there are many."""
        self.ensure_one()
        self.agreement_count = len(agreement_ids)
        self._cut(agreement_ids)._go(len(agreement_ids))

    def action_undo(self):
        """Take the assignment back: the agreements are on their former plans again, as if it had
        not been; those that were changed since stay."""
        self.ensure_one()
        self.check_access("write")
        if self.state != "done":
            raise UserError(self.env._("%(assignment)s is not done.", assignment=self.display_name))
        made = self.agreement_ids.filtered(lambda agreement: not agreement.voided_at)
        self.state = "undoing"
        self.write({"kept_count": 0, "problems": False})
        # slices are the assignment's own; users only read them
        self.slice_ids.sudo().unlink()
        if made:
            self._cut(made.sorted("id").ids)._go(len(made))
        else:
            self._finish()
        return True

    def _cut(self, agreement_ids):
        # slices are the assignment's own; users only read them
        return (
            self.env["utility.rate.assignment.slice"]
            .sudo()
            .create(
                [
                    {
                        "assignment_id": self.id,
                        "agreement_ids": agreement_ids[first : first + AT_ONCE],
                    }
                    for first in range(0, len(agreement_ids), AT_ONCE)
                ]
            )
            .sudo(False)
        )

    def _finish(self):
        """The last slice is done."""
        if any(part.state != "done" for part in self.slice_ids):
            return
        self.state = "done" if self.state == "running" else "undone"

    # -- one slice --------------------------------------------------------------------------

    def _assign(self, agreements):
        """Put agreements on the plan from the day on; those that begin later, from their start."""
        self.ensure_one()
        live = agreements.filtered(
            lambda agreement: (
                not agreement.voided_at
                and agreement.rate_plan_id != self.plan_id
                and (not agreement.date_end or agreement.date_end >= self.date_start)
            )
        )
        self._each(self._assign_all, live)

    def _assign_all(self, live):
        changes = {"rate_plan_id": self.plan_id.id, "rate_assignment_id": self.id}
        reason = self.note or self.env._("Tariff plan assigned to many")
        before = live.filtered(lambda agreement: agreement.date_start < self.date_start)
        before._supersede(changes, self.date_start, reason)
        (live - before)._supersede(changes, reason=reason)

    def _take_back(self, made):
        """Void what the assignment made and put back what was before it; what was changed since
        stays and is counted."""
        self.ensure_one()
        later = made.search([("replaces_id", "in", made.ids), ("voided_at", "=", False)])
        kept = made.filtered(
            lambda agreement: agreement.voided_at or agreement in later.replaces_id
        )
        self.kept_count += len(kept)
        self._each(self._take_back_all, made - kept)

    def _take_back_all(self, undone):
        reason = self.env._("Assignment of a tariff plan taken back")
        corrected = undone.filtered(lambda agreement: agreement.replace_kind == "correction")
        for plan, agreements in corrected.grouped(
            lambda agreement: agreement.replaces_id.rate_plan_id
        ).items():
            agreements._supersede(
                {"rate_plan_id": plan.id, "rate_assignment_id": False}, reason=reason
            )
        for end, agreements in (undone - corrected).grouped("date_end").items():
            agreements._void(reason)
            agreements.flush_recordset()
            agreements.replaces_id._supersede({"date_end": end}, reason=reason)

    def _each(self, action, agreements):
        """Do it for all; where one is refused, each by itself, so that none keeps the others."""
        try:
            with self.env.cr.savepoint():
                action(agreements)
            return
        except UserError as error:
            if len(agreements) == 1:
                text = f"{agreements.display_name}: {error}"
                self.problems = "\n".join(filter(None, [self.problems, text]))
                return
        for agreement in agreements:
            self._each(action, agreement)

    def action_open_agreements(self):
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "utility_base.service_agreement_action"
            ),
            "domain": [("rate_assignment_id", "=", self.id)],
            "context": {},
        }
