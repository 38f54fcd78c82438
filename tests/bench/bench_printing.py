"""Mass printing: bills of eight services, drawn directly and through the report.

A town's month is rated, approved and posted; its bills are printed by a printing run, part by part:
what they say is loaded and kept, drawn with charts, QR code and barcode, and the file stored. The
peer is the same bill through QWeb and WeasyPrint, a few bills after a first one that warms it up.

`PRINT_BILLS` in the environment makes it smaller while working on it.
"""

import os
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [path for path in (str(ROOT / "tests"), str(ROOT / "tools")) if path not in sys.path]

from bench import kit  # noqa: E402
from bench.kit import benchmark  # noqa: E402
from bench.rating_town import MONTH, SERVICES, Town  # noqa: E402

BILLS = int(os.environ.get("PRINT_BILLS", "1000"))
PART = 100
REPORTED = 10


@benchmark
def printing_bills(bench):
    with bench.environment(bench.database()) as env:
        town = Town(env)
        prepare_ledger(town)
        town.grow(BILLS)
        moves = post_month(town)
        yield from whole(bench, town)
        drawn = drawing(town.env, moves)
        yield bench.at_least(
            f"draw bills of {SERVICES} services (processor's time)", drawn, "bills/s", 120
        )
        yield kit.Result(
            "draw a file a bill (processor's time)", singly(town.env, moves), "files/s"
        )
        reported = reporting(town.env, moves[:REPORTED])
        yield kit.Result(
            "the same bills by QWeb and WeasyPrint (processor's time)",
            reported,
            "bills/s",
            ratio=drawn / reported,
            against="drawing is so many times as fast",
        )


def whole(bench, town):
    """A printing run, part by part: load, keep, draw, store."""
    env = town.env
    run = env["utility.print.run"].create({"company_id": town.company.id, "part_size": PART})
    run._cut(run._ordered_ids())
    run.write(run._beginning())
    first, *parts = run.part_ids
    work(first)
    begun = time.perf_counter()
    with bench.memory() as memory:
        for part in parts:
            work(part)
    seconds = time.perf_counter() - begun
    bills = sum(parts.bill_count for parts in parts)
    yield bench.at_least("load, draw and store", bills / seconds, "bills/s", 60)
    yield bench.at_most(f"memory growth over {len(parts)} parts", memory.growth_mb, "MB", 100)
    begun = time.perf_counter()
    for part in parts:
        part.sudo().state = "todo"
        work(part)
    again = time.perf_counter() - begun
    yield kit.Result("print again what was kept", bills / again, "bills/s")


def work(part):
    part._job_calculate()
    if part.state != "done":
        raise ValueError(part.message)
    part.env.cr.commit()
    part.env.invalidate_all()


def drawing(env, moves):
    """Bills a second that are drawn into one file; what they say is known."""
    from odoo.addons.utility_billing.engine.drawing import Drawer

    contents = env["utility.bill.document"]._kept(moves[: 2 * PART])
    fonts = env["utility.bill.printing"]._fonts()
    begun = time.process_time()
    drawer = Drawer(fonts)
    for content in contents:
        drawer.add(content)
    drawer.finish()
    return len(contents) / (time.process_time() - begun)


def singly(env, moves):
    """Files a second, of a bill each."""
    from odoo.addons.utility_billing.engine.drawing import Drawer

    contents = env["utility.bill.document"]._kept(moves[:PART])
    fonts = env["utility.bill.printing"]._fonts()
    begun = time.process_time()
    for content in contents:
        drawer = Drawer(fonts)
        drawer.add(content)
        drawer.finish()
    return len(contents) / (time.process_time() - begun)


def reporting(env, moves):
    document = env["utility.bill.document"].with_context(force_report_rendering=True)
    document._pdf(moves[:1])
    begun = time.process_time()
    document._pdf(moves)
    return len(moves) / (time.process_time() - begun)


# -- bills to print ---------------------------------------------------------------------------


def prepare_ledger(town):
    env, company = town.env, town.company
    receivable, revenue, vat = (
        env["account.account"].create(
            {
                "code": code,
                "name": name,
                "account_type": kind,
                "reconcile": kind == "asset_receivable",
                "company_ids": [(6, 0, company.ids)],
            }
        )
        for code, name, kind in (
            ("B21000", "Receivable", "asset_receivable"),
            ("B40000", "Revenue", "income"),
            ("B51000", "VAT", "liability_current"),
        )
    )
    env["ir.default"].set(
        "res.partner", "property_account_receivable_id", receivable.id, company_id=company.id
    )
    parts = town.tax.invoice_repartition_line_ids | town.tax.refund_repartition_line_ids
    parts.filtered(lambda part: part.repartition_type == "tax").account_id = vat
    for service in town.services.values():
        service.income_account_id = revenue
    company.partner_id.bank_ids = [(0, 0, {"acc_number": "LT121000011101001000"})]
    town.payer.email = "payer@example.com"


def post_month(town):
    """The bills of the town's month."""
    run = town.env["utility.billing.run"].create({"month": MONTH, "company_id": town.company.id})
    run.action_calculate()
    for batch in run.batch_ids.filtered(lambda batch: batch.state == "todo"):
        batch._calculate()
    run._finish()
    run.action_approve()
    run.action_post()
    # numbers are given by transactions of their own, which have to see the journal
    town.env.cr.commit()
    for part in run.posting_ids.filtered(lambda part: part.state == "todo"):
        part._job_calculate()
        if part.state != "done":
            raise ValueError(part.message)
        town.env.cr.commit()
    run._finish()
    town.env.cr.commit()
    town.env.invalidate_all()
    return run.move_ids.filtered(lambda move: move.is_invoice())
