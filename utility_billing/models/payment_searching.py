from odoo import models
from odoo.tools import SQL

from ..engine.names import stems

# accounts that are looked at more closely, of each way to look
MOST_NEAR = 12
# accounts that may owe the same sum before it says nothing
MOST_SAME_SUM = 3
WORD_SIMILARITY = "0.55"


class Payment(models.Model):
    """Payments that name nothing: by the payer's name and address, and by the sum."""

    _inherit = "utility.payment"

    def _slice_searching(self, part):
        """The second look, at what the first has not placed.

        :return: values for the slice
        """
        self._search_near()
        return {}

    def _search_near(self):
        waiting = self.filtered(lambda payment: payment.state == "unmatched" and payment.amount > 0)
        if not waiting:
            return
        near = {}
        self.env.flush_all()
        for payment_id, account_id in (*waiting._near_by_name(), *waiting._near_by_sum()):
            near.setdefault(payment_id, set()).add(account_id)
        waiting.filtered(lambda payment: payment.id in near)._match(near)

    def _near_by_name(self):
        """[(payment id, account id)] of payers who are called and live alike.

        First by the beginnings of two of the words, which an index finds at once; then, where
        that finds nobody, by trigrams.
        """
        named = self.filtered("payer_name")
        found = named._near_by_stems()
        rest = named - self.browse(payment_id for payment_id, _account in found)
        return found + rest._near_by_trigrams()

    def _near_by_stems(self):
        patterns = []
        for payment in self:
            names, places = stems(payment.payer_name), stems(payment.payer_address)
            pairs = [names[:2]] if len(names) > 1 else []
            pairs += [[names[0], place] for place in places[:1] if names]
            patterns += [(payment.id, f"%{one}%", f"%{other}%") for one, other in pairs]
        if not patterns:
            return []
        searched = self._searched_text()
        return self.env.execute_query(
            SQL(
                """
            SELECT asked.id, account.id FROM unnest(%s, %s, %s) AS asked(id, one, other)
            CROSS JOIN LATERAL (
                SELECT id FROM utility_account
                WHERE %s ILIKE asked.one AND %s ILIKE asked.other
                AND company_id = %s AND active LIMIT %s
            ) account
            """,
                *map(list, zip(*patterns, strict=True)),
                searched,
                searched,
                self.company_id.id,
                MOST_NEAR,
            )
        )

    def _near_by_trigrams(self):
        if not self:
            return []
        searched = self._searched_text()
        self.env.cr.execute(
            SQL("SET LOCAL pg_trgm.word_similarity_threshold = %s", WORD_SIMILARITY)
        )
        return self.env.execute_query(
            SQL(
                """
            SELECT asked.id, account.id FROM unnest(%s, %s) AS asked(id, name)
            CROSS JOIN LATERAL (
                SELECT id FROM utility_account
                WHERE %s <%% %s AND company_id = %s AND active
                ORDER BY word_similarity(asked.name, %s) DESC, id LIMIT %s
            ) account
            """,
                self.ids,
                self.mapped("payer_name"),
                self.env.registry.unaccent(SQL("asked.name")),
                searched,
                self.company_id.id,
                searched,
                MOST_NEAR,
            )
        )

    def _searched_text(self):
        """An account's number, payer and address, as their trigram index has them."""
        return self.env.registry.unaccent(SQL("utility_account.search_text"))

    def _near_by_sum(self):
        """[(payment id, account id)] of accounts that owe just this sum on one bill, where they
        are few."""
        amounts = {}
        for payment in self:
            if payment.currency_id == payment.company_currency_id:
                amounts.setdefault(f"{payment.amount:.2f}", []).append(payment.id)
        rows = self.env.execute_query(
            SQL(
                """
            SELECT asked.amount, line.utility_account_id
            FROM unnest(%s) AS asked(amount) CROSS JOIN LATERAL (
                SELECT DISTINCT utility_account_id FROM (
                    SELECT utility_account_id FROM account_move_line
                    WHERE amount_residual = asked.amount::numeric AND amount_residual > 0
                    AND company_id = %s AND reconciled IS NOT TRUE
                    AND utility_account_id IS NOT NULL AND parent_state = 'posted' LIMIT %s
                ) owed
            ) line
            """,
                list(amounts),
                self.company_id.id,
                MOST_SAME_SUM * 3,
            )
        )
        by_amount = {}
        for amount, account_id in rows:
            by_amount.setdefault(amount, []).append(account_id)
        return [
            (payment_id, account_id)
            for amount, accounts in by_amount.items()
            if len(accounts) <= MOST_SAME_SUM
            for payment_id in amounts[amount]
            for account_id in accounts
        ]
