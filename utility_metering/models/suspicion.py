from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date
from odoo.tools.misc import formatLang

REASONS = [
    ("drop", "Use fell"),
    ("stuck", "No use while neighbours use"),
    ("common", "Common use above the limit"),
    ("loss", "Loss above the limit"),
    ("surplus", "Points below above their feeder"),
    ("estimates", "Estimated for long"),
    ("disconnected", "Use at a disconnected point"),
    ("seal", "Seal broken"),
    ("tampering", "Meter tampered with"),
    ("overdue", "Verification overdue"),
]


class Suspicion(models.Model):
    """A service point that somebody should look at, and why: one row a month, with a score.

    New rows are replaced whenever the month is calculated again; what was explained, or led to a
    visit, stays.
    """

    _name = "utility.suspicion"
    _description = "Suspicious Point"
    _inherit = ["utility.latest.month.mixin"]
    _order = "date_start desc, score desc, id"
    _check_company_auto = True

    service_point_id = fields.Many2one(
        "utility.service.point", required=True, readonly=True, index=True, ondelete="cascade"
    )
    service_id = fields.Many2one(
        "utility.service", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    premise_id = fields.Many2one("utility.premise", required=True, readonly=True, index=True)
    building_id = fields.Many2one("utility.premise", readonly=True, index=True)
    point_kind = fields.Selection(related="service_point_id.kind")
    date_start = fields.Date("From", required=True, readonly=True, index=True)
    date_end = fields.Date("To", required=True, readonly=True)
    score = fields.Integer(
        readonly=True,
        aggregator="max",
        help="0 to 100; several reasons together weigh more than the strongest of them.",
    )
    reason = fields.Selection(REASONS, "Main Reason", required=True, readonly=True, index=True)
    reason_codes = fields.Char("All Reasons", readonly=True)
    findings = fields.Json(
        readonly=True, help="Reasons, strongest first: [{reason, score, figures}]."
    )
    explanation = fields.Text("What Was Found", compute="_compute_explanation")
    state = fields.Selection(
        [("new", "New"), ("visit", "Visit planned"), ("explained", "Explained")],
        required=True,
        readonly=True,
        default="new",
        index=True,
    )
    why = fields.Char("Explained by", readonly=True)
    explained_uid = fields.Many2one("res.users", "By Whom", readonly=True)
    explained_on = fields.Datetime(readonly=True)
    visit_id = fields.Many2one(
        "utility.check.visit", readonly=True, index="btree_not_null", ondelete="set null"
    )
    visit_state = fields.Selection(related="visit_id.state", string="Visit State", store=True)
    visit_result = fields.Text(related="visit_id.result", string="Outcome")

    _one_a_month = models.Constraint(
        "UNIQUE (service_point_id, date_start)", "A point stands in a month's list once."
    )
    _score_range = models.Constraint(
        "CHECK (score BETWEEN 0 AND 100)", "A score lies between 0 and 100."
    )

    @api.depends("service_point_id.code", "date_start")
    def _compute_display_name(self):
        for row in self:
            row.display_name = f"{row.service_point_id.code} · {row._month_label()}"

    @api.depends("findings", "service_id")
    def _compute_explanation(self):
        for row in self:
            row.explanation = "\n".join(
                row._explain(finding["reason"], finding["figures"])
                for finding in row.findings or []
            )

    # -- what was found, in words ---------------------------------------------------------------

    def _explain(self, reason, figures):
        """A sentence with the figures of one finding, in the user's language."""
        return getattr(self, f"_explain_{reason}")(figures)

    def _quantity(self, value):
        amount = formatLang(self.env, float(value or 0), digits=3)
        return f"{amount} {self.service_id.uom_id.name}"

    def _percent(self, value):
        return formatLang(self.env, float(value or 0), digits=1)

    def _day(self, value):
        return format_date(self.env, value) if value else ""

    def _explain_drop(self, figures):
        return self.env._(
            "Uses %(now)s a day, %(percent)s %% of the usual %(expected)s.",
            now=self._quantity(figures["now"]),
            percent=self._percent(figures["percent"]),
            expected=self._quantity(figures["expected"]),
        )

    def _explain_stuck(self, figures):
        return self.env._(
            "Nothing used for %(months)s months, while %(using)s of %(count)s neighbours use.",
            months=figures["months"],
            using=figures["using"],
            count=figures["count"],
        )

    def _explain_common(self, figures):
        return self.env._(
            "%(loss)s are lost or used in common: %(each)s for each of the %(count)s points below, "
            "the limit is %(limit)s.",
            loss=self._quantity(figures["loss"]),
            each=self._quantity(figures["each"]),
            count=figures["count"],
            limit=self._quantity(figures["limit"]),
        )

    def _explain_loss(self, figures):
        return self.env._(
            "%(loss)s are lost: %(percent)s %%, the limit is %(limit)s %%.",
            loss=self._quantity(figures["loss"]),
            percent=self._percent(figures["percent"]),
            limit=self._percent(figures["limit"]),
        )

    def _explain_surplus(self, figures):
        return self.env._(
            "The points below used %(below)s, %(percent)s %% more than the %(own)s that were "
            "measured here.",
            below=self._quantity(figures["below"]),
            percent=self._percent(figures["percent"]),
            own=self._quantity(figures["own"]),
        )

    def _explain_estimates(self, figures):
        if not figures["last"]:
            return self.env._("Estimated; no use was ever measured.")
        return self.env._(
            "Estimated for %(months)s months: last measured to %(last)s.",
            months=figures["months"],
            last=self._day(figures["last"]),
        )

    def _explain_disconnected(self, figures):
        return self.env._("Uses %s although it is not connected.", self._quantity(figures["now"]))

    def _explain_seal(self, figures):
        return self.env._(
            "The seal of meter %(serial)s is broken since %(day)s.",
            serial=figures["serial"],
            day=self._day(figures["day"]),
        )

    def _explain_tampering(self, figures):
        return self.env._(
            "Meter %(serial)s was tampered with: noted on %(day)s.",
            serial=figures["serial"],
            day=self._day(figures["day"]),
        )

    def _explain_overdue(self, figures):
        return self.env._(
            "The verification of meter %(serial)s was valid until %(day)s.",
            serial=figures["serial"],
            day=self._day(figures["day"]),
        )

    # -- actions ------------------------------------------------------------------------------

    def action_plan_visits(self):
        """Plan a check visit to every chosen point that has none from here."""
        rows = self.filtered(lambda row: row.state == "new")
        if not rows:
            raise UserError(
                self.env._("Choose points that are new: the others have a visit or are explained.")
            )
        visits = rows._plan_visits()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("Check visits planned: %s", len(visits)),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _plan_visits(self):
        """One visit a point, with all that was found there; a visit that is planned already is
        taken instead of another."""
        self.check_access("write")
        reasons, scores = {}, {}
        for row in self.sorted("score", reverse=True):
            point = row.service_point_id
            reasons.setdefault(point, []).append(row.explanation.replace("\n", " "))
            scores.setdefault(point.id, row.score)
        visits = self.env["utility.check.visit"]._plan(
            {point: " ".join(texts) for point, texts in reasons.items()}, score=scores
        )
        by_point = visits.grouped("service_point_id")
        for row in self:
            row.write({"state": "visit", "visit_id": by_point[row.service_point_id].id})
        return visits

    def action_explain(self):
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "utility_metering.suspicion_explain_action"
            ),
            "context": {"default_suspicion_ids": self.ids},
        }

    def _mark_explained(self, why):
        self.write(
            {
                "state": "explained",
                "why": why,
                "explained_uid": self.env.uid,
                "explained_on": fields.Datetime.now(),
            }
        )

    def action_reopen(self):
        """Undo an explanation."""
        self.filtered(lambda row: row.state == "explained").write(
            {"state": "new", "why": False, "explained_uid": False, "explained_on": False}
        )

    def action_open_visit(self):
        self.ensure_one()
        return self.visit_id.get_formview_action()

    def action_open_usage(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Usage of %s", self.service_point_id.code),
            "res_model": "utility.usage",
            "views": [(False, "list"), (False, "form")],
            "domain": [
                ("service_point_id", "=", self.service_point_id.id),
                ("voided_at", "=", False),
            ],
        }
