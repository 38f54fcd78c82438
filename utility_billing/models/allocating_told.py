from odoo import api, models

from .account_move_line_standing import exact


class Allocating(models.AbstractModel):
    """Which services a reconciliation covers can be told, too."""

    _inherit = "utility.allocating"

    @api.model
    def _allocate_as_told(self, told):
        """Divide reconciliations anew. Where another sum was reconciled than was told, which
        happens in foreign currencies, it stays divided as the policy has it.

        :param told: {(ledger line of what is owed, of the money): [(bill's line or 0, service or
            0, Decimal)]}
        """
        if not told:
            return
        known, creditors = self._rows_by_pair(told), self._creditors()
        old, values = self.env["utility.payment.allocation"], []
        for pair, parts in told.items():
            rows = known.get(pair)
            if not rows or exact(sum(rows.mapped("amount"))) != sum(part[2] for part in parts):
                continue
            vals = rows[0].copy_data()[0] | {"date": rows[0].date}
            values += [
                {
                    **vals,
                    "item_id": item_id or False,
                    "service_id": service_id or False,
                    "creditor_partner_id": creditors.get(service_id, False),
                    "amount": float(amount),
                }
                for item_id, service_id, amount in parts
            ]
            old |= rows
        old.unlink()
        old.create(values)

    def _rows_by_pair(self, pairs):
        """{(ledger line of what is owed, of the money): its allocations}"""
        self.env.flush_all()
        owed_ids, money_ids = map(list, zip(*pairs, strict=True))
        rows = self.env["utility.payment.allocation"].search(
            [
                ("line_id", "in", owed_ids),
                ("partial_id.debit_move_id", "in", owed_ids),
                ("partial_id.credit_move_id", "in", money_ids),
            ]
        )
        return rows.grouped(lambda row: (row.line_id.id, row.partial_id.credit_move_id.id))
