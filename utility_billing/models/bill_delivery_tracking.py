from odoo import api, fields, models

# state of mail_tracking -> what becomes of the delivery
HEARD = {
    "sent": "sent",
    "delivered": "delivered",
    "opened": "opened",
    "rejected": "failed",
    "bounced": "failed",
    "soft-bounced": "failed",
    "spam": "failed",
}
# faults of our own server or settings: the payer's address may be right
OURS = ("mail_smtp", "mail_from_invalid", "mail_from_missing")
RANK = {"waiting": 0, "sent": 1, "delivered": 2, "opened": 3}


class BillDelivery(models.Model):
    """What is heard of a bill after it was sent."""

    _inherit = "utility.bill.delivery"

    @api.model
    def _of_messages(self, messages):
        """Deliveries that went out as these messages."""
        # whoever sends or opens mails knows nothing of deliveries
        return self.sudo().search([("mail_message_id", "in", messages.ids)])

    def _heard(self, state, reason=None, fall_back=True):
        """A step forward, never back: a mail that was opened has arrived.

        :param state: sent, delivered, opened or failed
        :param fall_back: whether a failed bill goes another way
        """
        open_ones = self.filtered(lambda one: one.state in RANK and one.state != "opened")
        if state == "failed":
            open_ones._fail(reason, fall_back)
        else:
            now = fields.Datetime.now()
            for delivery in open_ones.filtered(lambda one: RANK[one.state] < RANK[state]):
                delivery.write(
                    {"state": state, f"{state}_at": now, "sent_at": delivery.sent_at or now}
                )
        self._ask_whether_delivered()

    def _not_mailed(self, failure_type, detail):
        """The mail did not leave."""
        if failure_type in OURS:
            words = self.env._(
                "The mail server did not take the e-mail: %(detail)s\nMend the outgoing mail "
                "server, then send the bill again.",
                detail=detail or failure_type,
            )
            self._heard("failed", words, fall_back=False)
        else:
            self._heard("failed", self._bounce_words(self.address, detail))

    def _ask_whether_delivered(self):
        """Billing runs may be done with now; asked by a job, so that whoever sends a mail holds
        and waits for nothing."""
        runs = self.filtered(lambda one: one.state != "waiting").billing_run_id
        for run in runs.filtered(lambda run: run.state == "posted" and not run._has_waiting()):
            run.with_delay(
                channel="root.utility_delivery",
                description=run.display_name,
                identity_key=f"{run._name},{run.id},delivered",
            )._job_delivered()

    @api.model
    def _bounce_words(self, address, detail):
        return self.env._(
            "The e-mail to %(address)s did not arrive: %(detail)s\nMend the address and send the "
            "bill again, or send it otherwise.",
            address=address,
            detail=detail or self.env._("it came back."),
        )
