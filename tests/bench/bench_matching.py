"""A register of payments from its file to its accounts: parsed, staged line by line, matched.

All in one run on one database that really writes to the disk. 95 lines of 100 carry their
account's reference, the others only a payer's name and address, some of them miswritten; these are
looked for in a stage of its own. The peer reads the same file with `csv.reader` and copies it into
a table without a log or an index: what the machine can do at best.

`MATCHING_ACCOUNTS` and `MATCHING_LINES` (two sizes of files, with a comma) in the environment make
it smaller while working on it; `MATCHING_READ` also stages a file of so many lines.
"""

import base64
import csv
import io
import os
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [path for path in (str(ROOT / "tests"), str(ROOT / "tools")) if path not in sys.path]

from bench import kit  # noqa: E402
from bench.kit import benchmark  # noqa: E402
from bench.posted import durable, timed  # noqa: E402
from bench.register_town import COLUMNS, HEADERS, NAMELESS, RegisterTown  # noqa: E402

ACCOUNTS = int(os.environ.get("MATCHING_ACCOUNTS", "20000"))
SIZES = [int(size) for size in os.environ.get("MATCHING_LINES", "10000,100000").split(",")]
READ = int(os.environ.get("MATCHING_READ", "0"))
WARM = 1000
# times what the peer takes
DEAREST = 150


@benchmark
def matching_payments(bench):
    with bench.environment(bench.database()) as env, durable(env):
        town = RegisterTown(env)
        town.bill_some()
        town.owe(ACCOUNTS)
        town.people()
        Register(town, WARM, "W").work()
        few = Register(town, SIZES[0], "A").work()
        with bench.memory() as memory:
            many = Register(town, SIZES[1], "B").work()
        plain = many.plainly()
        for register in (few, many):
            for stage, seconds in register.seconds.items():
                count = register.searched if stage == "searching" else register.count
                yield kit.Result(f"{register.count:,} lines: {stage}", count / seconds, "lines/s")
        yield bench.at_least(
            f"{many.count:,} lines parsed, staged and matched", 1 / many.per_line, "lines/s", 2000
        )
        yield bench.at_most(
            "a line parsed, staged and matched",
            1000 * many.per_line,
            "ms",
            DEAREST,
            many.per_line * many.count / plain,
            "csv.reader and COPY",
        )
        yield bench.at_most(
            f"a line of {many.count:,}",
            1000 * many.per_line,
            "ms",
            1.3,
            many.per_line / few.per_line,
            f"of {few.count:,}",
        )
        yield bench.at_least(
            f"{many.searched:,} payers looked for by name and address",
            many.searched / many.seconds["searching"],
            "lines/s",
            100,
        )
        yield bench.at_most("memory growth over all of it", memory.growth_mb, "MB", 300)
        if READ:
            yield from _reading(bench, town)


def _reading(bench, town):
    register = Register(town, READ, "R")
    with bench.memory() as memory:
        register.read()
    rate = READ / register.seconds["parsing and staging"]
    yield kit.Result(f"{READ:,} lines parsed and staged", rate, "lines/s")
    yield kit.Result("memory growth of that", memory.growth_mb, "MB")


class Register:
    """One file on its way, slice after slice as jobs do it, each in a transaction of its own."""

    def __init__(self, town, count, mark):
        self.town, self.env, self.count = town, town.env, count
        self.seconds = {}
        self.content = town.register(count, mark)
        profile = self.env["utility.import.profile"].create(
            {
                "name": f"Register {mark}",
                "target": "payments",
                "collector_id": town.collector.id,
                "delimiter": "semicolon",
                "encoding": "utf-8",
            }
        )
        for column in profile.column_ids:
            column.source = COLUMNS.get(column.field_name) or False
        self.batch = self.env["utility.import.batch"].create(
            {
                "profile_id": profile.id,
                "file": base64.b64encode(self.content),
                "file_name": "register.csv",
            }
        )
        self._settle()

    def work(self):
        self.read()
        self._clock("into the list", self._import)
        payments = self.batch.payment_batch_ids
        self._clock("matching", lambda: self._slices(payments, "matching"))
        self.searched = sum(payments._slices().mapped("payment_count"))
        self._clock("searching", lambda: self._slices(payments, "searching"))
        self._check(payments)
        return self

    def read(self):
        self._clock("parsing and staging", self._read)

    @property
    def per_line(self):
        """Seconds from the file to the account, without the search for names."""
        return sum(self.seconds.values()) / self.count - self.seconds["searching"] / self.count

    def plainly(self):
        """Seconds of the peer."""
        names = ", ".join(f"{name} text" for name in HEADERS)
        self.env.cr.execute(f"CREATE UNLOGGED TABLE bench_plain ({names})")

        def call():
            lines = io.TextIOWrapper(io.BytesIO(self.content), encoding="utf-8", newline="")
            rows = csv.reader(lines, delimiter=";")
            text = "\n".join("\t".join(cells) for cells in rows)
            self.env.cr.copy_expert("COPY bench_plain FROM STDIN", io.StringIO(text))

        return timed(self.env, call)

    def _read(self):
        self.batch._begin("reading", small=False)
        while self.batch.state in ("reading", "checking"):
            self.batch._work()
            self._settle()

    def _import(self):
        self.batch._begin("importing", small=False)
        while self.batch.state == "importing":
            self.batch._work()
            self._settle()

    def _slices(self, payments, state):
        for part in payments._slices():
            part._job_calculate()
            self._settle()
            if part.state != "done":
                raise ValueError(part.message)
        if payments.state != state:
            raise ValueError(f"{payments.state} instead of {state}")
        payments._job_finish()
        self._settle()

    def _clock(self, stage, call):
        begin = time.perf_counter()
        call()
        self.seconds[stage] = time.perf_counter() - begin

    def _settle(self):
        self.env.flush_all()
        self.env.cr.commit()
        self.env.invalidate_all()

    def _check(self, payments):
        """What names its account is on it; nothing is lost, and most names are found."""
        nameless = -(-self.count // NAMELESS)
        ((_payments, by_state),) = payments._sums_by_state()
        sums = {state: count for state, (count, _amount) in by_state.items()}
        found = sums.get("matched", 0), self.searched, sum(sums.values())
        if found != (self.count - nameless, nameless, self.count):
            raise ValueError(f"{sums} of {self.count}, {self.searched} were looked for")
        if sums.get("unmatched", 0) > nameless / 10:
            raise ValueError(f"{sums['unmatched']} of {nameless} names are not found")
