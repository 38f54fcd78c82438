from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

MOST_MONTHS = 60


class NetworkBalanceWizard(models.TransientModel):
    """Calculate the balance of a network for some months, set against those of a base period."""

    _name = "utility.network.balance.wizard"
    _description = "Calculate Network Balance"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    service_id = fields.Many2one(
        "utility.service",
        required=True,
        check_company=True,
        ondelete="cascade",
        domain="[('has_network', '=', True)]",
        default=lambda self: self._default_service_id(),
    )
    date_start = fields.Date(
        "First Month", required=True, default=lambda self: self._default_month()
    )
    date_end = fields.Date(
        "Last Month", required=True, default=lambda self: self._default_month(day=31)
    )
    base_date_start = fields.Date(
        "Base from",
        compute="_compute_base",
        store=True,
        readonly=False,
        precompute=True,
        help="Losses are compared with the average of these months: before the first check visits, "
        "for example. Empty: no comparison.",
    )
    base_date_end = fields.Date(
        "Base to", compute="_compute_base", store=True, readonly=False, precompute=True
    )
    with_suspicions = fields.Boolean(
        "Look for Suspicious Points",
        default=True,
        help="In the last month that is calculated.",
    )

    def _default_service_id(self):
        return self.env["utility.service"].search(
            [("has_network", "=", True), ("company_id", "=", self.env.company.id)], limit=1
        )

    def _default_month(self, day=1):
        return fields.Date.context_today(self) - relativedelta(months=1) + relativedelta(day=day)

    @api.depends("service_id")
    def _compute_base(self):
        """The base period that the service was compared with before."""
        balances = self.env["utility.network.balance"]
        for wizard in self:
            wizard.base_date_start, wizard.base_date_end = balances._last_base(wizard.service_id)

    def action_calculate(self):
        self.ensure_one()
        self._check_dates()
        self.service_id.check_access("read")
        self.env["utility.network.balance"]._calculate(
            self.service_id,
            self.date_start,
            self.date_end,
            self.base_date_start,
            self.base_date_end,
        )
        if self.with_suspicions:
            self.env["utility.suspicion"]._calculate(self.service_id, self.date_end)
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "utility_metering.network_balance_action"
            ),
            "target": "main",
            "context": {
                "search_default_not_tiny": 1,
                "search_default_group_month": self.date_end
                > fields.Date.end_of(self.date_start, "month"),
            },
            "domain": self._domain_result(),
        }

    def _domain_result(self):
        first, last = self.date_start.replace(day=1), self.date_end
        return list(
            Domain("service_id", "=", self.service_id.id)
            & Domain("date_start", ">=", first)
            & Domain("date_start", "<=", last)
        )

    def _check_dates(self):
        if bool(self.base_date_start) != bool(self.base_date_end):
            raise UserError(
                self.env._("Give the first and the last month of the base period, or neither.")
            )
        for first, last in (
            (self.date_start, self.date_end),
            (self.base_date_start, self.base_date_end),
        ):
            if first and last < first.replace(day=1):
                raise UserError(self.env._("The last month may not come before the first one."))
            if first and last > first + relativedelta(months=MOST_MONTHS):
                raise UserError(self.env._("Calculate at most %s months at once.", MOST_MONTHS))
