from decimal import Decimal

from odoo import fields, models
from odoo.exceptions import UserError

from .payment_standing import cut


class PaymentCorrection(models.Model):
    """Refunds: what is left over goes back to the payer."""

    _inherit = "utility.payment.correction"

    collector_id = fields.Many2one(
        "utility.payment.collector",
        "Paid out by",
        check_company=True,
        ondelete="restrict",
        help="Who pays it out: the cash desk, or the collector who took it. Empty: it becomes "
        "payable to the payer, and the accountant pays it from the bank.",
    )

    def _sources_refund(self):
        """What is left over, the oldest first: of the payment, or of all that the account has."""
        payment = self.payment_id
        lines = payment.sudo().line_ids if payment else self._given()
        return {
            line: Decimal(str(-line.amount_residual))
            for line in lines.sorted(lambda line: (line.date, line.id))
            if line.utility_account_id == self.account_id and line.amount_residual < 0
        }

    def _apply_refund(self):
        sources = self._sources()
        if not 0 < self._wanted() <= sum(sources.values()):
            raise UserError(
                self.env._(
                    "Account %(account)s has %(available).2f left over: refund an amount up to "
                    "that.",
                    account=self.account_id.number,
                    available=sum(sources.values()),
                )
            )
        amounts = cut(sources, self._wanted())
        payers = {line.partner_id for line in amounts}
        if len(payers) > 1:
            raise UserError(
                self.env._(
                    "What is left over belongs to several payers: %s. Refund the payments one by "
                    "one.",
                    ", ".join(payer.display_name for payer in payers),
                )
            )
        taken = self._prepare_taken(amounts)
        owed = self._prepare_counterpart(self._refund_account(*payers), *payers, taken)
        return self._book([*taken, (owed, [])])

    def _refund_account(self, payer):
        if self.collector_id:
            return self.collector_id.clearing_account_id
        account = (
            self.company_id.utility_refund_account_id
            or payer.with_company(self.company_id).property_account_payable_id
        )
        if not account:
            raise UserError(
                self.env._(
                    "%s has no payable account: choose the account of refunds in the settings, or "
                    "who pays the money out.",
                    payer.display_name,
                )
            )
        return account
