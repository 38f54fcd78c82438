"""A month's file: 100,000 readings, validated, into readings on record and on into usage; then
usage and losses of the same town, and the preview of one reading.

The peer records readings one by one through the ORM, each validated by the same rules, on 2,000
readings of meters of its own, in pieces between the slices of the import, so that both see the same
machine. The file brings the last four months' readings of 25,000 meters with a first reading each;
one reading in four hundred looks wrong and is held.

For the figures of usage each of these meters gets readings of twenty months more by one statement:
what is calculated has a history of two years, as a town has.

`METERING_ROWS` and `METERING_SINGLE_ROWS` in the environment make it smaller while working on it.
"""

import base64
import os
import sys
import time
from datetime import date, timedelta
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [path for path in (str(ROOT / "tests"), str(ROOT / "tools")) if path not in sys.path]

from bench import kit  # noqa: E402
from bench.kit import benchmark  # noqa: E402

ROWS = int(os.environ.get("METERING_ROWS", "100000"))
SINGLE_ROWS = int(os.environ.get("METERING_SINGLE_ROWS", "2000"))
MONTHS = 4
PIECES = 4
SLICE = 1000
EARLIER = 20
USAGE_POINTS = 10_000
BALANCE_POINTS = 20_000
FLATS = 40
HOUSES = 25
ACCOUNTS = {
    "number": "account",
    "payer_name": "payer",
    "locality": "city",
    "street": "street",
    "building": "house",
    "unit": "flat",
    "services": "services",
    "date_open": "opened",
}
METERS = {
    "serial": "meter",
    "meter_type": "type",
    "number": "account",
    "date_installed": "installed",
    "reading": "first",
}
READINGS = {"serial": "meter", "date": "date", "value": "value"}


def month_ends(count):
    """The last days of the `count` months before this one, earliest first."""
    day, found = date.today().replace(day=1), []
    for _month in range(count):
        found.append(day - timedelta(days=1))
        day = found[-1].replace(day=1)
    return found[::-1]


class Town:
    """Files of a large town, the same in every run of a month.

    :param meters: so many meters, one a flat
    """

    def __init__(self, env, meters):
        from odoo.addons.utility_base.tools import check_digits

        self.meters = meters
        self.days = month_ends(MONTHS)
        numbering = env["utility.numbering"]._for("account", env.company)
        self.number = lambda place: check_digits.append(numbering.check_scheme, f"{place + 1:07d}")

    def accounts(self):
        return self._csv(
            ACCOUNTS,
            (
                (
                    self.number(place),
                    f"Payer {place}",
                    "Kaunas",
                    f"Gatvė {place // FLATS // HOUSES + 1}",
                    place // FLATS % HOUSES + 1,
                    place % FLATS + 1,
                    "CW",
                    "2020-01-01",
                )
                for place in range(self.meters)
            ),
        )

    def devices(self):
        installed = month_ends(MONTHS + 1)[0]
        return self._csv(
            METERS,
            (
                (self.serial(place), "W15", self.number(place), installed, place % 90)
                for place in range(self.meters)
            ),
        )

    def readings(self, places):
        return self._csv(
            READINGS,
            (
                (self.serial(place), day, self.value(place, month))
                for month, day in enumerate(self.days, 1)
                for place in places
            ),
        )

    @staticmethod
    def serial(place):
        return f"SN{place:07d}"

    @staticmethod
    def value(place, month):
        """3 to 7 m³ a month; one reading in a hundred shows less than the one before."""
        if place % 100 == 0 and month == MONTHS:
            return place % 90
        return place % 90 + month * (3 + place % 5) + place % 7 / 8

    @staticmethod
    def _csv(columns, rows):
        lines = [";".join(columns.values())]
        lines += [";".join(map(str, row)) for row in rows]
        return "\n".join(lines).encode()


class Import:
    """The import of a file, slice by slice, each in a transaction of its own, as its jobs do."""

    def __init__(self, env, target, columns, content):
        self.env = env
        self.seconds = 0.0
        profile = env["utility.import.profile"].create({"name": target, "target": target})
        for column in profile.column_ids:
            column.source = columns.get(column.field_name) or False
        self.batch = env["utility.import.batch"].create(
            {
                "profile_id": profile.id,
                "file": base64.b64encode(content),
                "file_name": f"{target}.csv",
            }
        )
        env.cr.commit()
        env.invalidate_all()

    def run(self, pause=None, every=0):
        """Read, check and write; `pause()` is called after every so many slices of writing."""
        self._phase("reading")
        self._phase("checking")
        self._phase("importing", pause, every)
        batch = self.batch
        if batch.state != "done":
            reasons = batch.row_ids.filtered(lambda row: row.state == "invalid")[:3]
            raise ValueError(f"{batch.bad_count} bad rows: {reasons.mapped('reason')}")
        return self

    def _phase(self, state, pause=None, every=0):
        self.batch.state = state
        count = 0
        more = True
        while more and self.batch.state == state:
            start = time.perf_counter()
            more = self.batch._work()
            self.env.cr.commit()
            self.seconds += time.perf_counter() - start
            count += 1
            if pause and not count % every:
                pause()


class OneByOne:
    """Readings as a programmer would bring them in: each through the ORM by itself."""

    def __init__(self, env, town, places):
        self.env = env
        self.seconds = self.usage_seconds = 0.0
        self.rows = 0
        registers = {
            meter.serial: (meter.register_ids.id, meter.service_point_id)
            for meter in env["utility.meter"].search(
                [("serial", "in", [town.serial(place) for place in places])]
            )
        }
        self.readings = iter(
            [
                (
                    registers[town.serial(place)][1],
                    {
                        "register_id": registers[town.serial(place)][0],
                        "date": day,
                        "value": town.value(place, month),
                        "source": "file",
                    },
                )
                for month, day in enumerate(town.days, 1)
                for place in places
            ]
        )

    def run(self, count):
        for (point, vals), _place in zip(self.readings, range(count), strict=False):
            start = time.perf_counter()
            self.env["utility.reading"]._record([vals])
            self.env.flush_all()
            recorded = time.perf_counter()
            self.env["utility.usage"]._recalculate(
                point, [(vals["date"].replace(day=1), vals["date"])]
            )
            self.env.flush_all()
            self.seconds += recorded - start
            self.usage_seconds += time.perf_counter() - recorded
            self.rows += 1
        self.env.cr.commit()
        self.env.invalidate_all()


def into_usage(env, serials, days):
    """Calculate and keep the usage of the meters' points, month by month; seconds that it took."""
    periods = [(day.replace(day=1), day) for day in days]
    meters = env["utility.meter"].search([("serial", "in", list(serials))])
    points = meters.service_point_id.ids
    begin = time.perf_counter()
    for first in range(0, len(points), SLICE):
        part = env["utility.service.point"].browse(points[first : first + SLICE])
        env["utility.usage"]._recalculate(part, periods)
        env.cr.commit()
        env.invalidate_all()
    return time.perf_counter() - begin


def build(env, town):
    """The town on record: accounts, points and meters come in by files, too."""
    cubic_metre = env.ref("uom.product_uom_cubic_meter")
    env["utility.service"].create(
        {"name": "Cold water", "code": "CW", "kind": "cold_water", "uom_id": cubic_metre.id}
    )
    env["utility.meter.type"].create(
        {
            "name": "DN15",
            "code": "W15",
            "service_kind": "cold_water",
            "register_ids": [(0, 0, {"uom_id": cubic_metre.id})],
        }
    )
    Import(env, "accounts_whole", ACCOUNTS, town.accounts()).run()
    return Import(env, "meters", METERS, town.devices()).run()


@benchmark
def importing_readings(bench):
    meters, singles = ROWS // MONTHS, max(1, SINGLE_ROWS // MONTHS)
    with bench.environment(bench.database()) as env:
        town = Town(env, meters + singles + 5)
        devices = build(env, town)
        yield kit.Result(
            f"import {town.meters:,} meters with all", town.meters / devices.seconds, "rows/s"
        )
        # both kinds of work once, so that neither pays for cold caches
        warm = range(meters + singles, town.meters)
        OneByOne(env, town, warm[:2]).run(2 * MONTHS)
        Import(env, "readings", READINGS, town.readings(warm[2:])).run()
        single = OneByOne(env, town, range(meters, meters + singles))
        with bench.memory() as memory:
            ours = _import_with_pauses(env, town, meters, single)
        per_row, single_per_row = ours.seconds / ROWS, single.seconds / single.rows
        yield bench.at_least(
            f"import {ROWS:,} readings, validated",
            1 / per_row,
            "rows/s",
            20,
            ratio=single_per_row / per_row,
            against=f"one by one, {1 / single_per_row:.0f} rows/s",
        )
        serials = map(town.serial, range(meters))
        usage_per_row = into_usage(env, serials, town.days) / ROWS
        both = single_per_row + single.usage_seconds / single.rows
        yield bench.at_least(
            "the same, and into usage",
            1 / (per_row + usage_per_row),
            "rows/s",
            20,
            ratio=both / (per_row + usage_per_row),
            against=f"one by one, {1 / both:.0f} rows/s",
        )
        yield bench.at_most("memory growth of the import", memory.growth_mb, "MB", 500)
        yield from preview(bench, env, town)
        points = history(env, town, meters)
        yield from usage_of_points(bench, env, points)
        yield from balance(env, points[:BALANCE_POINTS])


def preview(bench, env, town):
    """What an entry screen asks for at each value that is typed."""
    meter = env["utility.meter"].search([("serial", "=", town.serial(1))])
    vals = {"register_id": meter.register_ids.id, "date": str(date.today()), "value": 200.0}

    def ask():
        env.invalidate_all()
        env["utility.reading"].preview([vals])

    seconds = bench.median(ask, times=21, warm=3)
    yield bench.at_most("preview of one reading", seconds * 1000, "ms", 200)


def history(env, town, meters):
    """The town's meters with readings of twenty months before their first one; their points."""
    env.flush_all()
    columns = [
        name
        for name, field in env["utility.reading"]._fields.items()
        if field.store
        and field.column_type
        and name not in ("id", "date", "value", "reading_type", "key")
    ]
    months = f"interval '{EARLIER} months'"
    env.cr.execute(f"UPDATE utility_meter_installation SET date_start = date_start - {months}")
    env.cr.execute(
        f"""
        INSERT INTO utility_reading ({", ".join(columns)}, date, value, reading_type)
        SELECT {", ".join(columns)}, date_trunc('month', date - {months} + interval '1 day'
               + step * interval '1 month') - interval '1 day', value + step * 0.1, 'actual'
        FROM utility_reading, generate_series(1, {EARLIER}) step WHERE reading_type = 'initial'
        """
    )
    env.cr.execute(
        f"UPDATE utility_reading SET date = date - {months} WHERE reading_type = 'initial'"
    )
    env.cr.execute("ANALYZE utility_reading")
    env.cr.commit()
    env.invalidate_all()
    serials = [town.serial(place) for place in range(meters)]
    return env["utility.meter"].search([("serial", "in", serials)]).service_point_id.ids


def usage_of_points(bench, env, point_ids):
    """One month of many points, calculated and kept; the cost of a point stays flat."""
    months = [(day.replace(day=1), day) for day in month_ends(MONTHS + 12)[:12]]
    few = point_ids[:SLICE]
    _keep(env, few, months.pop())
    once, often = [], []
    for _round in range(3):
        once.append(_keep(env, few, months.pop()))
        often.append(_keep(env, point_ids[:USAGE_POINTS], months.pop()))
    of_one, of_many = (median(parts) for parts in (once, often))
    queries = _queries(env, few, months.pop())
    begin = time.process_time()
    env["utility.usage"]._calculate_plan({point_id: {months[-1]} for point_id in few})
    calculating = time.process_time() - begin
    yield kit.Result(
        f"usage of {len(few):,} points, calculated only (processor's time)",
        len(few) / calculating,
        "points/s",
    )
    yield kit.Result(f"usage of {len(few):,} points, kept", len(few) / of_one, "points/s")
    many = len(point_ids[:USAGE_POINTS])
    yield bench.at_most(
        f"usage of {many:,} points, kept",
        many / of_many,
        "points/s",
        1.3,
        ratio=of_many / many * len(few) / of_one,
        against=f"cost of a point among {len(few):,}",
    )
    yield bench.at_most(
        f"queries for the usage of {len(few):,} points",
        queries,
        "queries",
        1,
        ratio=queries / _queries(env, few[: len(few) // 10], months.pop()),
        against="a tenth of them",
    )


def _keep(env, point_ids, month):
    """Seconds to calculate and keep one month of points of which nothing was kept."""
    points = env["utility.service.point"].browse(point_ids)
    begin = time.perf_counter()
    counts = env["utility.usage"]._recalculate(points, [month])
    env.cr.commit()
    seconds = time.perf_counter() - begin
    env.invalidate_all()
    if counts["new"] != len(point_ids):
        raise ValueError(f"{len(point_ids)} points of {month}: {counts}")
    return seconds


def _queries(env, point_ids, month):
    before = env.cr.sql_log_count
    _keep(env, point_ids, month)
    return env.cr.sql_log_count - before


def balance(env, point_ids):
    """A network of one source, inlets of 40 flats below it, and all flats: one month's losses."""
    points = env["utility.service.point"]
    flats = points.browse(point_ids)
    service = flats[0].service_id
    service.has_network = True
    premises = [flat.premise_id.id for flat in flats[::FLATS]]
    common = {"service_id": service.id}
    source = points.create(
        {**common, "code": "SOURCE", "premise_id": premises[0], "kind": "source"}
    )
    inlets = points.create(
        [
            {
                **common,
                "code": f"INLET{index}",
                "premise_id": premise,
                "kind": "inlet",
                "parent_id": source.id,
            }
            for index, premise in enumerate(premises)
        ]
    )
    env.flush_all()
    env.cr.execute(
        """
        UPDATE utility_service_point flat
        SET parent_id = inlet.id, parent_path = inlet.parent_path || flat.id || '/'
        FROM unnest(%s) WITH ORDINALITY wanted (id, place), utility_service_point inlet
        WHERE flat.id = wanted.id AND inlet.id = (%s)[(wanted.place - 1) / %s + 1]
        """,
        [flats.ids, inlets.ids, FLATS],
    )
    env.invalidate_all()
    last = month_ends(MONTHS)[0]
    first = last.replace(day=1)
    feeding = [{"service_point_id": source.id, "quantity": 6.0 * len(flats)}]
    feeding += [{"service_point_id": inlet.id, "quantity": 5.5 * FLATS} for inlet in inlets]
    env["utility.usage"].create(
        [{**vals, "date_start": first, "date_end": last, "method": "measured"} for vals in feeding]
    )
    env.cr.commit()
    env.cr.execute("ANALYZE utility_service_point, utility_usage")
    begin = time.perf_counter()
    env["utility.network.balance"]._calculate(service, first, last)
    env.cr.commit()
    seconds = time.perf_counter() - begin
    rows = env["utility.network.balance"].search_count([("date_start", "=", first)])
    if rows != len(inlets) + 1:
        raise ValueError(f"{rows} balances of {len(inlets) + 1} points that feed others")
    yield kit.Result(f"balance of a network of {len(flats):,} points, one month", seconds, "s")


def _import_with_pauses(env, town, meters, single):
    """Import the whole file; readings are recorded one by one in pauses between its slices."""
    slices = max(1, meters * MONTHS // env["utility.import.target.reading"]._slice_size)
    ours = Import(env, "readings", READINGS, town.readings(range(meters)))
    ours.run(lambda: single.run(SINGLE_ROWS // PIECES), max(1, slices // PIECES))
    if single.rows < SINGLE_ROWS:
        single.run(SINGLE_ROWS - single.rows)
    held = ours.batch.held_reading_count
    if ours.batch.imported_count != ROWS or held != len(range(0, meters, 100)):
        raise ValueError(f"{ours.batch.imported_count} rows imported, {held} held")
    return ours


def main():
    """Run on its own: `.local/venv/bin/python tests/bench/bench_metering.py`, with PG* as they are
    or the suite's own server."""
    from bench import runner
    from suite import postgres

    postgres.ensure()
    bench = kit.Bench()
    try:
        print("\n".join(runner.table([row.as_dict() for row in importing_readings(bench)])))
    finally:
        bench.close()


if __name__ == "__main__":
    main()
