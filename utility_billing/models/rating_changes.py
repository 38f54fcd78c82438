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


def _of_premises(table, only):
    """Joins of facts of the premise, of its building and of its parts."""
    fact = f"JOIN {table} fact ON {only} AND fact.premise_id"
    return (
        f"{fact} = point.premise_id",
        f"{fact} = premise.building_id",
        f"JOIN utility_premise part ON part.parent_id = point.premise_id {fact} = part.id",
    )


class Rating(models.AbstractModel):
    """Which billed periods rest on facts that have changed since.

    Every fact says when it became known and when it was taken back: what became known after the
    facts of a claim were read, about days of the claim, makes its period to be rated again.
    """

    _inherit = "utility.rating"

    @api.model
    def _fact_sources(self):
        """Kinds of facts that charges rest on.

        A fact that may belong to a claim in several ways has a join for each: joined by one of
        several conditions, all facts would be held against all claims.

        :return: {model: (joins, SQL of what is a change)}; a join is SQL that goes from `claim`,
            `point` and `premise` to `fact`
        """
        by_point = "ON fact.service_point_id = claim.service_point_id"
        by_account = "ON fact.account_id = claim.account_id"
        by_service = "ON fact.service_id = point.service_id"
        values = "JOIN utility_attribute_value fact"
        return {
            "utility.usage": ((f"JOIN utility_usage fact {by_point}",), REPLACED),
            "utility.allocation.share": (
                (f"JOIN utility_allocation_share fact {by_point}",),
                REPLACED,
            ),
            "utility.service.agreement": (
                (
                    f"JOIN utility_service_agreement fact {by_point} "
                    "AND fact.account_id = claim.account_id",
                ),
                CHANGED,
            ),
            "utility.account.payer": ((f"JOIN utility_account_payer fact {by_account}",), CHANGED),
            "utility.service.tax": ((f"JOIN utility_service_tax fact {by_service}",), CHANGED),
            "utility.attribute.value": (
                (
                    f"{values} {by_point}",
                    f"{values} {by_account}",
                    f"{values} ON fact.premise_id = point.premise_id",
                    f"{values} ON fact.premise_id = premise.building_id",
                ),
                CHANGED,
            ),
            "utility.occupancy": (
                _of_premises(
                    "utility_occupancy", only="(fact.is_resident OR fact.role = 'absent')"
                ),
                CHANGED,
            ),
            "utility.benefit": (
                (
                    f"JOIN utility_benefit fact {by_account}",
                    "JOIN utility_benefit fact ON fact.premise_id = point.premise_id",
                ),
                CHANGED,
            ),
            "utility.adjustment": (
                (
                    f"JOIN utility_adjustment_line line {by_point.replace('fact', 'line')} "
                    "AND line.account_id = claim.account_id "
                    "JOIN utility_adjustment fact ON fact.id = line.adjustment_id",
                ),
                """
                fact.kind IN ('absence', 'quality')
                AND (fact.approved_at >= claim.facts_at OR fact.cancelled_at >= claim.facts_at)
                -- hours of poor quality reduce the charge of their whole month
                AND COALESCE(fact.left_on, fact.begin_at) <= claim.date_end + 32
                AND COALESCE(fact.returned_on, fact.end_at) >= claim.date_start - 32
                """,
            ),
            "utility.reading": (
                (
                    f"JOIN utility_reading fact {by_point} "
                    "JOIN utility_meter_register register ON register.id = fact.register_id "
                    "AND register.purpose = 'info' AND register.counting = 'amount'",
                ),
                # the highest demand of a year counts
                """
                (fact.recorded_at >= claim.facts_at OR fact.decided_at >= claim.facts_at
                 OR fact.voided_at >= claim.facts_at)
                AND fact.date BETWEEN claim.date_start - 397 AND claim.date_end
                """,
            ),
            "utility.norm.raising": ((f"JOIN utility_norm_raising fact {by_service}",), CHANGED),
            "utility.rate.version": (
                (
                    "JOIN utility_rate_schedule schedule "
                    "ON schedule.service_id = point.service_id "
                    "AND (schedule.account_id IS NULL OR schedule.account_id = claim.account_id) "
                    "JOIN utility_rate_version fact ON fact.schedule_id = schedule.id",
                ),
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
        for model, (joins, changed) in self._fact_sources().items():
            for account_id, point_id, start, end, ids in self.env.execute_query(
                self._changed_by(joins, changed, accounts, since, services)
            ):
                found[account_id, point_id][start, end] += [(model, fact_id) for fact_id in ids]
        return {key: dict(periods) for key, periods in found.items()}

    @api.model
    def _changed_by(self, joins, changed, accounts, since, services):
        """SQL of the billed periods that a kind of facts has changed, with the facts' ids."""
        found = [
            SQL(
                """
            SELECT claim.account_id, claim.service_point_id, claim.date_start, claim.date_end,
                   fact.id
            FROM utility_charge_claim claim
            JOIN utility_service_point point ON point.id = claim.service_point_id
            JOIN utility_premise premise ON premise.id = point.premise_id
            %(join)s
            WHERE claim.released_at IS NULL AND claim.kind = 'supply'
            AND claim.account_id = ANY(%(accounts)s) AND %(since)s AND %(services)s
            AND %(changed)s
            """,
                join=SQL(join),
                changed=SQL(changed),
                accounts=accounts.ids,
                since=SQL("claim.date_end >= %s", since) if since else SQL("TRUE"),
                services=SQL("point.service_id = ANY(%s)", services.ids)
                if services
                else SQL("TRUE"),
            )
            for join in joins
        ]
        return SQL(
            """
            SELECT account_id, service_point_id, date_start, date_end, array_agg(DISTINCT id)
            FROM (%s) found GROUP BY account_id, service_point_id, date_start, date_end
            """,
            SQL(" UNION ALL ").join(found),
        )
