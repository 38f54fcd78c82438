from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    utility_billing_start = fields.Date(
        "First Billed Month",
        help="What was not billed since then is caught up by the next run. Empty: a run bills its "
        "own month only; the first one that is approved sets it.",
    )
    utility_correction_months = fields.Integer(
        "Corrections Reach Back, Months",
        default=36,
        required=True,
        help="Periods further back are not rated again when facts change.",
    )
