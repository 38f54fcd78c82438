from odoo import api, fields, models
from odoo.exceptions import UserError


class AdjustmentLine(models.Model):
    """An account and a service point that an adjustment is about."""

    _name = "utility.adjustment.line"
    _description = "Adjusted Supply"
    _order = "adjustment_id, address, service_id, id"
    _check_company_auto = True

    adjustment_id = fields.Many2one(
        "utility.adjustment", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="adjustment_id.company_id", store=True, index=True, precompute=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    account_id = fields.Many2one(
        "utility.account", required=True, index=True, check_company=True, ondelete="restrict"
    )
    partner_id = fields.Many2one(related="account_id.partner_id", string="Payer")
    service_point_id = fields.Many2one(
        "utility.service.point", required=True, index=True, check_company=True, ondelete="restrict"
    )
    service_id = fields.Many2one(
        related="service_point_id.service_id", store=True, index=True, precompute=True
    )
    premise_id = fields.Many2one(
        related="service_point_id.premise_id", store=True, index=True, precompute=True
    )
    address = fields.Char(related="premise_id.address_sort", store=True, precompute=True)
    included = fields.Boolean(default=True, help="Off: this account is not concerned.")
    monthly_amount = fields.Monetary(
        "Charged a Month", help="About what it comes to, for the estimate of the effect."
    )
    effect = fields.Monetary("Estimated Effect", compute="_compute_effect")
    state = fields.Selection(related="adjustment_id.state")
    number = fields.Char(related="adjustment_id.number")
    kind = fields.Selection(related="adjustment_id.kind")
    date = fields.Date(related="adjustment_id.date")

    _one_each = models.Constraint(
        "UNIQUE (adjustment_id, account_id, service_point_id)",
        "The adjustment names this supply twice.",
    )

    @api.depends(
        "monthly_amount", "included", "adjustment_id.quality_text", "adjustment_id.absent_days"
    )
    def _compute_effect(self):
        for line in self:
            part = line.adjustment_id._part_of_month() if line.included else 0
            line.effect = -line.currency_id.round(line.monthly_amount * part)

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._refuse_settled()
        lines.adjustment_id._note_editor()
        return lines

    def write(self, vals):
        self._refuse_settled()
        self.adjustment_id._note_editor()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_of_drafts(self):
        self._refuse_settled()

    def _refuse_settled(self):
        settled = self.adjustment_id.filtered(lambda adjustment: adjustment.state != "draft")
        if settled and not self.env.su:
            raise UserError(
                self.env._(
                    "%s is submitted: whom it concerns cannot change any more.",
                    settled[0].display_name,
                )
            )
