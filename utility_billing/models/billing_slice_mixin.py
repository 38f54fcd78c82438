from odoo import models


class BillingSliceMixin(models.AbstractModel):
    """A slice of a billing run, which may be paused."""

    _name = "utility.billing.slice.mixin"
    _description = "Slice of a Billing Run"

    def _is_wanted(self):
        """A job that finds its run paused leaves the slice to be done later."""
        return not self.run_id.paused_at and super()._is_wanted()
