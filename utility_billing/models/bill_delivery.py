from odoo import api, fields, models
from odoo.exceptions import AccessError

CHANNELS = [
    ("paper", "Paper"),
    ("email", "E-mail"),
    ("portal", "Portal"),
    ("einvoice", "E-invoice"),
]
STATES = [
    ("waiting", "Waiting"),
    ("sent", "Sent"),
    ("delivered", "Delivered"),
    ("opened", "Opened"),
    ("failed", "Failed"),
    ("skipped", "Skipped"),
]
# the bill is out of our hands: nothing is left to do for it
HANDED_OVER = ("sent", "delivered", "opened", "skipped")
SENDERS = ("utility_base.group_billing_operator", "utility_base.group_clerk")


class BillDelivery(models.Model):
    """An attempt to bring a bill to its payer: by which way, whereto, and what came of it.

    A bill has one current attempt; the ones before it are its history. Rows are written by the
    buttons and by what is heard of e-mails, never by hand.
    """

    _name = "utility.bill.delivery"
    _description = "Delivery of a Bill"
    _order = "id desc"
    _rec_name = "bill_name"

    move_id = fields.Many2one(
        "account.move", "Bill", required=True, index=True, readonly=True, ondelete="cascade"
    )
    bill_name = fields.Char("Bill No.", related="move_id.name", store=True, precompute=True)
    bill_date = fields.Date(related="move_id.invoice_date", string="Bill Date")
    amount = fields.Monetary(related="move_id.amount_total_signed", string="Amount")
    currency_id = fields.Many2one(related="move_id.company_currency_id")
    company_id = fields.Many2one(
        related="move_id.company_id", store=True, precompute=True, index=True
    )
    account_id = fields.Many2one(
        related="move_id.utility_account_id", store=True, precompute=True, index=True
    )
    partner_id = fields.Many2one(related="move_id.partner_id", string="Payer")
    billing_run_id = fields.Many2one(
        related="move_id.utility_run_id", store=True, precompute=True, string="Billing Run"
    )
    run_id = fields.Many2one(
        "utility.delivery.run", "Sending", readonly=True, index="btree_not_null"
    )
    channel = fields.Selection(CHANNELS, "By", required=True, readonly=True)
    state = fields.Selection(STATES, required=True, readonly=True, default="waiting")
    is_current = fields.Boolean(
        "Latest", default=True, readonly=True, help="The bill's last attempt."
    )
    address = fields.Char("To", readonly=True, help="E-mail, electronic or postal address.")
    reason = fields.Text("What to Mend", readonly=True)
    user_id = fields.Many2one(
        "res.users", "Sent by", readonly=True, default=lambda self: self.env.uid
    )
    prepared_at = fields.Datetime(
        "Prepared on", readonly=True, help="When it came into the mail queue or onto its pile."
    )
    sent_at = fields.Datetime("Sent on", readonly=True)
    delivered_at = fields.Datetime("Delivered on", readonly=True)
    opened_at = fields.Datetime("Opened on", readonly=True)
    mail_message_id = fields.Many2one(
        "mail.message", "Message", readonly=True, index="btree_not_null", ondelete="set null"
    )
    attachment_ids = fields.Many2many(
        "ir.attachment",
        "utility_bill_delivery_attachment_rel",
        "delivery_id",
        "attachment_id",
        "Files",
        readonly=True,
        help="What was sent, as it was sent.",
    )
    is_fallback = fields.Boolean(
        "Other Way", readonly=True, help="It goes this way because the one before failed."
    )
    previous_id = fields.Many2one(
        "utility.bill.delivery",
        "Instead of",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )

    _one_current = models.UniqueIndex(
        "(move_id) WHERE is_current", "The bill is being sent by somebody else."
    )
    _work_list = models.Index("(billing_run_id, state) WHERE is_current")
    _failed_has_reason = models.Constraint(
        "CHECK (state != 'failed' OR reason IS NOT NULL)", "A failed delivery says why it failed."
    )

    @api.depends("bill_name", "channel", "state")
    def _compute_display_name(self):
        ways = dict(self._fields["channel"]._description_selection(self.env))
        states = dict(self._fields["state"]._description_selection(self.env))
        for delivery in self:
            delivery.display_name = self.env._(
                "%(bill)s: %(way)s, %(state)s",
                bill=delivery.bill_name,
                way=ways.get(delivery.channel),
                state=(states.get(delivery.state) or "").lower(),
            )

    @api.model
    def _begin(self, moves, run=None, channel=None, fallback=False):
        """Open an attempt for each bill; the one before it becomes history, and does not leave any
        more if it still could.

        :param channel: for all of them; None: as each account gets its bills
        :param fallback: whether it is because of the failure of the attempt before
        """
        # attempts are written by nobody by hand
        deliveries = self.sudo()
        before = {
            delivery.move_id: delivery
            for delivery in deliveries.search(
                [("move_id", "in", moves.ids), ("is_current", "=", True)]
            )
        }
        history = deliveries.union(*before.values())
        history._cancel_mails()
        history.is_current = False
        history.flush_recordset(["is_current"])
        return deliveries.create(
            [
                {
                    "move_id": move.id,
                    "run_id": run.id if run else False,
                    "channel": channel or move.utility_account_id.delivery_channel or "paper",
                    "previous_id": before[move].id if move in before else False,
                    "is_fallback": fallback,
                    "user_id": self.env.uid,
                }
                for move in moves.sudo()
            ]
        )

    @api.model
    def _refuse_unless_sender(self):
        """Who may send bills.

        :raise AccessError: the user is none of them
        """
        if not (self.env.su or any(self.env.user.has_group(group) for group in SENDERS)):
            raise AccessError(
                self.env._("Bills are sent by billing operators and clerks: ask one of them.")
            )

    def _fail(self, reason, fall_back=True):
        """The attempts came to nothing; each bill goes the next way that its company allows.

        :param reason: what is wrong and what to do, for a clerk
        :param fall_back: False where the fault is ours, so that another way would be wasted
        """
        self.write({"state": "failed", "reason": reason})
        if not fall_back:
            return
        following = self.browse()
        for delivery in self.filtered("is_current"):
            channel = delivery._next_channel()
            if channel:
                following |= delivery._begin(
                    delivery.move_id, delivery.run_id, channel, fallback=True
                )
        following._send()

    def _next_channel(self):
        """The first of the company's further ways that was not tried since the bill was last sent
        on purpose, or None."""
        tried, delivery = {self.channel}, self
        while delivery.is_fallback:
            delivery = delivery.previous_id
            tried.add(delivery.channel)
        return next((way for way in self.company_id._utility_fallbacks() if way not in tried), None)
