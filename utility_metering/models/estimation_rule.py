from odoo import fields, models


class EstimationRule(models.Model):
    """What stands in for a measured quantity. The first rule of its situation that yields one
    is taken."""

    _name = "utility.estimation.rule"
    _description = "Estimation Rule"
    _order = "service_id, situation, sequence, id"
    _check_company_auto = True

    service_id = fields.Many2one("utility.service", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(
        related="service_id.company_id", store=True, index=True, precompute=True
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    situation = fields.Selection(
        [
            ("missing", "No reading came"),
            ("unfit", "Meter in repair, faulty or not verified"),
            ("unmetered", "No meter"),
        ],
        required=True,
        default="missing",
    )
    method = fields.Selection(
        [
            ("average", "Daily average of the last periods"),
            ("last_year", "Same period of last year"),
            ("agreed", "Agreed quantity"),
            ("norm", "Norm"),
            ("schedule", "Scheduled lifts"),
            ("zero", "Nothing"),
        ],
        required=True,
        default="average",
    )
    periods = fields.Integer(
        "Last Periods",
        default=6,
        aggregator=None,
        help="How many measured periods the average takes in.",
    )
    min_periods = fields.Integer(
        "At Least",
        default=3,
        aggregator=None,
        help="With fewer measured periods the next rule is asked.",
    )
    max_in_row = fields.Integer(
        "At Most in a Row",
        default=3,
        aggregator=None,
        help="After so many estimated periods in a row the next rule is asked; 0: no end.",
    )
    coefficient = fields.Float(
        default=1,
        digits=(16, 6),
        aggregator=None,
        help="The quantity is multiplied by it, for instance 1.5 where a meter could hang and "
        "does not.",
    )

    _parameters_range = models.Constraint(
        "CHECK (periods > 0 AND min_periods > 0 AND max_in_row >= 0 AND coefficient >= 0)",
        "Periods are counted from 1, a coefficient is 0 or more.",
    )
