"""Payments: what is reconciled already says what it covers, months get the new points."""

from odoo import SUPERUSER_ID, api
from odoo.tools import split_every

CHUNK = 5000


def migrate(cr, version):
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    _add_points(env)
    _allocate(env)


def _add_points(env):
    checks = env["utility.billing.period.check"]
    checks.create(
        [
            {"period_id": period.id, "code": code, "sequence": place}
            for period in env["utility.billing.period"].search([])
            for place, code in enumerate(checks._codes(), 1)
            if code not in period.check_ids.mapped("code")
        ]
    )


def _allocate(env):
    env.cr.execute(
        """
        SELECT part.id FROM account_partial_reconcile part
        JOIN account_move_line debit ON debit.id = part.debit_move_id
        JOIN account_move_line credit ON credit.id = part.credit_move_id
        WHERE (debit.utility_account_id IS NOT NULL OR credit.utility_account_id IS NOT NULL)
        AND NOT EXISTS (SELECT FROM utility_payment_allocation WHERE partial_id = part.id)
        ORDER BY part.id
        """
    )
    for ids in split_every(CHUNK, [row[0] for row in env.cr.fetchall()], list):
        env["utility.allocating"]._allocate(ids)
