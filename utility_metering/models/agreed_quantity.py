from odoo import fields, models

from odoo.addons.utility_base.models.dated_mixin import no_overlap


class AgreedQuantity(models.Model):
    """A quantity that the customer and the company agreed on for a point."""

    _name = "utility.agreed.quantity"
    _description = "Agreed Quantity"
    _inherit = ["utility.dated.mixin"]
    _fact_key = ("service_point_id",)
    _fact_editors = "utility_base.group_meter_engineer,utility_base.group_billing_operator"
    _rec_name = "service_point_id"

    service_point_id = fields.Many2one(
        "utility.service.point", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        related="service_point_id.company_id", store=True, index=True, precompute=True
    )
    uom_id = fields.Many2one(related="service_point_id.service_id.uom_id")
    quantity = fields.Float("Quantity a Month", required=True, digits="Utility Quantity")
    replaces_id = fields.Many2one(
        "utility.agreed.quantity", copy=False, readonly=True, index="btree_not_null"
    )

    _no_overlap = no_overlap(*_fact_key)
    _quantity_not_negative = models.Constraint(
        "CHECK (quantity >= 0)", "An agreed quantity is 0 or more."
    )
