from odoo import fields, models


class ResCompany(models.Model):
    """How long printed files are kept."""

    _inherit = "res.company"

    utility_print_days = fields.Integer(
        "Keep Printed Files, Days",
        default=60,
        help="Files of printing runs are removed after so many days: they can be made again and "
        "say the same. 0: they stay.",
    )
