from collections import defaultdict
from datetime import date
from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL

from ..engine.facts import Benefit as BenefitFact


class Benefit(models.Model):
    """Benefits, as the rating engine is told of them."""

    _inherit = "utility.benefit"

    @api.model
    def _for_supplies(self, supplies, since, until):
        """Benefits of supplies on the days since to until, both included.

        :param supplies: list of (account id, point id, service id, premise id)
        :return: {(account id, point id): (`engine.facts.Benefit`, ...)}, without supplies that
            have none; the number of queries does not depend on theirs
        """
        if not supplies:
            return {}
        for name in ("utility.benefit.kind", "utility.benefit.norm"):
            self.env[name].flush_model()
        by_place = self._live_rows(supplies, since, until)
        if not by_place:
            return {}
        kinds = {row["kind_id"] for rows in by_place.values() for row in rows}
        services, norms = self._services_of_kinds(kinds), self._norms_of_kinds(kinds)
        companies = self._companies_of({supply[0] for supply in supplies})
        found = {}
        for account_id, point_id, service_id, premise_id in supplies:
            places = ("account", account_id), ("premise", premise_id)
            rows = [
                row
                for place in places
                for row in by_place.get(place, ())
                if row["company_id"] == companies.get(account_id)
                and service_id in services.get(row["kind_id"], (service_id,))
            ]
            facts = [self._fact(row, norms.get((row["kind_id"], service_id))) for row in rows]
            facts = [fact for fact in facts if fact]
            if facts:
                facts.sort(key=lambda fact: (fact.start, fact.id))
                found[account_id, point_id] = tuple(facts)
        return found

    @api.model
    def _live_rows(self, supplies, since, until):
        """{("account" or "premise", id): [row]}"""
        names = (
            "id account_id premise_id company_id start end persons kind_id kind value basis per "
            "fund_id fund_percent stacking codes"
        ).split()
        found = defaultdict(list)
        for row in self.env.execute_query(
            SQL(
                """
            SELECT benefit.id, benefit.account_id, benefit.premise_id, benefit.company_id,
                   benefit.date_start, COALESCE(benefit.date_end, 'infinity'::date),
                   benefit.persons, kind.id, kind.kind,
                   trim_scale(CASE WHEN benefit.own_value THEN COALESCE(benefit.value, 0)
                              ELSE kind.value END)::text,
                   kind.basis, kind.per, COALESCE(kind.fund_partner_id, 0),
                   trim_scale(kind.fund_percent)::text, kind.stacking, kind.component_codes
            FROM utility_benefit benefit
            JOIN utility_benefit_kind kind ON kind.id = benefit.kind_id
            WHERE benefit.voided_at IS NULL AND benefit.date_start <= %s
            AND (benefit.date_end IS NULL OR benefit.date_end >= %s)
            AND (benefit.account_id = ANY(%s) OR benefit.premise_id = ANY(%s))
            """,
                until,
                since,
                list({supply[0] for supply in supplies}),
                list({supply[3] for supply in supplies if supply[3]}),
            )
        ):
            row = dict(zip(names, row, strict=True))
            place = "account" if row["account_id"] else "premise"
            found[place, row[f"{place}_id"]].append(row)
        return found

    @api.model
    def _services_of_kinds(self, kinds):
        """{kind id: {service ids}} of the kinds that are about some services only."""
        found = defaultdict(set)
        for kind_id, service_id in self.env.execute_query(
            SQL(
                "SELECT kind_id, service_id FROM utility_benefit_kind_service_rel "
                "WHERE kind_id = ANY(%s)",
                list(kinds),
            )
        ):
            found[kind_id].add(service_id)
        return found

    @api.model
    def _norms_of_kinds(self, kinds):
        """{(kind id, service id): (for each person, for the household)}"""
        return {
            (kind_id, service_id): (Decimal(person), Decimal(household))
            for kind_id, service_id, person, household in self.env.execute_query(
                SQL(
                    """
                SELECT kind_id, service_id, trim_scale(COALESCE(quantity_person, 0))::text,
                       trim_scale(COALESCE(quantity_household, 0))::text
                FROM utility_benefit_norm WHERE kind_id = ANY(%s)
                """,
                    list(kinds),
                )
            )
        }

    @api.model
    def _companies_of(self, account_ids):
        return dict(
            self.env.execute_query(
                SQL(
                    "SELECT id, company_id FROM utility_account WHERE id = ANY(%s)",
                    list(account_ids),
                )
            )
        )

    @api.model
    def _fact(self, row, norm):
        """None where the benefit is within a norm that the service has none of."""
        if row["basis"] == "norm" and norm is None:
            return None
        person, household = norm or (Decimal(0), Decimal(0))
        return BenefitFact(
            id=row["id"],
            start=row["start"],
            end=row["end"] or date.max,
            kind=row["kind"],
            value=Decimal(row["value"]),
            basis=row["basis"],
            per=row["per"],
            persons=row["persons"],
            norm_person=person,
            norm_household=household,
            fund_id=row["fund_id"],
            fund_percent=Decimal(row["fund_percent"] or 0),
            codes=tuple(code.strip() for code in (row["codes"] or "").split(",") if code.strip()),
            stacking=row["stacking"],
        )
