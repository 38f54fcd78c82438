"""The report of a shift, kept as it was at the close."""

from odoo import models
from odoo.tools import format_datetime


class CashShift(models.Model):
    _inherit = "utility.cash.shift"

    def _report_content(self):
        """Blocks of `engine.drawing.strip`: what it was at the close, or as it stands now."""
        self.ensure_one()
        if self.report:
            return self.report
        return [
            *self.desk_id._head_words(),
            ["title", self._report_title()],
            *self._report_facts(),
            ["rule"],
            *self._report_taken(),
            ["rule"],
            *self._report_drawer(),
            *self._report_count(),
            *self._report_services(),
            *self._report_voids(),
            *([["gap"], ["text", self.note]] if self.note else []),
            ["gap"],
            ["gap"],
            ["pair", self.env._("Cashier's signature"), "____________________", "small"],
        ]

    def _report_title(self):
        if self.state == "closed":
            return self.env._("Report of the Shift (Z)")
        return self.env._("Report So Far (X)")

    def _report_facts(self):
        facts = [
            (self.env._("Cash desk"), self.desk_id.name),
            (self.env._("Cashier"), self.user_id.name),
            (self.env._("Shift opened"), self._at(self.opened_at)),
        ]
        if self.closed_at:
            facts.append((self.env._("Closed"), self._at(self.closed_at)))
        numbers = self.payment_ids.sorted("receipt_number").mapped("receipt_name")
        if numbers:
            facts.append((self.env._("Receipts"), f"{numbers[0]} – {numbers[-1]}"))
        facts.append((self.env._("Number of receipts"), str(self.receipt_count)))
        return [["pair", *fact] for fact in facts]

    def _report_taken(self):
        return [
            ["pair", self.env._("Taken in cash"), self._money(self.cash)],
            ["pair", self.env._("Taken by card"), self._money(self.card)],
            ["total", self.env._("Taken"), self._money(self.cash + self.card)],
        ]

    def _report_drawer(self):
        rows = [
            (self.env._("In the drawer at first"), self.opening_float),
            (self.env._("Taken in cash"), self.cash),
            (self.env._("Rounding of cash"), self.rounded),
            (self.env._("Change brought"), self.brought),
            (self.env._("Paid out"), -self.paid_out),
            (self.env._("Handed to the bank"), -self.handed),
        ]
        blocks = [["pair", name, self._money(amount)] for name, amount in rows if amount]
        blocks.append(["pair", self.env._("Should be there"), self._money(self.expected), "bold"])
        if self.state != "closed":
            return blocks
        blocks += [
            ["pair", self.env._("Counted in the drawer"), self._money(self.counted), "bold"],
            ["pair", self._difference_words(), self._money(self.difference), "bold"],
        ]
        at_close = sum(self.movement_ids.filtered("at_close").mapped("amount"))
        if at_close:
            blocks.append(["pair", self.env._("Then handed to the bank"), self._money(at_close)])
        return [*blocks, ["pair", self.env._("Left in the drawer"), self._money(self.left)]]

    def _difference_words(self):
        if self.difference > 0:
            return self.env._("Over")
        return self.env._("Short") if self.difference < 0 else self.env._("Difference")

    def _report_count(self):
        counted = [
            (float(value), int(number)) for value, number in (self.count or {}).items() if number
        ]
        if not counted:
            return []
        return [
            ["rule"],
            ["text", self.env._("Counted in the drawer"), "bold"],
            *(
                ["pair", f"{number} × {self._money(value)}", self._money(value * number), "small"]
                for value, number in sorted(counted, reverse=True)
            ),
        ]

    def _report_services(self):
        self.env.flush_all()
        rows = self.env["utility.payment.allocation"]._read_group(
            [
                ("payment_id.shift_id", "=", self.id),
                ("payment_id.is_void", "=", False),
                ("amount", ">", 0),
            ],
            ["service_id"],
            ["amount:sum"],
        )
        blocks = [
            ["pair", service.name or self.env._("Owed before"), self._money(amount), "small"]
            for service, amount in rows
        ]
        rest = self.currency_id.round(
            self.cash + self.card - sum(amount for _service, amount in rows)
        )
        if rest > 0:
            blocks.append(["pair", self.env._("In advance"), self._money(rest), "small"])
        if not blocks:
            return []
        return [["rule"], ["text", self.env._("By service"), "bold"], *blocks]

    def _report_voids(self):
        voids = self.payment_ids.filtered("is_void").sorted("receipt_number")
        if not voids:
            return []
        return [
            ["rule"],
            ["text", self.env._("Voided receipts"), "bold"],
            *(
                [
                    "pair",
                    f"{receipt.receipt_name}: {receipt.reason or ''}",
                    self._money(receipt.amount),
                    "small",
                ]
                for receipt in voids
            ),
        ]

    def _at(self, moment):
        return format_datetime(self.env, moment, dt_format="short")
