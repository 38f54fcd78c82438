"""What a premise is held to use in a month, by the days on which nothing about it changes."""

from collections import defaultdict
from dataclasses import replace
from decimal import Decimal

from odoo.tools import SQL

from ..engine.facts import Monthly
from ..engine.spans import by_month, cut, day_after, edges
from .resident_facts import DECLARED, ResidentFacts

DEFAULT_AREAS = ("heated_area", "total_area")
# attributes that a norm asks a premise for
PLACED = ("area_id", "attribute_id", "range_id")


class NormFacts:
    """Norms, residents and areas of the points of `UsageFacts`, where a rule asks for norms."""

    def __init__(self, env, facts):
        self.env = env
        self.facts = facts
        self._norms = defaultdict(list)
        self._people = None
        self._values = defaultdict(list)
        wanted = facts.points_with_rule("norm")
        if wanted:
            points = [facts.points[point_id] for point_id in wanted]
            self._load_norms({point["service_id"] for point in points})
            self._people = ResidentFacts(
                env, {point["premise_id"] for point in points}, facts.since, facts.until
            )
            places = {point["premise_id"] for point in points}
            self._load_values(places | {point["building_id"] for point in points} - {None})

    def spans(self, point_id):
        """`Monthly` quantities of the point's premise within its periods, in order."""
        point = self.facts.points[point_id]
        norms = [
            norm
            for norm in self._norms.get(point["service_id"], ())
            if not norm["premise_id"] or f"/{norm['premise_id']}/" in f"/{point['premise_path']}"
        ]
        if not norms:
            return ()
        found = []
        for first, last in self._pieces(point, norms):
            monthly = self._monthly(point, norms, first, last)
            if monthly and found and _continues(found[-1], monthly):
                found[-1] = replace(found[-1], end=last)
            elif monthly:
                found.append(monthly)
        return tuple(found)

    # -- loading ----------------------------------------------------------------------------

    def _load_norms(self, services):
        names = (
            "id service_id start end basis quantity area_id premise_id attribute_id choice_id "
            "residents_from residents_to month_from month_to range_id range_from range_to"
        ).split()
        for row in self.env.execute_query(
            SQL(
                """
            SELECT id, service_id, date_start, COALESCE(date_end, 'infinity'::date), basis,
                   trim_scale(quantity)::text, area_attribute_id, premise_id, attribute_id,
                   choice_id, residents_from, residents_to, month_from, month_to,
                   range_attribute_id, trim_scale(range_from)::text, trim_scale(range_to)::text
            FROM utility_norm WHERE voided_at IS NULL AND service_id = ANY(%s)
            AND date_start <= %s AND (date_end IS NULL OR date_end >= %s)
            ORDER BY sequence, date_start DESC, id DESC
            """,
                list(services),
                self.facts.until,
                self.facts.since,
            )
        ):
            norm = dict(zip(names, row, strict=True))
            for name in ("quantity", "range_from", "range_to"):
                norm[name] = Decimal(norm[name] or 0)
            self._norms[norm["service_id"]].append(norm)

    def _load_values(self, places):
        asked = {
            norm[name] for norms in self._norms.values() for norm in norms for name in PLACED
        } - {None}
        for place, attribute_id, code, number, yes, choice_id, start, end in self.env.execute_query(
            SQL(
                """
                SELECT value.premise_id, attribute.id, attribute.code,
                       trim_scale(value.value_number)::text, value.value_boolean, value.choice_id,
                       value.date_start, COALESCE(value.date_end, 'infinity'::date)
                FROM utility_attribute_value value
                JOIN utility_attribute attribute ON attribute.id = value.attribute_id
                WHERE value.voided_at IS NULL AND value.premise_id = ANY(%s)
                AND (attribute.id = ANY(%s) OR attribute.code = ANY(%s))
                AND value.date_start <= %s AND (value.date_end IS NULL OR value.date_end >= %s)
                """,
                list(places),
                list(asked),
                [DECLARED, *DEFAULT_AREAS],
                self.facts.until,
                self.facts.since,
            )
        ):
            value = {
                "number": Decimal(number or 0),
                "yes": yes,
                "choice_id": choice_id,
                "start": start,
                "end": end,
            }
            for key in (attribute_id, code):
                self._values[place, key].append(value)

    # -- by days ----------------------------------------------------------------------------

    def _pieces(self, point, norms):
        """The point's days, cut wherever a fact behind its norm changes."""
        whole = self.facts.span_of(point["id"])
        changes = [(norm["start"], norm["end"]) for norm in norms]
        changes += self._people.spans(point["premise_id"])
        keys = {DECLARED, *DEFAULT_AREAS}
        keys |= {norm[name] for norm in norms for name in PLACED}
        for place in (point["premise_id"], point["building_id"]):
            for key in keys:
                values = self._values.get((place, key), ())
                changes += [(value["start"], value["end"]) for value in values]
        if any((norm["month_from"], norm["month_to"]) != (1, 12) for norm in norms):
            changes += [piece for piece, _days in by_month(whole)]
        return cut(whole, edges(changes, whole))

    def _monthly(self, point, norms, first, last):
        residents = self._residents(point, first)
        for norm in norms:
            if norm["start"] <= first <= norm["end"] and self._fits(norm, point, first, residents):
                counted = self._counted(norm, point, first, residents)
                if counted:
                    times, basis = counted
                    basis = {"norm": norm["id"], "norm_quantity": str(norm["quantity"]), **basis}
                    return Monthly(first, last, norm["quantity"] * times, basis)
        return None

    def _fits(self, norm, point, day, residents):
        months = (norm["month_from"], norm["month_to"])
        in_season = (
            months[0] <= day.month <= months[1]
            if months[0] <= months[1]
            else day.month >= months[0] or day.month <= months[1]
        )
        enough = (norm["residents_from"] or 0) <= residents
        few_enough = not norm["residents_to"] or residents <= norm["residents_to"]
        return (
            in_season
            and enough
            and few_enough
            and self._has_amenity(norm, point, day)
            and self._is_in_range(norm, point, day)
        )

    def _has_amenity(self, norm, point, day):
        """By the premise's own value, or else its building's."""
        if not norm["attribute_id"]:
            return True
        for place in (point["premise_id"], point["building_id"]):
            value = self._value(place, norm["attribute_id"], day)
            if value:
                if norm["choice_id"]:
                    return value["choice_id"] == norm["choice_id"]
                return bool(value["yes"] or value["choice_id"])
        return False

    def _is_in_range(self, norm, point, day):
        """By the premise's own number, or else its building's; not where none is known."""
        if not norm["range_id"]:
            return True
        for place in (point["premise_id"], point["building_id"]):
            value = self._value(place, norm["range_id"], day)
            if value:
                number, last = value["number"], norm["range_to"]
                return norm["range_from"] <= number and (not last or number <= last)
        return False

    def _counted(self, norm, point, day, residents):
        """(how many times the norm counts, what that is): None where no area is known."""
        if norm["basis"] == "resident":
            return residents, {"residents": residents}
        if norm["basis"] == "premise":
            return 1, {}
        for key in [norm["area_id"]] if norm["area_id"] else DEFAULT_AREAS:
            value = self._value(point["premise_id"], key, day)
            if value:
                return value["number"], {"area": str(value["number"])}
        return None

    def _residents(self, point, day):
        """Who is recorded as living there and is not away; else the declared number."""
        counted = self._people.count(point["premise_id"], day)
        if counted is not None:
            return counted
        declared = self._value(point["premise_id"], DECLARED, day)
        return int(declared["number"]) if declared else 0

    def _value(self, place, key, day):
        for value in self._values.get((place, key), ()):
            if value["start"] <= day <= value["end"]:
                return value
        return None


def _continues(before, monthly):
    return (
        day_after(before.end) == monthly.start
        and before.quantity == monthly.quantity
        and before.basis == monthly.basis
    )
