from odoo import api, fields, models

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
    act_id = fields.Many2one("utility.meter.act", ondelete="restrict")
    replaces_id = fields.Many2one(
        "utility.meter.outage", copy=False, readonly=True, index="btree_not_null"
    )

    _no_overlap = no_overlap(*_fact_key)

    @api.depends("meter_id.serial", "cause")
    def _compute_display_name(self):
        causes = dict(self._fields["cause"]._description_selection(self.env))
        for row in self:
            parts = (row.meter_id.serial, causes.get(row.cause))
            row.display_name = " · ".join(part for part in parts if part)

    def _facts_changed(self):
        done = super()._facts_changed()
        self.meter_id._refresh_state()
        return done
