from decimal import Decimal

from odoo import api, models
from odoo.fields import Command

from .posting_bill import PostedBill


class Posting(models.AbstractModel):
    """Posting by Odoo itself: the reference that bulk posting is compared with."""

    _inherit = "utility.posting"

    @api.model
    def _post_orm(self, facts, prepared, _batch):
        """:return: [`PostedBill`], in the order of `prepared`"""
        moves = facts.env["account.move"].create([_create_vals(bill.vals) for bill in prepared])
        moves._post(soft=False)
        moves.env.flush_all()
        return [self._posted(bill.bill, move) for bill, move in zip(prepared, moves, strict=True)]

    def _posted(self, bill, move):
        products = move.invoice_line_ids.filtered(lambda line: line.display_type == "product")
        taxes = {}
        for line in move.line_ids.filtered("tax_line_id"):
            taxes[line.tax_line_id.id] = taxes.get(line.tax_line_id.id, 0) - _money(line.balance)
        owed = move.line_ids.filtered(lambda line: line.display_type == "payment_term")
        return PostedBill(
            bill,
            move.id,
            products.sorted("sequence").ids,
            [(line.id, _money(line.balance)) for line in owed],
            taxes,
            _money(move.amount_total_signed),
        )


def _create_vals(vals):
    lines = [
        Command.create({**line, "tax_ids": [Command.set(line["tax_ids"])]})
        for line in vals["invoice_line_ids"]
    ]
    return {**vals, "invoice_line_ids": lines}


def _money(value):
    return Decimal(f"{value:.6f}").normalize()
