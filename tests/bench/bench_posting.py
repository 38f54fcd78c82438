"""From facts to posted bills: our two ways, two workers, OCA's contracts, a plain COPY.

All in one run on one database that really writes to the disk (fsync on). Each household takes
eight of ten taxed services: 45 shapes of bills.

`POSTING_SIZES` (with commas), `POSTING_BATCHES` and `POSTING_ONE_BY_ONE` in the environment make
it smaller while working on it.
"""

import io
import os
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [path for path in (str(ROOT / "tests"), str(ROOT / "tools")) if path not in sys.path]

from bench import kit  # noqa: E402
from bench.kit import benchmark  # noqa: E402
from bench.posted import BATCH, Posted, durable, outside, timed  # noqa: E402
from bench.posting_town import PostingTown  # noqa: E402

SIZES = [int(size) for size in os.environ.get("POSTING_SIZES", "1000,100000").split(",")]
BATCHES = int(os.environ.get("POSTING_BATCHES", "6"))
ROUNDS = int(os.environ.get("POSTING_ROUNDS", "3"))
ONE_BY_ONE = int(os.environ.get("POSTING_ONE_BY_ONE", "300"))
WORKERS_BILLS = int(os.environ.get("POSTING_WORKERS_BILLS", "4000"))
MEMORY_BATCHES = int(os.environ.get("POSTING_MEMORY_BATCHES", "52"))
NEIGHBOURS = 2 * BATCH
TABLES = {
    "account_move": "id",
    "account_move_line": "move_id",
    "account_move_line_account_tax_rel": None,
    "account_account_tag_account_move_line_rel": None,
}


@benchmark
def posting_bills(bench):
    database = bench.database()
    with bench.environment(database) as env, durable(env):
        town = PostingTown(env)
        env = town.env
        town.grow(SIZES[0] + NEIGHBOURS)
        bill_neighbours(town)
        yield from whole_way(bench, town, database)
        for size in SIZES[1:]:
            yield from at_size(bench, town, size)
        yield from memory_of_a_worker(bench, town, database)


def bill_neighbours(town):
    """No ledger is empty: some households stay billed all the time. PostgreSQL would plan the
    peers' own queries for tables without a row, and they would take hours."""
    Posted(town.env, town.accounts[:NEIGHBOURS]).rate().approve().post()
    del town.accounts[:NEIGHBOURS]
    outside(town.env, "VACUUM ANALYZE")


def whole_way(bench, town, database):
    env = town.env
    accounts = town.accounts
    posted, copied, whole = [], [], []
    for _round in range(ROUNDS):
        ours = Posted(env, accounts).rate().approve().post()
        posted += ours.seconds["post"]
        whole.append(ours.whole)
        bills = ours.run.move_ids.sorted("utility_account_id").ids
        copied += [
            copy_again(env, bills[start : start + BATCH]) for start in range(0, len(bills), BATCH)
        ]
        shapes = shapes_of(env, ours.run)
        take_back(env, ours.run)
    town.cost, town.whole = median(posted) / BATCH, median(whole)
    copying = median(copied)
    few = Posted(env, accounts[:ONE_BY_ONE], "orm")
    few.rate().approve()
    by_odoo = timed(env, few.postings._job_calculate) / ONE_BY_ONE
    contracts = by_contracts(env, few.run) / ONE_BY_ONE
    take_back(env, few.run)
    yield kit.Result("shapes of bills", shapes, "shapes")
    yield kit.Result("Odoo's own create and post (c)", 1 / by_odoo, "bills/s")
    yield kit.Result("OCA contract, the same lines (d)", 1 / contracts, "bills/s")
    yield kit.Result("COPY of the finished rows (e)", 1 / copying, "bills/s")
    posting = 1 / town.cost
    yield bench.at_least(
        "posting alone, one worker",
        posting,
        "bills/s",
        25,
        contracts / town.cost,
        "OCA contract",
    )
    yield bench.at_least(
        "posting alone against COPY", posting, "bills/s", 0.4, copying / town.cost, "COPY"
    )
    yield bench.at_least(
        "facts to posted bills, one worker (a)",
        1 / town.whole,
        "bills/s",
        12,
        contracts / town.whole,
        "OCA contract",
    )
    yield kit.Result("of it rating", BATCH / median(ours.seconds["rate"]), "accounts/s")
    yield kit.Result("of it approving", len(accounts) / ours.approving, "accounts/s")
    yield from two_workers(bench, town, database)


def two_workers(bench, town, database):
    """From facts to posted bills by one process and by two, from the first to the last."""
    env = town.env
    town.grow(WORKERS_BILLS + NEIGHBOURS)
    accounts = town.accounts[:WORKERS_BILLS]
    seconds, waited = {}, {}
    for workers in (1, 2):
        month = Posted(env, accounts)
        rating = in_processes(database, "utility.billing.batch", month.batches(), workers)
        month.approve()
        posting = in_processes(database, "utility.billing.posting", month.postings, workers)
        seconds[workers] = rating, posting, rating + month.approving + posting
        env.invalidate_all()
        waited[workers] = sum(month.postings.mapped("wait_seconds"))
        take_back(env, month.run)
    count = len(accounts)
    yield bench.at_least(
        "facts to posted bills, two workers (b)",
        count / seconds[2][2],
        "bills/s",
        1.4,
        seconds[1][2] / seconds[2][2],
        f"one worker, {count / seconds[1][2]:.0f} bills/s",
    )
    for place, step in enumerate(("rating", "posting")):
        yield kit.Result(
            f"of it {step}",
            count / seconds[2][place],
            "bills/s",
            seconds[1][place] / seconds[2][place],
            f"one worker, {count / seconds[1][place]:.0f} bills/s",
        )
    yield kit.Result("two workers: waited for numbers", 1000 * waited[2] / count, "ms a bill")


def in_processes(database, model, batches, workers):
    """Seconds in which some processes share batches, from the word go until the last is done;
    starting the processes does not count."""
    processes = [worker(database, model, batches[place::workers]) for place in range(workers)]
    for process in processes:
        process.stdout.readline()
    begin = time.perf_counter()
    for process in processes:
        send_off(process)
    for process in processes:
        if process.wait():
            raise ValueError("a worker failed")
    return time.perf_counter() - begin


def worker(database, model, batches):
    """A process that says when it is ready, waits to be sent off and does its batches; it says how
    large it was when it was ready, and at its largest after each batch, in kB."""
    return subprocess.Popen(
        [
            *(sys.executable, __file__, "--worker", database, model),
            ",".join(map(str, batches.ids)),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def send_off(process):
    process.stdin.write("go\n")
    process.stdin.flush()


def work(database, model, ids):
    """One worker: ready, then its batches one after the other."""
    from inside.environment import odoo_environment

    with odoo_environment(database) as env:
        batches = env[model].browse(ids)
        batches.run_id.mapped("name")
        print(kit.status_kb("VmRSS"), flush=True)
        sys.stdin.readline()
        for batch in batches:
            batch._job_calculate()
            env.flush_all()
            env.cr.commit()
            env.invalidate_all()
            print(kit.status_kb("VmHWM"), flush=True)


def at_size(bench, town, size):
    """What a bill costs in a bigger town."""
    town.grow(size + NEIGHBOURS)
    spread = range(0, size - BATCH + 1, max(BATCH, size // BATCHES))
    accounts = [account for start in spread for account in town.accounts[start : start + BATCH]]
    month = Posted(town.env, accounts).rate().approve().post()
    for step, cost, before in (
        ("posting", month.posting, town.cost),
        ("facts to posted bills", month.whole, town.whole),
    ):
        yield bench.at_most(
            f"{step} in a town of {size:,}",
            1 / cost,
            "bills/s",
            1.2,
            cost / before,
            f"a bill in a town of {SIZES[0]:,}",
        )
    take_back(town.env, month.run)


def memory_of_a_worker(bench, town, database):
    accounts = (town.accounts * (MEMORY_BATCHES * BATCH // len(town.accounts) + 1))[
        : MEMORY_BATCHES * BATCH
    ]
    if len(set(accounts)) < len(accounts):
        return
    month = Posted(town.env, accounts).rate().approve()
    half = len(month.postings) // 2
    process = worker(database, "utility.billing.posting", month.postings)
    idle = int(process.stdout.readline())
    send_off(process)
    peaks = [int(line) for line in process.stdout]
    if process.wait():
        raise ValueError("a worker failed")
    over_idle, late = peaks[-1] - idle, peaks[-1] - peaks[half - 1]
    yield bench.at_most("a worker's memory over idle", over_idle / 1024, "MB", 250)
    yield bench.at_most(f"and from batch {half} to {len(peaks)}", late / 1024, "MB", 50)


# -- what it is compared with ---------------------------------------------------------------


def by_contracts(env, run):
    """Seconds in which OCA's contracts invoice the lines of a run's bills."""
    env["ir.module.module"].update_list()
    module = env["ir.module.module"].search([("name", "=", "contract")])
    if module.state != "installed":
        module.button_immediate_install()
    env = env(user=env.uid)
    env.transaction.reset()
    bills = env["account.move"].browse(run.move_ids.ids)
    contracts = env["contract.contract"].create([contract_of(bill) for bill in bills])
    env.cr.commit()
    moves = env["account.move"]

    def call():
        nonlocal moves
        moves = contracts._recurring_create_invoice()
        moves.action_post()

    seconds = timed(env, call)
    if len(moves) != len(bills):
        raise ValueError("contracts made other bills")
    return seconds


def contract_of(bill):
    product = bill.env["product.product"].search([("name", "=", "Supply")], limit=1)
    product = product or bill.env["product.product"].create({"name": "Supply", "type": "service"})
    return {
        "name": bill.name,
        "partner_id": bill.partner_id.id,
        "journal_id": bill.journal_id.id,
        "contract_type": "sale",
        "line_recurrence": False,
        "recurring_next_date": "2026-01-31",
        "date_start": "2026-01-31",
        "recurring_rule_type": "monthly",
        "contract_line_fixed_ids": [
            (
                0,
                0,
                {
                    "product_id": product.id,
                    "name": line.name,
                    "quantity": line.quantity,
                    "price_unit": line.price_unit,
                    "recurring_next_date": "2026-01-31",
                    "date_start": "2026-01-31",
                },
            )
            for line in bill.invoice_line_ids
        ],
    }


def copy_again(env, ids):
    """Seconds a bill in which COPY writes the rows of bills once more, under other ids."""
    move_ids = draw(env, "account_move", len(ids))
    lines = env["account.move"].browse(ids).line_ids.ids
    pairs = {"again_move": (ids, move_ids)}
    pairs["again_line"] = lines, draw(env, "account_move_line", len(lines))
    for name, (old, new) in pairs.items():
        env.cr.execute(
            f"CREATE TEMP TABLE {name} AS "
            "SELECT * FROM unnest(%s::int[], %s::int[]) AS pair (old, new)",
            [old, new],
        )
    texts = {table: finished(env, table) for table in TABLES}
    env.cr.commit()
    begin = time.perf_counter()
    for table, (columns, text) in texts.items():
        env.cr.copy_expert(f"COPY {table} ({columns}) FROM STDIN", io.StringIO(text))
    env.cr.commit()
    seconds = time.perf_counter() - begin
    env.cr.execute("SET LOCAL session_replication_role = replica")
    for table, (columns, _text) in texts.items():
        if "account_move_line_id" in columns:
            env.cr.execute(
                f"DELETE FROM {table} WHERE account_move_line_id = ANY(%s)",
                [pairs["again_line"][1]],
            )
    env.cr.execute("DELETE FROM account_move_line WHERE move_id = ANY(%s)", [move_ids])
    env.cr.execute("DELETE FROM account_move WHERE id = ANY(%s)", [move_ids])
    env.cr.execute("DROP TABLE again_move, again_line")
    env.cr.commit()
    return seconds / len(ids)


def draw(env, table, count):
    from odoo.addons.utility_base.tools.bulk import draw_ids

    return draw_ids(env.cr, table, count)


def finished(env, table):
    """(columns, rows as COPY writes them) of bills, under their new ids."""
    env.cr.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_name = %s "
        "ORDER BY ordinal_position",
        [table],
    )
    columns = [row[0] for row in env.cr.fetchall()]
    news = {
        "account_move": {"id": "m.new", "name": "'X' || t.name"},
        "account_move_line": {"id": "l.new", "move_id": "m.new"},
    }.get(table, {"account_move_line_id": "l.new"})
    joins = {
        "account_move": "JOIN again_move m ON m.old = t.id",
        "account_move_line": "JOIN again_move m ON m.old = t.move_id "
        "JOIN again_line l ON l.old = t.id",
    }.get(table, "JOIN again_line l ON l.old = t.account_move_line_id")
    selected = ", ".join(news.get(name, f't."{name}"') for name in columns)
    out = io.StringIO()
    env.cr.copy_expert(f"COPY (SELECT {selected} FROM {table} t {joins}) TO STDOUT", out)
    return ", ".join(f'"{name}"' for name in columns), out.getvalue()


def shapes_of(env, run):
    return len(
        {tuple(sorted(move.invoice_line_ids.utility_service_id.ids)) for move in run.move_ids}
    )


def take_back(env, run):
    """As if the month had never been billed."""
    env.flush_all()
    env.cr.execute("SET LOCAL session_replication_role = replica")
    for query in (
        *(
            f"DELETE FROM {table} WHERE account_move_line_id IN (SELECT line.id "
            "FROM account_move_line line JOIN account_move move ON move.id = line.move_id "
            "WHERE move.utility_run_id = %s)"
            for table, column in TABLES.items()
            if not column
        ),
        "DELETE FROM utility_charge WHERE run_id = %s",
        "DELETE FROM utility_charge_claim WHERE run_id = %s",
        "DELETE FROM account_move_line WHERE move_id IN "
        "(SELECT id FROM account_move WHERE utility_run_id = %s)",
        "DELETE FROM account_move WHERE utility_run_id = %s",
        "DELETE FROM utility_bill_range WHERE posting_id IN "
        "(SELECT id FROM utility_billing_posting WHERE run_id = %s)",
        "DELETE FROM utility_billing_posting WHERE run_id = %s",
        "UPDATE utility_billing_run SET state = 'cancelled' WHERE id = %s",
    ):
        env.cr.execute(query, [run.id])
    env.cr.commit()
    # as autovacuum would in the night
    outside(env, "VACUUM ANALYZE")
    env.invalidate_all()


if __name__ == "__main__" and sys.argv[1:2] == ["--worker"]:
    work(*sys.argv[2:4], [int(part) for part in sys.argv[4].split(",")])
