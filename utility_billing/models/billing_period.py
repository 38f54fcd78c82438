from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

STEPS = frozenset(
    {
        "state",
        "closed_by",
        "closed_at",
        "close_reason",
        "reopened_by",
        "reopened_at",
        "reopen_reason",
    }
)
ADMINISTRATOR = "utility_base.group_administrator"


class BillingPeriod(models.Model):
    """An accounting month: what is still missing in it, and whether it is closed."""

    _name = "utility.billing.period"
    _description = "Billing Month"
    _inherit = ["mail.thread"]
    _order = "month desc, id desc"
    _check_company_auto = True

    name = fields.Char(compute="_compute_name", store=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    month = fields.Date(
        required=True,
        default=lambda self: fields.Date.start_of(fields.Date.context_today(self), "month"),
        help="Any day of it.",
    )
    state = fields.Selection(
        [("open", "Open"), ("closed", "Closed")],
        required=True,
        default="open",
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
    )
    check_ids = fields.One2many("utility.billing.period.check", "period_id", copy=False)
    open_count = fields.Integer("Open Points", compute="_compute_open_count")
    bill_count = fields.Integer("Bills", compute="_compute_billed")
    billed_amount = fields.Monetary("Billed", compute="_compute_billed")
    closed_by = fields.Many2one("res.users", readonly=True, copy=False)
    closed_at = fields.Datetime("Closed on", readonly=True, copy=False)
    close_reason = fields.Char(
        "Closed although", readonly=True, copy=False, tracking=True, help="With open points."
    )
    reopened_by = fields.Many2one("res.users", readonly=True, copy=False)
    reopened_at = fields.Datetime("Reopened on", readonly=True, copy=False)
    reopen_reason = fields.Char("Reopened because", readonly=True, copy=False, tracking=True)

    _month_unique = models.Constraint("UNIQUE (company_id, month)", "This month is there already.")
    _first_day = models.Constraint(
        "CHECK (EXTRACT(DAY FROM month) = 1)", "A month is kept by its first day."
    )

    # -- computes ---------------------------------------------------------------------------

    @api.depends("month")
    def _compute_name(self):
        for period in self:
            period.name = (
                format_date(self.env, period.month, date_format="MMMM y") if period.month else ""
            )

    @api.depends("check_ids.count")
    def _compute_open_count(self):
        for period in self:
            period.open_count = len(period.check_ids.filtered("count"))

    @api.depends("month", "company_id")
    def _compute_billed(self):
        sums = {
            (company, month): (count, amount)
            # the sums are told to whoever reads billing, the ledger itself is not
            for company, month, count, amount in self.env["account.move"]
            .sudo()
            ._read_group(
                [
                    ("company_id", "in", self.company_id.ids),
                    ("utility_month", "in", self.mapped("month")),
                    ("state", "=", "posted"),
                    ("move_type", "in", ("out_invoice", "out_refund")),
                ],
                ["company_id", "utility_month:day"],
                ["__count", "amount_total_signed:sum"],
            )
        }
        for period in self:
            key = period.company_id, period.month
            period.bill_count, period.billed_amount = sums.get(key, (0, 0))

    # -- CRUD -------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if not self.env.su and (STEPS | {"check_ids"}) & set(vals):
                raise self._by_buttons()
            if vals.get("month"):
                vals["month"] = fields.Date.to_date(vals["month"]).replace(day=1)
        if not self.env.su:
            # said outright: else defaults of the caller's own would say it
            vals_list = [{**vals, "state": "open"} for vals in vals_list]
        periods = super().create(vals_list)
        checks = self.env["utility.billing.period.check"]
        # the points of the checklist are the month's own; users only read them
        checks.sudo().create(
            [
                {"period_id": period.id, "code": code, "sequence": place}
                for period in periods
                for place, code in enumerate(checks._codes(), 1)
            ]
        )
        return periods

    def write(self, vals):
        if not self.env.su and (STEPS | {"check_ids"}) & set(vals):
            raise self._by_buttons()
        if {"month", "company_id"} & set(vals) and self.filtered(lambda row: row.state == "closed"):
            raise UserError(self.env._("A closed month stays the month it is."))
        if vals.get("month"):
            vals["month"] = fields.Date.to_date(vals["month"]).replace(day=1)
        return super().write(vals)

    def _by_buttons(self):
        return AccessError(self.env._("A month is closed and reopened by its buttons."))

    @api.ondelete(at_uninstall=False)
    def _unlink_unless_closed(self):
        for period in self:
            if period.state == "closed" or period.reopened_at:
                raise UserError(self.env._("%s was closed: it is kept.", period.name))

    # -- what others ask --------------------------------------------------------------------

    @api.model
    def _for(self, company, day):
        """The month of a day, made where it is missing."""
        month = day.replace(day=1)
        # everybody who bills makes months, nobody owns them
        periods = self.sudo()
        found = periods.search([("company_id", "=", company.id), ("month", "=", month)])
        return found or periods.create({"company_id": company.id, "month": month})

    @api.model
    def _closed_on(self, company, day):
        """The closed month of a day, or an empty recordset."""
        return self.sudo().search(
            [
                ("company_id", "=", company.id),
                ("month", "=", day.replace(day=1)),
                ("state", "=", "closed"),
            ]
        )

    @api.model
    def _refuse_closed(self, company, day, advice):
        """:raise UserError: the month of the day is closed"""
        period = self._closed_on(company, day)
        if period:
            raise UserError(
                self.env._("%(month)s is closed. %(advice)s", month=period.name, advice=advice)
            )

    # -- buttons ----------------------------------------------------------------------------

    def action_close(self):
        """Close the month; with open points, a reason is asked for first."""
        self.ensure_one()
        self.check_access("write")
        if self.open_count:
            return self._ask("close")
        self._close()
        return True

    def action_reopen(self):
        self.ensure_one()
        self._refuse_unless_administrator()
        return self._ask("reopen")

    def _ask(self, what):
        return {
            "type": "ir.actions.act_window",
            "name": (
                self.env._("Close with Open Points")
                if what == "close"
                else self.env._("Reopen the Month")
            ),
            "res_model": "utility.billing.period.decision",
            "view_mode": "form",
            "target": "new",
            "context": {"default_period_id": self.id, "default_kind": what},
        }

    def _close(self, reason=False):
        """:raise UserError: it is closed already, or points are open and nobody says why"""
        self.ensure_one()
        self.check_access("write")
        if self.state == "closed":
            raise UserError(self.env._("%s is closed already.", self.name))
        if self.open_count:
            self._refuse_unless_administrator()
            if not (reason or "").strip():
                raise UserError(
                    self.env._("%s has open points: say why it is closed although.", self.name)
                )
        # the steps are written by nobody by hand
        self.sudo().write(
            {
                "state": "closed",
                "closed_by": self.env.uid,
                "closed_at": fields.Datetime.now(),
                "close_reason": reason,
            }
        )

    def _reopen(self, reason):
        """:raise UserError: it is open, or nobody says why"""
        self.ensure_one()
        self.check_access("write")
        self._refuse_unless_administrator()
        if self.state == "open":
            raise UserError(self.env._("%s is open.", self.name))
        if not (reason or "").strip():
            raise UserError(self.env._("Say why %s is reopened.", self.name))
        # the steps are written by nobody by hand
        self.sudo().write(
            {
                "state": "open",
                "reopened_by": self.env.uid,
                "reopened_at": fields.Datetime.now(),
                "reopen_reason": reason,
            }
        )

    def _refuse_unless_administrator(self):
        if not self.env.user.has_group(ADMINISTRATOR):
            raise AccessError(
                self.env._("Only an administrator closes a month with open points or reopens one.")
            )

    def action_open_runs(self):
        self.ensure_one()
        first, last = self._span()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Billing Runs"),
            "res_model": "utility.billing.run",
            "view_mode": "list,form",
            "domain": [
                ("company_id", "=", self.company_id.id),
                ("month", ">=", first),
                ("month", "<=", last),
            ],
        }

    def _span(self):
        """First and last day."""
        return self.month, fields.Date.end_of(self.month, "month")
