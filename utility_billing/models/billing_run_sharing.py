from odoo import models


class BillingRun(models.Model):
    """Buildings are shared before their flats are rated."""

    _inherit = "utility.billing.run"

    def _prepare_facts(self, accounts):
        done = super()._prepare_facts(accounts)
        first, last = self._span()
        runs = self.env["utility.allocation.run"]
        chosen = self.account_ids or self.premise_ids
        buildings = accounts.agreement_ids.service_point_id.premise_id if chosen else None
        due = runs._due(self.company_id, (first, last), buildings)
        if due:
            runs._allocate(due, first, last)
        return done
