"""Taking money: what the cashier's screen sends becomes a payment that is registered at once."""

import math

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

MOST = 10**9


class CashShift(models.Model):
    _inherit = "utility.cash.shift"

    def _take(self, key, lines, means="cash", given=None, card_ref=""):
        """Take money, once.

        :param key: made by the screen: what comes with a known key was taken already
        :param lines: [{"account_id", "partner_id": a former payer or nothing, "amount",
            "services": [{"service_id", "amount"}]}]
        :param means: cash or card
        :param given: what the payer handed over; empty: just the sum
        :param card_ref: number on the terminal's slip
        :return: (payment, whether it was taken before)
        :raise UserError: it cannot be taken; nothing was
        """
        self.ensure_one()
        self.desk_id._lock()
        known = self.env["utility.payment"].search([("receipt_key", "=", key)])
        if known:
            return known, True
        if self.state != "open":
            raise UserError(self.env._("The drawer is being counted: go back to take money."))
        parts = self._parts_of(lines)
        total = self.currency_id.round(sum(part["amount"] for part in parts))
        number = self.desk_id._next_receipt()
        payment = self.env["utility.payment"].create(
            {
                **self._prepare_receipt(key, means, total, given, parts),
                "bank_ref": card_ref or False,
                "receipt_number": number,
                "receipt_name": f"{self.desk_id.receipt_prefix or ''}{number}",
            }
        )
        self.env["utility.payment.registering"]._register_payments(payment)
        payment.receipt_content = payment._receipt_words()
        return payment, False

    def _prepare_receipt(self, key, means, total, given, parts):
        rounding = self.desk_id._rounding(means, total)
        due = self._due(total, rounding)
        given = self._given(means, due, given)
        accounts = {part["account_id"] for part in parts}
        is_whole = len(parts) == 1 and not parts[0]["service_id"]
        payer = parts[0]["partner_id"] if is_whole else False
        return {
            "batch_id": self._batch(means).id,
            "shift_id": self.id,
            "date": fields.Date.context_today(self),
            "amount": total,
            "currency_id": self.currency_id.id,
            "account_id": accounts.pop() if len(accounts) == 1 else False,
            "partner_id": payer,
            "part_ids": [] if is_whole else [Command.create(part) for part in parts],
            "state": "matched",
            "method": "hand",
            "score": 100,
            "receipt_key": key,
            "receipt_means": means,
            "receipt_at": fields.Datetime.now(),
            "given": given,
            "rounding": rounding,
            "change": self.currency_id.round(given - due),
        }

    def _due(self, total, rounding):
        """What is to be handed over for a sum.

        :raise UserError: it is less than the smallest coin
        """
        due = self.currency_id.round(total + rounding)
        if due <= 0:
            raise UserError(
                self.env._(
                    "%s is less than the smallest coin that is taken: take it by card, or together "
                    "with more.",
                    self._money(total),
                )
            )
        return due

    def _given(self, means, due, given):
        """:raise UserError: less than what is to be handed over"""
        if means == "card" or given in (None, False, ""):
            return due
        given = self._sum(given)
        if self.currency_id.compare_amounts(given, due) < 0:
            raise UserError(
                self.env._(
                    "%(given)s was given, %(total)s is to be taken: take less, or ask for more.",
                    given=self._money(given),
                    total=self._money(due),
                )
            )
        return given

    def _batch(self, means):
        """The list that the shift's payments of a kind stand in, made when first needed."""
        if means not in ("cash", "card"):
            raise UserError(self.env._("Choose cash or card."))
        name = f"{means}_batch_id"
        if not self[name]:
            desk = self.desk_id
            collector = desk.collector_id if means == "cash" else desk.card_collector_id
            if not collector:
                raise UserError(self.env._("%s takes no cards.", desk.name))
            self[name] = self.env["utility.payment.batch"].create(
                {
                    "collector_id": collector.id,
                    "company_id": self.company_id.id,
                    "date": fields.Date.context_today(self),
                    "name": f"{self.display_name}, {collector.name}",
                    "source": "desk",
                    "state": "review",
                }
            )
        return self[name]

    # -- what is taken for what -------------------------------------------------------------

    def _parts_of(self, lines):
        """Values of payment parts, checked.

        :raise UserError: nothing to take, or more by service than in all
        """
        if not lines:
            raise UserError(self.env._("Choose an account first."))
        accounts = self._accounts_of(lines)
        parts = []
        for line in lines:
            account = accounts[line["account_id"]]
            amount = self._sum(line.get("amount"))
            if amount <= 0:
                raise UserError(self.env._("Say how much is paid for account %s.", account.number))
            payer_id = self._former_payer(account, line.get("partner_id"))
            parts += [
                {**part, "partner_id": payer_id}
                for part in self._parts_of_line(account, amount, line.get("services") or [])
            ]
        return parts

    def _former_payer(self, account, partner_id):
        """:return: id of a former payer of the account who owes still, or False: today's
        :raise UserError: he owes nothing
        """
        if not partner_id:
            return False
        screen = self.env["utility.cash.screen"]
        former = screen._debtors(
            screen._open_rows(account), account.partner_id.commercial_partner_id
        )
        if partner_id not in former.ids:
            raise UserError(
                self.env._(
                    "That former payer owes nothing under account %s any more: load it again.",
                    account.number,
                )
            )
        return partner_id

    def _accounts_of(self, lines):
        """{id: account} of what came from a screen; each once for a payer.

        :raise UserError: an account twice, or of another company
        """
        # what the cashier may not see he takes no money for
        accounts = self.env["utility.account"].with_user(self.user_id)
        accounts = accounts.search(
            [
                ("id", "in", [line.get("account_id") for line in lines]),
                ("company_id", "=", self.company_id.id),
            ]
        )
        asked = {(line.get("account_id"), line.get("partner_id") or False) for line in lines}
        if len(asked) != len(lines) or {account_id for account_id, _payer in asked} != {
            *accounts.ids
        }:
            raise UserError(
                self.env._("An account stands here twice, or is none of this company's.")
            )
        return {account.id: account.sudo() for account in accounts}

    def _parts_of_line(self, account, amount, services):
        known = self.env["utility.service"].search(
            [
                ("id", "in", [row.get("service_id") for row in services]),
                ("company_id", "=", self.company_id.id),
            ]
        )
        parts, left = [], amount
        for row in services:
            part = self._sum(row.get("amount"))
            if part < 0 or row.get("service_id") not in known.ids:
                raise UserError(self.env._("Choose services, and sums that are not below zero."))
            if part:
                parts.append((row["service_id"], part))
                left = self.currency_id.round(left - part)
        if left < 0:
            raise UserError(
                self.env._(
                    "By service it is %(over)s more than is paid for account %(account)s.",
                    over=self._money(-left),
                    account=account.number,
                )
            )
        if left:
            parts.append((False, left))
        return [
            {"account_id": account.id, "service_id": service_id, "amount": part}
            for service_id, part in parts
        ]

    def _sum(self, value, currency=None):
        """A sum that came from a screen.

        :param currency: of the sum; empty: the shift's
        :raise UserError: it is none
        """
        currency = currency or self.currency_id
        try:
            amount = float(value)
        except (TypeError, ValueError):
            amount = math.nan
        if not math.isfinite(amount) or abs(amount) > MOST:
            raise UserError(self.env._("“%s” is no sum of money.", value))
        rounded = currency.round(amount)
        if abs(rounded - amount) > 1e-6:
            raise UserError(
                self.env._(
                    "%(value)s is no sum of money: the smallest is %(coin)s.",
                    value=value,
                    coin=currency.format(currency.rounding),
                )
            )
        return rounded
