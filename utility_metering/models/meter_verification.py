from odoo import api, fields, models


class MeterVerification(models.Model):
    """A metrological verification: passed on `date_start`, it holds through `date_end`."""

    _name = "utility.meter.verification"
    _description = "Meter Verification"
    _inherit = ["utility.dated.mixin"]
    _fact_editors = "utility_base.group_meter_engineer"

    meter_id = fields.Many2one("utility.meter", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(
        related="meter_id.company_id", store=True, index=True, precompute=True
    )
    date_start = fields.Date("Verified on")
    date_end = fields.Date("Valid until", help="Last day on which the meter may be billed by.")
    result = fields.Selection(
        [("passed", "Passed"), ("failed", "Failed")], required=True, default="passed"
    )
    certificate = fields.Char("Certificate Number")
    laboratory = fields.Char()
    act_id = fields.Many2one("utility.meter.act", "Act", ondelete="restrict")
    replaces_id = fields.Many2one(
        "utility.meter.verification", copy=False, readonly=True, index="btree_not_null"
    )

    @api.depends("meter_id.serial", "result")
    def _compute_display_name(self):
        results = dict(self._fields["result"]._description_selection(self.env))
        for row in self:
            parts = (row.meter_id.serial, results.get(row.result))
            row.display_name = " · ".join(part for part in parts if part)

    def _facts_changed(self):
        super()._facts_changed()
        self.meter_id._refresh_verification()
