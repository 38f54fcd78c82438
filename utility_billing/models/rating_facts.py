"""All that the rating engine is told, loaded for many supplies with a fixed number of queries."""

from collections import defaultdict
from datetime import date
from decimal import Decimal
from functools import cache, cached_property

from odoo.tools import SQL

from odoo.addons.utility_metering.engine.spans import cut, edges, intersect

from ..engine.facts import RatingError, Spell, SupplyFacts
from .rating_facts_quantities import QuantityFacts
from .rating_facts_rates import RateFacts
from .rating_facts_values import ValueFacts


class RatingFacts:
    """Facts of supplies for the periods that are due.

    :param due: {(account id, point id): [`Due`, ...]}
    :param plans: {agreement id: plan id} to take instead of the agreement's own
    :param versions: {version id: version id} to take instead
    """

    def __init__(self, env, due, plans=None, versions=None):
        self.env = env
        self.due = due
        self.since = min(entry.period[0] for entries in due.values() for entry in entries)
        self.until = max(entry.period[1] for entries in due.values() for entry in entries)
        env.flush_all()
        self._load_supplies(plans or {})
        self._load_payers()
        self._load_taxes()
        self.rates = RateFacts(self, versions or {})
        self._load_reliefs()
        services = {supply["service_id"] for supply in self.supplies.values()}
        self.preferences = env["utility.service.source"]._preferences(services)
        self.values = ValueFacts(self)
        self.quantities = QuantityFacts(self)

    def of(self, key, due):
        """`SupplyFacts` of a supply for one of its due periods.

        :raise RatingError: no rate is in force on a day
        """
        supply = self.supplies[key]
        return SupplyFacts(
            account_id=key[0],
            point_id=key[1],
            service_id=supply["service_id"],
            period=due.period,
            spells=self._spells(key, due.period),
            cycle=due.cycle,
            cycle_months=due.months,
            preference=self.quantities.preference(supply["service_id"]),
            quantities=self.quantities.of(key, due),
            values=self.values.of(key),
            many_dwellings=self.values.holds_many_dwellings(key),
            demand=self.quantities.demand.get(key[1], {}),
            raising=self.raising.get(key[1], ()),
            benefits=self.benefits.get(key, ()),
            reductions=self.reductions.get(key, ()),
            currency_unit=supply["currency_unit"],
            uom=supply["uom"],
        )

    def forget(self):
        """Let go of all that was loaded: its parts know it, and would stay until somebody collects
        the garbage."""
        vars(self).clear()

    # -- supplies ---------------------------------------------------------------------------

    def _load_supplies(self, plans):
        self.supplies, self._agreements = {}, defaultdict(list)
        names = (
            "company_id service_id premise_id premise_path type_id building_id account_kind uom "
            "uom_id cut_method default_plan_id currency_unit"
        ).split()
        lang = self.env.lang or "en_US"
        for row in self.env.execute_query(
            SQL(
                """
            SELECT agreement.id, agreement.account_id, agreement.service_point_id,
                   agreement.date_start, agreement.date_end, trim_scale(agreement.share)::text,
                   agreement.rate_plan_id,
                   point.company_id, point.service_id, point.premise_id, premise.parent_path,
                   premise.type_id, premise.building_id, account.kind,
                   COALESCE(uom.name->>%(lang)s, uom.name->>'en_US'), uom.id, service.cut_method,
                   (SELECT id FROM utility_rate_plan plan WHERE plan.is_default AND plan.active
                    AND plan.company_id = point.company_id),
                   currency.rounding::text
            FROM unnest(%(accounts)s::int[], %(points)s::int[]) AS wanted (account_id, point_id)
            JOIN utility_service_agreement agreement ON agreement.account_id = wanted.account_id
                AND agreement.service_point_id = wanted.point_id
            JOIN utility_service_point point ON point.id = agreement.service_point_id
            JOIN utility_service service ON service.id = point.service_id
            JOIN uom_uom uom ON uom.id = service.uom_id
            JOIN utility_premise premise ON premise.id = point.premise_id
            JOIN utility_account account ON account.id = agreement.account_id
            JOIN res_company company ON company.id = point.company_id
            JOIN res_currency currency ON currency.id = company.currency_id
            WHERE agreement.voided_at IS NULL AND agreement.date_start <= %(until)s
            AND (agreement.date_end IS NULL OR agreement.date_end >= %(since)s)
            ORDER BY agreement.date_start
            """,
                lang=lang,
                accounts=[account_id for account_id, _point_id in self.due],
                points=[point_id for _account_id, point_id in self.due],
                since=self.since,
                until=self.until,
            )
        ):
            agreement_id, account_id, point_id, start, end, share, plan_id = row[:7]
            key = account_id, point_id
            plan_id = plans.get(agreement_id, plan_id)
            self._agreements[key].append(
                (start, end or date.max, agreement_id, Decimal(share), plan_id)
            )
            if key not in self.supplies:
                supply = dict(zip(names, row[7:], strict=True))
                supply["currency_unit"] = _unit(supply["currency_unit"])
                self.supplies[key] = supply

    def agreements(self, key):
        """[(start, end, agreement id, share, plan id)] of a supply, in order."""
        return self._agreements.get(key, ())

    def as_tuples(self):
        """[(account id, point id, service id, premise id)] for who loads more by supply."""
        return [
            (*key, supply["service_id"], supply["premise_id"])
            for key, supply in self.supplies.items()
        ]

    def _load_payers(self):
        self._payers = defaultdict(list)
        for account_id, start, end, partner_id in self.env.execute_query(
            SQL(
                """
            SELECT account_id, date_start, COALESCE(date_end, 'infinity'::date), partner_id
            FROM utility_account_payer
            WHERE voided_at IS NULL AND account_id = ANY(%s) AND date_start <= %s
            AND (date_end IS NULL OR date_end >= %s)
            ORDER BY account_id, date_start
            """,
                list({key[0] for key in self.supplies}),
                self.until,
                self.since,
            )
        ):
            self._payers[account_id].append((start, end, partner_id))

    def _load_taxes(self):
        """Taxes of services by days; a service without dated ones has its own all the time."""
        services = list({supply["service_id"] for supply in self.supplies.values()})
        self._taxes = defaultdict(list)
        for service_id, start, end, taxes in self.env.execute_query(
            SQL(
                """
            SELECT dated.service_id, dated.date_start, COALESCE(dated.date_end, 'infinity'::date),
                   (SELECT string_agg(rel.tax_id::text, ',' ORDER BY rel.tax_id)
                    FROM utility_service_tax_rel rel WHERE rel.service_tax_id = dated.id)
            FROM utility_service_tax dated
            WHERE dated.voided_at IS NULL AND dated.service_id = ANY(%(services)s)
            UNION ALL
            SELECT service.id, '-infinity'::date, 'infinity'::date,
                   (SELECT string_agg(rel.account_tax_id::text, ',' ORDER BY rel.account_tax_id)
                    FROM account_tax_utility_service_rel rel
                    WHERE rel.utility_service_id = service.id)
            FROM utility_service service WHERE service.id = ANY(%(services)s)
            """,
                services=services,
            )
        ):
            self._taxes[service_id].append((start, end, taxes or ""))
        for rows in self._taxes.values():
            # what is dated goes before what always was
            rows.sort(key=lambda row: row[0], reverse=True)

    def _load_reliefs(self):
        supplies, env = self.as_tuples(), self.env
        self.benefits = env["utility.benefit"]._for_supplies(supplies, self.since, self.until)
        self.reductions = env["utility.adjustment"]._reductions_for(
            supplies, self.since, self.until
        )
        self.raising = env["utility.norm.raising"]._for_points(
            [key[1] for key in self.supplies], self.since, self.until
        )

    @cached_property
    def counts_persons(self):
        """Whether a benefit or a reduction is for some of the residents only."""
        return any(
            benefit.per == "person" for rows in self.benefits.values() for benefit in rows
        ) or any(reduction.persons for rows in self.reductions.values() for reduction in rows)

    # -- spells -----------------------------------------------------------------------------

    def _spells(self, key, period):
        supply, found = self.supplies[key], []
        for start, end, agreement_id, share, plan_id in self._agreements[key]:
            days = intersect((start, end), period)
            if days:
                versions = self.rates.versions(key, supply, plan_id)
                found += self._cut(key, supply, days, (agreement_id, share, plan_id), versions)
        return tuple(found)

    def _cut(self, key, supply, days, agreement, versions):
        agreement_id, share, plan_id = agreement
        payers, taxes = self._payers.get(key[0], ()), self._taxes[supply["service_id"]]
        firsts = set()
        for rows in (payers, versions, taxes):
            if len(rows) > 1 or rows and (rows[0][0] > days[0] or rows[0][1] < days[1]):
                firsts |= edges((row[:2] for row in rows), days)
        for first, last in cut(days, firsts):
            version = _on(versions, first)
            if version is None:
                plan_id = plan_id or supply["default_plan_id"]
                raise RatingError("no_rate" if plan_id else "no_plan", day=first, plan=plan_id)
            yield Spell(
                first,
                last,
                agreement_id,
                _on(payers, first) or 0,
                version,
                share,
                _on(taxes, first) or "",
            )


@cache
def _unit(text):
    return Decimal(text).normalize()


def _on(rows, day):
    for start, end, value in rows:
        if start <= day <= end:
            return value
    return None
