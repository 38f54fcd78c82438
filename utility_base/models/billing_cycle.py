from odoo import fields, models


class BillingCycle(models.Model):
    """How often an agreement is read and billed; "the month" is the accounting month only."""

    _name = "utility.billing.cycle"
    _description = "Billing Cycle"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", help="Empty: for all companies.")
    months = fields.Integer("Length, Months", required=True, default=1)
    first_month = fields.Integer(
        required=True,
        default=1,
        help="A month (1 to 12) in which a cycle begins: 1 with a length of 3 gives "
        "calendar quarters.",
    )
    season_start = fields.Integer(
        "Season from Month", default=1, required=True, help="First month in which the cycle bills."
    )
    season_end = fields.Integer(
        "Season to Month",
        default=12,
        required=True,
        help="Last month in which the cycle bills; may lie before the first: 10 to 4 "
        "is a heating season.",
    )

    _months_range = models.Constraint(
        "CHECK (months BETWEEN 1 AND 12)", "A cycle lasts 1 to 12 months."
    )
    _month_numbers = models.Constraint(
        "CHECK (first_month BETWEEN 1 AND 12 AND season_start BETWEEN 1 AND 12 "
        "AND season_end BETWEEN 1 AND 12)",
        "Months are numbered 1 to 12.",
    )

    def _in_season(self, month):
        """Whether the cycle bills in `month` (1 to 12)."""
        self.ensure_one()
        if self.season_start <= self.season_end:
            return self.season_start <= month <= self.season_end
        return month >= self.season_start or month <= self.season_end

    def _begins_in(self, month):
        """Whether a cycle begins in `month` (1 to 12)."""
        self.ensure_one()
        return (month - self.first_month) % self.months == 0
