from odoo import models
from odoo.exceptions import UserError


class AccountBankStatementLine(models.Model):
    """A transfer clears what stands on its collector's clearing account."""

    _inherit = "account.bank.statement.line"

    def _do_auto_reconcile(self, reconcile_if_possible=True):
        """What ours finds is cleared, or proposed on the screen; the rest goes its usual way."""
        ours = self.filtered(lambda line: not line.is_reconciled)._of_collectors()
        ours = ours.filtered(ours._clears)
        found = self.browse()
        for company in ours.company_id:
            found |= ours.filtered(lambda line, company=company: line.company_id == company)._clear(
                reconcile_if_possible
            )
        return super(AccountBankStatementLine, self - found)._do_auto_reconcile(
            reconcile_if_possible
        )

    def _clear(self, reconcile):
        """Clear what is sure, propose what is not.

        :param reconcile: False: all is only proposed
        :return: the lines for which something was found
        """
        matches, senders = self.env["utility.clearing"]._find(self)
        for line in self.filtered(lambda line: senders.get(line.id)):
            # whose transfer it is, is a fact of the line, not a user's entry
            if line.utility_collector_id.id != senders[line.id] and line.id:
                line.sudo().utility_collector_id = senders[line.id]
        found = self.filtered(lambda line: line.id in matches)
        for line in found:
            match = matches[line.id]
            line._propose(match)
            if match.sure and reconcile and not line.utility_is_undone:
                line._bring(match)
        return found

    def _bring(self, match):
        """Reconcile with what the match says, commission booked before."""
        if match.fees:
            # the commission is an entry like those of the list, whoever brings the statement in
            lists = self.env["utility.payment.batch"].sudo().browse(match.fees)
            if not all(lists.collector_id.mapped("commission_account_id")):
                return
            for payments in lists:
                payments._book_commission()
            self._propose(match, lists._commission_moves())
        if any(row["kind"] == "suspense" for row in self.reconcile_data_info["data"]):
            return
        self.reconcile_bank_line()
        if match.payment:
            self.sudo().utility_bank_payment_id = match.payment

    def _propose(self, match, fees=None):
        """Put ledger lines beside the bank's, as if they had been chosen on the screen."""
        lines = self.env["account.move.line"].sudo().browse(match.lines)
        if fees:
            accounts = lines.account_id
            lines |= fees.line_ids.filtered(
                lambda line: line.account_id in accounts and not line.reconciled
            )
        data, auxiliary = [], 1
        for liquidity in self._seek_for_lines()[0]:
            auxiliary, rows = self._get_reconcile_line(
                liquidity, "liquidity", reconcile_auxiliary_id=auxiliary, move=True
            )
            data += rows
        for line in lines:
            auxiliary, rows = self._get_reconcile_line(
                line,
                "other",
                is_counterpart=True,
                max_amount=self.amount if match.payment else False,
                reconcile_auxiliary_id=auxiliary,
                move=True,
            )
            data += rows
        self.reconcile_data_info = self._recompute_suspense_line(
            data, auxiliary, self.manual_reference
        )

    def action_undo_reconciliation(self):
        """What was cleared is on its way again, and waits for a person."""
        result = super().action_undo_reconciliation()
        of_collectors = self.filtered("utility_collector_id")
        of_collectors.write({"utility_bank_payment_id": False, "utility_is_undone": True})
        return result

    def action_clear_collectors(self):
        """Look again for what the lines bring, and clear what is sure."""
        lines = self.filtered(lambda line: not line.is_reconciled)
        if not lines:
            raise UserError(self.env._("All the lines are reconciled: there is nothing to clear."))
        lines.utility_is_undone = False
        lines._do_auto_reconcile(True)
        return True
