from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL

from .covering import Money
from .covering_sketch import Told


class Posting(models.AbstractModel):
    """What an account has left over covers its next bill by itself."""

    _inherit = "utility.posting"

    @api.model
    def _cover_by_credit(self, facts, posted):
        """Let the credit of a batch's accounts cover what they owe, the oldest credit first, as
        far as the payment policy lets it."""
        self._cover_accounts_by_credit(facts, list({entry.bill.account_id for entry in posted}))

    def _cover_accounts_by_credit(self, facts, account_ids):
        """Let credit cover what accounts owe.

        :param facts: with `env`, `company` and the `date` whose policy counts
        :return: how many reconciliations that made
        """
        credits = self._credits(facts, account_ids)
        if not credits:
            return 0
        covering = Told(
            facts.env, facts.company, {money.account_id for money in credits}, facts.date
        )
        pairs = [
            (line.id, money.line_id, amount)
            for money in credits
            for line, amount in covering.cover(money)
        ]
        facts.env["utility.reconciling"]._reconcile(facts.company, pairs)
        # of a reconciliation nobody sees which services the policy lets credit cover
        limited = {money.line_id for money in credits if money.service_ids is not None}
        facts.env["utility.allocating"].sudo()._allocate_as_told(
            {key: rows for key, rows in covering.told.items() if key[1] in limited}
        )
        return len(pairs)

    def _credits(self, facts, account_ids):
        """[`Money`] that stands on the accounts, oldest first, locked."""
        policy = facts.env["utility.payment.policy"]._in_force(facts.company, facts.date)
        services = policy._credit_services()
        facts.env.flush_all()
        rows = facts.env.execute_query(
            SQL(
                """
            SELECT line.id, line.utility_account_id, COALESCE(line.partner_id, 0),
                   line.account_id, COALESCE(line.utility_service_id, 0),
                   (-line.amount_residual)::text
            FROM account_move_line line
            JOIN account_account ledger ON ledger.id = line.account_id
            WHERE line.utility_account_id = ANY(%s) AND line.company_id = %s
            AND line.parent_state = 'posted' AND line.reconciled IS NOT TRUE
            AND line.amount_residual < 0 AND ledger.account_type = 'asset_receivable'
            ORDER BY line.date, line.id FOR NO KEY UPDATE OF line
            """,
                account_ids,
                facts.company.id,
            )
        )
        return [
            Money(
                line_id,
                account_id,
                partner_id,
                Decimal(amount),
                ledger_id,
                service_ids=frozenset((service_id,)) if service_id else services,
            )
            for line_id, account_id, partner_id, ledger_id, service_id, amount in rows
        ]
