from odoo import fields, models


class AccountMove(models.Model):
    _inherit = "account.move"

    utility_payment_batch_id = fields.Many2one(
        "utility.payment.batch",
        "List of Payments",
        readonly=True,
        copy=False,
        ondelete="restrict",
        index="btree_not_null",
    )
