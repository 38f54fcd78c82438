from odoo import api, fields, models


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    utility_account_id = fields.Many2one(
        "utility.account",
        ondelete="restrict",
        check_company=True,
        copy=True,
        help="Under which account the amount is owed. One entry may carry lines of many accounts.",
    )

    _utility_account_open = models.Index(
        "(utility_account_id, account_id, date_maturity) "
        "WHERE utility_account_id IS NOT NULL AND reconciled IS NOT TRUE AND amount_residual <> 0"
    )
    _utility_account_date = models.Index(
        "(utility_account_id, date) WHERE utility_account_id IS NOT NULL"
    )

    @api.model_create_multi
    def create(self, vals_list):
        """A line made within an invoice of one account starts under that account."""
        lines = super().create(vals_list)
        for line in lines:
            account = line.move_id.utility_account_id
            if account and not line.utility_account_id and line.move_id.is_invoice(True):
                line.utility_account_id = account
        return lines
