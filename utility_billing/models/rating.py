import gc
from contextlib import contextmanager

from odoo import api, models

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
    def _rate_facts(self, facts):
        found = {}
        with _uncollected():
            for key, entries in facts.due.items():
                for entry in entries:
                    try:
                        known = key in facts.supplies
                        found[(*key, entry.period)] = rate(facts.of(key, entry)) if known else []
                    except RatingError as error:
                        found[(*key, entry.period)] = error
        return found


@contextmanager
def _uncollected():
    """Nearly all that rating makes is kept: to look through it again and again for garbage takes a
    fifth of its time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
