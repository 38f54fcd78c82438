from odoo import models

from .covering import Covering, Money


class Payment(models.Model):
    """What is open of a payment covers what is owed."""

    _inherit = "utility.payment"

    def _money(self, line, amount, covering):
        """A ledger line of the payment as a sum to be placed.

        :param amount: Decimal in company currency
        """
        service = line.utility_service_id
        return Money(
            line.id,
            line.utility_account_id.id,
            line.partner_id.id,
            amount,
            line.account_id.id,
            named=covering.lines_of_bill(self.bill_id.id),
            service_ids=frozenset(service.ids) if service else None,
        )

    def _cover_open(self, lines, day):
        """Let what is open of lines of given money cover by the policy of a day."""
        company = self.company_id
        money = lines._utility_open()
        covering = Covering(self.env, company, lines.utility_account_id.ids, day)
        pairs = [
            (owed.id, line.id, part)
            for line, amount in money.items()
            for owed, part in covering.cover(self._money(line, amount, covering))
        ]
        self.env["utility.reconciling"]._reconcile(company, pairs)
