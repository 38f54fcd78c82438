from odoo import api, fields, models
from odoo.exceptions import UserError


class BillDelivery(models.Model):
    """What a person does with deliveries: print, hand over, send again, let be."""

    _inherit = "utility.bill.delivery"

    def _ours(self):
        """The current attempts among these, to be written by a button.

        :raise AccessError: the user sends no bills
        """
        self._refuse_unless_sender()
        self.check_access("read")
        # attempts are written by nobody by hand
        return self.sudo().filtered("is_current")

    # -- piles ------------------------------------------------------------------------------

    def action_print(self):
        """Print bills of the pile: one at once, many by a printing run that puts them in the
        order they are carried out in. They count as sent when they are printed."""
        pile = self._ours().filtered(lambda one: one.channel == "paper" and one.prepared_at)
        if not pile:
            raise UserError(self.env._("Choose bills that go out on paper."))
        if len(pile) > 1:
            run = self.env["utility.print.run"].create(
                {
                    "company_id": pile.company_id[:1].id,
                    "move_ids": [fields.Command.set(pile.move_id.ids)],
                    "on_paper": False,
                    "not_printed": False,
                }
            )
            return run._opened()
        papers = pile._bill_pdf(pile.move_id)
        self._printed(pile.move_id)
        return pile._download(f"{pile._file_name()}.pdf", papers[pile.move_id.id])

    @api.model
    def _printed(self, moves):
        """These bills came out of the printer: what waited for that is sent."""
        # who prints need not be allowed to write what became of bills
        waiting = self.sudo().search(
            [
                ("move_id", "in", moves.ids),
                ("is_current", "=", True),
                ("channel", "=", "paper"),
                ("state", "=", "waiting"),
                ("prepared_at", "!=", False),
            ]
        )
        waiting.write({"state": "sent", "sent_at": fields.Datetime.now()})
        waiting._ask_whether_delivered()

    def action_back_to_pile(self):
        """The printer ate them: they wait on the pile again."""
        printed = self._ours().filtered(
            lambda one: one.channel in ("paper", "einvoice") and one.state == "sent"
        )
        if not printed:
            raise UserError(self.env._("Choose bills that were printed or downloaded."))
        printed.write({"state": "waiting", "sent_at": False})
        printed.billing_run_id._not_delivered()

    def action_download_einvoices(self):
        """The pile of e-invoices as one archive, for their operator; they count as sent."""
        pile = self._ours().filtered(
            lambda one: one.channel == "einvoice" and one.prepared_at and not one.mail_message_id
        )
        if not pile:
            raise UserError(self.env._("Choose e-invoices that wait to be handed over."))
        waiting = pile.filtered(lambda one: one.state == "waiting")
        waiting.write({"state": "sent", "sent_at": fields.Datetime.now()})
        waiting._ask_whether_delivered()
        return pile._download(self.env._("E-invoices.zip"), pile._zipped())

    def _download(self, name, content):
        attachment = self.env["ir.attachment"].create({"name": name, "raw": content})
        attachment.write({"res_model": "utility.bill.delivery", "res_id": self[:1].id})
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{attachment.id}?download=true",
            "target": "download",
        }

    # -- one by one -------------------------------------------------------------------------

    def action_send_again(self):
        """The same way once more: a new attempt, the old one stays in the log."""
        for channel, deliveries in self._ours().grouped("channel").items():
            deliveries._begin(deliveries.move_id, channel=channel)._send()
        self._wake_queue()

    def action_send_otherwise(self):
        """Choose another way for these bills."""
        self._refuse_unless_sender()
        return self.env["utility.delivery.send"]._action_for(
            self.sudo().move_id, again=True, channel="paper"
        )

    def action_delivered_by_hand(self):
        """Somebody gave the bill to the payer, or knows that it has arrived."""
        now = fields.Datetime.now()
        ours = self._ours()
        for delivery in ours:
            delivery.write(
                {
                    "state": "delivered",
                    "delivered_at": now,
                    "sent_at": delivery.sent_at or now,
                    "reason": self.env._("Delivered by hand: %s", self.env.user.name),
                    "user_id": self.env.uid,
                }
            )
        ours._cancel_mails()
        ours._ask_whether_delivered()

    def action_skip(self):
        """The bill need not be sent."""
        ours = self._ours().filtered(lambda one: one.state in ("waiting", "failed"))
        if not ours:
            raise UserError(self.env._("Choose bills that wait or have failed."))
        ours.write(
            {
                "state": "skipped",
                "reason": self.env._("Left unsent by %s", self.env.user.name),
                "user_id": self.env.uid,
            }
        )
        ours._cancel_mails()
        ours._ask_whether_delivered()

    def _cancel_mails(self):
        """What waits in the mail queue is not sent any more."""
        mails = self.env["mail.mail"].search(
            [
                ("mail_message_id", "in", self.mail_message_id.ids),
                ("state", "in", ("outgoing", "exception")),
            ]
        )
        mails.write({"state": "cancel"})

    def _wake_queue(self):
        """Mails leave soon, not at the queue's next hour."""
        # the queue's own cron; who sends need not know it
        self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()

    def action_open_bill(self):
        self.ensure_one()
        return self.move_id._action_utility_bill()

    def action_open_account(self):
        self.ensure_one()
        return self.account_id.get_formview_action()
