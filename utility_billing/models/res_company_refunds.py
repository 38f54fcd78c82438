from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    utility_refund_account_id = fields.Many2one(
        "account.account",
        "Account of Refunds",
        check_company=True,
        domain="[('reconcile', '=', True), ('account_type', 'in', ('liability_payable', "
        "'liability_current', 'asset_current'))]",
        help="What is to be paid back to payers. Empty: each payer's own payable account.",
    )
