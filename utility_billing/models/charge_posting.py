from odoo import fields, models


class Charge(models.Model):
    """Where a charge went: the ledger's line that carries it, and its part of the tax."""

    _inherit = "utility.charge"

    # no index: posting a million of them would write it again for each
    move_line_id = fields.Many2one(
        "account.move.line", "Ledger Line", readonly=True, copy=False, ondelete="set null"
    )
    move_id = fields.Many2one("account.move", "Bill", related="move_line_id.move_id")
    tax_amount = fields.Monetary(
        "Tax", readonly=True, copy=False, help="Its part of what the bill's line is taxed with."
    )
    carried = fields.Boolean(
        readonly=True,
        copy=False,
        help="Its bill was below zero or too small: it goes on the next one.",
    )

    _by_run = models.Index("(run_id, account_id)")
    _carried = models.Index("(account_id) WHERE carried")
