from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import format_date, split_every

SLICE = 500
SMALL = 300


class RateComparison(models.Model):
    """Who would pay how much more: a month's real facts rated by two versions of a tariff, or by
    two plans. Kept as a document for the decision.

    Amounts are with taxes, whether the tariffs' prices include them or not.
    """

    _name = "utility.rate.comparison"
    _description = "Comparison of Tariffs"
    _inherit = ["utility.run.mixin", "mail.thread"]
    _order = "month desc, id desc"
    _check_company_auto = True
    _channel = "root.utility_rating"

    name = fields.Char(compute="_compute_name", store=True)
    month = fields.Date(
        required=True,
        default=lambda self: self._default_month(),
        help="Any day of it: what was used in the periods that ended with this month is rated.",
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    basis = fields.Selection(
        [("version", "Two versions of a tariff"), ("plan", "Two tariff plans")],
        "What Is Compared",
        required=True,
        default="version",
    )
    version_id = fields.Many2one("utility.rate.version", check_company=True, ondelete="restrict")
    service_id = fields.Many2one(related="version_id.service_id")
    other_version_id = fields.Many2one(
        "utility.rate.version",
        "Against",
        check_company=True,
        ondelete="restrict",
        domain="[('service_id', '=', service_id), ('id', '!=', version_id)]",
        help="A draft, too.",
    )
    plan_id = fields.Many2one(
        "utility.rate.plan", "Tariff Plan", check_company=True, ondelete="restrict"
    )
    other_plan_id = fields.Many2one(
        "utility.rate.plan",
        "Against Plan",
        check_company=True,
        ondelete="restrict",
        domain="[('id', '!=', plan_id)]",
    )
    premise_ids = fields.Many2many(
        "utility.premise",
        "utility_rate_comparison_premise_rel",
        string="Places",
        help="Buildings, streets or towns with all that is in them; empty: everywhere.",
    )
    state = fields.Selection(
        [
            ("draft", "New"),
            ("calculating", "Calculating"),
            ("done", "Done"),
            ("cancelled", "Stopped"),
        ],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
    )
    note = fields.Text("Decision", help="What was decided, and by whom.")
    slice_ids = fields.One2many("utility.rate.comparison.slice", "comparison_id", readonly=True)
    line_ids = fields.One2many("utility.rate.comparison.line", "comparison_id", readonly=True)
    bucket_ids = fields.One2many(
        "utility.rate.comparison.bucket", "comparison_id", "Distribution", readonly=True
    )
    progress = fields.Float(compute="_compute_progress")
    line_count = fields.Integer("Agreements Compared", readonly=True, copy=False)
    problem_count = fields.Integer("Not Compared", readonly=True, copy=False)
    more_count = fields.Integer("Pay More", readonly=True, copy=False)
    less_count = fields.Integer("Pay Less", readonly=True, copy=False)
    same_count = fields.Integer("Pay the Same", readonly=True, copy=False)
    was = fields.Monetary("Total Was", readonly=True, copy=False, help="With taxes.")
    now = fields.Monetary("Total Would Be", readonly=True, copy=False, help="With taxes.")
    difference = fields.Monetary(readonly=True, copy=False)
    percent = fields.Float("Change, %", compute="_compute_percent", digits=(16, 1))

    # -- defaults and computes --------------------------------------------------------------

    @api.depends(
        "month",
        "basis",
        "version_id.display_name",
        "other_version_id.date_start",
        "plan_id.name",
        "other_plan_id.name",
    )
    def _compute_name(self):
        for comparison in self:
            one, other = comparison._compared()
            month = comparison.month
            comparison.name = self.env._(
                "%(one)s against %(other)s, %(month)s",
                one=one.display_name or "…",
                other=other.display_name or "…",
                month=format_date(self.env, month, date_format="MMMM y") if month else "…",
            )

    @api.depends("slice_ids.state")
    def _compute_progress(self):
        for comparison in self:
            comparison.progress = comparison._done_share("account_count")

    @api.depends("was", "now")
    def _compute_percent(self):
        for comparison in self:
            comparison.percent = (
                100 * comparison.difference / comparison.was if comparison.was else 0
            )

    @api.constrains("basis", "version_id", "other_version_id", "plan_id", "other_plan_id")
    def _check_compared(self):
        for comparison in self:
            one, other = comparison._compared()
            if not one or not other or one == other:
                raise ValidationError(
                    self.env._("Choose two different versions, or two different plans.")
                )
            if comparison.basis == "version" and one.service_id != other.service_id:
                raise ValidationError(
                    self.env._("Versions of different services cannot be compared.")
                )

    def _compared(self):
        """What is in force, and what it is compared with."""
        if self.basis == "plan":
            return self.plan_id, self.other_plan_id
        return self.version_id, self.other_version_id

    def _span(self):
        """First and last day of the month."""
        return self.month.replace(day=1), fields.Date.end_of(self.month, "month")

    def _domain_accounts(self):
        """Accounts with an agreement on one of the services in the month."""
        first, last = self._span()
        agreed = (
            Domain("voided_at", "=", False)
            & Domain("service_id", "in", self._services().ids)
            & Domain("date_start", "<=", last)
            & (Domain("date_end", "=", False) | Domain("date_end", ">=", first))
        )
        domain = Domain("company_id", "=", self.company_id.id) & Domain(
            "agreement_ids", "any", agreed
        )
        if self.premise_ids:
            domain &= Domain("premise_id", "child_of", self.premise_ids.ids)
        return domain

    def _services(self):
        one, other = self._compared()
        if self.basis == "plan":
            return (one | other).schedule_ids.service_id
        return one.service_id

    # -- buttons ----------------------------------------------------------------------------

    def action_compare(self):
        """Rate both ways: at once when there are few accounts, else as jobs of 500 each."""
        self.ensure_one()
        self.check_access("write")
        if self.state == "calculating":
            raise UserError(self.env._("%s is being calculated already.", self.name))
        ids = self.env["utility.account"].search(self._domain_accounts(), order="id").ids
        if not ids:
            raise UserError(
                self.env._("No account takes this service there: choose another month or place.")
            )
        self._discard()
        self.write(self._beginning())
        # slices are the comparison's own; users only read them
        slices = (
            self.env["utility.rate.comparison.slice"].sudo().create(self._prepare_slices(ids))
        ).sudo(False)
        if len(ids) <= SMALL:
            for part in slices:
                part._calculate()
            self._finish()
        else:
            slices._enqueue()

    def _prepare_slices(self, ids):
        return [
            {
                "comparison_id": self.id,
                "first_id": part[0],
                "last_id": part[-1],
                "account_count": len(part),
            }
            for part in split_every(self._slice_size(), ids, list)
        ]

    @api.model
    def _slice_size(self):
        return SLICE

    def action_cancel(self):
        """Stop after the slices that are at work."""
        for comparison in self:
            if comparison.state != "calculating":
                raise UserError(
                    self.env._(
                        "%s is not being calculated: there is nothing to stop.", comparison.name
                    )
                )
        self.write({"state": "cancelled"})

    def action_open_lines(self):
        return self._opened("list,pivot,graph", self.env._("Who Pays What"))

    def action_open_problems(self):
        view = self.env.ref("utility_billing.rate_comparison_problem_view_list")
        return {
            **self._opened("list", self.env._("Not Compared"), Domain("problem", "!=", False)),
            "views": [(view.id, "list")],
        }

    def action_open_distribution(self):
        return self._opened("graph,pivot,list", self.env._("Distribution"))

    def _opened(self, view_mode, name, domain=None):
        self.ensure_one()
        about = Domain("problem", "=", False) if domain is None else domain
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "utility.rate.comparison.line",
            "view_mode": view_mode,
            "domain": list(Domain("comparison_id", "=", self.id) & about),
        }

    def _discard(self):
        """Remove what was found before."""
        # all of it is the comparison's own; users only read it
        self.line_ids.sudo().unlink()
        self.bucket_ids.sudo().unlink()
        self.slice_ids.sudo().unlink()

    # -- the end ----------------------------------------------------------------------------

    def _conclude(self):
        self._sum_up()
        self.write({"state": "done", "ended_at": fields.Datetime.now()})
