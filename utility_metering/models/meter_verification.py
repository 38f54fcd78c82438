from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.utility_base.models.dated_mixin import no_overlap
from odoo.addons.utility_base.tools.dates import day_before


class MeterVerification(models.Model):
    """A metrological verification: passed on `date_start`, it holds through `date_end`, or until
    the next one was done."""

    _name = "utility.meter.verification"
    _description = "Meter Verification"
    _inherit = ["utility.dated.mixin"]
    _fact_key = ("meter_id",)
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
    act_id = fields.Many2one("utility.meter.act", ondelete="restrict")
    replaces_id = fields.Many2one(
        "utility.meter.verification", copy=False, readonly=True, index="btree_not_null"
    )

    _no_overlap = no_overlap(*_fact_key)

    @api.depends("meter_id.serial", "result")
    def _compute_display_name(self):
        results = dict(self._fields["result"]._description_selection(self.env))
        for row in self:
            parts = (row.meter_id.serial, results.get(row.result))
            row.display_name = " · ".join(part for part in parts if part)

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if not vals.get("replaces_id"):
                self._end_earlier(vals)
        return super().create(vals_list)

    def _end_earlier(self, vals):
        """What was valid for longer ends where the meter was verified anew."""
        day = fields.Date.to_date(vals.get("date_start")) or fields.Date.context_today(self)
        earlier = self.search(
            Domain("meter_id", "=", vals.get("meter_id"))
            & Domain("date_start", "<", day)
            & self._domain_in_force(day)
        )
        earlier._close(day_before(day))

    def _facts_changed(self):
        done = super()._facts_changed()
        self.meter_id._refresh_verification()
        return done
