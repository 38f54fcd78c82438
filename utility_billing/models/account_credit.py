from types import SimpleNamespace

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .posting_facts import QUIET


class Account(models.Model):
    """What is left over under accounts: it covers what is owed, or is paid back."""

    _inherit = "utility.account"

    could_cover = fields.Monetary(
        "Left over, and Owed at Once",
        compute="_compute_could_cover",
        groups="utility_base.group_reader",
        help="What is left over under the account could cover so much of what is owed.",
    )

    def _compute_could_cover(self):
        for account in self:
            amounts = account._origin._open_receivables().mapped("amount_residual")
            given = -sum(amount for amount in amounts if amount < 0)
            account.could_cover = min(given, sum(amount for amount in amounts if amount > 0))

    def action_cover_by_credit(self):
        """Let what is left over cover what is owed now, by the policy in force today."""
        self.check_access("read")
        self.env["utility.payment"].check_access("write")
        covered = sum(
            accounts._cover_by_credit(company)
            for company, accounts in self.grouped("company_id").items()
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if covered else "info",
                "message": self.env._("%s amounts owed were covered.", covered)
                if covered
                else self.env._("Nothing is left over that the policy lets cover what is owed."),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _cover_by_credit(self, company):
        """:return: how many reconciliations that made"""
        # the ledger is written for the cashier, who need not be an accountant
        env = self.sudo().with_company(company).with_context(**QUIET).env
        facts = SimpleNamespace(
            env=env, company=company.with_env(env), date=fields.Date.context_today(self)
        )
        return env["utility.posting"]._cover_accounts_by_credit(facts, self.ids)

    @api.model
    def _closed_with_credit(self):
        """Closed accounts of the companies at hand whose payer has something left over."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
            SELECT account.id FROM utility_account account
            JOIN account_move_line line ON line.utility_account_id = account.id
            JOIN account_account ledger ON ledger.id = line.account_id
            WHERE account.date_close <= %s AND account.company_id = ANY(%s)
            AND line.parent_state = 'posted' AND line.reconciled IS NOT TRUE
            AND line.amount_residual <> 0 AND ledger.account_type = 'asset_receivable'
            GROUP BY account.id HAVING sum(line.amount_residual) < 0 ORDER BY account.id
            """,
                fields.Date.context_today(self),
                self.env.companies.ids,
            )
        )
        return self.search([("id", "in", [row[0] for row in rows])])

    @api.model
    def action_open_closed_with_credit(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Credits of Closed Accounts"),
            "res_model": "utility.account",
            "view_mode": "list,form",
            "views": [
                (self.env.ref("utility_billing.account_credit_view_list").id, "list"),
                (False, "form"),
            ],
            "domain": [("id", "in", self._closed_with_credit().ids)],
            "help": Markup("<p class='o_view_nocontent_smiling_face'>%s</p>")
            % self.env._("No closed account has anything left over"),
        }

    def action_propose_refunds(self):
        """A refund of what is left over for each account, to be looked at before it is applied."""
        corrections = self.env["utility.payment.correction"]
        waiting = corrections.search(
            [("kind", "=", "refund"), ("state", "=", "draft"), ("account_id", "in", self.ids)]
        )
        new = corrections.create(
            [
                {
                    "kind": "refund",
                    "account_id": account.id,
                    "reason": self.env._("The account has a credit"),
                }
                for account in self - waiting.account_id
            ]
        )
        if not any((new | waiting).mapped("available")):
            raise UserError(self.env._("Nothing is left over under the accounts."))
        return (new | waiting)._action_open(self.env._("Refunds"))
