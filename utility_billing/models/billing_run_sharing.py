from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL


class BillingRun(models.Model):
    """Buildings are shared before their flats are rated: the month, and what has changed of months
    before."""

    _inherit = "utility.billing.run"

    def _prepare_facts(self, accounts):
        """Calculate the usage that waits for it, and share the buildings of the accounts.

        Both are facts of their own: they stay when the run is thrown away, and are found again
        when what they rest on changes.
        """
        first, last = self._span()
        runs = self.env["utility.allocation.run"]
        chosen = self._is_part() or len(accounts) < self.account_count
        buildings = self._buildings_of(accounts) if chosen else None
        self._settle_usage(buildings)
        since = self._corrected_since() if self.with_corrections else first
        again = runs._share_again(self.company_id, since, last, buildings)
        due = runs._due(self.company_id, (first, last), buildings)
        done = again | due._shared_as_typed(last)
        due -= done.filtered(lambda run: run.date_end == last).assignment_id
        if due:
            runs._allocate(due, first, last)

    def _is_part(self):
        """Whether the run is about some places or accounts only."""
        return bool(self.account_ids or self.premise_ids)

    def _settle_usage(self, buildings):
        """What rests on facts that changed since is calculated again before it is billed.

        :param buildings: premises; None: all
        """
        domain = Domain("company_id", "=", self.company_id.id)
        if buildings is not None:
            domain &= Domain("service_point_id.premise_id", "child_of", buildings.ids)
        # marks follow from facts, nobody owns them
        points = self.env["utility.usage.stale"].sudo().search(domain).service_point_id
        if points:
            self.env["utility.usage.stale"]._settle(points)

    def _buildings_of(self, accounts):
        """Buildings in which the accounts take something."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
            SELECT DISTINCT COALESCE(premise.building_id, premise.id)
            FROM utility_service_agreement agreement
            JOIN utility_premise premise ON premise.id = agreement.premise_id
            WHERE agreement.account_id = ANY(%s) AND agreement.voided_at IS NULL
            """,
                accounts.ids,
            )
        )
        return self.env["utility.premise"].browse(row[0] for row in rows)
