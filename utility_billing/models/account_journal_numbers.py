from odoo import fields, models


class AccountJournal(models.Model):
    _inherit = "account.journal"

    utility_numbers = fields.Boolean(
        "Numbers by Ranges",
        copy=False,
        help="Numbers are handed out from a counter, in ranges for bills that are posted in bulk: "
        "workers need not wait for each other, and no number is lost.",
    )
