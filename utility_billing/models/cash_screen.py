from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_datetime

from .cash_desk import CASHIERS


class CashScreen(models.AbstractModel):
    """What the cashier's screen asks for and sends; it changes nothing but by these methods."""

    _name = "utility.cash.screen"
    _description = "Cashier's Screen"

    @api.model
    def start(self):
        """:return: {"desks": where the user may work, "shift": his open one or false, ...}"""
        self._refuse_others()
        shift = self.env["utility.cash.shift"]._mine()
        currency = self.env.company.currency_id
        return {
            "desks": [self._desk(desk) for desk in self._desks()],
            "shift": self._shift(shift) if shift else False,
            "currency": {"id": currency.id, "digits": currency.decimal_places},
        }

    @api.model
    def open_shift(self, desk_id, opening_float):
        """:param opening_float: what the drawer holds
        :return: the shift
        """
        self._refuse_others()
        desk = self._desks().filtered(lambda row: row.id == desk_id)
        if not desk:
            raise UserError(self.env._("You do not work at this cash desk."))
        amount = self.env["utility.cash.shift"]._sum(opening_float, desk.currency_id)
        return self._shift(self.env["utility.cash.shift"]._open(desk, amount))

    @api.model
    def take(self, key, lines, means="cash", given=None, card_ref=""):
        """Take money; see `utility.cash.shift._take`.

        :return: {"receipt", "shift", "repeated": it was taken before}
        """
        shift = self._my_shift()
        if not isinstance(key, str) or not 16 <= len(key) <= 64:
            raise UserError(self.env._("The screen is out of date: load the page again."))
        payment, repeated = shift._take(key, lines, means, given, (card_ref or "")[:64])
        if payment.shift_id.user_id != self.env.user:
            raise AccessError(self.env._("This receipt is another cashier's."))
        return {
            "receipt": self._receipt(payment),
            "shift": self._shift(shift),
            "repeated": repeated,
        }

    @api.model
    def void(self, payment_id, reason):
        """Take a receipt of the open shift back.

        :return: the shift
        """
        shift = self._my_shift()
        shift.desk_id._lock()
        payment = shift.payment_ids.filtered(lambda row: row.id == payment_id)
        if not payment:
            raise UserError(self.env._("This receipt is not of your open shift."))
        payment._void_receipt(reason)
        return self._shift(shift)

    @api.model
    def move_cash(self, kind, amount, reason=""):
        """Cash handed to the bank, paid out, or brought as change.

        :param kind: bank, out or in
        :return: the shift
        """
        shift = self._my_shift()
        if kind not in ("bank", "out", "in"):
            raise UserError(self.env._("Choose what is done with the cash."))
        shift.desk_id._lock()
        shift._move_cash(kind, shift._sum(amount), (reason or "").strip())
        return self._shift(shift)

    @api.model
    def begin_closing(self):
        shift = self._my_shift()
        shift.desk_id._lock()
        shift._begin_closing()
        return self._shift(shift)

    @api.model
    def go_on(self):
        shift = self._my_shift()
        shift._go_on()
        return self._shift(shift)

    @api.model
    def close(self, count, to_bank=0.0, note=""):
        """Close the user's shift.

        :param count: {note or coin: how many}
        :return: {"shift": the closed one, ...as `start`}
        """
        shift = self._my_shift()
        shift.desk_id._lock()
        shift._close(count, shift._sum(to_bank or 0), (note or "").strip())
        return {**self.start(), "closed": self._shift(shift)}

    # -- who ----------------------------------------------------------------------------------

    def _refuse_others(self):
        if not self.env.user.has_group(CASHIERS):
            raise AccessError(self.env._("Only cashiers work at the cash desk."))

    def _desks(self):
        """Where the user may work."""
        desks = self.env["utility.cash.desk"].search([("company_id", "=", self.env.company.id)])
        # accounts and shifts behind a desk are the ledger's and other cashiers'
        return desks.sudo().filtered(lambda desk: desk._is_for(self.env.user))

    def _my_shift(self):
        """:raise UserError: the user has no shift that is open"""
        self._refuse_others()
        shift = self.env["utility.cash.shift"]._mine()
        if not shift:
            raise UserError(self.env._("Your shift is not open: open it first."))
        return shift

    # -- what the screen shows --------------------------------------------------------------

    def _desk(self, desk):
        shift = desk.shift_id
        last = desk.shift_ids.filtered(lambda row: row.state == "closed")[:1]
        return {
            "id": desk.id,
            "name": desk.name,
            "left": last.left,
            "had": bool(last),
            "taken_by": shift.user_id.name if shift else "",
            "opened": self._at(shift.opened_at) if shift else "",
        }

    def _shift(self, shift):
        desk = shift.desk_id
        receipts = shift.payment_ids.sorted("receipt_number", reverse=True)
        return {
            "id": shift.id,
            "state": shift.state,
            "desk": desk.name,
            "cashier": shift.user_id.name,
            "opened": self._at(shift.opened_at),
            "takes_cards": bool(desk.card_collector_id),
            "rounding": self._rounding(desk),
            "prints_at_once": desk.prints_at_once,
            "denominations": desk._denominations(),
            "receipts": [self._receipt(payment) for payment in receipts],
            "movements": [
                {
                    "id": row.id,
                    "kind": row.kind,
                    "amount": row.amount,
                    "reason": row.reason or "",
                }
                for row in shift.movement_ids
            ],
            **{
                name: shift[name]
                for name in (
                    "opening_float",
                    "cash",
                    "card",
                    "rounded",
                    "paid_out",
                    "brought",
                    "handed",
                    "expected",
                    "counted",
                    "difference",
                    "left",
                )
            },
        }

    def _rounding(self, desk):
        """How the screen is to round cash; false: not at all."""
        rounding = desk.cash_rounding_id
        if not rounding:
            return False
        return {"coin": rounding.rounding, "method": rounding.rounding_method}

    def _receipt(self, payment):
        accounts = payment.account_id | payment.part_ids.account_id
        return {
            "id": payment.id,
            "name": payment.receipt_name,
            "at": self._at(payment.receipt_at),
            "accounts": accounts.mapped("number"),
            "account_ids": accounts.ids,
            "payers": ", ".join(
                dict.fromkeys(
                    (payer or account.partner_id).name or ""
                    for account, payer, *_rest in payment._shares()
                )
            ),
            "amount": payment.amount,
            "means": payment.receipt_means,
            "given": payment.given,
            "rounding": payment.rounding,
            "change": payment.change,
            "is_void": payment.is_void,
            "reason": payment.reason or "" if payment.is_void else "",
        }

    def _at(self, moment):
        return format_datetime(self.env, moment, dt_format="short")
