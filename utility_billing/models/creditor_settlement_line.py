from odoo import fields, models


class CreditorSettlementLine(models.Model):
    """What a settlement takes of one service and day."""

    _name = "utility.creditor.settlement.line"
    _description = "Day of a Settlement"
    _order = "settlement_id, service_id, date, id"

    settlement_id = fields.Many2one(
        "utility.creditor.settlement", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="settlement_id.company_id", store=True, precompute=True)
    creditor_id = fields.Many2one(related="settlement_id.creditor_id", store=True, precompute=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    service_id = fields.Many2one("utility.service", required=True, ondelete="restrict")
    date = fields.Date("Day", required=True)
    is_late = fields.Boolean(
        "Earlier Day", help="Changed after the settlement of its days: returned, or placed anew."
    )
    collected = fields.Monetary()
    returned = fields.Monetary()
    amount = fields.Monetary(help="Collected, less what was returned.")

    _once = models.Constraint(
        "UNIQUE (settlement_id, service_id, date)", "A settlement has each day once."
    )
    _claimed = models.Index("(creditor_id, company_id, service_id, date)")
