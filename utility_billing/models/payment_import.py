from odoo import fields, models


class Payment(models.Model):
    _inherit = "utility.payment"

    is_transfer = fields.Boolean(
        "Transfer of a Collector",
        readonly=True,
        copy=False,
        default=False,
        help="Its text speaks of many payments and a commission: it is no payer's, waits for a "
        "person and is not matched.",
    )
