"""Meters at points, as the engine takes them: installations, registers, readings, unfit days."""

from collections import defaultdict
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from operator import itemgetter

from odoo.tools import SQL, groupby

from ..engine.convert import transformer_factor
from ..engine.facts import Installation, Lifts, Mark, Register, Unfit
from ..engine.spans import day_after, day_before


class MeterFacts:
    """What hangs and hung at the points of `UsageFacts`."""

    def __init__(self, env, facts):
        self.env = env
        self.facts = facts
        self._load_installations()
        self._load_registers()
        self._load_units()
        self._load_readings()
        self._load_unfit()
        self._load_lifts()

    @property
    def first_days(self):
        """{point id: day of the first reading that was loaded}"""
        found = {}
        for row in self._rows:
            for register in self._registers[row["meter_id"]]:
                for mark in self._marks.get((row["id"], register.id), ())[:1]:
                    point_id = row["point_id"]
                    found[point_id] = min(mark.day, found.get(point_id, mark.day))
        return found

    def installations(self, point_id):
        """The installations of a point, with their registers in the service's unit.

        :raise FactsError: there is no way from a register's unit to the service's
        """
        return tuple(self._installation(row) for row in self._by_point.get(point_id, ()))

    def _installation(self, row):
        registers = tuple(
            replace(
                self._in_service_unit(register, row),
                marks=self._marks.get((row["id"], register.id), ()),
            )
            for register in self._registers[row["meter_id"]]
        )
        return Installation(
            row["id"],
            row["meter_id"],
            row["start"],
            row["end"],
            row["counting"],
            row["factor"],
            registers,
            tuple(self._unfit.get(row["meter_id"], ())),
            tuple(self._lifts.get(row["id"], ())),
        )

    # -- installations and registers --------------------------------------------------------

    def _load_installations(self):
        ids = list(self.facts.points)
        found = self.env.execute_query(
            SQL(
                """
            SELECT installation.id, installation.service_point_id, installation.meter_id,
                   installation.date_start, installation.date_end, installation.counting,
                   allocator_factor::text, container_volume::text, ct_primary::text,
                   ct_secondary::text, vt_primary::text, vt_secondary::text, type.technology
            FROM unnest(%s::int[], %s::date[], %s::date[]) wanted (point_id, since, until)
            JOIN utility_meter_installation installation
                ON installation.service_point_id = wanted.point_id
            JOIN utility_meter meter ON meter.id = installation.meter_id
            JOIN utility_meter_type type ON type.id = meter.type_id
            WHERE installation.voided_at IS NULL AND installation.date_start <= wanted.until
            AND (installation.date_end IS NULL OR installation.date_end >= wanted.since)
            ORDER BY installation.date_start, installation.id
            """,
                ids,
                [self.facts.window_start(point_id) for point_id in ids],
                [self.facts.span_of(point_id)[1] for point_id in ids],
            )
        )
        self._rows = [_installation_row(row) for row in found]
        self._by_point = defaultdict(list)
        for row in self._rows:
            self._by_point[row["point_id"]].append(row)

    def _load_registers(self):
        self._registers = defaultdict(list)
        self._uoms = {}
        for (
            register_id,
            meter_id,
            uom_id,
            multiplier,
            zone,
            counting,
            *rest,
        ) in self.env.execute_query(
            SQL(
                """
                SELECT register.id, meter_id, uom_id, trim_scale(multiplier)::text, zone.code,
                       counting, digits, decimals, purpose
                FROM utility_meter_register register
                LEFT JOIN utility_tou_zone zone ON zone.id = register.zone_id
                WHERE register.active AND meter_id = ANY(%s)
                ORDER BY meter_id, register.sequence, register.id
                """,
                list({row["meter_id"] for row in self._rows}),
            )
        ):
            digits, decimals, purpose = rest
            self._uoms[register_id] = uom_id
            self._registers[meter_id].append(
                Register(
                    register_id,
                    digits,
                    decimals,
                    Decimal(multiplier),
                    purpose,
                    f"{purpose}:{zone}" if zone else purpose,
                    counting == "amount",
                )
            )

    # -- units ------------------------------------------------------------------------------

    def _load_units(self):
        self.units = Units(
            self.env.execute_query(
                SQL("SELECT id, relative_uom_id, relative_factor::text FROM uom_uom")
            )
        )

    def _in_service_unit(self, register, row):
        point_id = row["point_id"]
        uom_id, wanted = self._uoms[register.id], self.facts.points[point_id]["uom_id"]
        if uom_id == wanted or register.purpose not in ("import", "export"):
            return register
        ratio = self.units.ratio(uom_id, wanted)
        if ratio is not None:
            return replace(register, multiplier=register.multiplier * ratio)
        if row["technology"] == "allocator":
            # its units share out a building's heat and are no quantity of their own
            return replace(register, band="units")
        ratio = self.facts.conversions.ratio_to_source(point_id, register.id, uom_id)
        return replace(register, multiplier=register.multiplier * ratio, converts=True)

    # -- readings ---------------------------------------------------------------------------

    def _load_readings(self):
        """The readings of the window, the last one before it and those up to the next one after
        the points' periods, so that no measured interval is cut off."""
        pairs = [
            (
                row["id"],
                register.id,
                self.facts.window_start(row["point_id"]),
                self.facts.span_of(row["point_id"])[1],
            )
            for row in self._rows
            for register in self._registers[row["meter_id"]]
            if register.purpose in ("import", "export")
        ]
        found = self.env.execute_query(
            SQL(
                """
            WITH asked AS MATERIALIZED (
                SELECT wanted.installation_id, wanted.register_id,
                       (SELECT max(date) FROM utility_reading
                        WHERE state = 'accepted' AND register_id = wanted.register_id
                        AND installation_id = wanted.installation_id AND date < wanted.since
                        AND reading_type <> 'estimated') AS before,
                       (SELECT min(date) FROM utility_reading
                        WHERE state = 'accepted' AND register_id = wanted.register_id
                        AND installation_id = wanted.installation_id AND date > wanted.until
                        AND reading_type <> 'estimated') AS after
                FROM unnest(%s::int[], %s::int[], %s::date[], %s::date[])
                    AS wanted (installation_id, register_id, since, until)
            )
            SELECT reading.installation_id, reading.register_id, reading.id, reading.date,
                   trim_scale(reading.value)::text, reading.reading_type, reading.rollover,
                   reading.rollback
            FROM asked
            JOIN utility_reading reading ON reading.state = 'accepted'
                AND reading.register_id = asked.register_id
                AND reading.installation_id = asked.installation_id
                AND reading.date >= COALESCE(asked.before, '-infinity')
                AND reading.date <= COALESCE(asked.after, 'infinity')
            ORDER BY reading.installation_id, reading.register_id, reading.date, reading.id
            """,
                *(list(column) for column in (zip(*pairs, strict=True) if pairs else [[]] * 4)),
            )
        )
        starts = {row["id"]: row["start"] for row in self._rows}
        self._marks = {
            key: _in_order(map(_mark, rows), starts[key[0]])
            for key, rows in groupby(found, key=itemgetter(0, 1))
        }

    # -- days on which a meter may not be billed by -----------------------------------------

    def _load_unfit(self):
        outages, verifications = defaultdict(list), defaultdict(list)
        meters = list({row["meter_id"] for row in self._rows})
        for meter_id, record_id, start, end, cause, result in self.env.execute_query(
            SQL(
                """
            SELECT meter_id, id, date_start, date_end, cause, NULL FROM utility_meter_outage
            WHERE voided_at IS NULL AND meter_id = ANY(%(meters)s)
            UNION ALL
            SELECT meter_id, id, date_start, date_end, NULL, result FROM utility_meter_verification
            WHERE voided_at IS NULL AND meter_id = ANY(%(meters)s)
            ORDER BY 1, 3, 2
            """,
                meters=meters,
            )
        ):
            if cause:
                outages[meter_id].append(Unfit(start, end or date.max, cause, record_id))
            else:
                verifications[meter_id].append((record_id, start, end, result))
        self._unfit = {
            meter_id: [*outages[meter_id], *_overdue(verifications[meter_id])]
            for meter_id in meters
        }

    def _load_lifts(self):
        self._lifts = defaultdict(list)
        wanted = [row["id"] for row in self._rows if row["technology"] == "lifts"]
        for installation_id, plan_id, weekday, weeks, containers, start, end in (
            wanted
            and self.env.execute_query(
                SQL(
                    """
            SELECT installation_id, id, weekday::int, every_weeks, containers, date_start, date_end
            FROM utility_lift_schedule WHERE voided_at IS NULL AND installation_id = ANY(%s)
            ORDER BY date_start, id
            """,
                    wanted,
                )
            )
        ):
            self._lifts[installation_id].append(
                Lifts(plan_id, weekday, weeks, containers, start, end or date.max)
            )


class Units:
    """Exact ratios between units of one kind."""

    def __init__(self, rows):
        self._rows = {uom_id: (parent, factor) for uom_id, parent, factor in rows}

    def ratio(self, uom_id, wanted):
        """What one unit is in the wanted one; None where they are of different kinds."""
        root, factor = self._root(uom_id)
        other_root, other = self._root(wanted)
        if root != other_root:
            return None
        ratio = factor / other
        return Decimal(ratio.numerator) / Decimal(ratio.denominator)

    def _root(self, uom_id):
        factor = Fraction(1)
        while True:
            parent, text = self._rows[uom_id]
            if not parent:
                return uom_id, factor
            factor *= _exact(text)
            uom_id = parent


def _exact(text):
    """The ratio that was meant: 277.77777777777777 is 2500/9, 3.785411784 is itself."""
    number = float(text)
    simple = Fraction(number).limit_denominator(10000)
    return simple if float(simple) == number else Fraction(Decimal(repr(number)))


def _installation_row(row):
    row_id, point_id, meter_id, start, end, counting, allocator, volume, *weights, technology = row
    factor = transformer_factor(*(Decimal(weight or 0) for weight in weights))
    for more in (allocator, volume):
        factor *= Decimal(more or 0) or 1
    return {
        "id": row_id,
        "point_id": point_id,
        "meter_id": meter_id,
        "start": start,
        "end": end or date.max,
        "counting": counting,
        "factor": _plain(factor),
        "technology": technology,
    }


def _plain(number):
    """Without zeros at the end: a trace shows 40, not 40.000000."""
    whole = number.to_integral_value()
    return whole if number == whole else number.normalize()


def _mark(row):
    _installation, _register, reading_id, day, value, kind, rollover, rollback = row
    return Mark(
        reading_id,
        day,
        Decimal(value),
        kind != "estimated",
        kind == "initial",
        bool(rollover),
        bool(rollback),
    )


def _in_order(marks, start):
    """By day; an initial reading opens the first day, or a new series after what closes one."""
    return tuple(sorted(marks, key=lambda mark: (mark.day, mark.opens == (mark.day != start))))


def _overdue(verifications):
    """Days on which the verification in force had run out or was not passed.

    :param verifications: of one meter, in order: (id, day, valid until, result)
    """
    if not verifications:
        return []
    unfit = []
    following = [day_before(row[1]) for row in verifications[1:]] + [date.max]
    for (record_id, day, until, result), last in zip(verifications, following, strict=True):
        first = day if result != "passed" else day_after(until) if until else None
        if first and first <= last:
            unfit.append(Unfit(first, last, "verification", record_id))
    return unfit
