from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    utility_payer_policy = fields.Selection(
        [
            ("same_debt_stays", "Same account; the debt stays with the former payer"),
            ("same_debt_follows", "Same account; the debt follows the account"),
            ("new_account", "A new account for every new payer"),
        ],
        "When the Payer Changes",
        required=True,
        default="same_debt_stays",
    )
    utility_debt_transfer_journal_id = fields.Many2one(
        "account.journal",
        "Journal for Debt Transfers",
        check_company=True,
        domain="[('type', '=', 'general')]",
        help="Where a debt that follows the account is moved from the former payer to the new one.",
    )
