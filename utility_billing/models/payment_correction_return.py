from decimal import Decimal

from odoo import models
from odoo.exceptions import UserError

from .payment_standing import cut


class PaymentCorrection(models.Model):
    """Returns: the bank took the money back, or it was entered in error."""

    _inherit = "utility.payment.correction"

    def _sources_return(self):
        standing = self.payment_id._standing()
        part = self.part_id
        if not part:
            return standing
        found = {
            line: amount
            for line, amount in self._of_account(standing).items()
            if line.utility_service_id == part.service_id
            and (not part.partner_id or line.partner_id == part.partner_id.commercial_partner_id)
        }
        return cut(found, self._part_amount())

    def _part_amount(self):
        """The part, in company currency."""
        payment = self.payment_id
        if payment.currency_id == self.company_id.currency_id:
            return Decimal(str(self.part_id.amount))
        lines = payment.sudo().move_id.line_ids.filtered(
            lambda line: line.utility_payment_id == payment
        )
        share = self.part_id.amount / payment.amount
        return Decimal(str(self.currency_id.round(-sum(lines.mapped("balance")) * share)))

    def _apply_return(self):
        payment = self.payment_id
        self._refuse_refunded()
        amounts = self._sources()
        if not amounts:
            raise UserError(
                self.env._("Nothing of %s stands in the ledger any more.", payment.display_name)
            )
        total = sum(amounts.values())
        if self.part_id and total != self._part_amount():
            raise UserError(
                self.env._(
                    "Of the part for account %(account)s only %(left).2f stands there: undo its "
                    "transfer first.",
                    account=self.part_id.account_id.number,
                    left=total,
                )
            )
        self.env["account.move.line"]._utility_free(amounts)
        taken = self._prepare_taken(amounts)
        collector = payment.collector_id
        clearing = self._prepare_counterpart(
            collector.clearing_account_id, collector.partner_id, taken
        )
        move = self._book([*taken, (clearing, [])])
        move.utility_payment_batch_id = payment.batch_id
        self.amount = float(total)
        values = {"reason": self.reason}
        if not payment._standing():
            values["state"] = "returned"
        payment.write(values)
        return move

    def _refuse_refunded(self):
        """:raise UserError: some of the payment was given back to the payer already"""
        refund = self.search(
            [
                ("kind", "=", "refund"),
                ("state", "=", "done"),
                ("move_id.line_ids.utility_payment_id", "=", self.payment_id.id),
            ],
            limit=1,
        )
        if refund:
            raise UserError(
                self.env._(
                    "%(payment)s was refunded in part: undo “%(refund)s” of %(amount).2f first.",
                    payment=self.payment_id.display_name,
                    refund=refund.display_name,
                    amount=refund.amount,
                )
            )
