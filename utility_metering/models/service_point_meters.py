from odoo import models


class ServicePoint(models.Model):
    """Where meters hang."""

    _inherit = "utility.service.point"

    def _hanging_on(self, day):
        """Installations at the points that have not ended on `day`."""
        return self.installation_ids.filtered(
            lambda row: (
                not row.voided_at
                and row.date_start <= day
                and (not row.date_end or row.date_end > day)
            )
        )

    def action_install(self):
        """Install a meter at the point, in place of the one that hangs there."""
        self.ensure_one()
        return self.env["utility.meter.work"]._action_start("install", service_point_id=self.id)
