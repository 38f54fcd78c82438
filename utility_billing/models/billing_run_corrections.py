from collections import defaultdict
from decimal import Decimal

from odoo import models
from odoo.tools import SQL

ZERO = Decimal(0)


class BillingRun(models.Model):
    """Charges of some accounts of a posted run are taken back with their bills."""

    _inherit = "utility.billing.run"

    def _take_back(self, accounts):
        """Make the accounts' charges void, and what they claimed free.

        :raise UserError: later charges stand on them
        """
        self.ensure_one()
        self._refuse_if_corrected(accounts)
        documents = self._document_ids(accounts)
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE utility_charge SET state = 'cancelled', carried = FALSE "
                "WHERE run_id = %s AND account_id = ANY(%s) AND state IN ('approved', 'posted')",
                self.id,
                accounts.ids,
            )
        )
        self.env["utility.charge"].invalidate_model()
        self._release(accounts)
        self.env["utility.adjustment"]._unmark_charged(documents)
        months = {self._span()[0], *self._corrected_subsidies()}
        self._keep_uses(accounts.ids, sorted(months))

    def _sums_with_tax(self, charges):
        """{(account id, service id): (quantity of what was counted, amount with tax)}"""
        nets, quantities = defaultdict(lambda: ZERO), defaultdict(lambda: ZERO)
        for charge in charges:
            key = charge.account_id.id, charge.service_id.id
            tax_key = "" if charge.tax_included else charge.tax_key or ""
            nets[key, tax_key] += Decimal(str(charge.amount))
            if charge.kind == "consumption":
                quantities[key] += Decimal(str(charge.quantity))
        found = defaultdict(lambda: ZERO)
        for (key, tax_key), net in nets.items():
            found[key] += self._with_tax(net, tax_key)
        return {key: (quantities[key], amount) for key, amount in found.items()}

    def action_rebill(self):
        """Begin to cancel all bills of a posted run."""
        self.ensure_one()
        bills = self.move_ids.filtered(lambda move: not move.utility_cancelled_by_id)
        return self.env["utility.rebill"]._begin(bills)

    def _action_open_form(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": "utility.billing.run",
            "res_id": self.id,
            "view_mode": "form",
        }
