"""Calculate every charge of a database again from its trace alone; print as JSON how many there
are, and the ids of those whose amount comes out otherwise or that explain nothing."""

import json
from decimal import Decimal

from inside.environment import database_argument, odoo_environment

QUERY = "SELECT id, amount, trace FROM utility_charge ORDER BY id"
AT_ONCE = 5000


def differing(rows):
    """Ids of charges that their traces do not bring to the same amount."""
    from odoo.addons.utility_billing.engine.recompute import recompute

    return [
        charge_id
        for charge_id, amount, trace in rows
        if not trace or recompute(trace) != Decimal(str(amount))
    ]


if __name__ == "__main__":
    with odoo_environment(database_argument()) as env:
        count, wrong = 0, []
        env.cr.execute(QUERY)
        while rows := env.cr.fetchmany(AT_ONCE):
            count += len(rows)
            wrong += differing(rows)
        print(json.dumps({"charges": count, "differing": wrong}))
