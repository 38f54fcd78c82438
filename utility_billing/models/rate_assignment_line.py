from odoo import api, fields, models


class RateAssignmentLine(models.Model):
    """What a mass assignment moves in one service, by the facts of a month."""

    _name = "utility.rate.assignment.line"
    _description = "Service of a Mass Assignment"
    _order = "assignment_id, service_id, id"

    assignment_id = fields.Many2one(
        "utility.rate.assignment", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="assignment_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    service_id = fields.Many2one("utility.service", required=True, ondelete="restrict")
    agreement_count = fields.Integer("Agreements")
    amount_before = fields.Monetary("Before")
    amount_after = fields.Monetary("After")
    amount_difference = fields.Monetary(
        "Difference", compute="_compute_amount_difference", store=True
    )

    @api.depends("amount_before", "amount_after")
    def _compute_amount_difference(self):
        for line in self:
            line.amount_difference = line.amount_after - line.amount_before
