from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date


class LatestMonthMixin(models.AbstractModel):
    """Rows that are calculated by service and month: `service_id`, `date_start`."""

    _name = "utility.latest.month.mixin"
    _description = "Calculated by Month"

    is_latest = fields.Boolean(
        "Latest Month", compute="_compute_is_latest", search="_search_is_latest"
    )

    @api.depends("service_id", "date_start")
    def _compute_is_latest(self):
        latest = self._latest_months(Domain("service_id", "in", self.service_id.ids))
        for row in self:
            row.is_latest = latest.get(row.service_id) == row.date_start

    @api.model
    def _search_is_latest(self, operator, value):
        if operator != "in":
            return NotImplemented
        latest = Domain.OR(
            Domain("service_id", "=", service.id) & Domain("date_start", "=", day)
            for service, day in self._latest_months(Domain.TRUE).items()
        )
        if True in value and False in value:
            return Domain.TRUE
        return latest if True in value else ~latest

    @api.model
    def _latest_months(self, domain):
        """{service: first day of the last month that was calculated}, of what the user may see"""
        return dict(self._read_group(domain, ["service_id"], ["date_start:max"]))

    def _month_label(self):
        return format_date(self.env, self.date_start, date_format="LLLL y")
