from odoo import fields, models


class DegreeDay(models.Model):
    """How much heating a day asked for. Only ratios matter: measured heat is cut by them."""

    _name = "utility.degree.day"
    _description = "Degree Days"
    _order = "date desc, id desc"
    _rec_name = "date"

    date = fields.Date(required=True, index=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    value = fields.Float(
        "Degree Days",
        required=True,
        digits=(16, 4),
        help="Indoor temperature less the day's mean outdoor temperature; 0 on warm days.",
    )

    _one_a_day = models.Constraint(
        "UNIQUE (company_id, date)", "The day has its degree days already."
    )
    _value_not_negative = models.Constraint("CHECK (value >= 0)", "Degree days are 0 or more.")
