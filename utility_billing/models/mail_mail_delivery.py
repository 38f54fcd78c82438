from odoo import models


class MailMail(models.Model):
    """The mail queue tells deliveries of bills what became of them."""

    _inherit = "mail.mail"

    def _utility_deliveries(self):
        return self.env["utility.bill.delivery"]._of_messages(
            self.mail_message_id.filtered(lambda message: message.model == "account.move")
        )

    def _prepare_outgoing_list(self, mail_server=False, doc_to_followers=None):
        """Hold the log before the mail leaves: what could not be written afterwards would be sent
        a second time."""
        self._utility_deliveries().lock_for_update(allow_referencing=True)
        return super()._prepare_outgoing_list(mail_server, doc_to_followers)

    def _postprocess_sent_message(
        self, success_pids, success_emails, failure_reason=False, failure_type=None
    ):
        for mail in self:
            for delivery in mail._utility_deliveries():
                if mail.state == "sent":
                    delivery._heard("sent")
                elif mail.state == "exception":
                    delivery._not_mailed(failure_type, failure_reason or mail.failure_reason)
        return super()._postprocess_sent_message(
            success_pids, success_emails, failure_reason, failure_type
        )
