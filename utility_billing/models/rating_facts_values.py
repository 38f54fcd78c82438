"""Attributes and residents of supplies, by days."""

from collections import defaultdict
from datetime import date
from decimal import Decimal

from odoo.tools import SQL

from odoo.addons.utility_metering.engine.spans import cut, edges, subtract
from odoo.addons.utility_metering.models.resident_facts import DECLARED, ResidentFacts

from ..engine.facts import DWELLINGS, Dated

RESIDENTS = "residents"


class ValueFacts:
    """What the rates of `RatingFacts` ask for: values of the point, else of the account, else of
    the premise; else of its building, where such premises have no value of their own: a flat whose
    area is unknown does not have its building's. A flat is one dwelling, however many are there."""

    def __init__(self, facts):
        self.facts = facts
        self.env = facts.env
        self._rows, self._made, self._own = defaultdict(list), {}, set()
        services = {supply["service_id"] for supply in facts.supplies.values()}
        self._codes = {service_id: self._codes_of(service_id) for service_id in services}
        self.codes = set().union(*self._codes.values())
        if self.codes:
            self._load_values()
        self.residents = RESIDENTS in self.codes and ResidentFacts(
            self.env,
            {supply["premise_id"] for supply in facts.supplies.values()},
            facts.since,
            facts.until,
        )

    def _codes_of(self, service_id):
        """Codes of what the rates of a service, its sources of quantities and reliefs ask for."""
        found = set(self.facts.rates.needs(service_id))
        found |= {
            source.partition(":")[2]
            for source in self.facts.preferences.get(service_id, ())
            if source.startswith("attribute:")
        }
        return found | {RESIDENTS} if self.facts.counts_persons else found

    def of(self, key):
        """{code: (Dated, ...)} of a supply: what its service's rates ask for."""
        found = self._made.get(key)
        if found is None:
            supply = self.facts.supplies[key]
            codes = self._codes[supply["service_id"]]
            found = {
                code: rows
                for code in codes
                if code != RESIDENTS and (rows := self._layered(key, supply, code))
            }
            if RESIDENTS in codes:
                found[RESIDENTS] = self._residents(key, supply)
            self._made[key] = found
        return found

    def holds_many_dwellings(self, key):
        """Whether premises of the supply's type say how many dwellings they hold."""
        return (DWELLINGS, self.facts.supplies[key]["type_id"]) in self._own

    def _load_values(self):
        supplies = self.facts.supplies
        self._load_own()
        places = {
            supply[name] for supply in supplies.values() for name in ("premise_id", "building_id")
        }
        for (
            point_id,
            account_id,
            premise_id,
            code,
            value,
            start,
            end,
            row_id,
        ) in self.env.execute_query(
            SQL(
                """
            SELECT value.service_point_id, value.account_id, value.premise_id, attribute.code,
                   CASE attribute.value_type WHEN 'boolean' THEN
                       CASE WHEN value.value_boolean THEN '1' ELSE '0' END
                   ELSE trim_scale(value.value_number)::text END,
                   value.date_start, COALESCE(value.date_end, 'infinity'::date), value.id
            FROM utility_attribute_value value
            JOIN utility_attribute attribute ON attribute.id = value.attribute_id
            WHERE value.voided_at IS NULL AND attribute.value_type IN ('number', 'boolean')
            AND attribute.code = ANY(%s) AND value.date_start <= %s
            AND (value.date_end IS NULL OR value.date_end >= %s)
            AND (value.service_point_id = ANY(%s) OR value.account_id = ANY(%s)
                 OR value.premise_id = ANY(%s))
            ORDER BY value.date_start
            """,
                [*self.codes, DECLARED],
                self.facts.until,
                self.facts.since,
                [key[1] for key in supplies],
                list({key[0] for key in supplies}),
                list(places - {None}),
            )
        ):
            owner = ("point", point_id) if point_id else ("account", account_id)
            if premise_id:
                owner = ("premise", premise_id)
            self._rows[owner, code].append(Dated(start, end, Decimal(value or 0), row_id))

    def _load_own(self):
        """Which characteristics belong to which types of premises."""
        self._own = set(
            self.env.execute_query(
                SQL(
                    """
                SELECT attribute.code, rel.premise_type_id
                FROM utility_attribute_premise_type_rel rel
                JOIN utility_attribute attribute ON attribute.id = rel.attribute_id
                WHERE attribute.code = ANY(%s)
                """,
                    [*self.codes, DECLARED],
                )
            )
        )

    def _layered(self, key, supply, code):
        owners = [
            ("point", key[1]),
            ("account", key[0]),
            ("premise", supply["premise_id"]),
        ]
        if code != DWELLINGS and (code, supply["type_id"]) not in self._own:
            owners.append(("premise", supply["building_id"]))
        found = []
        for owner in owners:
            rows = self._rows.get((owner, code), ())
            if found and rows:
                taken = [(row.start, row.end) for row in found]
                rows = [
                    row._replace(start=days[0], end=days[1])
                    for row in rows
                    for days in subtract((row.start, row.end), taken)
                ]
            found += rows
        return tuple(sorted(found))

    def _residents(self, key, supply):
        """Who is recorded as living there and is not away; else the declared number."""
        premise_id, since, until = supply["premise_id"], self.facts.since, self.facts.until
        declared = self._layered(key, supply, DECLARED)
        firsts = self.residents.changes(premise_id, since, until)
        firsts |= edges(((row.start, row.end) for row in declared), (since, until))
        found = []
        for first, last in cut((since, date.max), firsts):
            counted = self.residents.count(premise_id, first)
            if counted is None:
                counted = next(
                    (row.value for row in declared if row.start <= first <= row.end), None
                )
            if counted is not None:
                found.append(Dated(first, last, Decimal(counted)))
        return tuple(found)
