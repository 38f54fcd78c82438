from odoo import models


class Account(models.Model):
    """Numbers as payers write them: without signs and leading zeros, or the digits alone."""

    _inherit = "utility.account"

    _number_plain = models.Index(
        "(ltrim(upper(regexp_replace(number, '[^0-9A-Za-z]', '', 'g')), '0'))"
    )
    _number_digits = models.Index("(ltrim(regexp_replace(number, '[^0-9]', '', 'g'), '0'))")
