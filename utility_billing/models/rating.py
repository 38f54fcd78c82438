from collections import defaultdict
from decimal import Decimal

import psycopg2

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.utility_base.tools.failing import words_of
from odoo.addons.utility_base.tools.garbage import uncollected

from ..engine.facts import RatingError
from ..engine.rate import rate
from ..engine.tax_keys import tax_ids
from ..engine.terms import rounded
from .rating_facts import RatingFacts

HUNDRED = Decimal(100)


class Rating(models.AbstractModel):
    """From what the database knows to charges, without writing anything."""

    _inherit = "utility.rating"

    @api.model
    def _rate(self, due, plans=None, versions=None):
        """Rate supplies for the periods that are due.

        :param due: {(account id, point id): [`Due`, ...]}
        :param plans: {agreement id: plan id} to take instead of the agreements' own
        :param versions: {version id: version id} to take instead of what is in force
        :return: {(account id, point id, (first, last day)): list of `engine.facts.Charge`, or
            `RatingError` where something is missing}
        """
        if not due:
            return {}
        return self._rate_facts(RatingFacts(self.env, due, plans, versions))

    @api.model
    def _facts_moment(self):
        """Since when there may be facts that this transaction does not see: it sees what was
        committed before it began, and others may have recorded theirs before and commit them yet.
        """
        ((since,),) = self.env.execute_query(
            SQL(
                """
            SELECT clock_timestamp() - LEAST(transaction_timestamp(), min(xact_start))
            FROM pg_stat_activity WHERE datname = current_database()
            """
            )
        )
        return (fields.Datetime.now() - since).replace(microsecond=0)

    @api.model
    def _rate_facts(self, facts):
        with uncollected():
            return {
                (*key, entry.period): self._rate_one(facts, key, entry)
                for key, entries in facts.due.items()
                for entry in entries
            }

    def _rate_one(self, facts, key, entry):
        """Charges of a supply's period, or the error that keeps it, and nobody else, from being
        billed."""
        if key not in facts.supplies:
            return []
        try:
            return rate(facts.of(key, entry))
        except RatingError as error:
            return error
        except psycopg2.Error:
            # the transaction is broken
            raise
        except Exception as error:
            what = "account {}, service point {}".format(*key)
            return RatingError("internal", words=words_of(self.env, error, what))

    # -- taxes ------------------------------------------------------------------------------

    @api.model
    def _with_tax(self, net, tax_key, currency):
        """What a bill comes to with its taxes by per cent.

        :param tax_key: ids of the taxes, with commas
        """
        taxes = self.env["account.tax"].browse(tax_ids(tax_key))
        percent = sum(Decimal(str(tax.amount)) for tax in taxes if tax.amount_type == "percent")
        return rounded(net * (1 + percent / HUNDRED), Decimal(str(currency.rounding)))

    @api.model
    def _sum_with_tax(self, charges, currency):
        """What an engine's charges come to, whether their prices include taxes or not."""
        nets = defaultdict(Decimal)
        for charge in charges:
            nets["" if charge.tax_included else charge.taxes] += charge.amount
        return sum((self._with_tax(net, key, currency) for key, net in nets.items()), Decimal(0))
