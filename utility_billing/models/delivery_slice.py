from odoo import fields, models


class DeliverySlice(models.Model):
    """Some bills of a sending: their mails and their log in one transaction, or none of them."""

    _name = "utility.delivery.slice"
    _description = "Slice of a Sending"
    _inherit = ["utility.run.slice.mixin"]
    _order = "run_id, id"

    run_id = fields.Many2one("utility.delivery.run", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="run_id.company_id", store=True, precompute=True)
    move_ids = fields.Json(required=True, help="Ids of the bills.")
    bill_count = fields.Integer("Bills", required=True)

    def _calculate(self):
        run = self.run_id
        # bills are the ledger's; who sends them need not be an accountant
        moves = self.env["account.move"].sudo().browse(self.move_ids).exists()
        moves = moves.filtered(lambda move: move.state == "posted")
        if not run.again:
            moves -= moves._utility_on_their_way()
        self.env["utility.bill.delivery"]._begin(moves, run, run.channel or None)._send()
        # a slice is the run's own; users only read it
        self.sudo().state = "done"
