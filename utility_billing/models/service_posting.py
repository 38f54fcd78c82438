from odoo import fields, models


class Service(models.Model):
    _inherit = "utility.service"

    analytic_account_id = fields.Many2one(
        "account.analytic.account",
        check_company=True,
        help="Made by itself where the company's bills are analysed by service.",
    )

    def _ledger_account(self):
        """Where lines of the service are posted: revenue, or what is owed to its creditor."""
        self.ensure_one()
        if self.ownership == "agency":
            return self.liability_account_id
        product = self.product_id.with_company(self.company_id)
        return self.income_account_id or (
            product and product.product_tmpl_id.get_product_accounts()["income"]
        )
