from decimal import Decimal

from odoo import fields, models
from odoo.exceptions import UserError

from .account_move_line_standing import exact
from .posting_facts import QUIET


class PaymentCorrection(models.Model):
    """A correction that was wrong is undone by an entry against its own."""

    _inherit = "utility.payment.correction"

    def action_undo(self):
        self.check_access("write")
        self.payment_id.check_access("write")
        for correction in self:
            correction._undo(fields.Date.context_today(correction))
        return True

    def _undo(self, day):
        self.ensure_one()
        if self.state != "done":
            raise UserError(self.env._("%s is not applied.", self.display_name))
        if self.move_id:
            self._refuse_locked(day)
        work = self.sudo().with_company(self.company_id).with_context(**QUIET)
        work._lock()
        before = work._covered()
        if self.kind == "reallocation":
            work._undo_reallocation()
        else:
            work._undo_entry(day)
        work.write(
            {"state": "undone", "undone_by": self.env.uid, "undone_at": fields.Datetime.now()}
        )
        work._say_undone(before)

    def _undo_entry(self, day):
        lines = self.move_id.line_ids
        given = lines.filtered(lambda line: line.utility_account_id and line.balance < 0)
        taken = lines.filtered(lambda line: line.utility_account_id and line.balance > 0)
        self._refuse_settled(lines - given - taken)
        self._refuse_moved(given)
        sources = taken.matched_credit_ids.credit_move_id
        self.env["account.move.line"]._utility_free(given._utility_standing())
        taken.matched_credit_ids.unlink()
        self.undo_move_id = self._book(
            [
                (
                    self._prepare_opposite(line, abs(exact(line.balance))),
                    [(line, abs(exact(line.balance)))] if line.account_id.reconcile else [],
                )
                for line in lines
            ],
            day,
        )
        payment = self.payment_id
        if self.kind == "return":
            payment.write({"state": "registered", "reason": False})
        if payment:
            payment._cover_open(sources, day)

    def _refuse_settled(self, lines):
        """:raise UserError: the bank has carried it out already"""
        for line in lines:
            if line.matched_debit_ids or line.matched_credit_ids:
                raise UserError(
                    self.env._(
                        "“%(line)s” on %(account)s is reconciled with the bank or a payment: undo "
                        "that in the ledger first.",
                        line=line.name,
                        account=line.account_id.display_name,
                    )
                )

    def _refuse_moved(self, lines):
        """:raise UserError: the money went on from where it was moved to"""
        standing = lines._utility_standing()
        for line in lines:
            if standing.get(line) != abs(exact(line.balance)):
                raise UserError(
                    self.env._(
                        "The money is not under account %s any more: undo its later corrections "
                        "first.",
                        line.utility_account_id.number,
                    )
                )

    def _say_undone(self, before):
        """What the undoing moved, in the discussion."""
        after = self._covered()
        changes = []
        for key in {**before, **after}:
            account, owed, service = key
            was, now = before.get(key, Decimal(0)), after.get(key, Decimal(0))
            if was != now:
                what = owed.move_id.name or self.env._("Left over")
                changes.append(
                    f"{account.number} · {what} · {service.name or '–'}: {was:.2f} → {now:.2f}"
                )
        self.message_post(body=self.env._("Undone. %s", "; ".join(changes)))
