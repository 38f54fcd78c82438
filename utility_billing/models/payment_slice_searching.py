from odoo import fields, models

SEARCHING_CHANNEL = "root.utility_payment.utility_payment_search"


class PaymentSlice(models.Model):
    """Looking for names takes its time: such slices wait in a queue of their own."""

    _inherit = "utility.payment.slice"

    stage = fields.Selection(
        selection_add=[("searching", "Searching by name"), ("registering",)],
        ondelete={"searching": "cascade"},
    )

    def _queue_channel(self):
        return SEARCHING_CHANNEL if self.stage == "searching" else super()._queue_channel()
