from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_amount

from odoo.addons.utility_base.models.dated_mixin import no_overlap


class Subsidy(models.Model):
    """Money that a fund pays on an account, from month to month."""

    _name = "utility.subsidy"
    _description = "Subsidy"
    _inherit = ["utility.dated.mixin", "mail.thread"]
    _order = "date_start desc, id desc"
    _check_company_auto = True
    _fact_key = ("account_id", "fund_partner_id", "register_number")
    _fact_editors = "utility_base.group_clerk,utility_base.group_billing_operator"
    _free_fields = frozenset({"note", "document_id"})

    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    account_id = fields.Many2one(
        "utility.account", required=True, index=True, check_company=True, ondelete="restrict"
    )
    building_id = fields.Many2one(
        related="account_id.building_id", store=True, index=True, precompute=True
    )
    partner_id = fields.Many2one(
        "res.partner", "Beneficiary", index="btree_not_null", ondelete="restrict"
    )
    fund_partner_id = fields.Many2one(
        "res.partner", "Paid by Fund", required=True, index=True, ondelete="restrict"
    )
    date_start = fields.Date(
        "First Month",
        default=lambda self: fields.Date.start_of(fields.Date.context_today(self), "month"),
        help="Its first day.",
    )
    date_end = fields.Date("Last Month", help="Its last day; empty: until it is ended.")
    amount = fields.Monetary(required=True)
    per = fields.Selection(
        [("month", "Each month"), ("sum", "Once, until it is used up")],
        "Paid Out",
        required=True,
        default="month",
    )
    service_ids = fields.Many2many(
        "utility.service",
        "utility_subsidy_service_rel",
        "subsidy_id",
        "service_id",
        "Services",
        check_company=True,
        help="What it pays for; empty: all. They are covered in the order of the list of services.",
    )
    way = fields.Selection(
        [
            ("order", "One service after the other"),
            ("pro_rata", "All in proportion to what they come to"),
        ],
        "Covers",
        required=True,
        default="order",
    )
    capped = fields.Boolean(
        "At Most What Is Charged",
        default=True,
        help="Off: all of it is credited, also where the month comes to less.",
    )
    over = fields.Selection(
        [("carry", "Kept for the next month"), ("return", "Given back to the fund")],
        "What Is Left",
        required=True,
        default="carry",
    )
    register_number = fields.Char(
        "Decision, Register No.", required=True, help="The decision or the fund's register."
    )
    register_date = fields.Date("Decision Dated")
    document_id = fields.Many2one(
        "utility.document",
        "Document on File",
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
    )
    use_ids = fields.One2many("utility.subsidy.use", "subsidy_id", "Used")
    used_amount = fields.Monetary("Used so Far", compute="_compute_used_amount")
    replaces_id = fields.Many2one(
        "utility.subsidy", copy=False, readonly=True, index="btree_not_null"
    )

    _no_overlap = no_overlap(*_fact_key)
    _amount_positive = models.Constraint("CHECK (amount > 0)", "A subsidy is more than 0.")
    _whole_months = models.Constraint(
        "CHECK (EXTRACT(DAY FROM date_start) = 1 "
        "AND (date_end IS NULL OR EXTRACT(DAY FROM date_end + 1) = 1))",
        "A subsidy is for whole months: from the first day of one to the last day of another.",
    )

    @api.depends("use_ids.used")
    def _compute_used_amount(self):
        for subsidy in self:
            subsidy.used_amount = sum(subsidy.use_ids.mapped("used"))

    @api.depends("fund_partner_id.name", "account_id.number", "register_number")
    def _compute_display_name(self):
        for subsidy in self:
            parts = (
                subsidy.fund_partner_id.name,
                subsidy.register_number,
                subsidy.account_id.number,
            )
            subsidy.display_name = " · ".join(part for part in parts if part)

    @api.onchange("date_start", "date_end")
    def _onchange_months(self):
        if self.date_start:
            self.date_start = fields.Date.start_of(self.date_start, "month")
        if self.date_end:
            self.date_end = fields.Date.end_of(self.date_end, "month")

    @api.onchange("account_id")
    def _onchange_account_id(self):
        self.partner_id = self.partner_id or self.account_id.partner_id

    def _refuse_bad(self, vals_list):
        for vals in vals_list:
            start, end = (
                fields.Date.to_date(vals.get(name)) for name in ("date_start", "date_end")
            )
            if start and start.day != 1 or end and end != fields.Date.end_of(end, "month"):
                raise ValidationError(
                    self.env._(
                        "%s: a subsidy is for whole months: from the first day of one to the last "
                        "day of another.",
                        self._vals_period_label(vals),
                    )
                )
            if vals.get("amount", 1) <= 0:
                raise ValidationError(
                    self.env._("%s: a subsidy is more than 0.", self._vals_period_label(vals))
                )
        return super()._refuse_bad(vals_list)

    def _timeline_title(self):
        amount = format_amount(self.env, self.amount, self.currency_id)
        if self.per == "month":
            amount = self.env._("%s a month", amount)
        return " · ".join(part for part in (self.fund_partner_id.name, amount) if part)
