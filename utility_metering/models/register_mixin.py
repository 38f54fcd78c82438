from odoo import fields, models


class RegisterMixin(models.AbstractModel):
    """What a register of a meter, or of a type of meters, is like."""

    _name = "utility.register.mixin"
    _description = "Register"
    _order = "sequence, id"

    name = fields.Char(required=True, default="1")
    code = fields.Char(required=True, default="1", help="Used by imports: 1, T1, 1.8.0.")
    sequence = fields.Integer(default=10)
    uom_id = fields.Many2one("uom.uom", "Unit", required=True)
    digits = fields.Integer(
        required=True, default=5, help="Before the decimal point: 5 go up to 99999."
    )
    decimals = fields.Integer(required=True, default=3, help="After the decimal point.")
    multiplier = fields.Float(
        required=True,
        default=1,
        digits=(16, 6),
        help="What one unit of the register stands for, printed on the plate: ×10.",
    )
    counting = fields.Selection(
        [
            ("cumulative", "Goes on counting: usage is the difference"),
            ("amount", "Every value is an amount of its own: lifts, deliveries"),
        ],
        required=True,
        default="cumulative",
    )
    purpose = fields.Selection(
        [
            ("import", "Taken from the network"),
            ("export", "Given to the network"),
            ("total", "Total of the other registers, for control"),
            ("info", "Kept for information: hours, reactive energy, temperature"),
        ],
        required=True,
        default="import",
    )
    zone_id = fields.Many2one("utility.tou.zone", "Time-of-Use Zone", ondelete="restrict")

    _digits_range = models.Constraint(
        "CHECK (digits BETWEEN 1 AND 12 AND decimals BETWEEN 0 AND 4)",
        "A register has 1 to 12 digits before and 0 to 4 after the decimal point.",
    )
    _multiplier_positive = models.Constraint(
        "CHECK (multiplier > 0)", "A multiplier is greater than 0."
    )
