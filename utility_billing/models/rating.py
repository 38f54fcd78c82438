from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.utility_base.tools.garbage import uncollected

from ..engine.facts import RatingError
from ..engine.rate import rate
from .rating_facts import RatingFacts


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
        found = {}
        with uncollected():
            for key, entries in facts.due.items():
                for entry in entries:
                    try:
                        known = key in facts.supplies
                        found[(*key, entry.period)] = rate(facts.of(key, entry)) if known else []
                    except RatingError as error:
                        found[(*key, entry.period)] = error
        return found
