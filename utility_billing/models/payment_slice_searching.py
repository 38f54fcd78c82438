from odoo import fields, models

SEARCHING_CHANNEL = "root.utility_payment.utility_payment_search"


class PaymentSlice(models.Model):
    """Looking for names takes its time: such slices wait in a queue of their own."""

    _inherit = "utility.payment.slice"
    _run_states = ("matching", "searching", "registering")

    stage = fields.Selection(
        selection_add=[("searching", "Searching by name"), ("registering",)],
        ondelete={"searching": "cascade"},
    )

    def _enqueue(self):
        searching = self.filtered(lambda part: part.stage == "searching")
        for part in searching:
            part.with_delay(
                channel=SEARCHING_CHANNEL,
                description=part.batch_id.display_name,
                identity_key=f"{self._name},{part.id}",
            )._job_calculate()
        return super(PaymentSlice, self - searching)._enqueue()
