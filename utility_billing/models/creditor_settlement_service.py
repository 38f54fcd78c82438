from odoo import fields, models


class CreditorSettlementService(models.Model):
    """What a settlement comes to for one service."""

    _name = "utility.creditor.settlement.service"
    _description = "Service of a Settlement"
    _order = "settlement_id, service_id, id"

    settlement_id = fields.Many2one(
        "utility.creditor.settlement", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="settlement_id.company_id", store=True, precompute=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    service_id = fields.Many2one("utility.service", required=True, ondelete="restrict")
    collected = fields.Monetary()
    returned = fields.Monetary()
    fee = fields.Monetary("Own Fee", help="Without tax.")
    fee_way = fields.Selection(
        selection=lambda self: self.env["utility.creditor.agreement"]._fields["way"].selection,
        string="Fee Is",
    )
    product_id = fields.Many2one("product.product", "Product of the Fee", ondelete="restrict")
    amount = fields.Monetary("For the Creditor", help="Before the fee is taken off.")
    not_collected = fields.Monetary(
        "Billed, Not Collected Yet", help="At the settlement's last day."
    )
