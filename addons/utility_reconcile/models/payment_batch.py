from datetime import timedelta

from odoo import models
from odoo.exceptions import UserError

from ..engine.clearing import EARLIER, LATER


class PaymentBatch(models.Model):
    """A list looks for the bank's line that brought it."""

    _inherit = "utility.payment.batch"

    def _finish_registering(self):
        """A transfer may have come before the last payment was placed."""
        result = super()._finish_registering()
        if self.state == "done":
            self._look_at_the_bank()
        return result

    def action_look_at_bank(self):
        """Look among the bank's lines for the transfer."""
        self.ensure_one()
        self.check_access("write")
        if not self._look_at_the_bank():
            raise UserError(
                self.env._(
                    "No transfer of %(collector)s with the sum of this list has come yet: bring "
                    "the bank statement in, or choose the line on the bank's reconciliation "
                    "screen.",
                    collector=self.collector_id.name,
                )
            )
        return True

    def action_open_bank_lines(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "utility_reconcile.bank_statement_line_action_to_clear"
        )
        return {
            **action,
            "name": self.env._("Bank Lines of %s", self.name),
            "domain": [("id", "in", self._bank_lines().ids)],
            "context": {},
        }

    def _look_at_the_bank(self):
        """Clear by transfers that wait; whether any did."""
        # the ledger is written for the cashier, who need not be an accountant
        lines = self.env["account.bank.statement.line"].sudo().with_company(self.company_id)
        days = [*self.move_ids.sudo().mapped("date"), self.date]
        waiting = lines.search(
            [
                ("company_id", "=", self.company_id.id),
                ("is_reconciled", "=", False),
                ("utility_is_undone", "=", False),
                ("date", ">=", min(days) - timedelta(days=EARLIER)),
                ("date", "<=", max(days) + timedelta(days=LATER)),
            ],
            order="date, id",
        )._of_collectors()
        waiting = waiting.filtered(waiting._clears)
        if waiting:
            waiting._clear(True)
        return any(waiting.mapped("is_reconciled"))
