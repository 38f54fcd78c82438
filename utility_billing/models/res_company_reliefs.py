from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    utility_absence_days = fields.Integer(
        "Least Days of Absence",
        default=5,
        help="An absence counts from so many full days on; the days of leaving and of returning "
        "are not among them.",
    )
    utility_approval_limit = fields.Monetary(
        "Approve above",
        help="Adjustments whose effect is known and no greater, and costs shared once of no more, "
        "need no second person. 0: all do.",
    )
    utility_interruption_hours = fields.Float(
        "Allowed Interruption",
        default=8,
        help="Hours of an interruption in a month that give no right to a reduction.",
    )
    utility_interruption_percent = fields.Float(
        "Per Cent an Hour of Interruption",
        digits=(8, 4),
        default=0.15,
        help="Of the month's charge, for each full hour beyond what is allowed.",
    )
    utility_deviation_percent = fields.Float(
        "Per Cent an Hour of Deviation",
        digits=(8, 4),
        default=0.1,
        help="Of the month's charge, for each full hour and each step of the deviation.",
    )
    utility_deviation_step = fields.Float("Step of the Deviation, °C", digits=(8, 2), default=3)
