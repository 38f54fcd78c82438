from datetime import date

from dateutil.relativedelta import relativedelta

from odoo import models

from odoo.addons.utility_base.tools.dates import day_before


class BillingCycle(models.Model):
    _inherit = "utility.billing.cycle"

    def _period_on(self, day):
        """First and last day of the cycle's period that `day` lies in."""
        self.ensure_one()
        behind = (day.month - self.first_month) % self.months
        first = date(day.year, day.month, 1) - relativedelta(months=behind)
        return first, day_before(first + relativedelta(months=self.months))
