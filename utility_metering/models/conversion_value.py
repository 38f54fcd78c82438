from odoo import fields, models

from odoo.addons.utility_base.models.dated_mixin import no_overlap


class ConversionValue(models.Model):
    """The measured properties behind a conversion, in force for some days."""

    _name = "utility.conversion.value"
    _description = "Value of a Conversion"
    _inherit = ["utility.dated.mixin"]
    _fact_key = ("conversion_id",)
    _fact_editors = "utility_base.group_meter_engineer"
    _rec_name = "conversion_id"

    conversion_id = fields.Many2one(
        "utility.conversion", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        related="conversion_id.company_id", store=True, index=True, precompute=True
    )
    formula = fields.Selection(related="conversion_id.formula")
    factor = fields.Float(digits=(16, 8), default=1)
    calorific_value = fields.Float(
        digits=(16, 6), help="kWh/m³; in MJ/m³ for the formula with a correction."
    )
    volume_factor = fields.Float(
        digits=(16, 6), default=1, help="m³ for a unit of the register: 2.83 for 100 cubic feet."
    )
    correction = fields.Float(
        digits=(16, 6), default=1.02264, help="To standard temperature and pressure."
    )
    temperature = fields.Float(
        "Temperature, °C", digits=(16, 3), default=15, help="Of the gas in the meter."
    )
    height = fields.Float("Height, m", digits=(16, 2), help="Above the sea: air pressure.")
    air_pressure = fields.Float(
        "Air Pressure, hPa", digits=(16, 3), help="0: from the height, 1016 − 0.12 × height."
    )
    gauge_pressure = fields.Float("Gauge Pressure, hPa", digits=(16, 3), default=22)
    replaces_id = fields.Many2one(
        "utility.conversion.value", copy=False, readonly=True, index="btree_not_null"
    )

    _no_overlap = no_overlap(*_fact_key)
