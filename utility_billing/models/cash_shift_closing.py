from odoo import fields, models
from odoo.exceptions import UserError


class CashShift(models.Model):
    _inherit = "utility.cash.shift"

    def _begin_closing(self):
        """From now on no money is taken; the drawer is counted."""
        self.ensure_one()
        if self.state == "open":
            self.state = "closing"

    def _go_on(self):
        """Back from counting."""
        self.ensure_one()
        if self.state == "closing":
            self.state = "open"

    def _close(self, count, to_bank=0.0, note=""):
        """Close the shift with what was counted.

        :param count: {note or coin: how many}
        :param to_bank: how much of it is handed to the bank
        :raise UserError: a count that cannot be
        """
        self.ensure_one()
        if self.state != "closing":
            raise UserError(self.env._("Begin to count first: until then money may be taken."))
        counted = self._sum_of_count(count)
        to_bank = self.currency_id.round(to_bank)
        if to_bank < 0 or self.currency_id.compare_amounts(to_bank, counted) > 0:
            raise UserError(
                self.env._(
                    "%(counted).2f was counted: no more than that can be handed to the bank.",
                    counted=counted,
                )
            )
        difference = self.currency_id.round(counted - self.expected)
        self._book_rounding()
        self._book_difference(difference, self.env._("Difference at the close"))
        self.write(
            {
                "counted": counted,
                "count": count,
                "difference": difference,
                "left": self.currency_id.round(counted - to_bank),
                "note": note,
            }
        )
        if to_bank:
            self._move_cash("bank", to_bank, "", at_close=True)
        self.write({"state": "closed", "closed_at": fields.Datetime.now()})
        (self.cash_batch_id | self.card_batch_id)._settle()
        self.report = self._report_content()

    def _sum_of_count(self, count):
        """:raise UserError: no note or coin of the desk, or less than none of it"""
        known = self.desk_id._denominations()
        total = 0.0
        for value, number in count.items():
            try:
                value, number = float(value), int(number)
            except (TypeError, ValueError):
                value, number = 0.0, 0
            if value not in known or not 0 <= number < 10**6:
                raise UserError(
                    self.env._("Say of each note and coin how many there are, in whole numbers.")
                )
            total += value * number
        return self.currency_id.round(total)

    def _move_cash(self, kind, amount, reason, at_close=False):
        """Cash in or out of the drawer, booked at once.

        :raise UserError: there is not so much in it
        """
        self.ensure_one()
        amount = self.currency_id.round(amount)
        if amount <= 0:
            raise UserError(self.env._("Say how much: more than nothing."))
        if (
            kind != "in"
            and not at_close
            and self.currency_id.compare_amounts(amount, self.expected) > 0
        ):
            raise UserError(
                self.env._(
                    "The drawer holds %s: no more can be taken out.", self._money(self.expected)
                )
            )
        movement = self.env["utility.cash.movement"].create(
            {
                "shift_id": self.id,
                "kind": kind,
                "amount": amount,
                "reason": reason,
                "at_close": at_close,
            }
        )
        movement._book()
        return movement

    def _money(self, amount):
        return self.currency_id.format(amount)
