from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..tools.workbook import workbook
from .turnover import COLUMNS


class AccountStatement(models.TransientModel):
    """What was owed under one account, was billed, corrected and paid in a period, and is owed at
    its end. Sums are those of the turnover balance, rows those of the ledger: both agree to the
    cent."""

    _name = "utility.account.statement"
    _description = "Account Statement"
    _inherit = ["utility.report.file.mixin", "utility.statement.mixin"]
    # anybody who reads may ask; nothing of it stays
    _is_question = True

    account_id = fields.Many2one("utility.account", required=True)
    company_id = fields.Many2one(related="account_id.company_id")
    currency_id = fields.Many2one(related="company_id.currency_id")
    date_from = fields.Date(
        "From",
        required=True,
        default=lambda self: fields.Date.start_of(fields.Date.context_today(self), "year"),
    )
    date_to = fields.Date("To", required=True, default=fields.Date.context_today)
    by_service = fields.Boolean(help="Sums for each service besides, as far as they are known.")
    opening = fields.Monetary("Owed at the Start", compute="_compute_sums")
    charged = fields.Monetary("Billed", compute="_compute_sums")
    recalculated = fields.Monetary("Corrections", compute="_compute_sums")
    funds = fields.Monetary("Paid by Funds", compute="_compute_sums")
    paid = fields.Monetary("Payments", compute="_compute_sums")
    other = fields.Monetary("Other Entries", compute="_compute_sums")
    closing = fields.Monetary("Owed at the End", compute="_compute_sums")

    @api.depends("account_id", "date_from", "date_to")
    def _compute_sums(self):
        for statement in self:
            lines = statement._turnover(by_service=False).line_ids
            for name in COLUMNS:
                statement[name] = sum(lines.mapped(name))

    @api.constrains("date_from", "date_to")
    def _check_dates(self):
        for statement in self:
            if statement.date_to < statement.date_from:
                raise ValidationError(
                    self.env._("The last day of the statement may not come before the first one.")
                )

    def _turnover(self, by_service):
        """The turnover balance of the account alone, summed up."""
        turnover = self.env["utility.turnover"]
        first, last, account = self.date_from, self.date_to, self.account_id._origin
        if not account or not first or not last or last < first:
            return turnover
        turnover = turnover.create(
            {
                "company_id": account.company_id.id,
                "date_from": first,
                "date_to": last,
                "account_ids": account.ids,
                "by_service": by_service,
            }
        )
        turnover._sum_up()
        return turnover

    def _services(self):
        """Rows of sums by service, what is not allocated last."""
        return self._turnover(by_service=True).line_ids.sorted(lambda line: line._order_key())

    # -- the ledger -------------------------------------------------------------------------

    def _entries(self):
        """What was billed and paid, in the order of days.

        :return: [{date, name, what, debit, credit, balance}], in the company's currency
        """
        self.account_id.check_access("read")
        domain = (
            Domain("utility_account_id", "=", self.account_id.id)
            & Domain("parent_state", "=", "posted")
            & Domain("account_id.account_type", "=", "asset_receivable")
            & Domain("date", ">=", self.date_from)
            & Domain("date", "<=", self.date_to)
        )
        sums = defaultdict(float)
        # who may read an account may know what is owed under it
        for line in self.env["account.move.line"].sudo().search(domain, order="date, move_id, id"):
            sums[line.move_id, line.utility_payment_id] += line.balance
        rows, balance = [], self.opening
        for (move, payment), amount in self._in_order(sums):
            balance += amount
            rows.append(
                {
                    "date": move.date,
                    "name": move.name or "",
                    "what": self._what(move, payment.collector_id),
                    "debit": max(amount, 0.0),
                    "credit": max(-amount, 0.0),
                    "balance": self.currency_id.round(balance),
                }
            )
        return rows

    def _what(self, move, collector):
        if not collector and (move.reversed_entry_id or move.utility_bill_kind == "correction"):
            return self.env._("Correction")
        if not collector and move.move_type == "out_refund":
            return self.env._("Credit note")
        return super()._what(move, collector)

    # -- as people see it -------------------------------------------------------------------

    def _summary(self):
        """[(label, amount)] from what was owed to what is owed, without what is nothing."""
        labels = self.fields_get(COLUMNS, ["string"])
        return [
            (labels[name]["string"], -self[name] if name in ("funds", "paid") else self[name])
            for name in COLUMNS
            if name in ("opening", "closing") or not self.currency_id.is_zero(self[name])
        ]

    def action_print(self):
        self.ensure_one()
        return self.env.ref("utility_billing.account_statement_report").report_action(
            self, config=False
        )

    def _workbook(self):
        columns, rows = self._service_table() if self.by_service else self._entry_table()
        period = f"{self._day(self.date_from)} – {self._day(self.date_to)}"
        owed = " · ".join(f"{label}: {self._money(amount)}" for label, amount in self._summary())
        content = workbook(
            self.env._("Account Statement"),
            [f"{self.account_id.number} · {self.account_id.partner_id.name or ''}", period, owed],
            columns,
            rows,
            total=self.env._("Total"),
        )
        number = self.account_id.number.replace("/", "-")
        return f"statement-{number}-{self.date_from}-{self.date_to}.xlsx", content

    def _entry_table(self):
        columns = [
            (self.env._("Date"), "day", False),
            (self.env._("Document"), "text", False),
            (self.env._("What"), "text", False),
            (self.env._("Billed"), "money", True),
            (self.env._("Paid"), "money", True),
            (self.env._("Owed"), "money", False),
        ]
        return columns, [
            (row["date"], row["name"], row["what"], row["debit"], row["credit"], row["balance"])
            for row in self._entries()
        ]

    def _service_table(self):
        labels = self.fields_get(COLUMNS, ["string"])
        columns = [
            (self.env._("Service"), "text", False),
            *((labels[name]["string"], "money", True) for name in COLUMNS),
        ]
        return columns, [
            (line.service_name, *(line[name] for name in COLUMNS)) for line in self._services()
        ]
