"""What is on record around a batch of readings, by a fixed number of queries."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from datetime import date
from types import SimpleNamespace

from odoo.tools import SQL

from .decimals import to_decimal

# days before the oldest reading of a batch that averages and the year before may look back to
LOOK_BACK = 800
FOREVER = date.max


def rank(reading_type):
    """First readings of an installation come after the last ones of the same day."""
    return 1 if reading_type == "initial" else 0


class Series:
    """Readings in force of one register, in order."""

    def __init__(self):
        self.marks = []
        self._keys = []

    @staticmethod
    def key(mark):
        return (mark.date, rank(mark.reading_type))

    def append(self, mark):
        """Add a mark that is the latest."""
        self.marks.append(mark)
        self._keys.append(self.key(mark))

    def insert(self, mark):
        key = self.key(mark)
        index = bisect_left(self._keys, key)
        self.marks.insert(index, mark)
        self._keys.insert(index, key)

    def remove(self, mark):
        index = self.marks.index(mark)
        del self.marks[index], self._keys[index]

    def same_day(self, item):
        key = self.key(item)
        index = bisect_left(self._keys, key)
        return self.marks[index] if self._keys[index : index + 1] == [key] else None

    def before(self, item, installation):
        """Marks before the item since its installation, oldest first; estimates count only where
        nobody ever looked."""
        marks = self.marks[: bisect_left(self._keys, self.key(item))]
        marks = [mark for mark in marks if belongs(mark, installation)]
        looked = [mark for mark in marks if mark.reading_type != "estimated"]
        return looked or marks

    def after(self, item, installation):
        """The next mark at the same installation."""
        later = self.marks[bisect_right(self._keys, self.key(item)) :]
        return next(
            (
                mark
                for mark in later
                if mark.reading_type not in ("estimated", "initial") and belongs(mark, installation)
            ),
            None,
        )


def belongs(mark, installation):
    """Whether the value was read while the meter hung there."""
    if not installation.date_start < mark.date <= installation.date_end:
        return mark.date == installation.date_start and (
            mark.reading_type == "initial" or mark.installation_id == installation.id
        )
    return True


class ReadingFacts:
    """Registers, installations and rules of a batch; then its series, once the days are known.

    Reads as the system: who enters a reading may not see all that it is judged by, and is told
    only the figures of the findings.
    """

    def __init__(self, env, register_ids):
        self.env = env(su=True)
        self.env.flush_all()
        self._load_registers(register_ids)
        self._load_installations()

    def _load_registers(self, register_ids):
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id, meter_id, digits, decimals, multiplier, counting, purpose, uom_id,
                       company_id
                  FROM utility_meter_register
                 WHERE meter_id IN (
                       SELECT meter_id FROM utility_meter_register WHERE id = ANY(%s))
                 ORDER BY id
                """,
                list(set(register_ids)),
            )
        )
        names = (
            "id meter_id digits decimals multiplier counting purpose uom_id company_id"
        ).split()
        self.registers = {
            row[0]: SimpleNamespace(**dict(zip(names, row, strict=True))) for row in rows
        }
        self.of_meter = defaultdict(list)
        for register in self.registers.values():
            register.multiplier = to_decimal(register.multiplier)
            self.of_meter[register.meter_id].append(register)

    def _load_installations(self):
        rows = self.env.execute_query(
            SQL(
                """
                SELECT i.id, i.meter_id, i.service_point_id, i.date_start, i.date_end, i.factor,
                       i.service_id, i.premise_id, i.building_id, p.kind, s.kind, s.uom_id
                  FROM utility_meter_installation i
                  JOIN utility_service_point p ON p.id = i.service_point_id
                  JOIN utility_service s ON s.id = i.service_id
                 WHERE i.meter_id = ANY(%s) AND i.voided_at IS NULL
                 ORDER BY i.date_start, i.id
                """,
                list(self.of_meter),
            )
        )
        names = (
            "id meter_id point_id date_start date_end factor service_id premise_id building_id "
            "point_kind service_kind uom_id"
        ).split()
        self.installations = defaultdict(list)
        for row in rows:
            installation = _named(names, row)
            installation.factor = to_decimal(installation.factor)
            installation.date_end = installation.date_end or FOREVER
            self.installations[installation.meter_id].append(installation)

    def installation_on(self, register, day, reading_type):
        """Where the register hung at the end of `day`; on a day that two installations share, the
        second is meant by a first reading only."""
        found = [
            row
            for row in self.installations[register.meter_id]
            if row.date_start <= day <= row.date_end
        ]
        return found[-1 if reading_type == "initial" else 0] if found else None

    def load_series(self, spans, excluded_ids=()):
        """Readings in force around each register's days, and undecided ones of those days.

        :param spans: {register id: (first day, last day)}
        """
        self.series = defaultdict(Series)
        self.undecided = defaultdict(list)
        excluded = set(excluded_ids)
        names = "register_id id date value reading_type rollover rollback installation_id state"
        names = names.split()
        for row in self._series_rows(spans):
            mark = _named(names, row)
            if mark.id in excluded:
                continue
            mark.value = to_decimal(mark.value)
            if mark.state == "accepted":
                self.series[mark.register_id].append(mark)
            else:
                self.undecided[mark.register_id, *Series.key(mark)].append(mark)

    def _series_rows(self, spans):
        ids = list(spans)
        columns = SQL(
            "r.register_id, r.id, r.date, r.value, r.reading_type, r.rollover, r.rollback, "
            "r.installation_id, r.state"
        )
        return self.env.execute_query(
            SQL(
                """
                WITH asked AS MATERIALIZED (
                    SELECT a.register_id, a.first, a.last,
                           LEAST(a.first - %(look_back)s::int,
                                 (SELECT max(p.date) FROM utility_reading p
                                   WHERE p.register_id = a.register_id AND p.state = 'accepted'
                                     AND p.reading_type != 'estimated'
                                     AND p.date < a.first)) AS since,
                           GREATEST(a.last,
                                    (SELECT min(n.date) FROM utility_reading n
                                      WHERE n.register_id = a.register_id AND n.state = 'accepted'
                                        AND n.reading_type != 'estimated'
                                        AND n.date > a.last)) AS until
                      FROM unnest(%(ids)s::int[], %(firsts)s::date[], %(lasts)s::date[])
                           AS a(register_id, first, last)
                ), found AS (
                    SELECT %(columns)s
                      FROM asked a
                      JOIN utility_reading r ON r.register_id = a.register_id
                     WHERE r.state = 'accepted' AND r.date BETWEEN a.since AND a.until
                    UNION ALL
                    SELECT %(columns)s
                      FROM asked a
                      JOIN utility_reading r ON r.register_id = a.register_id
                     WHERE r.state IN ('new', 'held') AND r.date BETWEEN a.first AND a.last
                )
                SELECT * FROM found ORDER BY register_id, date, reading_type = 'initial', id
                """,
                look_back=LOOK_BACK,
                ids=ids,
                firsts=[spans[register_id][0] for register_id in ids],
                lasts=[spans[register_id][1] for register_id in ids],
                columns=columns,
            )
        )

    def load_people(self, point_ids, premise_ids, first, last):
        """Agreements of the points and people living at the premises in those days."""
        self.agreements = defaultdict(list)
        for point_id, start, end, cycle_id in self.env.execute_query(
            SQL(
                """
                SELECT service_point_id, date_start, date_end, billing_cycle_id
                  FROM utility_service_agreement
                 WHERE service_point_id = ANY(%s) AND voided_at IS NULL
                   AND date_start <= %s AND COALESCE(date_end, 'infinity') >= %s
                 ORDER BY date_start, id
                """,
                list(point_ids),
                last,
                first,
            )
        ):
            self.agreements[point_id].append((start, end or FOREVER, cycle_id))
        self.people = defaultdict(list)
        for premise_id, start, end in self.env.execute_query(
            SQL(
                """
                SELECT premise_id, date_start, date_end
                  FROM utility_occupancy
                 WHERE premise_id = ANY(%s) AND voided_at IS NULL
                   AND (is_resident OR role = 'tenant')
                   AND date_start <= %s AND COALESCE(date_end, 'infinity') >= %s
                """,
                list(premise_ids),
                last,
                first,
            )
        ):
            self.people[premise_id].append((start, end or FOREVER))

    def cycle_on(self, point_id, day):
        """Billing cycle by which the point is billed on the day; empty without an agreement."""
        found = [
            cycle_id for start, end, cycle_id in self.agreements[point_id] if start <= day <= end
        ]
        return self.env["utility.billing.cycle"].browse(found[:1])

    def is_vacant(self, installation, day):
        """Nobody lives there, and nobody took the service."""
        return (
            installation.point_kind == "unit"
            and not any(start <= day <= end for start, end in self.people[installation.premise_id])
            and not self.cycle_on(installation.point_id, day)
        )


def _named(names, row):
    return SimpleNamespace(**dict(zip(names, row, strict=True)))
