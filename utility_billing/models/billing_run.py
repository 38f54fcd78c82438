from datetime import date

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL, format_date, split_every

BATCH = 500
SMALL = 300
# months that can be billed: others are typing errors
EARLIEST = date(1990, 1, 1)
MONTHS_AHEAD = 12
SCOPE = frozenset(
    {
        "month",
        "company_id",
        "account_ids",
        "account_domain",
        "premise_ids",
        "service_ids",
        "cycle_ids",
        "with_corrections",
    }
)
STEPS = frozenset(
    {
        "state",
        "started_at",
        "ended_at",
        "run_user_id",
        "approved_by",
        "approved_at",
        "paused_at",
        "paused_by",
        "paused_seconds",
    }
)


class BillingRun(models.Model):
    """Charges of a month for chosen accounts: calculated batch by batch, looked at, approved."""

    _name = "utility.billing.run"
    _description = "Billing Run"
    _inherit = ["utility.run.mixin", "mail.thread"]
    _order = "month desc, id desc"
    _check_company_auto = True
    _channel = "root.utility_rating"
    _slices_field = "batch_ids"

    name = fields.Char(compute="_compute_name", store=True)
    month = fields.Date(
        required=True,
        default=lambda self: self._default_month(),
        help="Any day of it: periods that end with this month are billed.",
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    account_ids = fields.Many2many(
        "utility.account",
        "utility_billing_run_account_rel",
        string="Accounts",
        check_company=True,
        help="Empty: all of the places.",
    )
    premise_ids = fields.Many2many(
        "utility.premise",
        "utility_billing_run_premise_rel",
        string="Places",
        help="Buildings, streets or towns with all that is in them; empty: everywhere.",
    )
    service_ids = fields.Many2many(
        "utility.service",
        "utility_billing_run_service_rel",
        string="Services",
        check_company=True,
        help="Empty: all.",
    )
    with_corrections = fields.Boolean(
        "Correct Past Periods",
        default=True,
        help="Periods billed before whose facts have changed are rated again; the difference is "
        "charged.",
    )
    state = fields.Selection(
        [
            ("draft", "New"),
            ("calculating", "Calculating"),
            ("review", "To Review"),
            ("approved", "Approved"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
    )
    batch_ids = fields.One2many("utility.billing.batch", "run_id", readonly=True)
    charge_ids = fields.One2many("utility.charge", "run_id", readonly=True)
    problem_ids = fields.One2many("utility.billing.problem", "run_id", readonly=True)
    account_count = fields.Integer("Accounts to Bill", compute="_compute_account_count")
    progress = fields.Float(compute="_compute_progress")
    charge_count = fields.Integer("Charges", compute="_compute_totals")
    correction_count = fields.Integer("Corrections", compute="_compute_totals")
    held_count = fields.Integer("Held Accounts", compute="_compute_totals")
    amount = fields.Monetary(compute="_compute_totals")
    correction_amount = fields.Monetary("Of Which Corrections", compute="_compute_totals")
    approved_by = fields.Many2one("res.users", readonly=True, copy=False)
    approved_at = fields.Datetime("Approved on", readonly=True, copy=False)

    # -- defaults and computes --------------------------------------------------------------

    @api.depends("month", "premise_ids.address", "account_ids.number", "service_ids.name")
    def _compute_name(self):
        for run in self:
            month = format_date(self.env, run.month, date_format="MMMM y") if run.month else ""
            about = run._scope_names()
            more = ["…"] if len(about) > 3 else []
            run.name = ", ".join([month, *about[:3], *more])

    def _scope_names(self):
        return [
            *self.premise_ids.mapped("display_name"),
            *self.account_ids.mapped("number"),
            *self.service_ids.mapped("name"),
        ]

    @api.depends("month", "company_id", "account_ids", "premise_ids", "service_ids")
    def _compute_account_count(self):
        for run in self:
            run.account_count = self.env["utility.account"].search_count(run._domain_accounts())

    @api.depends("batch_ids.state")
    def _compute_progress(self):
        for run in self:
            run.progress = run._done_share("account_count")

    @api.depends("charge_ids", "problem_ids.state", "state")
    def _compute_totals(self):
        sums = {
            (run, correction): (count, amount)
            for run, correction, count, amount in self.env["utility.charge"]._read_group(
                [("run_id", "in", self.ids)],
                ["run_id", "is_correction"],
                ["__count", "amount:sum"],
            )
        }
        held = dict(
            self.env["utility.billing.problem"]._read_group(
                [("run_id", "in", self.ids), ("state", "=", "open")],
                ["run_id"],
                ["account_id:count_distinct"],
            )
        )
        for run in self:
            plain, corrected = sums.get((run, False), (0, 0)), sums.get((run, True), (0, 0))
            run.charge_count = plain[0] + corrected[0]
            run.correction_count, run.correction_amount = corrected
            run.amount = plain[1] + corrected[1]
            run.held_count = held.get(run, 0)

    # -- CRUD -------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._refuse_by_hand(vals)
        if not self.env.su:
            # said outright: else defaults of the caller's own would say it
            begun = {**dict.fromkeys(STEPS, False), "state": "draft"}
            vals_list = [{**vals, **begun} for vals in vals_list]
        return super().create(vals_list)

    def write(self, vals):
        self._refuse_by_hand(vals)
        if SCOPE & set(vals):
            self._refuse_unless("draft")
        return super().write(vals)

    def _refuse_by_hand(self, vals):
        """What a run has come to is said by its buttons only."""
        if STEPS & set(vals) and not self.env.su:
            raise AccessError(
                self.env._("A billing run goes on by its buttons: calculate, approve, cancel.")
            )

    @api.constrains("month")
    def _check_month(self):
        latest = fields.Date.add(fields.Date.context_today(self), months=MONTHS_AHEAD)
        for run in self:
            if not EARLIEST <= run.month <= latest:
                raise ValidationError(
                    self.env._(
                        "%(month)s cannot be billed: type a month between %(first)s and %(last)s.",
                        month=format_date(self.env, run.month, date_format="MMMM y"),
                        first=format_date(self.env, EARLIEST, date_format="MMMM y"),
                        last=format_date(self.env, latest, date_format="MMMM y"),
                    )
                )

    # -- what it is about -------------------------------------------------------------------

    def _span(self):
        """First and last day of the month."""
        month = self.month or fields.Date.context_today(self)
        return month.replace(day=1), fields.Date.end_of(month, "month")

    def _domain_accounts(self):
        """Accounts that take something in the month, or were billed for days that may have
        changed."""
        first, last = self._span()
        domain = Domain("company_id", "=", self.company_id.id) & Domain("date_open", "<=", last)
        domain &= Domain("agreement_ids", "!=", False)
        if self.account_ids:
            domain &= Domain("id", "in", self.account_ids.ids)
        if self.premise_ids:
            domain &= Domain("premise_id", "child_of", self.premise_ids.ids)
        if not self.with_corrections:
            domain &= Domain("date_close", "=", False) | Domain("date_close", ">=", first)
        return domain

    # -- buttons ----------------------------------------------------------------------------

    def action_calculate(self):
        """Share the buildings, then rate: at once when there are few accounts, else as jobs."""
        self.ensure_one()
        self.check_access("write")
        self._lock()
        self._refuse_unless("draft", "review", "calculating")
        accounts = self.env["utility.account"].search(self._domain_accounts(), order="id")
        if not accounts:
            raise UserError(
                self.env._("There are no accounts like that: choose other places or accounts.")
            )
        self._discard()
        self._prepare_facts(accounts)
        # the user may write the run; its steps are written by nobody else
        self.sudo().write(self._beginning())
        # batches are the run's own; users only read them
        batches = self.env["utility.billing.batch"].sudo().create(self._prepare_batches(accounts))
        if len(accounts) <= self._most_at_once():
            for batch in batches.sudo(False):
                batch._calculate()
            self._finish()
        else:
            batches.sudo(False)._enqueue()
        return True

    def _prepare_batches(self, accounts):
        return [
            {
                "run_id": self.id,
                "first_id": part[0],
                "last_id": part[-1],
                "account_count": len(part),
            }
            for part in split_every(self._batch_size(), accounts.ids, list)
        ]

    @api.model
    def _batch_size(self):
        return self._number_set("utility_billing.batch_accounts", BATCH)

    def _most_at_once(self):
        """How many accounts are calculated while the user waits; more of them go to jobs."""
        return self._number_set("utility_billing.accounts_at_once", SMALL)

    def action_discard(self):
        """Throw away what was calculated; nothing of it was approved."""
        self.check_access("write")
        self._lock()
        self._refuse_unless("draft", "calculating", "review")
        self._discard()
        self.sudo().write({"state": "draft", "started_at": False, "ended_at": False})

    def action_open_charges(self):
        return self._opened("utility.charge", self.env._("Charges"))

    def action_open_corrections(self):
        action = self._opened("utility.charge", self.env._("Corrections"))
        return {
            **action,
            "domain": [*action["domain"], ("is_correction", "=", True)],
            "context": {"search_default_group_account": 1},
        }

    def action_open_problems(self):
        return self._opened("utility.billing.problem", self.env._("Held Accounts"))

    def _opened(self, model, name):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "view_mode": "list,pivot,graph,form" if model == "utility.charge" else "list,form",
            "domain": [("run_id", "=", self.id)],
        }

    def _lock(self):
        """Whoever decides on a run decides alone.

        :raise UserError: somebody else decides on it at this moment
        """
        # the user's right to write the run is checked by the buttons
        free = self.sudo().try_lock_for_update(allow_referencing=True)
        for run in self - free:
            raise UserError(
                self.env._(
                    "%(run)s is being calculated or approved by somebody else. Look at it again "
                    "in a moment.",
                    run=run.name,
                )
            )

    def _refuse_unless(self, *states):
        labels = dict(self._fields["state"]._description_selection(self.env))
        for run in self:
            if run.state not in states:
                raise UserError(
                    self.env._(
                        "%(run)s is %(state)s: that is not possible any more.",
                        run=run.name,
                        state=labels[run.state].lower(),
                    )
                )

    def _discard(self):
        """Remove the batches with their charges and problems: they were never approved."""
        self.env.flush_all()
        for table in (
            "utility_charge",
            "utility_billing_problem",
            "utility_billing_run_total",
            "utility_billing_batch",
        ):
            self.env.cr.execute(
                SQL("DELETE FROM %s WHERE run_id = ANY(%s)", SQL.identifier(table), self.ids)
            )
        self.env.invalidate_all()

    @api.ondelete(at_uninstall=False)
    def _unlink_unless_approved(self):
        for run in self:
            if run.state in ("approved", "cancelled"):
                raise UserError(
                    self.env._("%s is kept for the record. Cancel it instead.", run.name)
                )

    # -- the end ----------------------------------------------------------------------------

    def _conclude(self):
        """The run is ready to be looked at."""
        # the user may write the run; its steps are written by nobody else
        self.sudo().write({"state": "review", "ended_at": fields.Datetime.now()})
