from odoo import fields, models

from ..engine.vee import Rule
from ..tools.decimals import to_decimal

CHECKS = [
    ("unknown_meter", "Meter is unknown or was removed"),
    ("future", "Date lies in the future"),
    ("outside_window", "Outside the reading window"),
    ("duplicate", "Register has a reading on this day"),
    ("backward", "Lower than the last reading"),
    ("rollover", "Register rolled over"),
    ("digits", "More digits than the register has"),
    ("above_limit", "Usage above a limit"),
    ("above_average", "Usage against own daily average"),
    ("year_ago", "Usage against the same period last year"),
    ("above_norm", "Usage above the norm"),
    ("zero", "No usage"),
    ("stuck", "No usage several times in a row"),
    ("gap", "No reading for too long"),
    ("vacant", "Usage at a vacant premise"),
    ("spike", "One interval stands out"),
    ("sum", "Registers do not add up to their total"),
]
PARAMETERS = ("limit", "low_factor", "high_factor", "tolerance", "floor")


class VeeRule(models.Model):
    """One check with its parameters and what follows when it fails."""

    _name = "utility.vee.rule"
    _description = "Validation Rule"
    _order = "group_id, sequence, id"

    group_id = fields.Many2one("utility.vee.group", required=True, index=True, ondelete="cascade")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    check_code = fields.Selection(CHECKS, "Check", required=True)
    verdict = fields.Selection(
        [("warn", "Accept with a warning"), ("hold", "Hold")],
        "When It Fails",
        required=True,
        default="hold",
    )
    limit = fields.Float(
        digits=(16, 6),
        help="Usage a month (30 days) in the service's unit; for gaps: days.",
    )
    low_factor = fields.Float(digits=(16, 6), help="Below so many times the usual: too little.")
    high_factor = fields.Float(digits=(16, 6), help="Above so many times the usual: too much.")
    periods = fields.Integer(default=3, help="How many readings in a row, or are looked back at.")
    tolerance = fields.Float("Tolerance, %", digits=(16, 6))
    floor = fields.Float(
        "Only above", digits=(16, 6), help="Usage a month below which the check says nothing."
    )

    _parameters_not_negative = models.Constraint(
        'CHECK ("limit" >= 0 AND low_factor >= 0 AND high_factor >= 0 AND periods >= 0 '
        "AND tolerance >= 0 AND floor >= 0)",
        "Parameters of a rule are 0 or more.",
    )

    def _as_engine_rule(self):
        self.ensure_one()
        return Rule(
            check=self.check_code,
            verdict=self.verdict,
            id=self.id,
            periods=self.periods,
            **{name: to_decimal(self[name]) for name in PARAMETERS},
        )
