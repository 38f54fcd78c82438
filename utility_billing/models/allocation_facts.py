"""All that must be known to share many buildings, by a fixed number of queries.

Numbers leave the database as text and become Decimal: nothing passes through a float.
"""

from collections import defaultdict
from datetime import date
from decimal import Decimal
from functools import cached_property

from odoo.tools import SQL

from odoo.addons.utility_metering.engine.spans import (
    day_after,
    day_before,
    intersect,
    length,
    merge,
)
from odoo.addons.utility_metering.models.resident_facts import DECLARED, ResidentFacts

from ..engine.allocation_facts import Participant, Pool, SharingError, User

RESIDENTS, UNITS = "residents", "units"
NOT_METERED = {"norm", "allocated"}
DWELLINGS = ("flat", "room", "private_house")
FACTOR = Decimal("0.000001")


class Source:
    """One thing to share.

    :ivar key: id of the assignment, 0 for a cost that is shared once
    :ivar places: {premise id: [ids of its points that take part, lowest first]}
    :ivar bearer: `utility.service.point` at which the association bears what is left; None
    """

    def __init__(self, key, **vals):
        self.key = key
        self.places = {}
        self.bearer = None
        self.__dict__.update(vals)


class SharingFacts:
    """Facts of sources for one period.

    :param sources: [`Source`] with `service_point_id`, `place_id`, `service_id`, `company_id`,
        `method`, `purpose` and, where the total is typed, `typed`
    :param span: first and last day, both included
    """

    def __init__(self, env, sources, span):
        self.env = env
        self.sources = sources
        self.span = span
        env.flush_all()
        methods = {source.method for source in sources}
        self.codes_of = {method.id: method._needed_codes() for method in methods}
        self.by_use = {method.id: method._looks_at_use() for method in methods}
        self.codes = set().union(*self.codes_of.values())
        self.premises = sorted({place for source in sources for place in source.places})
        self.points = sorted(
            {point for source in sources for ids in source.places.values() for point in ids}
            | {source.service_point_id for source in sources if source.service_point_id}
        )
        self.buildings = {source.place_id for source in sources if source.place_id}
        self._load_places()
        self._load_usage()
        self._load_values()
        self._load_agreements()
        self._load_targets()
        self.residents = RESIDENTS in self.codes and ResidentFacts(
            env, [*self.premises, *self.buildings], *span
        )

    # -- loading ----------------------------------------------------------------------------

    def _load_places(self):
        self.places = {
            premise_id: {
                "name": address,
                "kind": "residential" if code in DWELLINGS else "other",
                "building_id": building_id,
                "address_sort": address_sort,
            }
            for premise_id, address, code, building_id, address_sort in self.env.execute_query(
                SQL(
                    """
            SELECT premise.id, COALESCE(premise.address, premise.name), kind.code,
                   premise.building_id, premise.address_sort
            FROM utility_premise premise JOIN utility_premise_type kind ON kind.id = premise.type_id
            WHERE premise.id = ANY(%s)
            """,
                    self.premises,
                )
            )
        }

    def _load_usage(self):
        """Live usage of the points, and of all points at the premises and buildings."""
        self._usage = defaultdict(list)
        self._kinds = defaultdict(list)
        names = "id point_id premise_id kind company_id start end quantity method reason bands"
        for row in self.env.execute_query(
            SQL(
                """
            SELECT usage.id, usage.service_point_id, usage.premise_id, service.kind,
                   usage.company_id, usage.date_start, usage.date_end,
                   trim_scale(usage.quantity)::text, usage.method, usage.reason, usage.bands
            FROM utility_usage usage JOIN utility_service service ON service.id = usage.service_id
            WHERE usage.voided_at IS NULL AND usage.date_start <= %s AND usage.date_end >= %s
            AND (usage.service_point_id = ANY(%s) OR usage.premise_id = ANY(%s))
            ORDER BY usage.date_start, usage.id
            """,
                self.span[1],
                self.span[0],
                self.points,
                [*self.premises, *self.buildings],
            )
        ):
            usage = dict(zip(names.split(), row, strict=True))
            usage["quantity"] = Decimal(usage["quantity"])
            self._usage[usage["point_id"]].append(usage)
            self._kinds[usage["premise_id"], usage["kind"], usage["company_id"]].append(usage)

    def _load_values(self):
        """Numbers and marks of premises and buildings, with their days."""
        self._values = defaultdict(list)
        codes = {*self.codes, DECLARED}
        for premise_id, code, number, yes, start, end in self.env.execute_query(
            SQL(
                """
            SELECT value.premise_id, attribute.code, trim_scale(value.value_number)::text,
                   CASE WHEN attribute.value_type = 'boolean'
                        THEN COALESCE(value.value_boolean, FALSE) END,
                   value.date_start, COALESCE(value.date_end, 'infinity'::date)
            FROM utility_attribute_value value
            JOIN utility_attribute attribute ON attribute.id = value.attribute_id
            WHERE value.voided_at IS NULL AND value.premise_id = ANY(%s)
            AND attribute.code = ANY(%s) AND value.date_start <= %s
            AND (value.date_end IS NULL OR value.date_end >= %s)
            """,
                [*self.premises, *self.buildings],
                list(codes),
                self.span[1],
                self.span[0],
            )
        ):
            known = Decimal(number or 0) if yes is None else Decimal(int(yes))
            self._values[premise_id, code].append(((start, end), known))
        self.marks = {
            code
            for (code,) in self.env.execute_query(
                SQL(
                    "SELECT code FROM utility_attribute WHERE value_type = 'boolean' "
                    "AND code = ANY(%s)",
                    list(self.codes),
                )
            )
        }

    def _load_agreements(self):
        self._agreements = defaultdict(list)
        for point_id, account_id, start, end, share in self.env.execute_query(
            SQL(
                """
            SELECT service_point_id, account_id, date_start, COALESCE(date_end, 'infinity'::date),
                   trim_scale(share)::text
            FROM utility_service_agreement
            WHERE voided_at IS NULL AND service_point_id = ANY(%s) AND date_start <= %s
            AND (date_end IS NULL OR date_end >= %s)
            """,
                self.points,
                self.span[1],
                self.span[0],
            )
        ):
            self._agreements[point_id].append((start, end, account_id, Decimal(share)))

    def _load_targets(self):
        """{(premise, service): its first point}: where a share of another service belongs."""
        services = {source.service_id for source in self.sources}
        for source in self.sources:
            services |= set(source.method.step_ids.service_id.ids)
        self.targets = {}
        for premise_id, service_id, point_id in self.env.execute_query(
            SQL(
                """
            SELECT premise_id, service_id, MIN(id) FROM utility_service_point
            WHERE premise_id = ANY(%s) AND service_id = ANY(%s) AND active AND kind = 'unit'
            GROUP BY premise_id, service_id
            """,
                self.premises,
                list(services),
            )
        ):
            self.targets[premise_id, service_id] = point_id

    # -- as the engine takes it -------------------------------------------------------------

    def pool(self, source):
        """What is shared.

        :raise SharingError: the total is not known
        """
        kind = "cost" if source.purpose == "cost" else "quantity"
        codes = self.codes_of[source.method.id]
        values = {
            code: value
            for code in codes
            if (value := self._value(source.place_id, code, source.company_id)) is not None
        }
        return Pool(
            kind,
            source.typed if source.typed is not None else self._total(source),
            source.purpose == "common",
            values,
            self.span,
        )

    def _total(self, source):
        if source.purpose == "cost":
            raise SharingError("no_total")
        rows = self._usage.get(source.service_point_id, ())
        self._refuse_beyond(rows)
        days = merge([(row["start"], row["end"]) for row in rows])
        if days != [self.span]:
            raise SharingError("no_source_usage", point=source.service_point_id)
        return sum((row["quantity"] for row in rows), Decimal(0))

    def source_usages(self, source):
        """Ids of the usage rows behind a total that was not typed."""
        if source.typed is not None:
            return []
        return [row["id"] for row in self._usage.get(source.service_point_id, ())]

    def participants(self, source):
        """`Participant`s of a source, keyed by premise.

        :raise SharingError: a usage reaches beyond the period
        """
        codes = self.codes_of[source.method.id]
        return [
            self._participant(premise_id, points, codes, source)
            for premise_id, points in sorted(source.places.items())
        ]

    def _participant(self, premise_id, points, codes, source):
        rows = [row for point_id in points for row in self._usage.get(point_id, ())]
        if source.purpose == "cost" and not self.by_use[source.method.id]:
            # a cost by area or in equal parts is of any days, whenever the meters were read
            rows = []
        self._refuse_beyond(rows)
        values = {
            code: value
            for code in codes
            if (value := self._value(premise_id, code, source.company_id)) is not None
        }
        units = [row["bands"][UNITS] for row in rows if UNITS in (row["bands"] or {})]
        if units and UNITS in codes:
            values[UNITS] = sum(map(Decimal, units), Decimal(0))
        place = self.places[premise_id]
        return Participant(
            premise_id,
            name=place["name"],
            kind=place["kind"],
            usage=_quantity(rows, metered=True),
            norm=_quantity(rows, metered=False),
            values=values,
            users=self._users(points, rows),
        )

    def _refuse_beyond(self, rows):
        beyond = {
            row["point_id"]
            for row in rows
            if row["start"] < self.span[0] or row["end"] > self.span[1]
        }
        if beyond:
            raise SharingError("usage_beyond", points=sorted(beyond))

    # -- values -----------------------------------------------------------------------------

    def _value(self, premise_id, code, company_id):
        """A value of a premise in the period, None where nothing is known."""
        if code == RESIDENTS:
            return self._resident_days(premise_id)
        if code.startswith("usage_"):
            rows = self._kinds.get((premise_id, code.removeprefix("usage_"), company_id), ())
            self._refuse_beyond(rows)
            return sum((row["quantity"] for row in rows), Decimal(0))
        known = self._average(self._values.get((premise_id, code), ()))
        return Decimal(0) if known is None and code in self.marks else known

    def _average(self, rows):
        """The average of a dated number over the days on which it is known."""
        pieces = [(days, number) for span, number in rows if (days := intersect(span, self.span))]
        if not pieces:
            return None
        if len({number for _days, number in pieces}) == 1:
            return pieces[0][1]
        weighted = sum(number * length(days) for days, number in pieces)
        return (weighted / sum(length(days) for days, _number in pieces)).quantize(FACTOR)

    def _resident_days(self, premise_id):
        """Persons, on the average of the period's days; else the declared number."""
        first, last = self.span
        days = sorted({first} | self.residents.changes(premise_id, first, last))
        persons, nobody = Decimal(0), True
        for start, end in zip(days, [*map(day_before, days[1:]), last], strict=True):
            count = self.residents.count(premise_id, start)
            nobody = nobody and count is None
            persons += (count or 0) * length((start, end))
        if nobody:
            return self._average(self._values.get((premise_id, DECLARED), ())) or Decimal(0)
        return (persons / length(self.span)).quantize(FACTOR).normalize() + 0

    # -- who has the flat -------------------------------------------------------------------

    def _users(self, points, rows):
        """Pieces of the period in which the same accounts had the premise, if they changed.

        :return: tuple of `User`; the key is the only account's id, 0 for several
        """
        agreements = {row for point_id in points for row in self._agreements.get(point_id, ())}
        first, last = self.span
        starts = {first} | {row[0] for row in agreements}
        starts |= {day_after(row[1]) for row in agreements if row[1] < date.max}
        starts = sorted(day for day in starts if first <= day <= last)
        users = []
        for start, end in zip(starts, [*map(day_before, starts[1:]), last], strict=True):
            present = {row[2] for row in agreements if row[0] <= start <= row[1]}
            if present:
                key = present.pop() if len(present) == 1 else 0
                if users and users[-1].key == key and key and day_after(users[-1].end) == start:
                    start = users.pop().start
                users.append(User(key, start, end, reading=_used_within(rows, (start, end))))
        if len(users) == 1 and (users[0].start, users[0].end) == self.span:
            return ()
        return tuple(users)

    def payers_on(self, source, premise_id, day):
        """Who bears the share of a premise, by the shares in which they take the service there.

        :return: {account id: weight}; where nobody takes the service on the day or on the period's
            last one, the account that is open there; empty without any
        """
        for known in (day, self.span[1]):
            found = defaultdict(Decimal)
            for point_id in source.places.get(premise_id, ()):
                for start, end, account_id, share in self._agreements.get(point_id, ()):
                    if start <= known <= end:
                        found[account_id] += share
            if found:
                return dict(found)
        account_id = self._open_accounts.get(premise_id)
        return {account_id: Decimal(1)} if account_id else {}

    @cached_property
    def _open_accounts(self):
        """{premise id: the first account that is open there on the period's last day}"""
        last = self.span[1]
        return dict(
            self.env.execute_query(
                SQL(
                    """
            SELECT premise_id, MIN(id) FROM utility_account
            WHERE premise_id = ANY(%s) AND date_open <= %s
            AND (date_close IS NULL OR date_close >= %s) GROUP BY premise_id
            """,
                    self.premises,
                    last,
                    last,
                )
            )
        )


def _quantity(rows, metered):
    """What a premise used: measured, or by norm; None where it has no such usage."""
    found = [row for row in rows if _counts_own_use(row)]
    is_metered = any(_is_metered(row) for row in found)
    if not found or is_metered != metered:
        return None
    return sum((row["quantity"] for row in found), Decimal(0))


def _is_metered(row):
    return row["method"] not in NOT_METERED and row["reason"] != "unmetered"


def _counts_own_use(row):
    """Units of allocators are no quantity; a share is not what somebody used."""
    bands = row["bands"] or {}
    only_units = UNITS in bands and not any(band.startswith("import") for band in bands)
    return row["method"] != "allocated" and not only_units


def _used_within(rows, span):
    """Own use on some days, if usage was cut there; None otherwise."""
    within = [row for row in rows if intersect((row["start"], row["end"]), span)]
    if not within or merge([(row["start"], row["end"]) for row in within]) != [span]:
        return None
    if any(UNITS in (row["bands"] or {}) for row in within):
        return sum((Decimal((row["bands"] or {}).get(UNITS, 0)) for row in within), Decimal(0))
    return sum((row["quantity"] for row in within), Decimal(0))
