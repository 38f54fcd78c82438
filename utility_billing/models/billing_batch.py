from odoo import fields, models
from odoo.fields import Domain

from odoo.addons.utility_base.tools.failing import PASSING, words_of


class BillingBatch(models.Model):
    """Some accounts of a run: locked, rated and kept in one transaction, or not at all."""

    _name = "utility.billing.batch"
    _description = "Batch of a Billing Run"
    _inherit = ["utility.billing.slice.mixin", "utility.run.slice.mixin"]
    _order = "run_id, first_id"

    run_id = fields.Many2one("utility.billing.run", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="run_id.company_id", store=True, precompute=True)
    first_id = fields.Integer("First Account", required=True)
    last_id = fields.Integer("Last Account", required=True)
    account_count = fields.Integer("Accounts", required=True)
    charge_count = fields.Integer("Charges")
    held_count = fields.Integer("Held Accounts")
    rated = fields.Json(help="Periods that were rated: what approval claims.")
    facts_at = fields.Datetime("Facts of", help="When the facts were read.")

    def _accounts(self):
        return self.env["utility.account"].search(
            self.run_id._domain_accounts()
            & Domain("id", ">=", self.first_id)
            & Domain("id", "<=", self.last_id),
            order="id",
        )

    def _calculate(self):
        self._rate_accounts(self._accounts())
        # a batch is the run's own; users only read it
        self.sudo().state = "done"

    def _rate_accounts(self, accounts):
        """Rate accounts; what fails is done again with half of them, until it is known for which
        accounts it fails: these are held, all others are rated."""
        try:
            with self.env.cr.savepoint():
                self.run_id._rate_accounts(accounts, self)
            return
        except PASSING:
            raise
        except Exception as error:
            failed = error
        if len(accounts) > 1:
            half = len(accounts) // 2
            self._rate_accounts(accounts[:half])
            self._rate_accounts(accounts[half:])
        else:
            self._hold(accounts, failed)

    def _hold(self, account, error):
        # problems are the run's own; users only read them
        self.env["utility.billing.problem"].sudo().create(
            {
                "run_id": self.run_id.id,
                "batch_id": self.id,
                "account_id": account.id,
                "code": "internal",
                "message": words_of(self.env, error, f"account {account.id}"),
            }
        )
        self.run_id._keep_rated(self, account, ({}, {}), ({}, {}), fields.Datetime.now())
