"""Do the demo town's main job if there is one, then print what the database holds as JSON.

The main job is `utility.demo._run_main_job()`: last month's billing, once billing is there. It is
called at every start, so it does what is due and nothing when that is done.
"""

import json

from inside.environment import database_argument, odoo_environment

MAIN_JOB = "_run_main_job"


def figures(env):
    """[(label, value)]: accounts, bills and their total, as far as the suite knows them."""
    found = []
    if "utility.account" in env:
        found.append(("accounts", env["utility.account"].search_count([])))
    if "utility_account_id" in env["account.move"]._fields:
        bills = [
            ("utility_account_id", "!=", False),
            ("state", "=", "posted"),
            ("move_type", "in", ("out_invoice", "out_refund")),
        ]
        totals = env["account.move"]._read_group(
            bills, ["company_currency_id"], ["__count", "amount_total_signed:sum"]
        )
        found.append(("bills", sum(count for _currency, count, _total in totals)))
        found += [("total", f"{total:,.2f} {money.name}") for money, _count, total in totals]
    return found


def logins(env):
    """[(login, name)] of the administrator and of the demo users of each role."""
    users = env["ir.model.data"].search(
        [("module", "=like", "utility%"), ("name", "=like", "demo_user%")], order="id"
    )
    records = env["res.users"].browse(
        users.filtered(lambda row: row.model == "res.users").mapped("res_id")
    )
    return [("admin", "administrator"), *((user.login, user.name) for user in records.exists())]


if __name__ == "__main__":
    with odoo_environment(database_argument()) as env:
        if hasattr(env.get("utility.demo"), MAIN_JOB):
            getattr(env["utility.demo"], MAIN_JOB)()
        print(json.dumps({"figures": figures(env), "logins": logins(env)}))
