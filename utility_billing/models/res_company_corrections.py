from odoo import fields, models


class ResCompany(models.Model):
    """How corrections and advances are billed."""

    _inherit = "res.company"

    utility_correction_bills = fields.Selection(
        [
            ("next", "In the next bill"),
            ("separate_legal", "To companies, invoices of their own; to people, in the next bill"),
            ("separate", "Invoices of their own"),
        ],
        "Corrections",
        required=True,
        default="next",
        help="An invoice of its own carries the corrections of one bill and names it.",
    )
    utility_advance_auto = fields.Boolean(
        "Post Advances by Themselves",
        help="Off: the advances of a day are calculated and wait for an operator.",
    )
