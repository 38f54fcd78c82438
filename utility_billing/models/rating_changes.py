from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL

# kinds of facts: table, how its rows belong to a claim, and what voids or ends them
CHANGED = """
    (fact.recorded_at >= claim.facts_at OR fact.voided_at >= claim.facts_at
     OR fact.end_recorded_at >= claim.facts_at)
    AND fact.date_start <= claim.date_end
    AND (fact.date_end IS NULL OR fact.date_end >= claim.date_start
         OR fact.end_recorded_at >= claim.facts_at)
"""
# usage and shares of a building: replaced as a whole, never ended
REPLACED = """
    (fact.recorded_at >= claim.facts_at OR fact.voided_at >= claim.facts_at)
    AND fact.date_start <= claim.date_end AND fact.date_end >= claim.date_start
"""
PREMISES = """
    fact.premise_id IN (point.premise_id, premise.building_id)
    OR fact.premise_id IN (SELECT part.id FROM utility_premise part
                           WHERE part.parent_id = point.premise_id)
"""


class Rating(models.AbstractModel):
    """Which billed periods rest on facts that have changed since.

    Every fact says when it became known and when it was taken back: what became known after the
    facts of a claim were read, about days of the claim, makes its period to be rated again.
    """

    _inherit = "utility.rating"

    @api.model
    def _fact_sources(self):
        """Kinds of facts that charges rest on: {model: (SQL that joins `fact` rows to `claim`,
        `point` and `premise`, SQL of what is a change)}."""
        return {
            "utility.usage": ("fact.service_point_id = claim.service_point_id", REPLACED),
            "utility.allocation.share": (
                "fact.service_point_id = claim.service_point_id",
                """
                (run.recorded_at >= claim.facts_at OR fact.voided_at >= claim.facts_at)
                AND fact.date_start <= claim.date_end AND fact.date_end >= claim.date_start
                """,
            ),
            "utility.service.agreement": (
                "fact.account_id = claim.account_id "
                "AND fact.service_point_id = claim.service_point_id",
                CHANGED,
            ),
            "utility.account.payer": ("fact.account_id = claim.account_id", CHANGED),
            "utility.service.tax": ("fact.service_id = point.service_id", CHANGED),
            "utility.attribute.value": (
                "fact.service_point_id = claim.service_point_id "
                "OR fact.account_id = claim.account_id "
                "OR fact.premise_id IN (point.premise_id, premise.building_id)",
                CHANGED,
            ),
            "utility.occupancy": (
                f"(fact.is_resident OR fact.role = 'absent') AND ({PREMISES})",
                CHANGED,
            ),
            "utility.benefit": (
                "(fact.account_id = claim.account_id OR fact.premise_id = point.premise_id)",
                CHANGED,
            ),
            "utility.adjustment": (
                "fact.id IN (SELECT line.adjustment_id FROM utility_adjustment_line line "
                "WHERE line.account_id = claim.account_id "
                "AND line.service_point_id = claim.service_point_id)",
                """
                fact.kind IN ('absence', 'quality')
                AND (fact.approved_at >= claim.facts_at OR fact.cancelled_at >= claim.facts_at)
                AND COALESCE(fact.left_on, fact.begin_at) <= claim.date_end + 1
                AND COALESCE(fact.returned_on, fact.end_at) >= claim.date_start - 1
                """,
            ),
            "utility.norm.raising": ("fact.service_id = point.service_id", CHANGED),
            "utility.rate.version": (
                "fact.schedule_id IN (SELECT schedule.id FROM utility_rate_schedule schedule "
                "WHERE schedule.service_id = point.service_id "
                "AND (schedule.account_id IS NULL OR schedule.account_id = claim.account_id))",
                """
                (fact.approved_at >= claim.facts_at OR fact.voided_at >= claim.facts_at
                 OR fact.ended_at >= claim.facts_at)
                AND fact.date_start <= claim.date_end
                AND (fact.date_end IS NULL OR fact.date_end >= claim.date_start
                     OR fact.ended_at >= claim.facts_at)
                """,
            ),
        }

    @api.model
    def _changed(self, accounts, since=None, services=None):
        """Billed periods of the accounts whose facts have changed.

        :param since: first day of the periods that are looked at; None: all
        :return: {(account id, point id): {(first, last day): [(model, id of the fact), ...]}}
        """
        self.env.flush_all()
        found = defaultdict(lambda: defaultdict(list))
        for model, (joined, changed) in self._fact_sources().items():
            for account_id, point_id, start, end, ids in self._changed_by(
                model, SQL(joined), SQL(changed), accounts, since, services
            ):
                found[account_id, point_id][start, end] += [(model, fact_id) for fact_id in ids]
        return {key: dict(periods) for key, periods in found.items()}

    @api.model
    def _changed_by(self, model, joined, changed, accounts, since, services):
        run = SQL()
        if model == "utility.allocation.share":
            run = SQL("JOIN utility_allocation_run run ON run.id = fact.run_id")
        return self.env.execute_query(
            SQL(
                """
            SELECT claim.account_id, claim.service_point_id, claim.date_start, claim.date_end,
                   array_agg(DISTINCT fact.id)
            FROM utility_charge_claim claim
            JOIN utility_service_point point ON point.id = claim.service_point_id
            JOIN utility_premise premise ON premise.id = point.premise_id
            JOIN %(table)s fact ON (%(joined)s)
            %(run)s
            WHERE claim.released_at IS NULL AND claim.kind = 'supply'
            AND claim.account_id = ANY(%(accounts)s) AND %(since)s AND %(services)s
            AND %(changed)s
            GROUP BY claim.account_id, claim.service_point_id, claim.date_start, claim.date_end
            """,
                table=SQL.identifier(self.env[model]._table),
                joined=joined,
                run=run,
                changed=changed,
                accounts=accounts.ids,
                since=SQL("claim.date_end >= %s", since) if since else SQL("TRUE"),
                services=SQL("point.service_id = ANY(%s)", services.ids)
                if services
                else SQL("TRUE"),
            )
        )
