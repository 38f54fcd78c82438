"""What stands on a receipt; kept, so that a copy says what the first print said."""

from odoo import models
from odoo.tools import format_datetime


class Payment(models.Model):
    _inherit = "utility.payment"

    def _receipt_words(self):
        """Blocks of `engine.drawing.strip`, in the language of the user."""
        self.ensure_one()
        return [
            *self.shift_id.desk_id._head_words(),
            ["title", self.env._("Receipt %s", self.receipt_name)],
            *self._receipt_facts(),
            ["rule"],
            *self._receipt_accounts(),
            *self._receipt_sums(),
            *self._receipt_foot(),
        ]

    def _receipt_as_printed(self):
        """What was kept; of a voided receipt it says so."""
        self.ensure_one()
        content = self.receipt_content or []
        if not self.is_void:
            return content
        return [
            ["title", self.env._("VOIDED")],
            ["centre", self.reason or ""],
            ["rule"],
            *content,
            ["gap"],
            ["pair", self.env._("Money returned, signature"), "____________________", "small"],
        ]

    def _receipt_facts(self):
        at = format_datetime(self.env, self.receipt_at, dt_format="short")
        return [
            ["pair", self.env._("Date"), at],
            ["pair", self.env._("Cash desk"), self.desk_id.name],
            ["pair", self.env._("Cashier"), self.shift_id.user_id.name],
        ]

    def _receipt_accounts(self):
        """Each account with the services that its money covers, and what remains."""
        blocks = []
        covered = self._covered_by_account()
        paid = {}
        for account, partner, _service, amount in self._shares():
            key = account, (partner or account.partner_id).commercial_partner_id
            paid[key] = paid.get(key, 0.0) + amount
        for (account, payer), amount in paid.items():
            blocks += [
                ["pair", self.env._("Account %s", account.number), self._shown(amount), "bold"],
                ["text", payer.name or ""],
                ["text", account.address or ""],
            ]
            rows = covered.get((account, payer), {})
            for name, part in rows.items():
                blocks.append(["pair", name, self._shown(part), "small"])
            credit = self.currency_id.round(amount - sum(rows.values()))
            if credit > 0:
                blocks.append(
                    [
                        "pair",
                        self.env._("In advance, for the next bill"),
                        self._shown(credit),
                        "small",
                    ]
                )
            balance = account.balance
            blocks.append(
                ["pair", self.env._("Still owed"), self._shown(max(balance, 0.0)), "small"]
                if balance >= 0
                else ["pair", self.env._("Credit of the account"), self._shown(-balance), "small"]
            )
            blocks.append(["rule"])
        return blocks

    def _covered_by_account(self):
        """{(account, payer): {service's name: amount}}"""
        self.env.flush_all()
        covered = {}
        for account, payer, service, amount in self.env["utility.payment.allocation"]._read_group(
            [("payment_id", "=", self.id), ("amount", ">", 0)],
            ["account_id", "partner_id", "service_id"],
            ["amount:sum"],
            order="service_id",
        ):
            name = service.name or self.env._("What was owed before")
            rows = covered.setdefault((account, payer), {})
            rows[name] = rows.get(name, 0.0) + amount
        return covered

    def _receipt_sums(self):
        blocks = [["total", self.env._("Paid"), self._shown(self.amount)]]
        if self.receipt_means == "card":
            slip = f"{self.env._('By card')} {self.bank_ref or ''}".strip()
            return [*blocks, ["pair", slip, self._shown(self.amount)]]
        if not self.currency_id.is_zero(self.rounding):
            due = self.amount + self.rounding
            blocks += [
                ["pair", self.env._("Rounding of cash"), self._shown(self.rounding), "small"],
                ["pair", self.env._("To pay in cash"), self._shown(due), "bold"],
            ]
        return [
            *blocks,
            ["pair", self.env._("Given in cash"), self._shown(self.given)],
            ["pair", self.env._("Change given"), self._shown(self.change)],
        ]

    def _receipt_foot(self):
        words = self.currency_id.with_env(self.env).amount_to_text(self.amount)
        note = self.desk_id.receipt_note
        return [
            ["gap"],
            ["text", self.env._("In words: %s", words)],
            *([["gap"], ["centre", note]] if note else []),
        ]

    def _shown(self, amount):
        return self.currency_id.format(amount)
