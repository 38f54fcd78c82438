from odoo import models


class BillingPosting(models.Model):
    _inherit = "utility.billing.posting"

    def _job_calculate(self):
        """A job that finds its run paused leaves the batch to be done later."""
        if self.exists() and self.run_id.paused_at:
            return None
        return super()._job_calculate()
