from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, format_date, split_every

from .usage import METHODS
from .usage_storing import BATCH, COUNTS

SMALL = 200


class UsageRun(models.Model):
    """Usage of a month for chosen points: due periods are calculated slice by slice."""

    _name = "utility.usage.run"
    _description = "Calculation of Usage"
    _inherit = ["utility.run.mixin", "mail.thread"]
    _order = "month desc, id desc"
    _check_company_auto = True
    _channel = "root.utility_usage"

    name = fields.Char(compute="_compute_name", store=True)
    month = fields.Date(
        required=True,
        default=lambda self: self._default_month(),
        help="Any day of it: periods that end with this month are calculated.",
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    service_ids = fields.Many2many(
        "utility.service",
        "utility_usage_run_service_rel",
        string="Services",
        check_company=True,
        domain="[('is_quantified', '=', True)]",
        help="Empty: all that have quantities.",
    )
    premise_ids = fields.Many2many(
        "utility.premise",
        "utility_usage_run_premise_rel",
        string="Places",
        help="Buildings, streets or towns with all that is in them; empty: everywhere.",
    )
    state = fields.Selection(
        [
            ("draft", "New"),
            ("calculating", "Calculating"),
            ("done", "Done"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
    )
    slice_ids = fields.One2many("utility.usage.run.slice", "run_id", readonly=True)
    total_ids = fields.One2many("utility.usage.run.total", "run_id", readonly=True, copy=False)
    point_count = fields.Integer("Service Points", compute="_compute_before")
    unread_count = fields.Integer(
        "Without a Reading",
        compute="_compute_before",
        help="Meters hang there, and nobody read one of them in the month. They will be estimated.",
    )
    progress = fields.Float(compute="_compute_progress")
    counts_text = fields.Char("Rows", compute="_compute_progress")
    methods_text = fields.Char("Found by", compute="_compute_usages")
    usage_count = fields.Integer("Usages", compute="_compute_usages")
    problem_count = fields.Integer("Problems", compute="_compute_usages")

    # -- defaults and computes --------------------------------------------------------------

    @api.depends("month")
    def _compute_name(self):
        for run in self:
            run.name = format_date(self.env, run.month, date_format="MMMM y") if run.month else ""

    @api.depends("month", "company_id", "service_ids", "premise_ids")
    def _compute_before(self):
        points = self.env["utility.service.point"]
        for run in self:
            domain = run._domain_points()
            run.point_count = points.search_count(domain)
            run.unread_count = points.search_count(domain & run._domain_unread())

    @api.depends("slice_ids.state", "slice_ids.counts")
    def _compute_progress(self):
        labels = self._count_labels()
        for run in self:
            run.progress = run._done_share("point_count")
            done = run.slice_ids.filtered(lambda part: part.state == "done")
            sums = {name: sum((part.counts or {}).get(name, 0) for part in done) for name in COUNTS}
            run.counts_text = " · ".join(
                f"{labels[name]}: {number}" for name, number in sums.items() if number
            )

    def _count_labels(self):
        return {
            "new": self.env._("New"),
            "replaced": self.env._("Replaced"),
            "unchanged": self.env._("Unchanged"),
            "voided": self.env._("Voided"),
            "failed": self.env._("With problems"),
        }

    @api.depends("state", "month", "service_ids", "premise_ids")
    def _compute_usages(self):
        labels = dict(self.env["utility.usage"]._fields["method"]._description_selection(self.env))
        for run in self:
            groups = self.env["utility.usage"]._read_group(
                run._domain_usages(), ["method"], ["__count"]
            )
            counts = dict(groups)
            run.usage_count = sum(counts.values())
            run.methods_text = " · ".join(
                f"{labels[method]}: {counts[method]}"
                for method, _label in METHODS
                if method in counts
            )
            run.problem_count = self.env["utility.usage.problem"].search_count(
                run._domain_problems()
            )

    # -- what it is about -------------------------------------------------------------------

    def _span(self):
        """First and last day of the month."""
        month = self.month or fields.Date.context_today(self)
        return month.replace(day=1), fields.Date.end_of(month, "month")

    def _domain_services(self):
        domain = Domain("company_id", "=", self.company_id.id)
        if self.service_ids:
            domain &= Domain("service_id", "in", self.service_ids.ids)
        if self.premise_ids:
            domain &= Domain("premise_id", "child_of", self.premise_ids.ids)
        return domain

    def _domain_points(self):
        return (
            self._domain_services()
            & Domain("service_id.is_quantified", "=", True)
            & Domain("connection", "!=", "removed")
        )

    def _domain_unread(self):
        """Points where a meter counts, and none was read in the month."""
        first, last = self._span()
        hanging = (
            Domain("voided_at", "=", False)
            & Domain("counting", "!=", "check")
            & Domain("date_start", "<", last)
            & (Domain("date_end", "=", False) | Domain("date_end", ">=", last))
        )
        read = Domain(
            [
                ("state", "=", "accepted"),
                ("reading_type", "!=", "estimated"),
                ("date", ">=", first),
                ("date", "<=", last),
            ]
        )
        return Domain("installation_ids", "any", hanging & ~Domain("reading_ids", "any", read))

    def _domain_usages(self):
        first, last = self._span()
        return (
            self._domain_services()
            & Domain("voided_at", "=", False)
            & Domain("date_end", ">=", first)
            & Domain("date_end", "<=", last)
        )

    def _domain_problems(self):
        first, last = self._span()
        return (
            self._domain_services()
            & Domain("state", "=", "open")
            & Domain("date_end", ">=", first)
            & Domain("date_end", "<=", last)
        )

    # -- buttons ----------------------------------------------------------------------------

    def action_calculate(self):
        """Calculate, at once when there are few points, else as jobs of 1,000 points each."""
        self.ensure_one()
        self.env["utility.usage"]._check_may_calculate()
        if self.state == "calculating":
            raise UserError(self.env._("%s is being calculated already.", self.name))
        ids = self.env["utility.service.point"].search(self._domain_points(), order="id").ids
        if not ids:
            raise UserError(
                self.env._(
                    "There are no service points like that: choose other services or places."
                )
            )
        self.slice_ids.sudo().unlink()
        self.total_ids.sudo().unlink()
        self.write(self._beginning())
        slices = self.env["utility.usage.run.slice"].sudo().create(self._prepare_slices(ids))
        if len(ids) <= SMALL:
            for part in slices.sudo(False):
                part._calculate()
            self._finish()
        else:
            slices.sudo(False)._enqueue()

    def _prepare_slices(self, ids):
        return [
            {
                "run_id": self.id,
                "first_id": part[0],
                "last_id": part[-1],
                "point_count": len(part),
            }
            for part in split_every(self._slice_size(), ids, list)
        ]

    @api.model
    def _slice_size(self):
        return BATCH

    def action_cancel(self):
        """Stop after the slices that are at work; what was calculated stays."""
        for run in self:
            if run.state not in ("draft", "calculating"):
                raise UserError(self.env._("%s is finished: there is nothing to stop.", run.name))
        self.write({"state": "cancelled"})

    def action_open_usages(self):
        return self._opened("utility.usage", self._domain_usages(), self.env._("Usage"))

    def action_open_problems(self):
        return self._opened(
            "utility.usage.problem", self._domain_problems(), self.env._("Problems")
        )

    def action_open_unread(self):
        domain = self._domain_points() & self._domain_unread()
        return self._opened("utility.service.point", domain, self.env._("Points without a Reading"))

    def _opened(self, model, domain, name):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "view_mode": "list,form",
            "domain": list(domain),
        }

    # -- the end ----------------------------------------------------------------------------

    def _conclude(self):
        self._sum_up()
        self.write({"state": "done", "ended_at": fields.Datetime.now()})

    def _sum_up(self):
        """Quantities by service, beside the same points' period before and a year ago."""
        self.env.flush_all()
        first = self._span()[0]
        usages = self.env["utility.usage"]._search(self._domain_usages())
        rows = self.env.execute_query(
            SQL(
                """
            SELECT usage.service_id, count(*), sum(usage.quantity),
                   sum(usage.estimated_quantity), sum(before.quantity), sum(year_ago.quantity)
            FROM utility_usage usage
            LEFT JOIN utility_usage before ON before.voided_at IS NULL
                AND before.service_point_id = usage.service_point_id
                AND before.date_end = usage.date_start - 1
            LEFT JOIN utility_usage year_ago ON year_ago.voided_at IS NULL
                AND year_ago.service_point_id = usage.service_point_id
                AND year_ago.date_end BETWEEN %s AND %s
            WHERE usage.id IN %s
            GROUP BY usage.service_id
            """,
                fields.Date.subtract(first, years=1),
                fields.Date.end_of(fields.Date.subtract(first, years=1), "month"),
                usages.subselect(),
            )
        )
        names = ("service_id", "usage_count", "quantity", "estimated_quantity")
        # totals are the run's own; users only read them
        self.env["utility.usage.run.total"].sudo().create(
            [
                {
                    "run_id": self.id,
                    **dict(zip(names, row[:4], strict=True)),
                    "before_quantity": row[4] or 0,
                    "year_ago_quantity": row[5] or 0,
                }
                for row in rows
            ]
        )
