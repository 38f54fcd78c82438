from odoo import fields, models

from odoo.addons.utility_base.models.dated_mixin import no_overlap


class LiftSchedule(models.Model):
    """When containers are lifted: every n weeks on a day of the week."""

    _name = "utility.lift.schedule"
    _description = "Schedule of Lifts"
    _inherit = ["utility.dated.mixin"]
    _fact_key = ("installation_id", "weekday")
    _fact_editors = "utility_base.group_meter_engineer"

    installation_id = fields.Many2one(
        "utility.meter.installation", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        related="installation_id.company_id", store=True, index=True, precompute=True
    )
    weekday = fields.Selection(
        [
            ("0", "Monday"),
            ("1", "Tuesday"),
            ("2", "Wednesday"),
            ("3", "Thursday"),
            ("4", "Friday"),
            ("5", "Saturday"),
            ("6", "Sunday"),
        ],
        required=True,
        default="0",
    )
    every_weeks = fields.Integer("Every, Weeks", required=True, default=1)
    containers = fields.Integer("Containers a Lift", required=True, default=1)
    date_start = fields.Date(help="The first lift is on the weekday on or after this day.")
    replaces_id = fields.Many2one(
        "utility.lift.schedule", copy=False, readonly=True, index="btree_not_null"
    )

    _no_overlap = no_overlap(*_fact_key)
    _weeks_range = models.Constraint(
        "CHECK (every_weeks BETWEEN 1 AND 52 AND containers > 0)",
        "Lifts repeat every 1 to 52 weeks, with at least one container.",
    )
