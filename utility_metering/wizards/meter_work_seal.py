from odoo import fields, models


class MeterWorkSeal(models.TransientModel):
    """A seal that is placed."""

    _name = "utility.meter.work.seal"
    _description = "Seal at Work on a Meter"

    work_id = fields.Many2one("utility.meter.work", required=True, ondelete="cascade")
    number = fields.Char(required=True)
    place = fields.Selection(
        lambda self: (
            self.env["utility.meter.seal"]._fields["place"]._description_selection(self.env)
        ),
        required=True,
        default="connection",
    )
