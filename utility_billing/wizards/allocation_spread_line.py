from odoo import fields, models


class AllocationSpreadLine(models.TransientModel):
    _name = "utility.allocation.spread.line"
    _description = "Share of a Cost"
    _order = "wizard_id, id"

    wizard_id = fields.Many2one("utility.allocation.spread", required=True, ondelete="cascade")
    premise_id = fields.Many2one("utility.premise", readonly=True, ondelete="cascade")
    account_id = fields.Many2one("utility.account", readonly=True, ondelete="cascade")
    currency_id = fields.Many2one(related="wizard_id.currency_id")
    amount = fields.Monetary(readonly=True)
