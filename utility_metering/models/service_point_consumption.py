from odoo import models


class ServicePoint(models.Model):
    _name = "utility.service.point"
    _inherit = ["utility.service.point", "utility.consumption.mixin"]

    def _consumption_parts(self, start, end):
        for usage, parts in self._consumption_of_points(self, start, end):
            series = self._consumption_of_service(usage.service_id)
            yield series, usage.date_start, usage.date_end, parts
