from odoo import api, fields, models
from odoo.exceptions import UserError

from .correspondence import WAITING
from .document_template import postal_lines


class Correspondence(models.Model):
    """A letter's way: registered, printed, sent, delivered, answered."""

    _inherit = "utility.correspondence"

    # -- text and print ---------------------------------------------------------------------

    def _paper_lang(self):
        """Language code of the letter."""
        return self.account_ids[:1].lang or self.partner_id.lang or self.env.lang or "en_US"

    def _paper_values(self):
        """Names that the template's text may use beside `object`."""
        return {"accounts": self.account_ids, "account": self.account_ids[:1]}

    def _paper_address(self):
        """The partner whose postal address stands on the letter."""
        account = self.account_ids[:1]
        if account.partner_id == self.partner_id:
            return account.delivery_partner_id or self.partner_id
        return self.partner_id

    def _paper_address_lines(self):
        return postal_lines(self._paper_address())

    def _print(self):
        for letter in self:
            letter._number_by_company("correspondence")
            content, _kind = self.env["ir.actions.report"]._render_qweb_pdf(
                "utility_base.correspondence_report", letter.ids
            )
            letter.printed_document_id = self.env["utility.document"]._file_pdf(
                content,
                self.env._("Letter %s", letter.number).replace("/", "-") + ".pdf",
                letter.template_id.document_type_id
                or self.env.ref("utility_base.document_type_letter"),
                letter._document_links(),
                document=letter.printed_document_id,
            )

    def _document_links(self):
        return {
            "correspondence_id": self.id,
            "partner_id": self.partner_id.id,
            "company_id": self.company_id.id,
            "account_id": self.account_ids.id if len(self.account_ids) == 1 else False,
        }

    def action_print(self):
        """A draft is printed anew; of what was sent, the paper that was sent is given."""
        self.ensure_one()
        if self.state == "draft" or not self.printed_document_id:
            self._print()
        return self.printed_document_id.action_download()

    # -- sending ----------------------------------------------------------------------------

    def action_register(self):
        """Incoming letters and calls get their number and wait for an answer."""
        for letter in self:
            if letter.direction != "in":
                raise UserError(self.env._("%s is outgoing: send it instead.", letter.display_name))
        self._enter("received")

    def action_send(self):
        """Send: e-mails leave now, other ways are recorded as sent. What the mail server refused
        stays as it is, with the reason."""
        for letter in self:
            letter._refuse_unsendable()
        for letter in self:
            if letter.channel == "email":
                letter._send_email()
        failed = self.filtered(
            lambda letter: letter.channel == "email" and letter.mail_state == "exception"
        )
        (self - failed)._enter("sent")
        return failed._notify_failed() if failed else None

    def _notify_failed(self):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "danger",
                "sticky": True,
                "message": self.env._(
                    "Not sent, the mail server refused: %s",
                    ", ".join(self.mapped("display_name")),
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _refuse_unsendable(self):
        if self.direction != "out" or self.state not in ("draft", "returned"):
            raise UserError(self.env._("%s is not waiting to be sent.", self.display_name))
        if not self.partner_id:
            raise UserError(self.env._("%s: choose to whom it goes.", self.display_name))
        if self.channel == "email" and not self.email_to:
            raise UserError(
                self.env._(
                    "%(letter)s: no e-mail address of %(partner)s is known. Fill it in, or choose "
                    "another way.",
                    letter=self.display_name,
                    partner=self.partner_id.display_name,
                )
            )

    def _enter(self, state):
        """Number the letters in the register and let what they answer count as answered."""
        self._number_by_company("correspondence")
        self.write({"state": state})
        self.reply_to_id.filtered(lambda letter: letter.state in WAITING).state = "answered"

    def _send_email(self, force_send=True):
        """Put the e-mail on its way; the letter's chatter keeps it.

        :param force_send: at once; otherwise by the mail queue
        """
        self._number_by_company("correspondence")
        template = self.env.ref("utility_base.correspondence_mail_template")
        mail_id = template.send_mail(
            self.id,
            force_send=force_send,
            email_values={"attachment_ids": self.attachment_ids.ids},
        )
        self.mail_id = self.env["mail.mail"].sudo().browse(mail_id)

    def action_deliver(self):
        """Delivered, as the proof that was filled in says."""
        for letter in self:
            if letter.state != "sent":
                raise UserError(self.env._("%s is not on its way.", letter.display_name))
            if not letter.delivery_method:
                raise UserError(
                    self.env._(
                        "%s: fill in on the page Delivery how it was delivered.",
                        letter.display_name,
                    )
                )
            if letter.delivery_method in ("hand", "signature") and not letter.received_by:
                raise UserError(
                    self.env._(
                        "%s: fill in on the page Delivery who received it.", letter.display_name
                    )
                )
            letter.write(
                {
                    "state": "delivered",
                    "date_delivered": letter.date_delivered or fields.Date.context_today(self),
                }
            )

    def action_return(self):
        """It came back undelivered."""
        for letter in self:
            if letter.state != "sent":
                raise UserError(self.env._("%s is not on its way.", letter.display_name))
        self.state = "returned"

    def action_reply(self):
        """A new letter that answers this one."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("utility_base.correspondence_action")
        return {
            **action,
            "views": [(False, "form")],
            "context": {
                "default_reply_to_id": self.id,
                "default_direction": "out" if self.direction == "in" else "in",
                "default_partner_id": self.partner_id.id,
                "default_account_ids": self.account_ids.ids,
                "default_company_id": self.company_id.id,
                "default_channel": self.channel,
                "default_subject": self.env._("Re: %s", self.subject),
            },
        }

    def action_close(self):
        self.filtered(lambda letter: letter.state != "draft").state = "closed"

    def action_open_documents(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("utility_base.document_action")
        action["domain"] = [("correspondence_id", "=", self.id)]
        action["context"] = {"default_correspondence_id": self.id}
        return action

    # -- cron -------------------------------------------------------------------------------

    @api.model
    def _cron_remind_overdue(self):
        self.search([("is_overdue", "=", True)])._remind(
            "utility_base.activity_type_reply_overdue",
            "date_reply_due",
            lambda letter: (
                letter.env._("%s is not answered yet", letter.display_name)
                if letter.direction == "in"
                else letter.env._("No reply to %s yet", letter.display_name)
            ),
        )
