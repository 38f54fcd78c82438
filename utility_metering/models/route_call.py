from odoo import fields, models


class RouteCall(models.Model):
    """A controller called and nobody opened. Other than a refusal it needs no act."""

    _name = "utility.route.call"
    _description = "Nobody at Home"
    _order = "date desc, id desc"
    _rec_name = "premise_id"

    premise_id = fields.Many2one("utility.premise", required=True, index=True, ondelete="restrict")
    building_id = fields.Many2one(
        related="premise_id.building_id", store=True, index=True, precompute=True
    )
    route_id = fields.Many2one("utility.route", index=True, ondelete="set null")
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    date = fields.Date(required=True, index=True, default=fields.Date.context_today)
    user_id = fields.Many2one(
        "res.users", "Controller", required=True, default=lambda self: self.env.user
    )
    note = fields.Char()
    key = fields.Char("Sender's Key", copy=False, readonly=True)

    _key_unique = models.UniqueIndex(
        "(company_id, key) WHERE key IS NOT NULL", "This was sent before."
    )
