from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date

from .dated_mixin import no_overlap


class ServiceAgreement(models.Model):
    """An account takes a service at a service point, with a share, from when to when."""

    _name = "utility.service.agreement"
    _description = "Service Agreement"
    _inherit = ["utility.dated.mixin"]
    _order = "account_id, service_id, date_start desc, id desc"
    _check_company_auto = True
    _fact_key = ("account_id", "service_point_id")
    _fact_editors = "utility_base.group_clerk,utility_base.group_billing_operator"

    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    account_id = fields.Many2one(
        "utility.account", required=True, index=True, check_company=True, ondelete="restrict"
    )
    service_point_id = fields.Many2one(
        "utility.service.point", required=True, index=True, check_company=True, ondelete="restrict"
    )
    service_id = fields.Many2one(
        related="service_point_id.service_id", store=True, index=True, precompute=True
    )
    premise_id = fields.Many2one(
        related="service_point_id.premise_id", store=True, index=True, precompute=True
    )
    partner_id = fields.Many2one(related="account_id.partner_id", string="Payer")
    share = fields.Float(
        "Share, %",
        digits=(7, 4),
        default=100,
        help="What part of the point's quantity this account pays. All accounts of a "
        "day: at most 100 %.",
    )
    billing_cycle_id = fields.Many2one(
        "utility.billing.cycle",
        required=True,
        ondelete="restrict",
        default=lambda self: self._default_billing_cycle(),
    )
    replaces_id = fields.Many2one(
        "utility.service.agreement", copy=False, readonly=True, index="btree_not_null"
    )

    _no_overlap = no_overlap(*_fact_key)
    _share_range = models.Constraint(
        "CHECK (share > 0 AND share <= 100)", "A share lies above 0 and is at most 100 %."
    )

    def _default_billing_cycle(self):
        return self.env["utility.billing.cycle"].search(
            [("months", "=", 1), ("company_id", "in", (False, self.env.company.id))], limit=1
        )

    @api.depends("account_id.number", "service_id.name", "service_point_id.code")
    def _compute_display_name(self):
        # a resident knows the agreement, though not the network behind it
        for agreement, known in zip(self, self.sudo(), strict=True):
            parts = (
                known.account_id.number,
                known.service_id.name,
                known.service_point_id.code,
            )
            agreement.display_name = " · ".join(part for part in parts if part)

    def _refuse_bad(self, vals_list):
        for vals in vals_list:
            share = vals.get("share", 100)
            if not 0 < share <= 100:
                raise ValidationError(
                    self.env._(
                        "%(agreement)s: a share lies above 0 and is at most 100 %%, "
                        "not %(share)s %%.",
                        agreement=self._vals_period_label(vals),
                        share=f"{share:g}",
                    )
                )
        return super()._refuse_bad(vals_list)

    @api.constrains("service_point_id", "share", "date_start", "date_end", "voided_at")
    def _check_shares(self):
        live = self.filtered(lambda agreement: not agreement.voided_at)
        for point, total, day in live._beyond_whole("service_point_id"):
            raise ValidationError(
                self.env._(
                    "%(point)s: the accounts' shares add up to %(total)s %% on %(day)s. "
                    "End or change another account's agreement first.",
                    point=point.display_name,
                    total=total,
                    day=day,
                )
            )

    @api.constrains("account_id", "date_start", "date_end", "voided_at")
    def _check_account_is_open(self):
        for agreement in self.filtered(lambda agreement: not agreement.voided_at):
            account = agreement.account_id
            closed_before = account.date_close and (
                not agreement.date_end or agreement.date_end > account.date_close
            )
            if agreement.date_start < account.date_open or closed_before:
                raise ValidationError(
                    self.env._(
                        "%(agreement)s reaches beyond the days on which the account is open "
                        "(%(open)s – %(close)s).",
                        agreement=agreement._fact_label(),
                        open=format_date(self.env, account.date_open),
                        close=format_date(self.env, account.date_close)
                        if account.date_close
                        else "…",
                    )
                )

    def _timeline_title(self):
        parts = [self.service_id.name, self.sudo().service_point_id.code]
        if self.share != 100:
            parts.append(self.env._("%(share)s %%", share=f"{self.share:g}"))
        return " · ".join(part for part in parts if part)

    def _retire_replaced(self, vals_list):
        """A successor keeps the company of the account, whatever company is active."""
        for vals in vals_list:
            account = self.env["utility.account"].browse(vals.get("account_id"))
            if account:
                vals["company_id"] = account.company_id.id
        return super()._retire_replaced(vals_list)
