from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import format_amount, format_date

from odoo.addons.utility_metering.tools.decimals import to_decimal

from .allocation_assignment import PURPOSES

PLACES = (18, 6)
# what may be written by hand
FREE = frozenset({"name", "document_ids"})


class AllocationRun(models.Model):
    """One sharing of a building's total, with its proof."""

    _name = "utility.allocation.run"
    _description = "Sharing"
    _order = "date_end desc, building_id, id desc"
    _check_company_auto = True

    name = fields.Char("What For", help="Of a cost that is shared once: the work act, its number.")
    document_ids = fields.Many2many(
        "utility.document",
        "utility_allocation_run_document_rel",
        "run_id",
        "document_id",
        "Documents",
        check_company=True,
        copy=False,
        help="Of a cost that is shared once: the work act, the decision of the house.",
    )
    assignment_id = fields.Many2one(
        "utility.allocation.assignment",
        index=True,
        check_company=True,
        ondelete="restrict",
        help="Empty: a cost that is shared once.",
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    service_point_id = fields.Many2one(
        "utility.service.point", "Source", index=True, readonly=True, ondelete="restrict"
    )
    building_id = fields.Many2one("utility.premise", index=True, readonly=True, ondelete="restrict")
    service_id = fields.Many2one(
        "utility.service", "Charged as", index=True, readonly=True, ondelete="restrict"
    )
    method_id = fields.Many2one(
        "utility.allocation.method", readonly=True, index=True, ondelete="restrict"
    )
    purpose = fields.Selection(PURPOSES, "What Is Shared", readonly=True)
    date_start = fields.Date("From", required=True, readonly=True)
    date_end = fields.Date("To", required=True, readonly=True, index=True)
    state = fields.Selection(
        [
            ("draft", "Held"),
            ("calculated", "Calculated"),
            ("approved", "Approved"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="draft",
        readonly=True,
        index=True,
    )
    total_source = fields.Selection(
        [("usage", "The source's usage"), ("typed", "Typed")],
        "Total from",
        required=True,
        default="usage",
        readonly=True,
    )
    total = fields.Float(digits=PLACES, readonly=True, aggregator=None)
    own = fields.Float(
        "Own Use",
        digits=PLACES,
        readonly=True,
        aggregator=None,
        help="What those who take part used themselves and is not shared.",
    )
    shared = fields.Float(
        "Given Out", digits=PLACES, readonly=True, aggregator=None, help="Sum of the shares."
    )
    residual = fields.Float(
        digits=PLACES,
        readonly=True,
        aggregator=None,
        help="Total less own use and shares: rounding, limits, what is charged to nobody.",
    )
    residual_text = fields.Char("Residual Is", compute="_compute_residual_text")
    unit_name = fields.Char("Unit", compute="_compute_unit_name")
    currency_id = fields.Many2one(related="company_id.currency_id")
    usage_ids = fields.Json("Usage Rows", readonly=True)
    proof = fields.Json("Proof Data", readonly=True)
    proof_html = fields.Html(
        "Proof", compute="_compute_proof_html", sanitize=False, exportable=False
    )
    problem = fields.Json("Problem Data", readonly=True)
    problem_text = fields.Char("What to Mend", compute="_compute_problem_text")
    has_problem = fields.Boolean(compute="_compute_has_problem", store=True, precompute=True)
    share_ids = fields.One2many("utility.allocation.share", "run_id", "Shares", readonly=True)
    share_count = fields.Integer("Shares Given", readonly=True, aggregator=None)
    recorded_at = fields.Datetime(
        "Calculated on", required=True, readonly=True, default=fields.Datetime.now
    )
    facts_at = fields.Datetime(
        "Facts of",
        required=True,
        readonly=True,
        default=fields.Datetime.now,
        help="When the facts behind were read.",
    )
    replaces_id = fields.Many2one("utility.allocation.run", readonly=True, index="btree_not_null")
    approved_at = fields.Datetime("Approved on", readonly=True)
    approved_by_id = fields.Many2one("res.users", "Approved by", readonly=True)
    cancel_reason = fields.Char(readonly=True)
    is_outdated = fields.Boolean(
        "Shared Otherwise Since",
        readonly=True,
        copy=False,
        help="Cancelled because the sharing of the building was corrected, voided or ended. The "
        "next billing run shares these days again, by what is in force on their last day.",
    )

    _one_live = models.Constraint(
        "EXCLUDE USING gist (service_point_id WITH =, service_id WITH =, purpose WITH =, "
        "daterange(date_start, date_end, '[]') WITH &&) "
        "WHERE (state <> 'cancelled' AND assignment_id IS NOT NULL)",
        "A building is shared once for a day.",
    )
    _dates_in_order = models.Constraint(
        "CHECK (date_end >= date_start)", "The last day may not come before the first one."
    )

    # -- computes ---------------------------------------------------------------------------

    @api.depends("name", "assignment_id", "building_id", "date_start", "date_end")
    def _compute_display_name(self):
        for run in self:
            what = run.name or " · ".join(
                part for part in (run.service_id.name, run.building_id.address) if part
            )
            run.display_name = "{} ({} – {})".format(
                what or run._description,
                format_date(self.env, run.date_start) if run.date_start else "",
                format_date(self.env, run.date_end) if run.date_end else "",
            )

    @api.depends("purpose", "currency_id", "service_id", "service_point_id")
    def _compute_unit_name(self):
        for run in self:
            service = run.service_point_id.service_id or run.service_id
            run.unit_name = (
                run.currency_id.name if run.purpose == "cost" else service.uom_id.name
            ) or ""

    @api.depends("problem")
    def _compute_has_problem(self):
        for run in self:
            run.has_problem = bool(run.problem)

    @api.depends_context("lang")
    @api.depends("problem")
    def _compute_problem_text(self):
        for run in self:
            run.problem_text = run._problem_words(run.problem) if run.problem else ""

    @api.depends_context("lang")
    @api.depends("proof")
    def _compute_residual_text(self):
        for run in self:
            residuals = (run.proof or {}).get("residuals", ())
            run.residual_text = "; ".join(map(run._residual_words, residuals))

    @api.depends_context("lang")
    @api.depends("proof")
    def _compute_proof_html(self):
        for run in self:
            run.proof_html = (
                self.env["ir.qweb"]._render(
                    "utility_billing.allocation_proof", {"table": run._proof_table()}
                )
                if run.proof
                else ""
            )

    # -- checks -----------------------------------------------------------------------------

    def write(self, vals):
        if not self.env.su and set(vals) - FREE:
            raise AccessError(
                self.env._(
                    "A sharing is calculated, approved and cancelled by its buttons; only its name "
                    "and documents are written by hand."
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_shared(self):
        for run in self:
            if run.share_ids or run.state == "approved":
                raise UserError(
                    self.env._(
                        "%(run)s is kept for the record. Cancel it instead.", run=run.display_name
                    )
                )

    @api.constrains("state", "problem")
    def _check_approved(self):
        for run in self:
            if run.state == "approved" and run.problem:
                raise ValidationError(
                    self.env._(
                        "%(run)s cannot be approved yet: %(problem)s",
                        run=run.display_name,
                        problem=run.problem_text,
                    )
                )

    # -- buttons ----------------------------------------------------------------------------

    def action_calculate(self):
        """Share again with what is known now; a sharing that says otherwise replaces this one."""
        self.check_access("write")
        self._refuse_outdated()
        found = self.browse()
        for (start, end), runs in self.grouped(lambda run: (run.date_start, run.date_end)).items():
            assigned = runs.filtered("assignment_id")
            totals = {
                run.assignment_id.id: to_decimal(run.total)
                for run in assigned
                if run.total_source == "typed"
            }
            found |= self._allocate(assigned.assignment_id, start, end, totals)
        self._refuse_single(self.filtered(lambda run: not run.assignment_id))
        return found._action_open()

    def _refuse_single(self, runs):
        if runs:
            raise UserError(
                self.env._(
                    "%(run)s was shared once: cancel it and share the cost again.",
                    run=runs[0].display_name,
                )
            )

    def _refuse_outdated(self):
        for run in self.filtered("assignment_id"):
            if not run.assignment_id._in_force(run.date_end):
                raise UserError(
                    self.env._(
                        "%(run)s: the building is shared otherwise since. Use Share Buildings for "
                        "these days.",
                        run=run.display_name,
                    )
                )

    def action_approve(self):
        self.check_access("write")
        for run in self:
            if run.state != "calculated" or run.problem:
                raise UserError(
                    self.env._(
                        "%(run)s cannot be approved: %(problem)s",
                        run=run.display_name,
                        problem=run.problem_text
                        or self.env._("only what is calculated is approved."),
                    )
                )
        self._refuse_own_cost()
        # rights are checked; the state is written by nobody else
        self.sudo().write(
            {
                "state": "approved",
                "approved_at": fields.Datetime.now(),
                "approved_by_id": self.env.uid,
            }
        )
        return True

    def _refuse_own_cost(self):
        """Above the company's limit, whoever shared a cost once does not approve it."""
        for run in self.filtered(lambda run: not run.assignment_id):
            limit = run.company_id.utility_approval_limit
            within = limit and run.currency_id.compare_amounts(abs(run.total), limit) <= 0
            if run.create_uid == self.env.user and not within:
                raise UserError(
                    self.env._(
                        "%(run)s is above %(limit)s: whoever shared it cannot approve it. Ask "
                        "another billing operator.",
                        run=run.display_name,
                        limit=format_amount(self.env, limit, run.currency_id),
                    )
                )

    def action_back(self):
        """Take an approval back."""
        self.check_access("write")
        approved = self.filtered(lambda run: run.state == "approved")
        # rights are checked; the state is written by nobody else
        approved.sudo().write(
            {"state": "calculated", "approved_at": False, "approved_by_id": False}
        )
        return True

    def action_cancel(self):
        """Take the sharing back: its shares do not count any more."""
        self.check_access("write")
        live = self.filtered(lambda run: run.state != "cancelled")
        live._retire(self.env._("Cancelled by %(user)s", user=self.env.user.name))
        return True

    def action_open_shares(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "utility_billing.allocation_share_action"
        )
        action["domain"] = [("run_id", "=", self.id)]
        action["context"] = {}
        return action

    def _action_open(self):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "utility_billing.allocation_run_action"
        )
        action["context"] = {}
        if len(self) == 1:
            return {**action, "view_mode": "form", "views": [(False, "form")], "res_id": self.id}
        return {**action, "domain": [("id", "in", self.ids)]}

    def _retire(self, reason):
        """Cancel runs; their shares are voided, with a fixed number of queries."""
        now = fields.Datetime.now()
        # shares are the engine's word: nobody has the right to write them by hand
        shares = self.env["utility.allocation.share"].sudo()
        shares.search([("run_id", "in", self.ids), ("voided_at", "=", False)]).write(
            {"voided_at": now}
        )
        self.sudo().write({"state": "cancelled", "cancel_reason": reason})
        self.env.flush_all()
