from odoo import api, fields, models


class RebillLine(models.Model):
    """What an account was charged for a service, and what it comes to with what is known now."""

    _name = "utility.rebill.line"
    _description = "Comparison of Cancelled and New Bills"
    _order = "account_id, service_id, id"

    rebill_id = fields.Many2one(
        "utility.rebill", required=True, index=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="rebill_id.company_id", store=True, precompute=True)
    currency_id = fields.Many2one(related="rebill_id.currency_id")
    account_id = fields.Many2one(
        "utility.account", required=True, index=True, readonly=True, ondelete="cascade"
    )
    service_id = fields.Many2one("utility.service", readonly=True, ondelete="cascade")
    quantity_was = fields.Float(digits="Utility Quantity", readonly=True)
    quantity_is = fields.Float(digits="Utility Quantity", readonly=True)
    was = fields.Monetary("Was, with Tax", readonly=True)
    due = fields.Monetary("Is, with Tax", readonly=True)
    difference = fields.Monetary(compute="_compute_difference", store=True)
    reason = fields.Char("What Changed", readonly=True)
    message = fields.Char("Cannot Be Billed", readonly=True)

    @api.depends("was", "due")
    def _compute_difference(self):
        for line in self:
            line.difference = line.due - line.was
