from odoo import api, models


class Allocating(models.AbstractModel):
    """Which services a reconciliation covers can be told, too."""

    _inherit = "utility.allocating"

    @api.model
    def _allocate_as_told(self, told):
        """Divide reconciliations anew.

        :param told: {(ledger line of what is owed, of the money): [(bill's line or 0, service or
            0, Decimal)]}, which add up to what is reconciled
        """
        rows = self.env["utility.payment.allocation"]
        creditors = self._creditors()
        for (owed_id, money_id), parts in told.items():
            old = rows.search(
                [
                    ("line_id", "=", owed_id),
                    ("partial_id.debit_move_id", "=", owed_id),
                    ("partial_id.credit_move_id", "=", money_id),
                ]
            )
            vals = old[:1].copy_data()[0] | {"date": old[:1].date}
            old.unlink()
            rows.create(
                [
                    {
                        **vals,
                        "item_id": item_id or False,
                        "service_id": service_id or False,
                        "creditor_partner_id": creditors.get(service_id, False),
                        "amount": float(amount),
                    }
                    for item_id, service_id, amount in parts
                ]
            )
