from odoo import fields, models

from odoo.addons.utility_base.models.dated_mixin import no_overlap


class MeterOutage(models.Model):
    """Days on which a meter cannot be billed by, though it may go on counting."""

    _name = "utility.meter.outage"
    _description = "Repair or Fault of a Meter"
    _inherit = ["utility.dated.mixin"]
    _fact_key = ("meter_id",)
    _fact_editors = "utility_base.group_meter_engineer"

    meter_id = fields.Many2one("utility.meter", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(
        related="meter_id.company_id", store=True, index=True, precompute=True
    )
    cause = fields.Selection(
        [
            ("repair", "In repair"),
            ("fault", "Faulty"),
            ("seal", "Seal broken"),
            ("tampering", "Tampered with"),
            ("verification", "Taken to be verified"),
        ],
        required=True,
        default="fault",
    )
    act_id = fields.Many2one("utility.meter.act", "Act", ondelete="restrict")
    replaces_id = fields.Many2one(
        "utility.meter.outage", copy=False, readonly=True, index="btree_not_null"
    )

    _no_overlap = no_overlap(*_fact_key)
