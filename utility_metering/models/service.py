from odoo import fields, models


class Service(models.Model):
    """How the quantities of a service become known."""

    _inherit = "utility.service"

    is_quantified = fields.Boolean(
        "Has Quantities",
        default=True,
        help="Usage is calculated for its points: measured, estimated, by norm or derived.",
    )
    cut_method = fields.Selection(
        [
            ("days", "By days"),
            ("degree_days", "By degree days"),
            ("reading", "Only by a reading: all goes to the period in which it was read"),
        ],
        "Measured Use Is Cut",
        required=True,
        default="days",
        help="How what was measured between two readings is divided among periods.",
    )
    conversion_id = fields.Many2one(
        "utility.conversion",
        help="For registers in another kind of unit; a point may have its own.",
    )
    estimation_rule_ids = fields.One2many("utility.estimation.rule", "service_id", "Estimation")
    window_ids = fields.One2many("utility.reading.window", "service_id", "Reading Windows")
    derivation_ids = fields.One2many("utility.derivation", "service_id", "Derived from")
