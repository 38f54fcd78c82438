"""Posted bills of the house of `posting_common`, on their way to their payers.

The account gets its bills by e-mail at alice@example.com; the company writes from
bills@water.example.
"""

from odoo.addons.mail.tests.common import MockEmail

from .posting_common import PostingCommon


class DeliveryCommon(PostingCommon, MockEmail):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.utility_posting_way = "orm"
        cls.company.email = "bills@water.example"
        cls.account.delivery_channel = "email"
        cls.account.delivery_email = "alice@example.com"

    @classmethod
    def make_second_account(cls, quantity=3.1):
        """Ona's account, with agreed water of each month (m³); bills by e-mail."""
        account = cls.make_account(
            cls.flat_2, cls.ona, delivery_channel="email", delivery_email="ona@example.com"
        )
        cls.make_agreement(account, cls.point_2)
        cls.make_rule("unmetered", "agreed")
        cls.env["utility.agreed.quantity"].create(
            {
                "service_point_id": cls.point_2.id,
                "quantity": quantity,
                "date_start": "2025-01-01",
            }
        )
        cls.calculate_usage("2026-01-01", "2026-01-31", cls.point_2)
        return account

    @classmethod
    def send(cls, moves, **how):
        """Send bills; their current deliveries."""
        cls.env["utility.delivery.run"]._start(moves, "Test", **how)
        return cls.current(moves)

    @classmethod
    def current(cls, moves):
        return cls.env["utility.bill.delivery"].search(
            [("move_id", "in", moves.ids), ("is_current", "=", True)], order="move_id"
        )

    def run_mail_queue(self, failing=None):
        """The mail queue's cron comes by.

        :param failing: exception that the mail server answers with
        """
        with self.mock_mail_gateway(mail_unlink_sent=True):
            if failing:
                self.send_email_mocked.side_effect = failing
            self.env["mail.mail"].process_email_queue()
            return list(self._mails)
