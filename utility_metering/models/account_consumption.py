from odoo import models
from odoo.fields import Domain


class Account(models.Model):
    _name = "utility.account"
    _inherit = ["utility.account", "utility.consumption.mixin"]

    def _consumption_parts(self, start, end):
        """The account's share of what its points used, for the days on which it took from them."""
        agreements = self.env["utility.service.agreement"]
        taken = agreements.search(
            Domain("account_id", "=", self.id) & agreements._domain_in_force(start, end)
        ).grouped("service_point_id")
        points = self.env["utility.service.point"].union(*taken)
        for usage, parts in self._consumption_of_points(points, start, end):
            series = self._consumption_of_service(usage.service_id)
            for agreement in taken[usage.service_point_id]:
                first = max(usage.date_start, agreement.date_start)
                last = min(usage.date_end, agreement.date_end or usage.date_end)
                if first <= last:
                    part = agreement._consumption_share(usage.days, (last - first).days + 1)
                    yield (
                        series,
                        first,
                        last,
                        {method: quantity * part for method, quantity in parts.items()},
                    )
