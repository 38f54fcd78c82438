from odoo import fields, models
from odoo.fields import Command


class CorrespondenceRun(models.Model):
    """A mass letter about meters: each account reads of its own."""

    _inherit = "utility.correspondence.run"

    meter_ids = fields.Many2many(
        "utility.meter", "utility_correspondence_run_meter_rel", "run_id", "meter_id", "Meters"
    )

    def _prepare_letter_vals(self, account):
        vals = super()._prepare_letter_vals(account)
        points = account._metered_points()
        mine = self.meter_ids.filtered(lambda meter: meter.service_point_id in points)
        return {**vals, "meter_ids": [Command.set(mine.ids)]} if mine else vals
