from collections import defaultdict
from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import SQL

from ..engine.subsidy import Subsidy as SubsidyFact


class Subsidy(models.Model):
    """Subsidies, as the engine lays them over a month, and what it used of them."""

    _inherit = "utility.subsidy"

    @api.model
    def _for_accounts(self, account_ids, month, since=None, left=None):
        """Subsidies of accounts for a month, with what earlier months left of them.

        :param month: any day of it
        :param since: first day of the first month that is laid anew: of what was used, only that
            of the months before it counts
        :param left: {first of a chain: (what is left, month)} of the months laid anew
        :return: {account id: (`engine.subsidy.Subsidy`, ...)} in the order in which they are used;
            the number of queries does not depend on the accounts'
        """
        self.env["utility.subsidy.use"].flush_model()
        first = fields.Date.start_of(fields.Date.to_date(month), "month")
        rows = self._live_rows(account_ids, first)
        if not rows:
            return {}
        ids = [row["id"] for row in rows]
        services, before = self._services_in_order(ids), self._left_over(ids, since or first)
        if left:
            firsts = self._firsts(account_ids)
            before |= {each: left[firsts[each]] for each in ids if firsts[each] in left}
        settled = () if since else self._settled(ids, first)
        found = defaultdict(list)
        for row in rows:
            if row["id"] in settled:
                continue
            fact = self._fact(row, first, services.get(row["id"], ()), *before.get(row["id"], ()))
            if fact.amount > 0:
                found[row["account_id"]].append(fact)
        return {account_id: tuple(facts) for account_id, facts in found.items()}

    @api.model
    def _store_uses(self, month, laid):
        """Keep what became of subsidies in a month; what was kept of that month is replaced.

        :param laid: list of `engine.subsidy.Laid`
        """
        first = fields.Date.start_of(fields.Date.to_date(month), "month")
        # runs write uses, people only read them
        uses = self.env["utility.subsidy.use"].sudo()
        ids = [one.subsidy.id for one in laid]
        uses.search([("subsidy_id", "in", ids), ("month", "=", first)]).unlink()
        return uses.create(
            [
                {
                    "subsidy_id": one.subsidy.id,
                    "month": first,
                    "available": float(one.subsidy.amount),
                    "used": float(one.used),
                    "carried": float(one.carried),
                    "returned": float(one.returned),
                }
                for one in laid
            ]
        )

    @api.model
    def _live_rows(self, account_ids, first):
        names = (
            "id account_id start end amount per way capped over fund_id name billed_from"
        ).split()
        return [
            dict(zip(names, row, strict=True))
            for row in self.env.execute_query(
                SQL(
                    """
            SELECT subsidy.id, subsidy.account_id, subsidy.date_start,
                   COALESCE(subsidy.date_end, 'infinity'::date), trim_scale(subsidy.amount)::text,
                   subsidy.per, subsidy.way, subsidy.capped, subsidy.over, subsidy.fund_partner_id,
                   concat_ws(', ', fund.name, subsidy.register_number),
                   company.utility_billing_start
            FROM utility_subsidy subsidy
            JOIN res_company company ON company.id = subsidy.company_id
            JOIN res_partner fund ON fund.id = subsidy.fund_partner_id
            WHERE subsidy.voided_at IS NULL AND subsidy.account_id = ANY(%(accounts)s)
            AND subsidy.date_start <= %(first)s
            AND (subsidy.date_end IS NULL OR subsidy.date_end >= %(first)s)
            ORDER BY subsidy.date_start, subsidy.id
            """,
                    accounts=list(account_ids),
                    first=first,
                )
            )
        ]

    @api.model
    def _services_in_order(self, ids):
        found = defaultdict(list)
        for subsidy_id, service_id in self.env.execute_query(
            SQL(
                """
            SELECT rel.subsidy_id, service.id FROM utility_subsidy_service_rel rel
            JOIN utility_service service ON service.id = rel.service_id
            WHERE rel.subsidy_id = ANY(%s) ORDER BY service.sequence, service.id
            """,
                ids,
            )
        ):
            found[subsidy_id].append(service_id)
        return found

    @api.model
    def _left_over(self, ids, first):
        """{subsidy id: (what its latest month before left for the next, that month)}; a corrected
        subsidy goes on where the one that it replaces stood."""
        return {
            subsidy_id: (Decimal(carried), month)
            for subsidy_id, carried, month in self.env.execute_query(
                SQL(
                    """
            WITH RECURSIVE line (subsidy_id, id) AS (
                SELECT id, id FROM unnest(%(ids)s::int[]) id
            UNION ALL
                SELECT line.subsidy_id, subsidy.replaces_id FROM line
                JOIN utility_subsidy subsidy ON subsidy.id = line.id
                WHERE subsidy.replaces_id IS NOT NULL
            )
            SELECT DISTINCT ON (line.subsidy_id) line.subsidy_id,
                   trim_scale(COALESCE(use.carried, 0))::text, use.month
            FROM line JOIN utility_subsidy_use use ON use.subsidy_id = line.id
            WHERE use.month < %(first)s
            ORDER BY line.subsidy_id, use.month DESC
            """,
                    ids=ids,
                    first=first,
                )
            )
        }

    @api.model
    def _settled(self, ids, first):
        """Ids of subsidies whose part of a month came with a later one, which was billed before;
        what was billed in the month itself and cancelled comes again."""
        self.env["utility.charge"].flush_model()
        return {
            subsidy_id
            for (subsidy_id,) in self.env.execute_query(
                SQL(
                    """
            SELECT DISTINCT use.subsidy_id FROM utility_subsidy_use use
            JOIN utility_subsidy subsidy ON subsidy.id = use.subsidy_id
            WHERE use.subsidy_id = ANY(%(ids)s) AND use.month > %(first)s
            AND subsidy.per = 'month' AND subsidy.over = 'carry'
            AND NOT EXISTS (
                SELECT FROM utility_charge charge WHERE charge.kind = 'subsidy'
                AND charge.account_id = subsidy.account_id AND charge.source_id = subsidy.id
                AND charge.period_start = %(first)s)
            """,
                    ids=ids,
                    first=first,
                )
            )
        }

    @api.model
    def _fact(self, row, first, services, left=None, last_used=None):
        ends = row["end"] and fields.Date.end_of(first, "month") >= row["end"]
        amount = Decimal(row["amount"])
        if row["per"] == "sum" and left is not None:
            amount = Decimal(0)
        if row["per"] == "month" and row["over"] == "carry":
            amount *= 1 + self._months_missed(row, first, last_used)
        return SubsidyFact(
            id=row["id"],
            amount=amount + (left or Decimal(0)),
            services=tuple(services),
            way=row["way"],
            capped=row["capped"],
            # after the last month there is none to keep it for
            over="return" if ends else row["over"],
            fund_id=row["fund_id"],
            name=row["name"],
        )

    @api.model
    def _months_missed(self, row, first, last_used):
        """Months before in which nothing was billed: held, or billed some months at a time. What
        they would have left is there in the month that is billed."""
        if not row["billed_from"]:
            return 0
        begin = max(row["start"], row["billed_from"].replace(day=1))
        if last_used:
            begin = max(begin, fields.Date.add(last_used, months=1))
        return max((first.year - begin.year) * 12 + first.month - begin.month, 0)
