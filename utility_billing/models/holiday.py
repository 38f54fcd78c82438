from odoo import fields, models


class Holiday(models.Model):
    """A day on which windows of working days do not apply."""

    _name = "utility.holiday"
    _description = "Holiday"
    _order = "date desc, id desc"

    name = fields.Char(required=True)
    date = fields.Date(required=True, index=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )

    _once = models.Constraint("UNIQUE (company_id, date)", "The day is a holiday already.")
