from odoo import models

from .bill_delivery_tracking import HEARD


class MailTrackingEmail(models.Model):
    """What is heard of a mail with a bill is seen on the bill."""

    _inherit = "mail.tracking.email"

    def write(self, vals):
        written = super().write(vals)
        heard = HEARD.get(vals.get("state"))
        if heard:
            for tracking in self:
                tracking._tell_deliveries(heard)
        return written

    def _tell_deliveries(self, heard):
        deliveries = self.env["utility.bill.delivery"]._of_messages(self.mail_message_id)
        reason = self.bounce_description or self.error_description
        for delivery in deliveries:
            delivery._heard(heard, delivery._bounce_words(delivery.address, reason))
