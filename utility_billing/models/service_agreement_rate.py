from odoo import fields, models


class ServiceAgreement(models.Model):
    """An agreement is on a tariff plan; the plan says what its service costs."""

    _inherit = "utility.service.agreement"

    rate_plan_id = fields.Many2one(
        "utility.rate.plan",
        "Tariff Plan",
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
        help="Empty: the company's default plan.",
    )
    rate_assignment_id = fields.Many2one(
        "utility.rate.assignment",
        "Assigned by",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )

    def _timeline_title(self):
        title = super()._timeline_title()
        plan = self.sudo().rate_plan_id.name
        return f"{title} · {plan}" if plan else title
