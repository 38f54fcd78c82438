from odoo import fields, models


class MeterAct(models.Model):
    """What a phone sends twice is recorded once."""

    _inherit = "utility.meter.act"

    key = fields.Char("Sender's Key", copy=False, readonly=True)

    _key_unique = models.UniqueIndex(
        "(company_id, key) WHERE key IS NOT NULL", "This act was sent before."
    )
