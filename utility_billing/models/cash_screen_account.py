"""Finding accounts for the cashier's screen, and what is owed under one."""

import re

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, format_date

from ..engine.references import compact
from .covering_items import Items

FOUND = 20
LAST_PAYMENTS = 5
# what is typed is shorter than what a QR code holds
CODE, LONGEST = 40, 600


class CashScreen(models.AbstractModel):
    _inherit = "utility.cash.screen"

    @api.model
    def find(self, text):
        """Accounts by number, name, address, or a code read from a bill.

        :return: {"accounts": [...], "account": what is owed under the one that was found, or
            false}
        """
        self._refuse_others()
        text = (text or "").strip()[:LONGEST]
        accounts = self._accounts_of_code(text) or self._accounts_of_words(text)
        return {
            "accounts": [self._brief(account) for account in accounts],
            "account": self._account(accounts) if len(accounts) == 1 else False,
        }

    @api.model
    def account(self, account_id, partner_id=None):
        """Payer, address, what is owed by service and by bill, last payments, credit.

        :param partner_id: a former payer who owes still; empty: today's
        """
        self._refuse_others()
        account = self.env["utility.account"].search(
            [("id", "=", account_id), ("company_id", "=", self.env.company.id)]
        )
        if not account:
            raise UserError(self.env._("There is no such account in this company."))
        return self._account(account, partner_id)

    # -- finding ----------------------------------------------------------------------------

    def _accounts_of_code(self, text):
        """The account whose number, or payment reference, stands in a code from a bill."""
        accounts = self.env["utility.account"]
        if " " in text and len(text) < CODE and not compact(text).startswith("RF"):
            return accounts
        words = {text, compact(text)}
        if len(text) >= CODE:
            words |= set(re.split(r"[\s|;,=&?/]+", text.upper()))
        words.discard("")
        found = accounts.search(
            [
                ("company_id", "=", self.env.company.id),
                ("number", "in", list(self._numbers_of(words))),
            ],
            limit=2,
        )
        return found if len(found) == 1 else self._account_of_bill(words)

    def _numbers_of(self, words):
        """What may be an account's number in the words of a code: themselves, or what a reference
        with check digits was made of."""
        found = set(words)
        scheme = self.env.company.utility_reference_scheme
        cut = {"rf": (4, 0), "kid10": (0, 1), "kid11": (0, 1), "qrr": (0, 1), "fi": (0, 1)}
        head, tail = cut.get(scheme, (0, 0))
        for word in words:
            bodies = [word[head : len(word) - tail]]
            if re.fullmatch(r"\w{3,}\d{10}", word):
                # the barcode of a bill ends with its amount
                bodies.append(word[:-10])
            for body in bodies:
                found |= {body, body.lstrip("0")} if len(body) >= 3 else set()
        found.discard("")
        return found

    def _account_of_bill(self, words):
        # bills are the accountants'; of them only whose they are is looked at
        bills = (
            self.env["account.move"]
            .sudo()
            .search(
                [
                    ("company_id", "=", self.env.company.id),
                    ("utility_account_id", "!=", False),
                    "|",
                    ("name", "in", list(words)),
                    ("payment_reference", "in", list(words)),
                ],
                limit=2,
            )
        )
        accounts = bills.utility_account_id
        if len(accounts) != 1:
            return self.env["utility.account"]
        return self.env["utility.account"].search([("id", "=", accounts.id)])

    def _accounts_of_words(self, text):
        if len(text) < 2:
            return self.env["utility.account"]
        accounts = self.env["utility.account"]
        domain = Domain("display_name", "ilike", text)
        return accounts.search(domain & Domain("company_id", "=", self.env.company.id), limit=FOUND)

    # -- one account ------------------------------------------------------------------------

    def _brief(self, account):
        return {
            "id": account.id,
            "number": account.number,
            "payer": account.partner_id.name or "",
            "address": account.address or "",
            "state": account.state,
            "balance": account.balance,
        }

    def _account(self, account, partner_id=None):
        # the ledger is the accountants'; what is owed the cashier must know
        ledger = account.sudo()
        rows = self._open_rows(ledger)
        today = ledger.partner_id.commercial_partner_id
        payer = self._debtors(rows, today).filtered(lambda one: one.id == partner_id) or today
        own = [row for row in rows if row["partner_id"] == payer.id]
        owed = [row for row in own if row["residual"] > 0]
        credit = -sum(row["residual"] for row in own if row["residual"] < 0)
        total = sum(row["residual"] for row in owed)
        round_ = ledger.currency_id.round
        return {
            **self._brief(account),
            "key": f"{account.id}-{payer.id}",
            "payer": payer.name or "",
            "partner_id": payer.id if payer != today else False,
            "billed_with": (
                {"id": ledger.bill_to_account_id.id, "number": ledger.bill_to_account_id.number}
                if ledger.bill_to_account_id
                else False
            ),
            "owed": round_(total),
            "credit": round_(credit),
            "to_pay": round_(max(total - credit, 0.0)),
            "others": [
                {
                    "id": other.id,
                    "name": other.name,
                    "owed": round_(self._owed_by(rows, other)),
                    "is_former": other != today,
                }
                for other in (self._debtors(rows, today) | today) - payer
            ],
            "services": self._services(owed),
            "bills": [self._bill(row) for row in owed],
            "payments": self._last_payments(ledger),
        }

    def _debtors(self, rows, today):
        """Former payers who owe something in all."""
        owing = {row["partner_id"] for row in rows} - {None}
        # whose debt it is the cashier must tell the payer
        people = self.env["res.partner"].sudo().browse(owing) - today
        return people.filtered(lambda one: self._owed_by(rows, one) > 0)

    def _owed_by(self, rows, partner):
        return sum(row["residual"] for row in rows if row["partner_id"] == partner.id)

    def _open_rows(self, account):
        """Open receivable lines of an account, oldest first."""
        self.env.flush_all()
        return self.env.execute_query_dict(
            SQL(
                """
            SELECT line.id, line.partner_id, line.date, line.date_maturity, line.balance::float,
                   CASE WHEN move.move_type IN ('out_invoice', 'out_refund') THEN move.name
                   ELSE COALESCE(line.name, move.name) END AS name,
                   line.amount_residual::float AS residual
            FROM account_move_line line
            JOIN account_move move ON move.id = line.move_id
            JOIN account_account ledger ON ledger.id = line.account_id
            WHERE line.utility_account_id = %s AND line.company_id = %s
            AND line.parent_state = 'posted' AND line.reconciled IS NOT TRUE
            AND line.amount_residual <> 0 AND ledger.account_type = 'asset_receivable'
            ORDER BY line.date, line.id
            """,
                account.id,
                account.company_id.id,
            )
        )

    def _services(self, owed):
        """[{id, name, owed}] of open lines, as they stand on the bills."""
        items = Items(self.env, [row["id"] for row in owed])
        sums = {}
        for row in owed:
            for item in items.of(row["id"]):
                sums[item.service_id] = sums.get(item.service_id, 0) + item.amount
        services = self.env["utility.service"].browse(key for key in sums if key)
        names = {service.id: service.name for service in services.sudo()}
        found = [
            {
                "id": key,
                "name": names.get(key) or self.env._("Owed from before"),
                "owed": float(amount),
            }
            for key, amount in sums.items()
        ]
        return sorted(found, key=lambda row: -row["owed"])

    def _bill(self, row):
        return {
            "id": row["id"],
            "name": row["name"] or "",
            "date": format_date(self.env, row["date"]),
            "due": format_date(self.env, row["date_maturity"]) if row["date_maturity"] else "",
            "total": row["balance"],
            "owed": row["residual"],
        }

    def _last_payments(self, account):
        payments = self.env["utility.payment"].sudo()
        parts = (
            self.env["utility.payment.part"]
            .sudo()
            .search(
                [("account_id", "=", account.id), ("payment_id.state", "=", "registered")],
                order="id desc",
                limit=4 * LAST_PAYMENTS,
            )
        )
        whole = payments.search(
            [
                ("account_id", "=", account.id),
                ("state", "=", "registered"),
            ],
            limit=LAST_PAYMENTS,
        )
        sums = {payment: payment.amount for payment in whole}
        for payment, found in parts.grouped("payment_id").items():
            sums[payment] = sum(found.mapped("amount"))
        latest = sorted(sums, key=lambda payment: (payment.date, payment.id), reverse=True)
        return [
            {
                "id": payment.id,
                "date": format_date(self.env, payment.date),
                "amount": sums[payment],
                "collector": payment.collector_id.name,
            }
            for payment in latest[:LAST_PAYMENTS]
        ]
