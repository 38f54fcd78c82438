from odoo import fields, models


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    utility_service_id = fields.Many2one(
        "utility.service", "Service", readonly=True, copy=True, ondelete="restrict"
    )
    utility_bill_id = fields.Many2one(
        "account.move",
        "Bill Paid by a Fund",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
