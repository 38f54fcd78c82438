from odoo import fields, models
from odoo.fields import Domain


class ServicePoint(models.Model):
    _inherit = "utility.service.point"

    check_visit_ids = fields.One2many("utility.check.visit", "service_point_id", "Check Visits")

    def _hanging_meters(self):
        """{point id: the meters that hang there today}."""
        installations = self.env["utility.meter.installation"]
        rows = installations.search(
            Domain("service_point_id", "in", self.ids)
            & installations._domain_in_force(fields.Date.context_today(self))
        )
        meters = dict.fromkeys(self.ids, self.env["utility.meter"])
        for row in rows:
            meters[row.service_point_id.id] |= row.meter_id
        return meters
