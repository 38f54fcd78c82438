from collections import defaultdict
from decimal import Decimal

from odoo import models
from odoo.fields import Command

from .payment_standing import by_bill_and_service


class PaymentCorrection(models.Model):
    """Before and after, in rows that stay."""

    _inherit = "utility.payment.correction"

    def _covered(self):
        """What the money covers now, and what of it is left over.

        :return: {(account, what is owed or nothing, service): Decimal}
        """
        self.ensure_one()
        payment, lines = self.payment_id, self.env["account.move.line"]
        found = {
            (line.utility_account_id, line, service): amount
            for (line, service), amount in by_bill_and_service(payment.allocation_ids).items()
        }
        given = payment.line_ids if payment else self._given()
        over = defaultdict(Decimal)
        for line in given.filtered("utility_account_id"):
            over[line.utility_account_id] -= Decimal(str(line.amount_residual))
        for account, amount in over.items():
            found[account, lines, self.env["utility.service"]] = amount
        return found

    def _given(self):
        """All that is left over under the account, as ledger lines."""
        return self.account_id._open_receivables().filtered(
            lambda line: line.balance < 0 and line.company_id == self.company_id
        )

    def _keep_history(self, before):
        after = self._covered()
        # undoing a covering again needs all of what was; of others what changed says it
        whole = self.kind == "reallocation"
        rows = [(key, before.get(key, 0), after.get(key, 0)) for key in {**before, **after}]
        self.line_ids = [
            Command.clear(),
            *(
                Command.create(
                    {
                        "account_id": account.id,
                        "owed_id": owed.id,
                        "month": owed.move_id.utility_month or owed.date,
                        "service_id": service.id,
                        "before": float(was),
                        "after": float(now),
                    }
                )
                for (account, owed, service), was, now in rows
                if was != now or (whole and was)
            ),
        ]
