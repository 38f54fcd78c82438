from odoo import api, fields, models

from odoo.addons.utility_base.models.dated_mixin import no_overlap


class ServiceTax(models.Model):
    """The taxes of a service from a day on."""

    _name = "utility.service.tax"
    _description = "Taxes of a Service"
    _inherit = ["utility.dated.mixin"]
    _order = "service_id, date_start desc, id desc"
    _check_company_auto = True
    _fact_key = ("service_id",)
    _fact_editors = "utility_base.group_billing_operator"

    service_id = fields.Many2one("utility.service", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(
        related="service_id.company_id", store=True, index=True, precompute=True
    )
    tax_ids = fields.Many2many(
        "account.tax",
        "utility_service_tax_rel",
        "service_tax_id",
        "tax_id",
        string="Taxes",
        check_company=True,
        domain="[('type_tax_use', '=', 'sale'), ('company_id', 'parent_of', company_id)]",
        help="Empty: the service is not taxed on these days.",
    )
    replaces_id = fields.Many2one(
        "utility.service.tax", copy=False, readonly=True, index="btree_not_null"
    )

    _no_overlap = no_overlap(*_fact_key)

    @api.depends("service_id.name", "tax_ids.name")
    def _compute_display_name(self):
        for row in self:
            taxes = ", ".join(row.tax_ids.mapped("name")) or self.env._("no tax")
            row.display_name = f"{row.service_id.name or ''}: {taxes}"
