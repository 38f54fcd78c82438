from odoo import fields, models


class AllocationCalculateLine(models.TransientModel):
    """A building's cost of the period, typed."""

    _name = "utility.allocation.calculate.line"
    _description = "Cost to Share"

    wizard_id = fields.Many2one("utility.allocation.calculate", required=True, ondelete="cascade")
    assignment_id = fields.Many2one(
        "utility.allocation.assignment", "Shared by", required=True, ondelete="cascade"
    )
    building_id = fields.Many2one(related="assignment_id.building_id")
    service_id = fields.Many2one(related="assignment_id.service_id")
    method_id = fields.Many2one(related="assignment_id.method_id")
    currency_id = fields.Many2one(related="wizard_id.company_id.currency_id")
    total = fields.Monetary(help="Of the building and the period; 0: not shared now.")
