from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL


class Subsidy(models.Model):
    """Subsidies that replace each other share what there is: no amount is spent twice, whichever
    of their months is billed first, or again."""

    _inherit = "utility.subsidy"

    @api.model
    def _left_later(self, account_ids, first):
        """What months that were billed already leave for one before them.

        :param first: first day of that month
        :return: {first of a chain: the least that any month after has left}
        """
        self.env["utility.subsidy.use"].flush_model()
        return {
            first_id: max(Decimal(least), Decimal(0))
            for first_id, least in self.env.execute_query(
                SQL(
                    """
            WITH %s
            SELECT chain.first_id, trim_scale(min(use.carried + use.returned))::text
            FROM chain JOIN utility_subsidy_use use ON use.subsidy_id = chain.id
            WHERE use.month > %s AND NOT (chain.per = 'month' AND chain.over = 'return')
            GROUP BY chain.first_id
            """,
                    self._chains(account_ids),
                    first,
                )
            )
        }

    @api.model
    def _used_until(self, account_ids, first):
        """{first of a chain: what all months up to one used of it}"""
        self.env["utility.subsidy.use"].flush_model()
        return {
            first_id: Decimal(used)
            for first_id, used in self.env.execute_query(
                SQL(
                    """
            WITH %s
            SELECT chain.first_id, sum(use.used)::text
            FROM chain JOIN utility_subsidy_use use ON use.subsidy_id = chain.id
            WHERE use.month <= %s GROUP BY chain.first_id
            """,
                    self._chains(account_ids),
                    first,
                )
            )
        }

    @api.model
    def _leave_later(self, account_ids, first, more):
        """Months after one have more or less of what it and those before it left.

        :param more: {first of a chain: amount}
        """
        more = {first_id: amount for first_id, amount in more.items() if amount}
        if not more:
            return
        self.env["utility.subsidy.use"].flush_model()
        self.env.cr.execute(
            SQL(
                """
            WITH %(chains)s
            UPDATE utility_subsidy_use use
            SET available = use.available + more.amount,
                carried = use.carried + CASE WHEN %(kept)s THEN more.amount ELSE 0 END,
                returned = use.returned + CASE WHEN %(kept)s THEN 0 ELSE more.amount END
            FROM chain JOIN unnest(%(firsts)s::int[], %(amounts)s::numeric[]) more (id, amount)
                ON more.id = chain.first_id
            WHERE use.subsidy_id = chain.id AND use.month > %(first)s
            AND NOT (chain.per = 'month' AND chain.over = 'return')
            """,
                chains=self._chains(account_ids),
                kept=SQL(
                    "chain.over = 'carry' AND (chain.date_end IS NULL "
                    "OR chain.date_end >= use.month + interval '1 month')"
                ),
                firsts=list(more),
                amounts=list(more.values()),
                first=first,
            )
        )
        self.env["utility.subsidy.use"].invalidate_model()

    @api.model
    def _firsts(self, account_ids):
        """{subsidy id: first of its chain}: the one that it goes back to by what it replaces."""
        return dict(
            self.env.execute_query(
                SQL("WITH %s SELECT id, first_id FROM chain", self._chains(account_ids))
            )
        )

    @api.model
    def _chains(self, account_ids):
        """SQL of `chain`: subsidies of accounts, each with the first one of its chain."""
        self.flush_model()
        return SQL(
            """
            RECURSIVE chain (id, first_id, per, over, date_end) AS (
                SELECT id, id, per, over, date_end FROM utility_subsidy
                WHERE replaces_id IS NULL AND account_id = ANY(%s)
            UNION ALL
                SELECT subsidy.id, chain.first_id, subsidy.per, subsidy.over, subsidy.date_end
                FROM chain JOIN utility_subsidy subsidy ON subsidy.replaces_id = chain.id
            )
            """,
            list(account_ids),
        )
