from datetime import timedelta

from odoo import api, fields, models

# so long Odoo tries again to take up a transaction
RETRIED = timedelta(days=4)


class PaymentBatch(models.Model):
    _inherit = "utility.payment.batch"

    _online_once = models.UniqueIndex(
        "(collector_id, date) WHERE source = 'online'",
        "Online payments of a day and a provider stand in one list.",
    )

    @api.model
    def _online(self, collector, day):
        """The list of a day's online payments, made with the first."""
        found = self.search(
            [("collector_id", "=", collector.id), ("date", "=", day), ("source", "=", "online")]
        )
        return found or self.create(
            {
                "collector_id": collector.id,
                "company_id": collector.company_id.id,
                "date": day,
                "source": "online",
                "state": "review",
            }
        )

    @api.model
    def _cron_settle_online(self):
        """Lists to which nothing comes any more are done, their commission is booked."""
        self.search(
            [
                ("source", "=", "online"),
                ("state", "=", "review"),
                ("date", "<", fields.Date.context_today(self) - RETRIED),
            ]
        )._settle()
