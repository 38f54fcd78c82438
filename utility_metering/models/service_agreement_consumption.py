from decimal import Decimal

from odoo import models


class ServiceAgreement(models.Model):
    _inherit = "utility.service.agreement"

    def _consumption_share(self, period_days, days):
        """What part of a period's quantity falls on the account: its share, for its days."""
        return Decimal(str(self.share)) / 100 * days / period_days
