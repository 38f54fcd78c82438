from odoo import models


class AccountMoveLine(models.Model):
    """What is owed is found by its sum."""

    _inherit = "account.move.line"

    _utility_open_amount = models.Index(
        "(amount_residual, company_id) "
        "WHERE utility_account_id IS NOT NULL AND reconciled IS NOT TRUE AND amount_residual > 0"
    )
