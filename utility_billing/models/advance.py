from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_amount

from odoo.addons.utility_base.models.dated_mixin import no_overlap


class Advance(models.Model):
    """What an account pays for a service on a day of every month, before the month's bill, which
    takes it off. Two advances a month are two of them, on different days."""

    _name = "utility.advance"
    _description = "Advance"
    _inherit = ["utility.dated.mixin", "mail.thread"]
    _order = "account_id, service_id, day, date_start desc, id desc"
    _check_company_auto = True
    _fact_key = ("account_id", "service_id", "day")
    _fact_editors = "utility_base.group_billing_operator"

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
    service_id = fields.Many2one(
        "utility.service", required=True, index=True, check_company=True, ondelete="restrict"
    )
    day = fields.Integer(
        "Day of the Month",
        required=True,
        default=10,
        help="On which the advance is billed; 31: the last day, whatever the month.",
    )
    basis = fields.Selection(
        [("amount", "A fixed amount"), ("last_bill", "A share of the last month billed")],
        "How Much",
        required=True,
        default="amount",
    )
    amount = fields.Monetary(help="Without taxes, each month.")
    percent = fields.Float(
        "Share, %", digits=(7, 4), help="Of what the service came to without taxes."
    )
    replaces_id = fields.Many2one(
        "utility.advance", copy=False, readonly=True, index="btree_not_null"
    )

    _no_overlap = no_overlap(*_fact_key)
    _day_range = models.Constraint(
        "CHECK (day BETWEEN 1 AND 31)", "The day of the month is one of 1 to 31."
    )

    @api.depends("account_id.number", "service_id.name", "day")
    def _compute_display_name(self):
        for advance in self:
            advance.display_name = self.env._(
                "%(account)s · %(service)s · day %(day)s",
                account=advance.account_id.number or "",
                service=advance.service_id.name or "",
                day=advance.day,
            )

    def _refuse_bad(self, vals_list):
        for vals in vals_list:
            share = vals.get("basis") == "last_bill"
            if not 1 <= vals.get("day", 10) <= 31:
                raise ValidationError(
                    self.env._(
                        "%s: the day of the month is one of 1 to 31.",
                        self._vals_period_label(vals),
                    )
                )
            if share and not 0 < vals.get("percent", 0) <= 100:
                raise ValidationError(
                    self.env._(
                        "%s: a share is more than 0 and at most 100 %%.",
                        self._vals_period_label(vals),
                    )
                )
            if not share and vals.get("amount", 0) <= 0:
                raise ValidationError(
                    self.env._("%s: an advance is more than 0.", self._vals_period_label(vals))
                )
        return super()._refuse_bad(vals_list)

    def _timeline_title(self):
        self.ensure_one()
        if self.basis == "amount":
            much = format_amount(self.env, self.amount, self.currency_id)
        else:
            much = self.env._("%s %% of the last month billed", f"{self.percent:g}")
        return " · ".join((self.service_id.name or "", much))
