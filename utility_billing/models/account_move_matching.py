from odoo import models


class AccountMove(models.Model):
    """Bills are found by their number, as payers write it, and by their reference."""

    _inherit = "account.move"

    _utility_name_plain = models.Index(
        "(ltrim(upper(regexp_replace(name, '[^0-9A-Za-z]', '', 'g')), '0')) "
        "WHERE utility_account_id IS NOT NULL"
    )
    _utility_reference = models.Index("(payment_reference) WHERE utility_account_id IS NOT NULL")
