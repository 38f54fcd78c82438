"""What benchmarks are made of: results, clocks, memory, databases.

A benchmark is a function in `tests/bench/bench_*.py` with `@benchmark`; it gets a `Bench` and
yields `Result`s. Each runs in a process of its own, so that memory and caches are its own too:

    @benchmark
    def finding_an_account(bench):
        with bench.environment(bench.database(demo=True)) as env:
            ours = bench.median(lambda: env["utility.account"].name_search("1234"))
        yield bench.at_most("find by number", ours * 1000, "ms", 200)

A ratio compares two things measured in the same run on the same machine, never with a figure that
was written down elsewhere.
"""

import gc
import os
import statistics
import time
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from itertools import count

REGISTERED = []


def benchmark(function):
    """Register `function(bench)`, which yields results."""
    REGISTERED.append(function)
    return function


@dataclass
class Result:
    """One line of the table.

    :param value: what was measured, in `unit`
    :param against: what it was compared with in the same run, `ratio` times better or worse
    :param required: what value or ratio has to be, as a reader understands it
    :param holds: whether it is so; None when nothing is required
    """

    name: str
    value: float
    unit: str
    ratio: float | None = None
    against: str | None = None
    required: str | None = None
    holds: bool | None = None

    def as_dict(self):
        return asdict(self)


class Memory:
    """Filled in by `Bench.memory` when its block ends."""

    growth_mb = 0.0


class Bench:
    """Handed to every benchmark; takes away what it has made when the benchmark ends."""

    def __init__(self):
        self.stack = ExitStack()
        self.numbers = count(1)

    def close(self):
        self.stack.close()

    def median(self, call, times=5, warm=1):
        """Median of the seconds that `call()` takes, after `warm` calls that do not count."""
        for _call in range(warm):
            call()
        return statistics.median(self.seconds(call) for _call in range(times))

    def seconds(self, call):
        """Seconds that one `call()` takes, without garbage collection in between."""
        gc.collect()
        enabled = gc.isenabled()
        gc.disable()
        try:
            start = time.perf_counter()
            call()
            return time.perf_counter() - start
        finally:
            if enabled:
                gc.enable()

    @contextmanager
    def memory(self):
        """`with bench.memory() as memory:` and then `memory.growth_mb`: how far the resident size
        of this process rose above its start, at its highest, in MB."""
        measured = Memory()
        gc.collect()
        _forget_peak()
        start = status_kb("VmRSS")
        yield measured
        measured.growth_mb = max(0, status_kb("VmHWM") - start) / 1024

    def database(self, demo=False):
        """Name of a fresh database with the suite installed, with its demo town if `demo`."""
        from suite import databases, layout

        name = f"utility_bench_{layout.clone_key()}_{os.getpid()}_{next(self.numbers)}"
        self.stack.callback(databases.drop, name)
        databases.copy(databases.suite(demo=demo), name)
        return name

    def environment(self, database):
        """`with bench.environment(name) as env:` is the superuser's environment in this process;
        committed at the end."""
        from inside.environment import odoo_environment

        return odoo_environment(database)

    def at_least(self, name, value, unit, limit, ratio=None, against=None):
        """A result whose ratio, or value when there is none, has to reach `limit`."""
        measured = value if ratio is None else ratio
        return Result(name, value, unit, ratio, against, f"≥ {limit:g}", measured >= limit)

    def at_most(self, name, value, unit, limit, ratio=None, against=None):
        """A result whose ratio, or value when there is none, must not exceed `limit`."""
        measured = value if ratio is None else ratio
        return Result(name, value, unit, ratio, against, f"≤ {limit:g}", measured <= limit)


def _forget_peak():
    """Linux: 5 resets the highest resident size to the present one."""
    with open("/proc/self/clear_refs", "w") as handle:
        handle.write("5")


def status_kb(field):
    with open("/proc/self/status") as lines:
        return next(int(line.split()[1]) for line in lines if line.startswith(f"{field}:"))
