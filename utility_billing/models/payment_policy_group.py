from odoo import api, fields, models

from .payment_policy import FIRST


class PaymentPolicyGroup(models.Model):
    """Services that are covered together."""

    _name = "utility.payment.policy.group"
    _description = "Services of a Payment Policy"
    _order = "policy_id, sequence, id"

    policy_id = fields.Many2one(
        "utility.payment.policy", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="policy_id.company_id", store=True, precompute=True)
    sequence = fields.Integer(default=10)
    service_ids = fields.Many2many(
        "utility.service", string="Services", domain="[('company_id', '=', company_id)]"
    )
    first = fields.Selection(
        FIRST,
        "Covered First",
        help="Of these services, where money goes service after service. Empty: as above.",
    )
    covered_by_credit = fields.Boolean("Covered by Money Left over", default=True)

    @api.depends("service_ids.name")
    def _compute_display_name(self):
        for group in self:
            group.display_name = ", ".join(group.service_ids.mapped("name"))

    @api.model_create_multi
    def create(self, vals_list):
        groups = super().create(vals_list)
        groups.policy_id._refuse_used()
        return groups

    def write(self, vals):
        self.policy_id._refuse_used()
        return super().write(vals)

    def unlink(self):
        self.policy_id._refuse_used()
        return super().unlink()
