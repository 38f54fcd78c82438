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
