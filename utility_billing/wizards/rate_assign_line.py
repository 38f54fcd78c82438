from odoo import api, fields, models


class RateAssignLine(models.TransientModel):
    """What a mass assignment would move in one service."""

    _name = "utility.rate.assign.line"
    _description = "Service of a Mass Assignment, in Preview"
    _order = "wizard_id, service_id, id"

    wizard_id = fields.Many2one(
        "utility.rate.assign.wizard", required=True, index=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="wizard_id.currency_id")
    service_id = fields.Many2one("utility.service", required=True, ondelete="cascade")
    agreement_count = fields.Integer("Agreements")
    amount_before = fields.Monetary("Before", help="With taxes.")
    amount_after = fields.Monetary("After", help="With taxes.")
    amount_difference = fields.Monetary("Difference", compute="_compute_amount_difference")

    @api.depends("amount_before", "amount_after")
    def _compute_amount_difference(self):
        for line in self:
            line.amount_difference = line.amount_after - line.amount_before
