from odoo import fields, models


class AccountBankStatement(models.Model):
    _inherit = "account.bank.statement"

    utility_import_batch_id = fields.Many2one(
        "utility.import.batch", "Import", index="btree_not_null", readonly=True, copy=False
    )
