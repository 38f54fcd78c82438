from odoo import fields, models


class CheckVisit(models.Model):
    """Somebody has to go and look: why, who, when, and what came of it."""

    _name = "utility.check.visit"
    _description = "Check Visit"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date_planned, id"
    _check_company_auto = True

    service_point_id = fields.Many2one(
        "utility.service.point", required=True, index=True, ondelete="restrict"
    )
    service_id = fields.Many2one(
        related="service_point_id.service_id", store=True, index=True, precompute=True
    )
    premise_id = fields.Many2one(
        related="service_point_id.premise_id", store=True, index=True, precompute=True
    )
    building_id = fields.Many2one(
        related="service_point_id.building_id", store=True, index=True, precompute=True
    )
    company_id = fields.Many2one(
        related="service_point_id.company_id", store=True, index=True, precompute=True
    )
    meter_id = fields.Many2one("utility.meter", index=True, ondelete="restrict")
    reason = fields.Char(required=True)
    state = fields.Selection(
        [
            ("planned", "Planned"),
            ("done", "Done"),
            ("refused", "Access refused"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="planned",
        tracking=True,
        index=True,
    )
    user_id = fields.Many2one("res.users", "Controller", tracking=True)
    date_planned = fields.Date("Planned for", default=fields.Date.context_today)
    date_done = fields.Date("Done on")
    result = fields.Text()
    score = fields.Float(digits=(16, 2), help="How suspicious the point was, when it came here.")
    reading_ids = fields.One2many("utility.reading", "visit_id", "Readings")
    act_id = fields.Many2one("utility.meter.act", ondelete="restrict")

    _one_open = models.UniqueIndex(
        "(service_point_id) WHERE state = 'planned'",
        "A visit to this point is planned already.",
    )
