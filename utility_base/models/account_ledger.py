"""What is owed under an account, from Odoo's ledger."""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .account import READERS

ACCOUNTANTS = "account.group_account_readonly,account.group_account_invoice"


class Account(models.Model):
    _inherit = "utility.account"

    move_line_ids = fields.One2many(
        "account.move.line", "utility_account_id", "Ledger Lines", groups=ACCOUNTANTS
    )
    balance = fields.Monetary(
        compute="_compute_balance",
        groups=READERS,
        help="Owed today by the account's payers; negative: overpaid.",
    )
    payer_balance = fields.Monetary(
        "Owed by Today's Payer",
        compute="_compute_balance",
        groups=READERS,
        help="The part of the balance that today's payer owes.",
    )

    @api.depends_context("balance_date")
    def _compute_balance(self):
        day = fields.Date.to_date(self.env.context.get("balance_date"))
        balances = self._balances_by_payer(day)
        for account in self:
            # an account within a form that is not saved yet is a shadow of the real one
            by_payer = balances.get(account._origin.id, {})
            account.balance = sum(by_payer.values())
            # the ledger keeps what a contact owes under the company that it belongs to
            payer = account.sudo().partner_id._origin.commercial_partner_id
            account.payer_balance = by_payer.get(payer.id, 0.0)

    def _balances_by_payer(self, day=None):
        """What is owed under each account, from the ledger's receivable lines.

        :param day: accounting date up to which entries count; all of them when empty
        :return: {account id: {partner id: amount in company currency}}; amounts > 0 are owed
        """
        if not self.ids:
            return {}
        balances = {}
        for account_id, partner_id, amount in self._rows_on(day) if day else self._rows_now():
            balances.setdefault(account_id, {})[partner_id or False] = amount
        return balances

    def _rows_now(self):
        rows = (
            self.env["account.move.line"]
            .sudo()
            ._read_group(
                Domain("utility_account_id", "in", self.ids)
                & Domain("parent_state", "=", "posted")
                & Domain("account_id.account_type", "=", "asset_receivable")
                & Domain("reconciled", "!=", True)
                & Domain("amount_residual", "!=", 0),
                ["utility_account_id", "partner_id"],
                ["amount_residual:sum"],
            )
        )
        return [(account.id, partner.id, amount) for account, partner, amount in rows]

    def _rows_on(self, day):
        """What was open at the end of `day`: less what was reconciled by then, with whatever
        entry, so that the balance of a day stays what it was on that day."""
        self.env["account.move.line"].flush_model()
        self.env["account.partial.reconcile"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
            SELECT line.utility_account_id, line.partner_id, SUM(
                line.balance
                - COALESCE((SELECT SUM(amount) FROM account_partial_reconcile
                    WHERE debit_move_id = line.id AND max_date <= %(day)s), 0)
                + COALESCE((SELECT SUM(amount) FROM account_partial_reconcile
                    WHERE credit_move_id = line.id AND max_date <= %(day)s), 0))
            FROM account_move_line line
            JOIN account_account ledger ON ledger.id = line.account_id
                AND ledger.account_type = 'asset_receivable'
            WHERE line.utility_account_id IN %(accounts)s AND line.parent_state = 'posted'
                AND line.date <= %(day)s
            GROUP BY line.utility_account_id, line.partner_id
            """,
                day=day,
                accounts=tuple(self.ids),
            )
        )
        currencies = {account.id: account.currency_id for account in self}
        return [(account, who, currencies[account].round(amount)) for account, who, amount in rows]

    def balance_on(self, day=None):
        """What is owed under the account at the end of `day`, for other programs.

        :param day: accounting date, date or ISO text; today's open items when empty
        :return: amount in company currency, negative: overpaid
        :raise AccessError: the user may not read the account, or not see money
        """
        self.ensure_one()
        self.check_access("read")
        self._check_field_access(self._fields["balance"], "read")
        return sum(self._balances_by_payer(fields.Date.to_date(day)).get(self.id, {}).values())

    def action_open_ledger(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Ledger of %s", self.number),
            "res_model": "account.move.line",
            "view_mode": "list,form",
            "domain": [
                ("utility_account_id", "=", self.id),
                ("account_id.account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
            ],
        }
