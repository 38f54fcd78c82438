"""A month on its way into the ledger, batch by batch; a server that really writes to the disk."""

import gc
import time
from contextlib import contextmanager
from statistics import median

from bench.posting_town import MONTH

BATCH = 500
DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}


@contextmanager
def durable(env):
    """The server writes to the disk as a company's would."""
    before = {}
    for name, value in DURABLE.items():
        env.cr.execute("SELECT current_setting(%s)", [name])
        before[name] = env.cr.fetchone()[0]
        _set(env, name, value)
    env.cr.commit()
    try:
        yield
    finally:
        env.cr.rollback()
        for name, value in before.items():
            _set(env, name, value)


def _set(env, name, value):
    outside(env, f"ALTER SYSTEM SET {name} = {value}", "SELECT pg_reload_conf()")


def outside(env, *queries):
    """Run what cannot be part of a transaction."""
    connection = env.cr._cnx
    env.cr.commit()
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            for query in queries:
                cursor.execute(query)
    finally:
        connection.autocommit = False


def timed(env, call):
    """Seconds of a call until it is committed; what was made before is no part of it."""
    env.cr.commit()
    gc.collect()
    gc.disable()
    try:
        begin = time.perf_counter()
        call()
        env.flush_all()
        env.cr.commit()
        return time.perf_counter() - begin
    finally:
        gc.enable()
        env.invalidate_all()


class Posted:
    """A month on its way into the ledger, batch by batch, with the seconds of each step."""

    def __init__(self, env, accounts, way="bulk"):
        self.env, self.accounts = env, accounts
        env.company.utility_posting_way = way
        self.run = env["utility.billing.run"].create({"month": MONTH})
        self.parts = [accounts[start : start + BATCH] for start in range(0, len(accounts), BATCH)]
        self.seconds = {"rate": [], "post": []}
        env.cr.commit()

    def rate(self):
        batches = self.env["utility.billing.batch"]
        for part in self.parts:
            batch = batches.create(self._slice(part))
            self.seconds["rate"].append(
                timed(
                    self.env,
                    lambda part=part, batch=batch: self.run._rate_accounts(
                        self.env["utility.account"].browse(part), batch
                    ),
                )
            )
            if batch.held_count:
                raise ValueError(f"held: {self.run.problem_ids[0].message}")
            batch.state = "done"
        return self

    def batches(self):
        """The batches that are to be rated, by whoever does it."""
        batches = self.env["utility.billing.batch"].create(list(map(self._slice, self.parts)))
        self.run.state = "calculating"
        self.env.cr.commit()
        return batches

    def approve(self):
        self.env.invalidate_all()
        self.run.state = "review"
        self.approving = timed(self.env, self.run.action_approve)
        self.run._prepare_ledger()
        self.run.state = "posting"
        self.postings = self.env["utility.billing.posting"].create(
            [self._slice(part) for part in self.parts]
        )
        self.env.cr.commit()
        return self

    def post(self, postings=None):
        for posting in postings or self.postings:
            self.seconds["post"].append(timed(self.env, posting._job_calculate))
            if posting.state != "done" or posting.fallback_reason:
                raise ValueError(posting.message or posting.fallback_reason)
        return self

    def _slice(self, part):
        return {
            "run_id": self.run.id,
            "first_id": part[0],
            "last_id": part[-1],
            "account_count": len(part),
        }

    @property
    def posting(self):
        """Seconds a bill."""
        return median(self.seconds["post"]) / BATCH

    @property
    def whole(self):
        return (
            median(self.seconds["rate"]) / BATCH
            + self.approving / len(self.accounts)
            + (self.posting)
        )
