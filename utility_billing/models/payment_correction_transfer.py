from collections import defaultdict
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError

from .covering import Covering, Money
from .payment_standing import cut


class PaymentCorrection(models.Model):
    """Transfers: money that was paid for the wrong account."""

    _inherit = "utility.payment.correction"

    target_ids = fields.One2many(
        "utility.payment.correction.target", "correction_id", "To Accounts", copy=True
    )

    @api.depends("target_ids.amount")
    def _compute_amount(self):
        done = super()._compute_amount()
        for correction in self.filtered(
            lambda correction: correction.kind == "transfer" and correction.state == "draft"
        ):
            correction.amount = sum(correction.target_ids.mapped("amount"))
        return done

    def _sources_transfer(self):
        return self._of_account(self.payment_id._standing())

    def _apply_transfer(self):
        self._refuse_bad_targets()
        sources = self._sources()
        if self._wanted() > sum(sources.values()):
            raise UserError(
                self.env._(
                    "Only %(available).2f of %(payment)s stands under account %(account)s: move "
                    "no more than that.",
                    available=sum(sources.values()),
                    payment=self.payment_id.display_name,
                    account=self.account_id.number,
                )
            )
        amounts = cut(sources, self._wanted())
        self.env["account.move.line"]._utility_free(amounts)
        covering = Covering(self.env, self.company_id, self.target_ids.account_id.ids, self.date)
        given = [
            line
            for target in self.target_ids
            for line in self._prepare_given(target, covering, next(iter(amounts)))
        ]
        return self._book([*self._prepare_taken(amounts), *given])

    def _refuse_bad_targets(self):
        if not self.target_ids:
            raise UserError(self.env._("Say to which account the money is moved."))
        for target in self.target_ids:
            if target.account_id == self.account_id and not target.partner_id:
                raise UserError(
                    self.env._(
                        "The money stands under account %s already: choose another one.",
                        target.account_id.number,
                    )
                )
            if not (target.partner_id or target.account_id.partner_id):
                raise UserError(
                    self.env._(
                        "Account %s has no payer; record who pays.", target.account_id.number
                    )
                )

    def _prepare_given(self, target, covering, like):
        """Lines that give a target its money, split by the ledger accounts of what it covers.

        :param like: a line that the money is taken from
        """
        payer = (target.partner_id or target.account_id.partner_id).with_company(self.company_id)
        payer = payer.commercial_partner_id
        amount = Decimal(str(target.amount))
        money = Money(
            0,
            target.account_id.id,
            payer.id,
            amount,
            service_ids=frozenset(target.service_id.ids) if target.service_id else None,
        )
        by_ledger = defaultdict(list)
        own = payer.property_account_receivable_id.id or like.account_id.id
        for line, part in covering.cover(money):
            by_ledger[line.ledger_id].append((line, part))
        sums = {ledger: sum(part for _l, part in found) for ledger, found in by_ledger.items()}
        sums[own] = sums.get(own, 0) + amount - sum(sums.values())
        lines = self.env["account.move.line"]
        return [
            (
                {
                    **self._prepare_opposite(like, part),
                    "balance": -float(part),
                    "amount_currency": like.currency_id.round(
                        float(part) * like.amount_currency / -like.balance
                    ),
                    "account_id": ledger,
                    "partner_id": payer.id,
                    "utility_account_id": target.account_id.id,
                    "utility_service_id": target.service_id.id,
                },
                [(lines.browse(line.id), covered) for line, covered in by_ledger[ledger]],
            )
            for ledger, part in sums.items()
            if part
        ]
