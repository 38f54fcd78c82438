from collections import defaultdict
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_date

from .covering import Covering
from .payment import OPEN
from .payment_entry import Entry
from .posting_facts import QUIET


class PaymentRegistering(models.AbstractModel):
    """Books payments: an entry for many of them, what they cover reconciled with it."""

    _name = "utility.payment.registering"
    _description = "Registration of Payments"

    @api.model
    def _register_payments(self, payments):
        """Book matched payments of one list, in one transaction.

        :return: {"way": bulk or orm, "fallback_reason": why one by one}
        :raise UserError: the ledger does not allow it, or something is not set up
        """
        batch = payments.batch_id
        batch.ensure_one()
        # the ledger is written for the cashier, who need not be an accountant
        batch = batch.sudo().with_company(batch.company_id).with_context(**QUIET)
        payments = payments.with_env(batch.env).sorted(lambda payment: (payment.date, payment.id))
        self._refuse_unfit(payments)
        groups = payments.grouped(
            lambda payment: (batch.date_booked or payment.date, payment.currency_id)
        )
        self._refuse_locked(batch, groups)
        ways, reasons = set(), []
        for (day, currency), found in groups.items():
            way, reason = self._book(batch, found, day, currency)
            ways.add(way)
            reasons += [reason] if reason else []
        return {
            "way": "orm" if "orm" in ways else "bulk",
            "fallback_reason": " ".join(dict.fromkeys(reasons)) or False,
        }

    def _refuse_unfit(self, payments):
        today = fields.Date.context_today(self)
        for payment in payments:
            if payment.state not in OPEN:
                raise UserError(self.env._("%s is settled already.", payment.display_name))
            if payment.amount < 0:
                raise UserError(
                    self.env._(
                        "%s is below zero: say which payment it takes back.", payment.display_name
                    )
                )
            if payment.date > today:
                raise UserError(
                    self.env._(
                        "%s is dated in the future: mend the day, or wait.", payment.display_name
                    )
                )
            if not payment.account_id and not payment.part_ids:
                raise UserError(self.env._("Choose the account of %s first.", payment.display_name))

    def _refuse_locked(self, batch, groups):
        journal = batch.collector_id._journal()
        for day in {day for day, _currency in groups}:
            locks = batch.company_id._get_violated_lock_dates(day, False, journal)
            if locks:
                raise UserError(
                    self.env._(
                        "%(day)s is locked in the ledger (%(locks)s): set a later day in “Booked "
                        "on” of the list, or have an accountant open the period.",
                        day=format_date(self.env, day),
                        locks=self.env["res.company"]._format_lock_dates(locks),
                    )
                )

    # -- one entry --------------------------------------------------------------------------

    def _book(self, batch, payments, day, currency):
        """An entry of some payments, and what they cover.

        :return: (bulk or orm, why one by one)
        """
        company = batch.company_id
        entry = Entry(self.env, batch, payments, day, currency)
        entry.refuse_nobody()
        covering = Covering(batch.env, company, entry.account_ids, day)
        entry.place(covering)
        reason = self._why_one_by_one(company, entry)
        by_odoo = bool(reason) or company.utility_payment_way == "orm"
        move = self._book_by_odoo(entry) if by_odoo else self._book_in_bulk(entry)
        self._mark(payments, move)
        way, why = (
            self.env["utility.reconciling"]
            .with_env(batch.env)
            ._reconcile(company, entry.pairs(move))
        )
        return "orm" if by_odoo else way, reason or why

    def _why_one_by_one(self, company, entry):
        if entry.currency != company.currency_id:
            return self.env._("Something is in a foreign currency.")
        if entry.journal.restrict_mode_hash_table:
            return self.env._("The journal “%s” seals its entries one by one.", entry.journal.name)
        return False

    def _book_by_odoo(self, entry):
        move = entry.env["account.move"].create(
            entry.prepare([*map(entry.prepare_line, entry.lines), entry.prepare_clearing()])
        )
        move._post(soft=False)
        return move

    def _book_in_bulk(self, entry):
        """Odoo posts the entry with one line for each ledger account; these are then what all
        lines are made from."""
        samples = {line.ledger_id: line for line in entry.lines}
        sums = defaultdict(Decimal)
        for line in entry.lines:
            sums[line.ledger_id] += line.amount
        move = entry.env["account.move"].create(
            entry.prepare(
                [
                    *(
                        entry.prepare_line(sample, sums[ledger_id])
                        for ledger_id, sample in samples.items()
                    ),
                    entry.prepare_clearing(),
                ]
            )
        )
        move._post(soft=False)
        entry.multiply(move)
        return move

    def _mark(self, payments, move):
        payments.flush_recordset()
        self.env.cr.execute(
            SQL(
                "UPDATE utility_payment SET state = 'registered', refusal = NULL, move_id = %s, "
                "write_uid = %s, write_date = %s WHERE id = ANY(%s)",
                move.id,
                self.env.uid,
                self.env.cr.now(),
                payments.ids,
            )
        )
        payments.invalidate_recordset(["state", "refusal", "move_id"], flush=False)
        payments.modified(["state", "move_id"])
