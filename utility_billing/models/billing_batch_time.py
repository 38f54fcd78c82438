import time

from odoo import fields, models


class BillingBatch(models.Model):
    """How long a batch took to be calculated."""

    _inherit = "utility.billing.batch"

    seconds = fields.Float(digits=(10, 2), readonly=True)

    def _calculate(self):
        begun = time.perf_counter()
        done = super()._calculate()
        # a batch is the run's own; users only read it
        self.sudo().seconds = time.perf_counter() - begun
        return done
