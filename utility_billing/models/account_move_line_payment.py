from odoo import fields, models


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    utility_payment_id = fields.Many2one(
        "utility.payment",
        readonly=True,
        copy=False,
        ondelete="restrict",
        index="btree_not_null",
    )
    utility_allocation_ids = fields.One2many(
        "utility.payment.allocation", "line_id", "Covered by", readonly=True
    )
