from psycopg2.errors import SerializationFailure

from odoo import models


class MailMail(models.Model):
    """The mail queue tells deliveries of bills what became of them."""

    _inherit = "mail.mail"

    def _utility_deliveries(self):
        return self.env["utility.bill.delivery"]._of_messages(
            self.mail_message_id.filtered(lambda message: message.model == "account.move")
        )

    def _send(self, auto_commit=False, **options):
        """Mails with bills leave one by one, each held meanwhile together with its log: one that
        another process is sending is left to that one, and what could not be written afterwards
        does not leave."""
        bills = self.filtered(lambda mail: mail.model == "account.move")
        super(MailMail, self - bills)._send(auto_commit=auto_commit, **options)
        for mail in bills:
            if mail._utility_hold(auto_commit):
                super(MailMail, mail)._send(auto_commit=auto_commit, **options)
        return True

    def _utility_hold(self, auto_commit):
        """Whether a mail is this process's to send."""
        try:
            held = self.try_lock_for_update(allow_referencing=True)
        except SerializationFailure:
            if not auto_commit:
                raise
            # it left a moment ago; what this process did before is committed
            self.env.cr.rollback()
            self.env.invalidate_all()
            return False
        self.invalidate_recordset()
        deliveries = held and held._utility_deliveries()
        return held and deliveries == deliveries.try_lock_for_update(allow_referencing=True)

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
