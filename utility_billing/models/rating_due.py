from collections import defaultdict
from datetime import date
from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.utility_base.tools.dates import day_after
from odoo.addons.utility_metering.engine.spans import intersect, merge, subtract


class Due(NamedTuple):
    """What is to be rated of a supply: days, within the whole period of its billing cycle."""

    period: tuple
    cycle: tuple
    months: int


class Rating(models.AbstractModel):
    """Which periods of which supplies are due. A supply is an account at a service point, whatever
    agreements follow each other there."""

    _name = "utility.rating"
    _description = "Rating"

    @api.model
    def _due(self, accounts, month, services=None):
        """What is due of the accounts at the end of a month and not billed yet.

        :param month: any day of the month
        :param services: only of these; None for all
        :return: {(account id, point id): [`Due`, ...]}, in order of time
        """
        first, last = month.replace(day=1), fields.Date.end_of(month, "month")
        begin = self._first_month(accounts.company_id[:1], first)
        claimed = self._claimed(accounts, begin)
        due, made, months = {}, {}, self._months(begin, first)
        for key, rows in self._supplies(accounts, begin, last, services).items():
            # most supplies have the same cycle on the same days
            alike = tuple(rows), tuple(claimed.get(key, ()))
            if alike not in made:
                made[alike] = self._due_of(*alike, months)
            if made[alike]:
                due[key] = made[alike]
        return due

    @api.model
    def _due_month(self, accounts, month, services=None):
        """What a month's bills are about, billed already or not: for comparing and checking."""
        first, last = month.replace(day=1), fields.Date.end_of(month, "month")
        supplies = self._supplies(accounts, first, last, services)
        due = {key: self._due_of(rows, (), [first]) for key, rows in supplies.items()}
        return {key: found for key, found in due.items() if found}

    @api.model
    def _first_month(self, company, month):
        """First month that this system bills; the month itself where none is set."""
        start = company.utility_billing_start
        return min(start.replace(day=1), month) if start else month

    @api.model
    def _months(self, begin, last):
        months = []
        while begin <= last:
            months.append(begin)
            begin = day_after(fields.Date.end_of(begin, "month"))
        return months

    @api.model
    def _supplies(self, accounts, first, last, services):
        """{(account id, point id): [(start, end, cycle)]} of agreements on any day of a span or of
        the cycle around its first; what was before that is left out."""
        since = self._cycle_before(first)
        self.env["utility.service.agreement"].flush_model()
        found = self.env.execute_query(
            SQL(
                """
            SELECT account_id, service_point_id, GREATEST(date_start, %s), date_end,
                   billing_cycle_id
            FROM utility_service_agreement
            WHERE voided_at IS NULL AND account_id = ANY(%s) AND date_start <= %s
            AND (date_end IS NULL OR date_end >= %s) AND %s
            ORDER BY account_id, service_point_id, date_start
            """,
                since,
                accounts.ids,
                last,
                since,
                SQL("service_id = ANY(%s)", services.ids) if services else SQL("TRUE"),
            )
        )
        cycles = self.env["utility.billing.cycle"].browse({row[4] for row in found})
        by_id = {cycle.id: cycle for cycle in cycles}
        supplies = defaultdict(list)
        for account_id, point_id, start, end, cycle_id in found:
            supplies[account_id, point_id].append((start, end, by_id[cycle_id]))
        return supplies

    @api.model
    def _cycle_before(self, first):
        """First day that the longest cycle around a month can have."""
        return fields.Date.subtract(first, months=11)

    @api.model
    def _claimed(self, accounts, begin):
        """{(account id, point id): [(first, last day)]} of what is billed, since the cycle around
        a month."""
        claims = defaultdict(list)
        self.env["utility.charge.claim"].flush_model()
        for account_id, point_id, start, end in self.env.execute_query(
            SQL(
                """
            SELECT account_id, service_point_id, date_start, date_end FROM utility_charge_claim
            WHERE released_at IS NULL AND kind = 'supply' AND account_id = ANY(%s)
            AND date_end >= %s
            ORDER BY account_id, service_point_id, date_start
            """,
                accounts.ids,
                self._cycle_before(begin),
            )
        ):
            claims[account_id, point_id].append((start, end))
        return claims

    @api.model
    def _due_of(self, rows, claims, months):
        """`Due`s of one supply, in the months given."""
        live = merge((start, end or date.max) for start, end, _cycle in rows)
        months = self._unsettled(live, claims, months)
        found = []
        usage = self.env["utility.usage"]
        for first in months:
            last = fields.Date.end_of(first, "month")
            if not any(intersect(span, (first, last)) for span in live):
                continue
            period = usage._due_period(rows, first, last)
            if not period:
                continue
            cycle = self._whole_cycle(rows, period)
            for span in live:
                both = intersect(span, period)
                taken = [*claims, *(due.period for due in found)]
                for days in both and subtract(both, taken) or ():
                    found.append(Due(days, *cycle))
        return found

    @api.model
    def _unsettled(self, live, claims, months):
        """The months that can still hold unbilled days: none before the last claim when all days
        up to it are billed."""
        if not claims or len(months) == 1:
            return months
        settled = max(end for _start, end in claims)
        begin = min(months[0], claims[0][0])
        if any(
            both and subtract(both, claims)
            for both in (intersect(span, (begin, settled)) for span in live)
        ):
            return months
        return [first for first in months if fields.Date.end_of(first, "month") > settled]

    @api.model
    def _whole_cycle(self, rows, period):
        """((first, last day), months) of the billing period around a due one."""
        usage = self.env["utility.usage"]
        cycle = usage._cycle_on(rows, period[1]) or max(rows, key=lambda row: row[0])[2]
        first, last = cycle._billed_on(period[1]) or period
        first, last = min(first, period[0]), max(last, period[1])
        return (first, last), (last.year - first.year) * 12 + last.month - first.month + 1
