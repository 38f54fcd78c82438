"""A month's file: 100,000 readings, validated, into readings on record and on into usage.

The peer records readings one by one through the ORM, each validated by the same rules, on 2,000
readings of meters of its own, in pieces between the slices of the import, so that both see the same
machine. The file brings the last four months' readings of 25,000 meters with a first reading each;
one reading in four hundred looks wrong and is held.

`METERING_ROWS` and `METERING_SINGLE_ROWS` in the environment make it smaller while working on it.
"""

import base64
import os
import sys
import time
from datetime import date, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [path for path in (str(ROOT / "tests"), str(ROOT / "tools")) if path not in sys.path]

from bench import kit  # noqa: E402
from bench.kit import benchmark  # noqa: E402

ROWS = int(os.environ.get("METERING_ROWS", "100000"))
SINGLE_ROWS = int(os.environ.get("METERING_SINGLE_ROWS", "2000"))
MONTHS = 4
PIECES = 4
SLICE = 1000
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
