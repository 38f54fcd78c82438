"""A local sink for mail."""

from contextlib import contextmanager
from email import message_from_bytes

from aiosmtpd.controller import Controller

from suite import server


class PostOffice:
    """Takes every mail, and keeps it: `mails` is [(recipients, message)]."""

    def __init__(self):
        self.mails = []
        self.port = server.free_port()

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802 (aiosmtpd calls it so)
        self.mails.append((envelope.rcpt_tos, message_from_bytes(envelope.content)))
        return "250 taken"

    def papers(self):
        """[(recipient, PDF)] of mails that carry one, in order of the alphabet."""
        return sorted(
            (recipients[0], part.get_payload(decode=True))
            for recipients, mail in self.mails
            for part in mail.walk()
            if part.get_content_type() == "application/pdf"
        )

    def connect(self, call):
        """Let a served Odoo send its mails here.

        :param call: JSON-2 client of the administrator
        """
        call(
            "ir.mail_server",
            "create",
            vals_list=[
                {
                    "name": "Sink",
                    "smtp_host": "127.0.0.1",
                    "smtp_port": self.port,
                    "smtp_encryption": "none",
                    "sequence": 1,
                }
            ],
        )


@contextmanager
def open_post_office():
    office = PostOffice()
    controller = Controller(office, hostname="127.0.0.1", port=office.port)
    controller.start()
    try:
        yield office
    finally:
        controller.stop()
