from odoo import api, fields, models


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

    @api.onchange("cut_method")
    def _onchange_cut_method(self):
        """What was cut the other way stays so: say it, and how to have it cut again."""
        usage = self.env["utility.usage"]
        before = self._origin.cut_method
        if not before or before == self.cut_method:
            return None
        if not usage.search_count([("service_id", "=", self._origin.id)], limit=1):
            return None
        return {
            "warning": {
                "title": self.env._("For what is calculated from now on"),
                "message": self.env._(
                    "Quantities that are calculated already stay as they were cut. To cut them "
                    "the new way, choose them under Usage and calculate them again: the next "
                    "billing run then corrects the months that are billed."
                ),
            }
        }
