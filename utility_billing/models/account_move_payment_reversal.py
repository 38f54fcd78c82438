from odoo import fields, models
from odoo.exceptions import UserError


class AccountMove(models.Model):
    _inherit = "account.move"

    def _reverse_moves(self, default_values_list=None, cancel=False):
        """An accountant's reversal of a payment's entry is a return of the payment; that of a
        correction's entry undoes the correction."""
        # whether a payment stands is the ledger's to say, not the user's
        payments = self.line_ids.sudo().utility_payment_id if cancel else ()
        if not payments:
            return super()._reverse_moves(default_values_list, cancel)
        self._refuse_corrected()
        reversals = super()._reverse_moves(default_values_list, cancel)
        for move, reversal in zip(self, reversals, strict=True):
            payments.correction_ids.filtered(
                lambda correction, move=move: (
                    correction.move_id == move and correction.state == "done"
                )
            ).write(
                {
                    "state": "undone",
                    "undo_move_id": reversal.id,
                    "undone_by": self.env.uid,
                    "undone_at": fields.Datetime.now(),
                }
            )
        payments._follow_ledger(reversals)
        return reversals

    def _refuse_corrected(self):
        """:raise UserError: money of the entries was moved on since"""
        given = self.sudo().line_ids.filtered(
            lambda line: line.utility_payment_id and line.balance < 0
        )
        places = {(line.utility_payment_id, line.utility_account_id) for line in given}
        found = given.utility_payment_id.correction_ids.filtered(
            lambda correction: (
                correction.state == "done"
                and correction.move_id.id > min(self.ids)
                and correction.move_id not in self
                and any(
                    line.balance > 0
                    and (line.utility_payment_id, line.utility_account_id) in places
                    for line in correction.move_id.line_ids
                )
            )
        )[:1]
        if found:
            raise UserError(
                self.env._(
                    "%(entry)s: its money was moved on by “%(correction)s”. Undo that first.",
                    entry=", ".join(self.mapped("name")),
                    correction=found.display_name,
                )
            )
