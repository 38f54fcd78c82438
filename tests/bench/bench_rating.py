"""A month of bills: what is due, facts loaded, rated with traces, stored, approved; and corrected.

Towns of 1,000, 10,000 and 100,000 accounts of eight services are rated by batches as a billing run
does it, the steps measured within `_rate_accounts` itself. Of each town as many batches are rated,
evenly spread; what an account costs must not depend on the town's size.

Then some accounts have been billed for twelve months and one period in a hundred gets another
quantity: the next month is rated with corrections and without.

`RATING_SIZES` (with commas), `RATING_BATCHES` and `RATING_CORRECTED` in the environment make it
smaller while working on it.
"""

import os
import sys
import time
from collections import defaultdict
from contextlib import ExitStack, contextmanager
from datetime import date, datetime
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [path for path in (str(ROOT / "tests"), str(ROOT / "tools")) if path not in sys.path]

from bench import kit  # noqa: E402
from bench.kit import benchmark  # noqa: E402
from bench.rating_town import MONTH, SERVICES, Town, months_before  # noqa: E402

SIZES = [int(size) for size in os.environ.get("RATING_SIZES", "1000,10000,100000").split(",")]
BATCHES = int(os.environ.get("RATING_BATCHES", "10"))
CORRECTED = int(os.environ.get("RATING_CORRECTED", "2000"))
BATCH = 500
QUERIES = 1000
BILLED_MONTHS = 12
NEXT_MONTH = date(2026, 2, 1)
NIGHT_ACCOUNTS, NIGHT_CORES = 1_000_000, 2


class Watch:
    """Measures calls of functions where they stand: seconds, processor's time, what came back."""

    def __init__(self):
        self.seconds, self.processor = defaultdict(list), defaultdict(list)

    @contextmanager
    def on(self, **places):
        """:param places: name of the step = (owner of the function, its name)"""
        with ExitStack() as stack:
            for step, (owner, name) in places.items():
                stack.enter_context(self._replaced(step, owner, name))
            yield self

    @contextmanager
    def _replaced(self, step, owner, name):
        function = getattr(owner, name)

        def measured(*args, **kwargs):
            wall, processor = time.perf_counter(), time.process_time()
            try:
                return function(*args, **kwargs)
            finally:
                self.seconds[step].append(time.perf_counter() - wall)
                self.processor[step].append(time.process_time() - processor)

        inherited = name not in vars(owner)
        setattr(owner, name, measured)
        try:
            yield
        finally:
            if inherited:
                delattr(owner, name)
            else:
                setattr(owner, name, function)


class Month:
    """A billing run whose batches are rated one by one."""

    def __init__(self, env, first, **vals):
        self.env = env
        self.run = env["utility.billing.run"].create({"month": first, **vals})
        self.watch = Watch()
        self.batches = []
        env.cr.commit()

    def rate(self, account_ids):
        """Rate and keep accounts as a batch; seconds that it took."""
        batch = self.env["utility.billing.batch"].create(
            {
                "run_id": self.run.id,
                "first_id": min(account_ids),
                "last_id": max(account_ids),
                "account_count": len(account_ids),
            }
        )
        accounts = self.env["utility.account"].browse(account_ids)
        self.env.flush_all()
        from odoo.addons.utility_billing.models import billing_run_rating

        rating = self.env.registry["utility.rating"]
        begin = time.perf_counter()
        with self.watch.on(
            due=(rating, "_due"),
            changed=(rating, "_changed"),
            load=(billing_run_rating, "RatingFacts"),
            rate=(rating, "_rate_facts"),
            store=(billing_run_rating, "bulk_create"),
        ):
            self.run._rate_accounts(accounts, batch)
            self.env.cr.commit()
        seconds = time.perf_counter() - begin
        self.env.invalidate_all()
        if batch.held_count:
            raise ValueError(f"held: {self.run.problem_ids[0].message}")
        self.batches.append(batch)
        return seconds

    def approve(self):
        """Seconds that it takes to approve what was rated."""
        self.run.state = "review"
        self.env.flush_all()
        begin = time.perf_counter()
        self.run.action_approve()
        self.env.cr.commit()
        return time.perf_counter() - begin

    @property
    def charges(self):
        return [batch.charge_count for batch in self.batches]


@benchmark
def rating_accounts(bench):
    with bench.environment(bench.database()) as env:
        town = Town(env)
        costs = {}
        for size in SIZES:
            town.grow(size)
            month = Month(town.env, MONTH)
            month.rate(town.accounts[-BATCH:])
            seconds = [month.rate(part) for part in spread(town.accounts)]
            costs[size] = median(seconds) / BATCH
            if size == SIZES[0]:
                yield from queries(bench, town)
                yield from steps(bench, month)
            yield whole(bench, costs, size)
        month = Month(town.env, MONTH)
        for start in range(0, 2 * BATCH, BATCH):
            month.rate(town.accounts[start : start + BATCH])
        approving = month.approve() / (2 * BATCH)
        yield kit.Result("approve", 1 / approving, "accounts/s")
        night = NIGHT_ACCOUNTS * (costs[size] / NIGHT_CORES + approving) / 3600
        yield bench.at_most("a million accounts on two cores, from these", night, "h", 8)


@benchmark
def correcting_accounts(bench):
    with bench.environment(bench.database()) as env:
        yield from corrections(bench, Town(env))


def spread(accounts):
    """Batches of a town's accounts, evenly spread; repeated where there are not so many."""
    starts = range(0, len(accounts) - BATCH + 1, max(BATCH, len(accounts) // BATCHES))
    parts = [accounts[start : start + BATCH] for start in starts]
    return [parts[index % len(parts)] for index in range(BATCHES)]


def steps(bench, month):
    """What each step of a batch comes to; the first batch warmed up and does not count."""
    wall = {step: median(found[1:]) for step, found in month.watch.seconds.items()}
    processor = {step: median(found[1:]) for step, found in month.watch.processor.items()}
    charges = median(month.charges[1:])
    supplies = BATCH * SERVICES
    yield kit.Result("due", BATCH / wall["due"], "accounts/s")
    yield kit.Result("load", supplies / wall["load"], "supplies/s")
    rate = charges / processor["rate"]
    yield bench.at_least("rate with traces (processor's time)", rate, "charges/s", 8000)
    yield kit.Result("store", charges / wall["store"], "charges/s")
    yield kit.Result("charges of an account", charges / BATCH, "charges")


def whole(bench, costs, size):
    first = next(iter(costs))
    name, value = f"all of it, town of {size:,}", 1 / costs[size]
    if size == first:
        return kit.Result(name, value, "accounts/s")
    return bench.at_most(
        name,
        value,
        "accounts/s",
        1.3,
        ratio=costs[size] / costs[first],
        against=f"cost of an account among {first:,}",
    )


def queries(bench, town):
    """Queries for the facts of 1,000 accounts and of a tenth of them."""
    from odoo.addons.utility_billing.models.rating_facts import RatingFacts

    counts = []
    # the first time, caches are filled
    for count in (QUERIES // 10, QUERIES // 10, QUERIES):
        accounts = town.env["utility.account"].browse(town.accounts[:count])
        due = town.env["utility.rating"]._due(accounts, MONTH)
        before = town.env.cr.sql_log_count
        RatingFacts(town.env, due)
        counts.append(town.env.cr.sql_log_count - before)
    yield bench.at_most(
        f"queries to load {QUERIES:,} accounts of {SERVICES} services",
        counts[2],
        "queries",
        1,
        ratio=counts[2] / counts[1],
        against="a tenth of them",
    )


def corrections(bench, town):
    """The month after twelve billed ones, of whose periods one in a hundred has changed."""
    env = town.env
    firsts = [*months_before(MONTH, BILLED_MONTHS - 1), MONTH]
    town.company.utility_billing_start = firsts[0]
    town.grow(CORRECTED)
    for first in firsts[:-1]:
        town.add_month(first)
    parts = [town.accounts[start : start + BATCH] for start in range(0, CORRECTED, BATCH)]
    for first in firsts:
        billed = Month(env, first, with_corrections=False)
        for part in parts:
            billed.rate(part)
        billed.approve()
    town.add_month(NEXT_MONTH)
    changed = change(town)
    plain, corrected = Month(env, NEXT_MONTH, with_corrections=False), Month(env, NEXT_MONTH)
    costs = []
    for month in (plain, corrected):
        costs.append(median(month.rate(part) for part in parts))
    if not corrected.run.correction_count:
        raise ValueError("nothing was corrected")
    yield kit.Result(
        f"look for changes in {BILLED_MONTHS} billed months",
        BATCH / median(corrected.watch.seconds["changed"]),
        "accounts/s",
    )
    yield bench.at_most(
        f"with {changed:,} changed periods of {CORRECTED * SERVICES * BILLED_MONTHS:,}",
        BATCH / costs[1],
        "accounts/s",
        3,
        ratio=costs[1] / costs[0],
        against=f"a first rating, {BATCH / costs[0]:.0f} accounts/s",
    )


def change(town):
    """Give one billed period in a hundred another quantity, as a reading that came late would;
    how many there are."""
    env = town.env
    wanted = CORRECTED * SERVICES * BILLED_MONTHS // 100
    found = env["utility.usage"].search(
        [
            ("service_point_id.premise_id", "!=", town.flat.id),
            ("service_id", "!=", town.services["EL"].id),
            ("date_start", "<", NEXT_MONTH),
        ],
        order="id",
    )
    # months that stand side by side in the table go to different accounts
    rows = found[:: max(1, len(found) // wanted)][:wanted]
    vals_list = rows.copy_data()
    rows.write({"voided_at": datetime.now().replace(microsecond=0)})
    env.flush_all()
    for vals, row in zip(vals_list, rows, strict=True):
        vals.update(quantity=row.quantity + 1, trace=False, replaces_id=row.id)
    env["utility.usage"].create(vals_list)
    env.cr.commit()
    env.invalidate_all()
    return len(rows)


def main():
    """Run on its own: `.local/venv/bin/python tests/bench/bench_rating.py`, with PG* as they are
    or the suite's own server."""
    from bench import runner
    from suite import postgres

    postgres.ensure()
    bench = kit.Bench()
    try:
        for function in (rating_accounts, correcting_accounts):
            print("\n".join(runner.table([row.as_dict() for row in function(bench)])))
    finally:
        bench.close()


if __name__ == "__main__":
    main()
