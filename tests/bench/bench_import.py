"""Files of the first day: 100,000 accounts with all that belongs to them, and finding them again.

The peer is Odoo's own `load()`, given the same rows as five tables with external ids: premises,
people, accounts, points, agreements. It is slow, so it gets 2,000 rows, in pieces between those of
the import, so that both see the same machine. An account here has two services.

`IMPORT_ROWS` and `IMPORT_LOAD_ROWS` in the environment make it smaller while working on it.
"""

import base64
import os
import statistics
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [path for path in (str(ROOT / "tests"), str(ROOT / "tools")) if path not in sys.path]

from bench.kit import benchmark  # noqa: E402

ROWS = int(os.environ.get("IMPORT_ROWS", "100000"))
LOAD_ROWS = int(os.environ.get("IMPORT_LOAD_ROWS", "2000"))
PIECES = 4
FLATS = 40
HOUSES = 25
FIRST_NAMES = ("Jonas", "Ona", "Petras", "Rasa", "Antanas", "Irena", "Marius", "Živilė", "Ąžuolas")
LAST_NAMES = ("Kazlauskas", "Žukauskienė", "Petrauskas", "Šimkutė", "Balčiūnas", "Čepas", "Rimkutė")
SERVICES = ("CW", "HEAT")
COLUMNS = {
    "number": "account",
    "payer_name": "payer",
    "payer_ref": "code",
    "locality": "city",
    "street": "street",
    "building": "house",
    "unit": "flat",
    "services": "services",
    "date_open": "opened",
}


class Town:
    """Rows of a large town, the same in every run."""

    def __init__(self, env):
        from odoo.addons.utility_base.tools import check_digits

        self.env = env
        self.numbering = env["utility.numbering"]._for("account", env.company)
        self.append = check_digits.append

    def row(self, place):
        """account, payer, code, city, street, house, flat of the account in that place."""
        building = place // FLATS
        first, last = FIRST_NAMES[place % 9], LAST_NAMES[place % 7]
        return (
            self.append(self.numbering.check_scheme, f"{place + 1:07d}"),
            f"{first} {last} {place}",
            f"K{place:06d}",
            "Kaunas",
            f"Gatvė {building // HOUSES + 1}",
            str(building % HOUSES + 1),
            str(place % FLATS + 1),
        )

    def csv(self, count):
        lines = [";".join(COLUMNS.values())]
        lines += [
            ";".join((*self.row(place), " ".join(SERVICES), "2026-01-01")) for place in range(count)
        ]
        return "\n".join(lines).encode()


class Loader:
    """The same rows by `load()`, from a place on that the import does not reach."""

    def __init__(self, env, town, first):
        self.env = env
        self.town = town
        self.next = first
        self.known = set()
        self.seconds = 0.0
        self.rows = 0
        for record, name in (
            (env.ref("utility_base.premise_type_locality"), "locality"),
            (env.ref("utility_base.premise_type_street"), "street"),
            (env.ref("utility_base.premise_type_apartment_building"), "house"),
            (env.ref("utility_base.premise_type_flat"), "flat"),
            (env["utility.service.agreement"]._default_billing_cycle(), "cycle"),
            *((env["utility.service"].search([("code", "=", code)]), code) for code in SERVICES),
        ):
            env["ir.model.data"].create(
                {
                    "module": "bench",
                    "name": name,
                    "model": record._name,
                    "res_id": record.id,
                }
            )

    def run(self, count):
        """Load `count` further rows; the clock runs while `load()` does."""
        rows = [self.town.row(place) for place in range(self.next, self.next + count)]
        self.next += count
        self.rows += count
        self._load(
            "utility.premise", ["id", "name", "type_id/id", "parent_id/id"], self._premises(rows)
        )
        self._load(
            "res.partner",
            ["id", "name", "ref"],
            [[f"bench.p{row[0]}", row[1], row[2]] for row in rows],
        )
        self._load(
            "utility.account",
            ["id", "number", "partner_id/id", "premise_id/id", "date_open"],
            [
                [f"bench.a{row[0]}", row[0], f"bench.p{row[0]}", self._flat(row), "2026-01-01"]
                for row in rows
            ],
        )
        self._load(
            "utility.service.point",
            ["id", "code", "service_id/id", "premise_id/id"],
            [
                [f"bench.s{row[0]}_{code}", f"{row[0]}-{code}", f"bench.{code}", self._flat(row)]
                for row in rows
                for code in SERVICES
            ],
        )
        self._load(
            "utility.service.agreement",
            ["id", "account_id/id", "service_point_id/id", "date_start", "billing_cycle_id/id"],
            [
                [
                    f"bench.g{row[0]}_{code}",
                    f"bench.a{row[0]}",
                    f"bench.s{row[0]}_{code}",
                    "2026-01-01",
                    "bench.cycle",
                ]
                for row in rows
                for code in SERVICES
            ],
        )
        self.env.cr.commit()
        self.env.invalidate_all()

    @property
    def per_row(self):
        return self.seconds / self.rows

    def _premises(self, rows):
        found = []
        for _number, _name, _code, city, street, house, flat in rows:
            steps = (
                ("locality", city, f"l_{city}", ""),
                ("street", street, f"s_{street}", f"l_{city}"),
                ("house", house, f"h_{street}_{house}", f"s_{street}"),
                ("flat", flat, f"f_{street}_{house}_{flat}", f"h_{street}_{house}"),
            )
            for kind, name, key, above in steps:
                if key not in self.known:
                    self.known.add(key)
                    above = f"bench.{self._word(above)}" if above else ""
                    found.append([f"bench.{self._word(key)}", name, f"bench.{kind}", above])
        return found

    def _flat(self, row):
        return f"bench.{self._word(f'f_{row[4]}_{row[5]}_{row[6]}')}"

    @staticmethod
    def _word(key):
        return key.replace(" ", "").replace("ė", "e")

    def _load(self, model, names, rows):
        start = time.perf_counter()
        done = self.env[model].load(names, rows)
        self.env.flush_all()
        self.seconds += time.perf_counter() - start
        if not done["ids"]:
            raise ValueError(f"load() of {model}: {done['messages'][:1]}")


class Import:
    """The import of the file, slice by slice, each in a transaction of its own, as its jobs do."""

    def __init__(self, env, content):
        self.env = env
        self.seconds = 0.0
        profile = env["utility.import.profile"].create(
            {
                "name": "Benchmark",
                "target": "accounts_whole",
            }
        )
        for column in profile.column_ids:
            column.source = COLUMNS.get(column.field_name) or False
        self.batch = env["utility.import.batch"].create(
            {
                "profile_id": profile.id,
                "file": base64.b64encode(content),
                "file_name": "town.csv",
            }
        )
        env.cr.commit()
        env.invalidate_all()

    def phase(self, state, pause=None, every=0):
        """Work until the phase is over; `pause()` is called `PIECES` times in between."""
        self.batch.state = state
        count = 0
        more = True
        while more and self.batch.state == state:
            start = time.perf_counter()
            more = self.batch._work()
            self.env.cr.commit()
            self.seconds += time.perf_counter() - start
            count += 1
            if pause and every and not count % every:
                pause()


@benchmark
def importing_accounts(bench):
    with bench.environment(bench.database()) as env:
        unit = env.ref("uom.product_uom_unit")
        env["utility.service"].create(
            [{"name": code, "code": code, "uom_id": unit.id} for code in SERVICES]
        )
        town = Town(env)
        slices = max(1, ROWS // env["utility.import.target.whole"]._slice_size)
        # both kinds of work once, so that neither pays for cold caches
        warm = Loader(env, town, ROWS + 1_000_000)
        warm.run(20)
        loader, quiet = _followers_of(warm)
        with bench.memory() as memory:
            ours = Import(env, town.csv(ROWS))
            ours.phase("reading")
            ours.phase("checking")

            def pause():
                loader.run(LOAD_ROWS // PIECES)
                quiet.run(LOAD_ROWS // PIECES)

            ours.phase("importing", pause, max(1, slices // PIECES))
        batch = ours.batch
        if (batch.state, batch.imported_count) != ("done", ROWS):
            raise ValueError(f"{batch.imported_count} rows imported, {batch.bad_count} bad")
        if not loader.rows:
            pause()
        per_row = ours.seconds / ROWS
        yield bench.at_least(
            f"import {ROWS:,} accounts with all",
            1 / per_row,
            "rows/s",
            10,
            ratio=loader.per_row / per_row,
            against=f"load(), {1 / loader.per_row:.0f} rows/s",
        )
        yield bench.at_least(
            "the same, load() without chatter",
            1 / per_row,
            "rows/s",
            0,
            ratio=quiet.per_row / per_row,
            against=f"load(), {1 / quiet.per_row:.0f} rows/s",
        )
        yield bench.at_most("memory growth of the import", memory.growth_mb, "MB", 500)
        yield from _finding(bench, env, town)
        yield from _opening(bench, env, town)


def _followers_of(warm):
    """A loader with Odoo's chatter, as `load()` is by itself, and one without, as the import screen
    calls it; each from a place of its own on."""
    loaders = []
    for shift, context in ((1_100_000, {}), (1_200_000, {"tracking_disable": True})):
        loader = Loader.__new__(Loader)
        loader.env = warm.env(context={**warm.env.context, **context})
        loader.town, loader.known = warm.town, warm.known
        loader.next, loader.seconds, loader.rows = ROWS + shift, 0.0, 0
        loaders.append(loader)
    return loaders


def _finding(bench, env, town):
    """Median over several accounts, each looked for with an empty cache."""
    accounts = env["utility.account"]
    rows = [town.row(place) for place in range(0, ROWS, max(1, ROWS // 7))]
    for name, texts in (
        ("number", [row[0] for row in rows]),
        ("payer", [row[1] for row in rows]),
        ("part of an address", [f"{row[4].lower()} {row[5]}-{row[6]} kaunas" for row in rows]),
        ("address without diacritics", [f"gatve {row[4].split()[1]} {row[5]}-" for row in rows]),
    ):
        seconds = []
        for text in texts:

            def look(text=text):
                env.invalidate_all()
                found = accounts.name_search(text, limit=8)
                if not found:
                    raise ValueError(f"{text} is not found")

            def list_them(text=text):
                env.invalidate_all()
                accounts.web_search_read(
                    [("display_name", "ilike", text)],
                    {"number": {}, "partner_id": {"fields": {"display_name": {}}}, "address": {}},
                    limit=80,
                )

            seconds += [bench.median(look, times=3), bench.median(list_them, times=3)]
        yield bench.at_most(
            f"find an account by {name}", statistics.median(seconds) * 1000, "ms", 200
        )


def _opening(bench, env, town):
    """The account's form, as the web client asks for it."""
    from odoo.tests import Form

    accounts = env["utility.account"]
    specification = Form(accounts.search([], limit=1))._view["fields_spec"]
    seconds = []
    for place in range(0, ROWS, max(1, ROWS // 7)):
        account = accounts.search([("number", "=", town.row(place)[0])])

        def open_it(account=account):
            env.invalidate_all()
            account.web_read(specification)

        seconds.append(bench.median(open_it, times=3))
    yield bench.at_most("open an account's screen", statistics.median(seconds) * 1000, "ms", 500)


def main():
    """Run on its own: `.local/venv/bin/python tests/bench/bench_import.py`, with PG* as they are or
    the suite's own server."""
    from bench import kit, runner
    from suite import postgres

    postgres.ensure()
    bench = kit.Bench()
    try:
        print("\n".join(runner.table([row.as_dict() for row in importing_accounts(bench)])))
    finally:
        bench.close()


if __name__ == "__main__":
    main()
