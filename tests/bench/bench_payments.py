"""Payments into the ledger: ours in bulk, Odoo's own one by one, Odoo's own in one entry.

All in one run on one database that really writes to the disk. A payment is booked, reconciled with
the bill that it covers, and says which of the bill's eight services it pays. The peers book the
same sums; what is reconciled says its services there, too.

`PAYMENT_SIZES` (open bills, with commas) and `PAYMENT_LINES` in the environment make it smaller
while working on it.
"""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [path for path in (str(ROOT / "tests"), str(ROOT / "tools")) if path not in sys.path]

from bench import kit  # noqa: E402
from bench.kit import benchmark  # noqa: E402
from bench.payment_town import PAID_ON, PaymentTown  # noqa: E402
from bench.posted import durable, timed  # noqa: E402

SIZES = [int(size) for size in os.environ.get("PAYMENT_SIZES", "10000,100000").split(",")]
LINES = int(os.environ.get("PAYMENT_LINES", "20000"))
SLICE = 1000
ONE_BY_ONE = 100
ONE_ENTRY = 500
FLAT = 5000


@benchmark
def registering_payments(bench):
    database = bench.database()
    with bench.environment(database) as env, durable(env):
        town = PaymentTown(env)
        town.bill_some()
        town.owe(SIZES[0])
        few = town.bills(FLAT)
        ours_small = register(town, few) / len(few)
        one_by_one = by_wizard(town, town.bills(ONE_BY_ONE)) / ONE_BY_ONE
        one_entry = by_plan(town, town.bills(ONE_ENTRY)) / ONE_ENTRY
        yield kit.Result("account.payment.register, one by one", 1 / one_by_one, "payments/s")
        yield kit.Result("one entry and _reconcile_plan", 1 / one_entry, "payments/s")
        yield kit.Result(
            f"ours among {SIZES[0]:,} open bills",
            1 / ours_small,
            "payments/s",
            one_entry / ours_small,
        )
        for size in SIZES[1:]:
            town.owe(size)
            bills = town.bills(LINES)
            with bench.memory() as memory:
                cost = register(town, bills) / len(bills)
            yield bench.at_least(
                f"{len(bills):,} payments registered and allocated",
                1 / cost,
                "payments/s",
                10,
                one_entry / cost,
                "one entry and _reconcile_plan",
            )
            yield kit.Result("the same", 1 / cost, "payments/s", one_by_one / cost, "one by one")
            yield bench.at_most(
                f"a payment among {size:,} open bills",
                1000 * cost,
                "ms",
                1.3,
                cost / ours_small,
                f"among {SIZES[0]:,}",
            )
            yield bench.at_most("memory growth over slices", memory.growth_mb, "MB", 250)


def register(town, bills):
    """Seconds for all payments, slice after slice as jobs do it."""
    env = town.env
    ids = town.payments(bills).ids
    registering = env["utility.payment.registering"]
    seconds = 0
    for start in range(0, len(ids), SLICE):
        payments = env["utility.payment"].browse(ids[start : start + SLICE])
        outcome = {}
        seconds += timed(
            env,
            lambda payments=payments, outcome=outcome: outcome.update(
                registering._register_payments(payments)
            ),
        )
        if outcome["way"] != "bulk":
            raise ValueError(outcome["fallback_reason"])
    return seconds


def by_wizard(town, bills):
    """Seconds in which Odoo's own screen registers a payment for each bill."""
    env = town.env
    journal = env["account.journal"].search(
        [("type", "=", "bank"), ("company_id", "=", town.company.id)], limit=1
    ) or env["account.journal"].create({"name": "Bank", "type": "bank", "code": "BBNK"})

    def call():
        for _line, bill_id, *_rest in bills:
            env["account.payment.register"].with_context(
                active_model="account.move", active_ids=[bill_id]
            ).create({"journal_id": journal.id, "payment_date": PAID_ON})._create_payments()

    return timed(env, call)


def by_plan(town, bills):
    """Seconds in which Odoo books one entry for all and reconciles it by a plan."""
    env = town.env
    lines = [
        {
            "account_id": env["account.move.line"].browse(line_id).account_id.id,
            "partner_id": partner_id,
            "balance": -float(owed),
            "utility_account_id": account_id,
            "sequence": place,
        }
        for place, (line_id, _bill, account_id, partner_id, owed) in enumerate(bills)
    ]
    lines.append(
        {
            "account_id": town.collector.clearing_account_id.id,
            "balance": float(sum(owed for *_row, owed in bills)),
            "sequence": len(lines),
        }
    )

    def call():
        move = env["account.move"].create(
            {
                "move_type": "entry",
                "journal_id": town.collector._journal().id,
                "date": PAID_ON,
                "line_ids": [(0, 0, line) for line in lines],
            }
        )
        move._post(soft=False)
        credits = move.line_ids.sorted("sequence")[: len(bills)]
        owed = env["account.move.line"]
        owed._reconcile_plan(
            [owed.browse(row[0]) | credit for row, credit in zip(bills, credits, strict=True)]
        )

    return timed(env, call)
