from odoo import fields, models


class AccountMove(models.Model):
    _inherit = "account.move"

    utility_account_id = fields.Many2one(
        "utility.account",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        copy=True,
    )
