import io
import zipfile

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize, formataddr

from odoo.addons.utility_base.models.document_template import postal_lines


class BillDelivery(models.Model):
    """The ways to a payer: mail queue, print pile, portal, e-invoice."""

    _inherit = "utility.bill.delivery"

    def _send(self):
        """Put each bill on its way; what cannot go says why, and takes the next way."""
        ways = {
            "email": "_send_email",
            "paper": "_send_paper",
            "portal": "_send_portal",
            "einvoice": "_send_einvoice",
        }
        for channel, method in ways.items():
            fresh = self.filtered(
                lambda one, channel=channel: (
                    one.channel == channel and one.state == "waiting" and not one.prepared_at
                )
            )
            if fresh:
                fresh._send_or_say_why(method)

    def _send_or_say_why(self, method):
        """All at once; where that is refused, one by one, so that a mistake stops its bill only."""
        try:
            with self.env.cr.savepoint():
                getattr(self, method)()
        except UserError as error:
            if len(self) > 1:
                for delivery in self:
                    delivery._send_or_say_why(method)
            else:
                self._fail(str(error), fall_back=False)

    def _prepared(self, **vals):
        self.write({"prepared_at": fields.Datetime.now(), "reason": False, **vals})

    # -- paper and portal -------------------------------------------------------------------

    def _send_paper(self):
        """Onto the pile of bills to print."""
        for delivery in self:
            address = delivery._postal_address()
            if address:
                delivery._prepared(address=address)
            else:
                delivery._fail(
                    self.env._(
                        "No postal address of %(payer)s is known. Fill it in at the payer, or "
                        "choose whom the bills of account %(account)s go to.",
                        payer=delivery.partner_id.name,
                        account=delivery.account_id.number,
                    )
                )

    def _postal_address(self):
        account = self.account_id
        partner = account.delivery_partner_id or self.partner_id
        return ", ".join(postal_lines(partner)) or account.address

    def _send_portal(self):
        """Nothing travels: the bill is there when the payer looks."""
        now = fields.Datetime.now()
        for delivery in self:
            users = delivery.partner_id.user_ids.filtered("active")
            if users:
                delivery._prepared(
                    state="delivered", address=users[0].login, sent_at=now, delivered_at=now
                )
            else:
                delivery._fail(
                    self.env._(
                        "%s has no access to the portal. Invite the payer to it, or send the bill "
                        "otherwise.",
                        delivery.partner_id.name,
                    )
                )

    # -- e-mail -----------------------------------------------------------------------------

    def _send_email(self):
        """Into the mail queue, with the bill attached."""
        addressed = self._addressed()
        if not addressed:
            return
        papers = addressed._bill_pdf(addressed.move_id)
        for delivery in addressed:
            delivery._attach(f"{delivery._file_name()}.pdf", papers[delivery.move_id.id])
        addressed._queue_mails()

    def _addressed(self):
        """Those that have an e-mail address; the others fail."""
        for delivery in self:
            delivery.address = email_normalize(
                delivery.account_id.delivery_email or delivery.partner_id.email
            )
        for delivery in self.filtered(lambda one: not one.address):
            delivery._fail(
                self.env._(
                    "No valid e-mail address is known. Fill in the e-mail for bills of account "
                    "%(account)s, or the e-mail of %(payer)s.",
                    account=delivery.account_id.number,
                    payer=delivery.partner_id.name,
                )
            )
        return self.filtered("address")

    def _bill_pdf(self, moves):
        """{id: PDF (bytes)}, as the bills were first handed out"""
        made = self.env["utility.bill.printing"]._as_many(moves)
        return {move.id: pdf for move, (_name, pdf) in zip(moves, made.files, strict=True)}

    def _file_name(self):
        return (self.bill_name or "").replace("/", "-")

    def _attach(self, name, content):
        """Keep a file that goes out with the bill."""
        self.attachment_ids += self.env["ir.attachment"].create(
            {
                "name": name,
                "raw": content,
                "res_model": "account.move",
                "res_id": self.move_id.id,
            }
        )

    def _queue_mails(self):
        """Mails and log in one transaction: a job that is repeated finds both, or none."""
        for company, chosen in self.grouped("company_id").items():
            template = company._utility_mail_template()
            mails = template.with_company(company).send_mail_batch(
                chosen.move_id.ids,
                # what was sent is the message and its files; the mail is only the envelope
                email_values={"auto_delete": True, "is_notification": True},
            )
            by_move = {mail.res_id: mail for mail in mails}
            for delivery in chosen:
                delivery._address_mail(by_move[delivery.move_id.id])

    def _address_mail(self, mail):
        payer, files = self.partner_id, [fields.Command.set(self.attachment_ids.ids)]
        to_payer = email_normalize(payer.email) == self.address
        mail.write(
            {
                "recipient_ids": [fields.Command.set(payer.ids if to_payer else [])],
                "email_to": False if to_payer else formataddr((payer.name, self.address)),
                "email_cc": False,
                "attachment_ids": files,
            }
        )
        message = mail.mail_message_id
        message.email_to = mail.email_to
        message.partner_ids = payer if to_payer else False
        self._prepared(mail_message_id=message.id)

    # -- e-invoice --------------------------------------------------------------------------

    def _send_einvoice(self):
        """An UBL file: by e-mail together with the paper, or onto the pile of files that the
        operator of e-invoices gets."""
        made = self.filtered(lambda one: one._make_einvoice())
        by_mail = made.filtered(lambda one: one.company_id.utility_einvoice_way == "email")
        for delivery in made - by_mail:
            delivery._prepared(address=delivery.move_id._utility_endpoint())
        by_mail._send_email()

    def _make_einvoice(self):
        content, missing = self.move_id._utility_einvoice()
        if missing:
            lines = "\n".join(f"- {line}" for line in missing)
            self._fail(self.env._("The e-invoice would not be valid:\n%(lines)s", lines=lines))
            return False
        self._attach(f"{self._file_name()}.xml", content)
        return True

    def _zipped(self):
        """The e-invoices as one file (bytes)."""
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for attachment in self.attachment_ids.filtered(lambda one: one.name.endswith(".xml")):
                archive.writestr(attachment.name, attachment.raw)
        return packed.getvalue()
