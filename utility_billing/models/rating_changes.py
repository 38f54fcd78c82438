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


BY_POINT = "fact.service_point_id = claim.service_point_id"
BY_ACCOUNT = "fact.account_id = claim.account_id"
BY_SERVICE = "fact.service_id = claim.service_id"
BY_PREMISE = "fact.premise_id = claim.premise_id"


class Rating(models.AbstractModel):
    """Which billed periods rest on facts that have changed since.

    Every fact says when it became known and when it was taken back: what became known after the
    facts of a claim were read, about days of the claim, makes its period to be rated again.
    """

    _inherit = "utility.rating"

    @api.model
    def _fact_sources(self):
        """Kinds of facts that charges rest on.

        :return: {model: ([rows of it that belong to a claim, ...], what is a change)}: SQL that
            goes on after FROM, and SQL of a condition, over `fact` and `claim` (with the point's
            service_id and premise_id and the premise's building_id)
        """
        lives = "(fact.is_resident OR fact.role = 'absent')"
        value = "utility_attribute_value fact WHERE"
        return {
            "utility.usage": ([f"utility_usage fact WHERE {BY_POINT}"], REPLACED),
            "utility.allocation.share": (
                [f"utility_allocation_share fact WHERE {BY_POINT}"],
                REPLACED,
            ),
            "utility.service.agreement": (
                [f"utility_service_agreement fact WHERE {BY_POINT} AND {BY_ACCOUNT}"],
                CHANGED,
            ),
            "utility.account.payer": ([f"utility_account_payer fact WHERE {BY_ACCOUNT}"], CHANGED),
            "utility.service.tax": ([f"utility_service_tax fact WHERE {BY_SERVICE}"], CHANGED),
            "utility.attribute.value": (
                [
                    f"{value} {BY_POINT}",
                    f"{value} {BY_ACCOUNT}",
                    f"{value} {BY_PREMISE}",
                    f"{value} fact.premise_id = claim.building_id",
                ],
                CHANGED,
            ),
            "utility.occupancy": (
                [
                    f"utility_occupancy fact WHERE {lives} AND {BY_PREMISE}",
                    f"utility_occupancy fact WHERE {lives} AND fact.premise_id = claim.building_id",
                    "utility_premise part JOIN utility_occupancy fact "
                    f"ON fact.premise_id = part.id WHERE {lives} "
                    "AND part.parent_id = claim.premise_id",
                ],
                CHANGED,
            ),
            "utility.benefit": (
                [
                    f"utility_benefit fact WHERE {BY_ACCOUNT}",
                    f"utility_benefit fact WHERE {BY_PREMISE}",
                ],
                CHANGED,
            ),
            "utility.adjustment": (
                [
                    "utility_adjustment_line line JOIN utility_adjustment fact "
                    "ON fact.id = line.adjustment_id "
                    "WHERE line.service_point_id = claim.service_point_id "
                    "AND line.account_id = claim.account_id"
                ],
                """
                fact.kind IN ('absence', 'quality')
                AND (fact.approved_at >= claim.facts_at OR fact.cancelled_at >= claim.facts_at)
                -- hours of poor quality reduce the charge of their whole month
                AND COALESCE(fact.left_on, fact.begin_at) <= claim.date_end + 32
                AND COALESCE(fact.returned_on, fact.end_at) >= claim.date_start - 32
                """,
            ),
            "utility.reading": (
                [
                    "utility_reading fact JOIN utility_meter_register register "
                    "ON register.id = fact.register_id AND register.purpose = 'info' "
                    f"AND register.counting = 'amount' WHERE {BY_POINT}"
                ],
                # the highest demand of a year counts
                """
                (fact.recorded_at >= claim.facts_at OR fact.decided_at >= claim.facts_at
                 OR fact.voided_at >= claim.facts_at)
                AND fact.date BETWEEN claim.date_start - 397 AND claim.date_end
                """,
            ),
            "utility.degree.day": (
                [
                    "utility_service service JOIN utility_degree_day fact "
                    "ON fact.company_id = service.company_id "
                    "WHERE service.id = claim.service_id AND service.cut_method = 'degree_days'"
                ],
                # a part of the billing period is cut out of all of it
                """
                (fact.recorded_at >= claim.facts_at OR fact.voided_at >= claim.facts_at)
                AND fact.date BETWEEN LEAST(claim.cycle_start, claim.date_start)
                AND GREATEST(claim.cycle_end, claim.date_end)
                """,
            ),
            "utility.norm.raising": ([f"utility_norm_raising fact WHERE {BY_SERVICE}"], CHANGED),
            "utility.rate.version": (
                [
                    "utility_rate_schedule schedule JOIN utility_rate_version fact "
                    "ON fact.schedule_id = schedule.id "
                    "WHERE schedule.service_id = claim.service_id "
                    "AND (schedule.account_id IS NULL OR schedule.account_id = claim.account_id)"
                ],
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
        """Billed periods of the accounts whose facts have changed; looked for by one query.

        :param since: first day of the periods that are looked at; None: all
        :return: {(account id, point id): {(first, last day): [(model, id of the fact), ...]}}
        """
        self.env.flush_all()
        # many small look-ups: to compile them takes longer than they do
        self.env.cr.execute("SET LOCAL jit = off")
        found = defaultdict(lambda: defaultdict(list))
        for account_id, point_id, start, end, model, ids in self.env.execute_query(
            SQL(
                """
            WITH claim AS MATERIALIZED (%(claims)s)
            SELECT account_id, service_point_id, date_start, date_end, model,
                   array_agg(DISTINCT id)
            FROM (%(facts)s) found
            GROUP BY account_id, service_point_id, date_start, date_end, model
            """,
                claims=self._claims_of(accounts, since, services),
                facts=SQL(" UNION ALL ").join(
                    self._changed_facts(model, rows, changed)
                    for model, (sources, changed) in self._fact_sources().items()
                    for rows in sources
                ),
            )
        ):
            found[account_id, point_id][start, end] += [(model, fact_id) for fact_id in ids]
        return {key: dict(periods) for key, periods in found.items()}

    @api.model
    def _claims_of(self, accounts, since, services):
        """SQL of the billed periods that may have changed."""
        return SQL(
            """
            SELECT claim.account_id, claim.service_point_id, claim.date_start, claim.date_end,
                   claim.cycle_start, claim.cycle_end, claim.facts_at, point.service_id,
                   point.premise_id, premise.building_id
            FROM utility_charge_claim claim
            JOIN utility_service_point point ON point.id = claim.service_point_id
            JOIN utility_premise premise ON premise.id = point.premise_id
            WHERE claim.released_at IS NULL AND claim.kind = 'supply'
            AND claim.account_id = ANY(%s) AND %s AND %s
            """,
            accounts.ids,
            SQL("claim.date_end >= %s", since) if since else SQL("TRUE"),
            SQL("point.service_id = ANY(%s)", services.ids) if services else SQL("TRUE"),
        )

    @api.model
    def _changed_facts(self, model, rows, changed):
        """SQL of the facts of one kind that changed each claim: looked up claim by claim, whatever
        the database believes about the size of its tables (OFFSET 0 keeps it from joining)."""
        return SQL(
            """
            SELECT claim.account_id, claim.service_point_id, claim.date_start, claim.date_end,
                   %s AS model, changed.id
            FROM claim CROSS JOIN LATERAL (SELECT fact.id FROM %s AND %s OFFSET 0) changed
            """,
            model,
            SQL(rows),
            SQL(changed),
        )
