from odoo import fields, models


class MeterSeal(models.Model):
    """What a phone sends twice is recorded once."""

    _inherit = "utility.meter.seal"

    key = fields.Char("Sender's Key", copy=False, readonly=True)

    _key_unique = models.UniqueIndex(
        "(company_id, key) WHERE key IS NOT NULL", "This seal was sent before."
    )
