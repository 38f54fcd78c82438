"""Factors from what registers count to what is billed, day by day."""

from collections import defaultdict
from datetime import date
from decimal import Decimal

from odoo.tools import SQL

from ..engine.convert import air_pressure, by_correction, by_state_number, state_number
from ..engine.facts import Factor, FactsError

VALUES = (
    "factor",
    "calorific_value",
    "volume_factor",
    "correction",
    "temperature",
    "height",
    "air_pressure",
    "gauge_pressure",
)


class ConversionFacts:
    """A point's own conversion, else that of the nearest point above, else its service's."""

    def __init__(self, env, facts):
        self.env = env
        self.facts = facts
        self._load_own()
        self._load_values()

    def factors(self, point_id):
        return self._factors.get(self.conversion_of(point_id), ())

    def conversion_of(self, point_id):
        point = self.facts.points[point_id]
        above = reversed([int(key) for key in point["path"].split("/") if key])
        own = (self._own[key] for key in above if key in self._own)
        return next(own, point["service_conversion_id"])

    def ratio_to_source(self, point_id, register_id, uom_id):
        """What a register's unit is in the unit that the point's conversion begins with.

        :raise FactsError: the point has no conversion, or one for other units
        """
        source = self._source_uoms.get(self.conversion_of(point_id))
        ratio = source and self.facts.meters.units.ratio(uom_id, source)
        if ratio is None:
            raise FactsError("unit", register=register_id)
        return ratio

    def _load_own(self):
        above = {
            int(key)
            for point in self.facts.points.values()
            for key in point["path"].split("/")
            if key
        }
        self._own = dict(
            self.env.execute_query(
                SQL(
                    "SELECT id, conversion_id FROM utility_service_point "
                    "WHERE id = ANY(%s) AND conversion_id IS NOT NULL",
                    list(above),
                )
            )
        )

    def _load_values(self):
        ids = {*self._own.values()} | {
            point["service_conversion_id"] for point in self.facts.points.values()
        }
        ids.discard(None)
        self._source_uoms, factors = {}, defaultdict(list)
        for conversion_id, formula, uom_id, value_id, start, end, *values in (
            ids
            and self.env.execute_query(
                SQL(
                    """
                SELECT conversion.id, conversion.formula, conversion.from_uom_id, value.id,
                       value.date_start, value.date_end, %s
                FROM utility_conversion conversion
                LEFT JOIN utility_conversion_value value
                    ON value.conversion_id = conversion.id AND value.voided_at IS NULL
                WHERE conversion.id = ANY(%s)
                ORDER BY value.date_start
                """,
                    SQL(", ").join(
                        SQL("trim_scale(%s)::text", SQL.identifier("value", name))
                        for name in VALUES
                    ),
                    list(ids),
                )
            )
        ):
            self._source_uoms[conversion_id] = uom_id
            if value_id:
                named = {
                    name: Decimal(value or 0) for name, value in zip(VALUES, values, strict=True)
                }
                factor, used = _factor(formula, named)
                basis = {
                    "conversion": conversion_id,
                    "value": value_id,
                    "formula": formula,
                    **{name: str(number) for name, number in used.items()},
                }
                factors[conversion_id].append(Factor(start, end or date.max, factor, basis))
        self._factors = {key: tuple(rows) for key, rows in factors.items()}


def _factor(formula, values):
    """(factor, what it was made of) by one of the formulas of `utility.conversion`."""
    if formula == "state_number":
        air = values["air_pressure"] or air_pressure(values["height"])
        number = state_number(values["temperature"], air, values["gauge_pressure"])
        used = {
            **_picked(values, "calorific_value", "temperature", "gauge_pressure"),
            "air_pressure": air,
            "state_number": number,
        }
        return by_state_number(values["calorific_value"], number), used
    if formula == "correction":
        used = _picked(values, "volume_factor", "correction", "calorific_value")
        return by_correction(*used.values()), used
    return values["factor"], {}


def _picked(values, *names):
    return {name: values[name] for name in names}
