from odoo import fields, models


class ResCompany(models.Model):
    """What is printed on bills for banks' apps and desks."""

    _inherit = "res.company"

    utility_bill_qr = fields.Selection(
        [
            ("none", "None"),
            ("epc", "SEPA credit transfer (EPC069-12)"),
            ("gost", "GOST R 56042"),
            ("nbu", "National Bank of Ukraine"),
            ("swiss", "Swiss QR bill"),
        ],
        "QR Code for Payment",
        required=True,
        default="epc",
        help="Bills show none where the payment cannot be written so: no valid bank account, "
        "another currency.",
    )
    utility_bill_barcode = fields.Boolean(
        "Barcode on Bills",
        default=True,
        help="Account and amount for cash desks, post offices and terminals (Code 128).",
    )
