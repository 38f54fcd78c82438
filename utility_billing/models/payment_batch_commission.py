from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import format_date


class PaymentBatch(models.Model):
    """What the collector keeps of a list: booked once it is done, and again by the difference where
    payments join it later."""

    _inherit = "utility.payment.batch"

    commission_more_ids = fields.Many2many(
        "account.move",
        "utility_payment_batch_commission_rel",
        string="Later Entries of the Commission",
        readonly=True,
        copy=False,
        help="Payments that joined the list later changed the commission by these.",
    )
    commission_booked = fields.Monetary(compute="_compute_commission_booked")
    commission_left = fields.Monetary(
        "Commission to Book",
        compute="_compute_commission_booked",
        help="What the collector keeps of the sum, less what is booked of it.",
    )

    @api.depends(
        "amount",
        "payment_count",
        "commission",
        "collector_id.commission_percent",
        "collector_id.commission_fixed",
        "collector_id.commission_deducted",
        "commission_move_id.state",
        "commission_more_ids.state",
    )
    def _compute_commission_booked(self):
        for batch in self:
            # entries are the accountants'; what of a list is booked concerns all who see it
            lines = batch.sudo()._commission_moves().line_ids
            expenses = lines.filtered(lambda line: line.account_id.internal_group == "expense")
            batch.commission_booked = sum(expenses.mapped("balance"))
            batch.commission_left = batch.currency_id.round(
                batch._commission_due() - batch.commission_booked
            )

    def _commission_moves(self):
        """Posted entries of the commission."""
        moves = self.commission_move_id | self.commission_more_ids
        return moves.filtered(lambda move: move.state == "posted")

    def _commission_due(self):
        """What the collector keeps, as it is stated, or as was agreed with him."""
        if not self.collector_id.commission_deducted:
            return 0.0
        return self.commission or self.collector_id._commission_of(self.amount, self.payment_count)

    def _finish_registering(self):
        done = super()._finish_registering()
        self._settle_commission()
        return done

    def _settle_commission(self):
        """Book what is left of the commission of a list that is done, where it can be."""
        if self.state != "done" or not self.collector_id.commission_account_id:
            return
        try:
            with self.env.cr.savepoint():
                self._book_commission()
        except UserError as error:
            # what was paid is registered all the same
            self.message_post(
                body=self.env._("The commission is not booked: %(problem)s", problem=error)
            )

    def action_book_commission(self):
        self.ensure_one()
        self.check_access("write")
        self._book_commission()

    def _book_commission(self):
        """What the collector keeps: an expense, and so much less on his clearing account.

        :raise UserError: the collector has no account for it, or no day until today is open
        """
        amount = self.commission_left
        if self.currency_id.is_zero(amount):
            return
        if not self.collector_id.commission_account_id:
            raise UserError(
                self.env._(
                    "%(collector)s keeps a commission of %(amount).2f: choose on it the account "
                    "of commissions.",
                    collector=self.collector_id.name,
                    amount=amount,
                )
            )
        day = self._commission_day()
        # the ledger is written for the cashier, who need not be an accountant
        batch = self.sudo()
        move = batch.env["account.move"].create(self._prepare_commission(amount, day))
        move._post(soft=False)
        if batch.commission_move_id:
            batch.commission_more_ids |= move
        else:
            batch.commission_move_id = move
        self._say_commission_day(amount, day)

    def _list_day(self):
        return self.date_booked or self.date

    def _commission_day(self):
        """The list's day, or the first one after it that the ledger takes entries of.

        :raise UserError: that day is still to come
        """
        # journals and lock dates are the accountants'; whoever settles a list meets them
        company, journal = self.company_id.sudo(), self.sudo().collector_id._journal()
        day = self._list_day()
        while locks := company._get_violated_lock_dates(day, False, journal):
            day = max(lock for lock, _field in locks) + timedelta(days=1)
        if day > max(self._list_day(), fields.Date.context_today(self)):
            company._utility_refuse_locked(self._list_day(), journal)
        return day

    def _say_commission_day(self, amount, day):
        if day != self._list_day():
            self.message_post(
                body=self.env._(
                    "The commission of %(amount).2f is booked on %(day)s: %(wanted)s is locked in "
                    "the ledger.",
                    amount=amount,
                    day=format_date(self.env, day),
                    wanted=format_date(self.env, self._list_day()),
                )
            )

    def _prepare_commission(self, amount, day):
        collector = self.collector_id
        line = {
            "name": self.env._("Commission of %s", collector.name),
            "partner_id": collector.partner_id.id,
        }
        expense, clearing = collector.commission_account_id, collector.clearing_account_id
        return {
            "move_type": "entry",
            "journal_id": collector._journal().id,
            "company_id": self.company_id.id,
            "date": day,
            "ref": self.name,
            "utility_payment_batch_id": self.id,
            "line_ids": [
                Command.create({**line, "account_id": expense.id, "balance": amount}),
                Command.create({**line, "account_id": clearing.id, "balance": -amount}),
            ],
        }
