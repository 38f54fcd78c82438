from odoo import fields, models


class Meter(models.Model):
    """Who pays at the point where a meter hangs."""

    _inherit = "utility.meter"

    def _payers_by_meter(self):
        """{meter: accounts with a payer that are served today by the point where it hangs}."""
        agreements = self.env["utility.service.agreement"]
        today = fields.Date.context_today(self)
        found = agreements.search(
            agreements._domain_in_force(today)
            & fields.Domain("service_point_id", "in", self.service_point_id.ids)
            & fields.Domain("account_id.partner_id", "!=", False)
        )
        by_point = found.grouped("service_point_id")
        return {
            meter: by_point.get(meter.service_point_id, agreements).account_id for meter in self
        }

    def _payers(self):
        accounts = self.env["utility.account"]
        return accounts.union(*self._payers_by_meter().values()) if self else accounts
