"""Moving an account's debt, and the account itself, from one payer to the next."""

from collections import defaultdict

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools.dates import day_before


class Account(models.Model):
    _inherit = "utility.account"

    def _transfer_debt(self, partner, day):
        """Post an entry that lets `partner` owe what others owe under the account.

        The former payers' open receivables are reconciled with it.
        :param day: accounting date and due date of the entry
        :return: the posted `account.move`, empty when nobody else owes anything
        :raise UserError: the company has no journal for it
        """
        self.ensure_one()
        lines = self._owed_by_others(partner)
        if not self._debts(lines):
            return self.env["account.move"]
        # the clerk who records a sale is no accountant; the entry is made for them
        move = (
            self.env["account.move"].sudo().create(self._prepare_transfer_vals(lines, partner, day))
        )
        move.action_post()
        for owed_before in move.line_ids.filtered(lambda line: line.partner_id != partner):
            same = lines.filtered(
                lambda line, taken=owed_before: (
                    line.partner_id == taken.partner_id and line.account_id == taken.account_id
                )
            )
            (same.sudo() | owed_before).reconcile()
        return move

    def _owed_by_others(self, partner):
        """Open receivable lines of the account's payers but `partner`."""
        return self._open_receivables().filtered(lambda line: line.partner_id != partner)

    def _open_receivables(self):
        return (
            self.env["account.move.line"]
            .sudo()
            .search(
                Domain("utility_account_id", "in", self.ids)
                & Domain("parent_state", "=", "posted")
                & Domain("account_id.account_type", "=", "asset_receivable")
                & Domain("reconciled", "!=", True)
                & Domain("amount_residual", "!=", 0)
            )
        )

    def _debts(self, lines):
        """{(debtor, receivable account): amount}, without those whose debt and credit are even."""
        amounts = defaultdict(float)
        for line in lines:
            amounts[line.partner_id, line.account_id] += line.amount_residual
        return {
            key: amount for key, amount in amounts.items() if not self.currency_id.is_zero(amount)
        }

    def _prepare_transfer_vals(self, lines, partner, day):
        name = self.env._("Debt of account %s goes over", self.number)
        entries = []
        for (debtor, ledger_account), amount in self._debts(lines).items():
            for who, balance in ((debtor, -amount), (partner, amount)):
                entries.append(
                    fields.Command.create(
                        {
                            "name": name,
                            "partner_id": who.id,
                            "account_id": ledger_account.id,
                            "balance": balance,
                            "date_maturity": day,
                            "utility_account_id": self.id,
                        }
                    )
                )
        return {
            "move_type": "entry",
            "journal_id": self._debt_transfer_journal().id,
            "company_id": self.company_id.id,
            "date": day,
            "ref": name,
            "utility_account_id": self.id,
            "line_ids": entries,
        }

    def _debt_transfer_journal(self):
        company = self.company_id
        journal = company.utility_debt_transfer_journal_id or self.env[
            "account.journal"
        ].sudo().search([("type", "=", "general"), ("company_id", "=", company.id)], limit=1)
        if not journal:
            raise UserError(
                self.env._(
                    "%s has no miscellaneous journal for debt transfers: choose one in Utilities › "
                    "Configuration › Settings.",
                    company.name,
                )
            )
        return journal

    def _replace_by_new(self, partner, day):
        """Close each account the day before `day` and open one for `partner` with its services.

        :return: the new accounts
        """
        opened = self.browse()
        for account in self:
            terms = account.agreement_ids.filtered(
                lambda row, day=day: not row.voided_at and (not row.date_end or row.date_end >= day)
            )
            values = [row._fact_values() for row in terms]
            account._close(day_before(day))
            new = account.copy(
                {
                    "partner_id": partner.id,
                    "date_open": day,
                    "delivery_email": False,
                    "delivery_partner_id": False,
                    "lang": False,
                }
            )
            terms.create(
                [
                    {**vals, "account_id": new.id, "date_start": max(day, vals["date_start"])}
                    for vals in values
                ]
            )
            opened |= new
        return opened
