from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class CashShift(models.Model):
    _inherit = "utility.cash.shift"

    def _book(self, other, amount, name):
        """Post an entry of today.

        :param other: the ledger account on the other side of the drawer's
        :param amount: > 0 comes into the drawer
        :raise UserError: the day is locked in the ledger
        """
        collector = self.desk_id.collector_id
        journal = collector._journal()
        day = fields.Date.context_today(self)
        locks = self.company_id._get_violated_lock_dates(day, False, journal)
        if locks:
            raise UserError(
                self.env._(
                    "Today is locked in the ledger (%s): an accountant must open the period.",
                    self.env["res.company"]._format_lock_dates(locks),
                )
            )
        sides = ((collector.clearing_account_id, amount), (other, -amount))
        # the ledger is written for the cashier, who need not be an accountant
        move = (
            self.env["account.move"]
            .sudo()
            .create(
                {
                    "move_type": "entry",
                    "journal_id": journal.id,
                    "company_id": self.company_id.id,
                    "date": day,
                    "ref": f"{self.desk_id.name}: {name}",
                    "line_ids": [
                        Command.create({"name": name, "account_id": account.id, "balance": balance})
                        for account, balance in sides
                    ],
                }
            )
        )
        move._post(soft=False)
        return move

    def _book_difference(self, amount, name):
        """What the drawer holds more than it should, or less.

        :raise UserError: the desk has no account for it
        """
        amount = self.currency_id.round(amount)
        if self.currency_id.is_zero(amount):
            return
        other = self.desk_id.difference_account_id
        if not other:
            raise UserError(
                self.env._(
                    "The drawer differs by %(amount).2f from what should be there. Count again; if "
                    "it stays so, an accountant chooses the account “Over and Short” on the cash "
                    "desk %(desk)s.",
                    amount=amount,
                    desk=self.desk_id.name,
                )
            )
        self.difference_move_ids |= self._book(other, amount, name)

    def _book_rounding(self):
        """What payers gave more, or less, because the smallest coins are out of use.

        :raise UserError: the rounding has no account for it
        """
        if self.currency_id.is_zero(self.rounded):
            return
        # the ledger's set-up is the accountants'
        rounding = self.sudo().desk_id.cash_rounding_id.with_company(self.company_id)
        other = rounding.profit_account_id if self.rounded > 0 else rounding.loss_account_id
        if not other:
            raise UserError(
                self.env._(
                    "Rounding of cash came to %(amount)s: an accountant chooses the profit and "
                    "the loss account of the rounding of cash desk %(desk)s.",
                    amount=self._money(self.rounded),
                    desk=self.desk_id.name,
                )
            )
        move = self._book(other, self.rounded, self.env._("Rounding of cash"))
        self.difference_move_ids |= move
