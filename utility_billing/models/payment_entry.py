"""The entry of some payments: its lines, and which open bills they cover."""

from dataclasses import dataclass, field
from decimal import Decimal

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import SQL

from odoo.addons.utility_base.tools.bulk import copy_text, draw_ids

from .covering import Money
from .posting_bulk import copy_lines
from .posting_moulds import LINE, Mould
from .receivables import receivables_of


@dataclass(slots=True, eq=False)
class EntryLine:
    """A line of what a payment gives: on one ledger account, for one account and payer.

    :param amount: above zero, in the entry's currency
    :param covers: [(line of what is owed, amount)]
    """

    payment: object
    account: object
    partner: object
    service: object
    ledger_id: int
    amount: Decimal
    covers: list = field(default_factory=list)


class Entry:
    def __init__(self, env, batch, payments, day, currency):
        self.env, self.batch = batch.env, batch
        self.words = env
        self.company, self.collector = batch.company_id, batch.collector_id
        self.journal = self.collector._journal()
        self.payments, self.day, self.currency = payments, day, currency
        self.shares = [
            (payment, account, partner, service, Decimal(str(amount)))
            for payment in payments
            for account, partner, service, amount in payment._shares()
        ]
        self.account_ids = [account.id for _payment, account, *_rest in self.shares]
        self.lines = []

    def refuse_nobody(self):
        """:raise UserError: money for an account that nobody pays for"""
        for payment, account, partner, _service, _amount in self.shares:
            if not (partner or account.partner_id):
                raise UserError(
                    self.words._(
                        "%(payment)s: account %(account)s has no payer; record who pays.",
                        payment=payment.display_name,
                        account=account.number,
                    )
                )

    def place(self, covering):
        """Split each share by the ledger accounts of what it covers; the rest is credit."""
        is_foreign = self.currency != self.company.currency_id
        payers = {
            share: (partner or account.partner_id).commercial_partner_id
            for share, (_payment, account, partner, *_rest) in enumerate(self.shares)
        }
        receivables = receivables_of(
            self.env, self.company, {payer.id for payer in payers.values()}
        )
        for place, (payment, account, _partner, service, amount) in enumerate(self.shares):
            payer = payers[place]
            own = receivables[payer.id]
            if not own:
                raise UserError(
                    self.words._(
                        "%s has no receivable account: set one on the partner.", payer.display_name
                    )
                )
            money = Money(
                0,
                account.id,
                payer.id,
                self._in_company_currency(amount) if is_foreign else amount,
                named=covering.lines_of_bill(payment.bill_id.id),
                service_ids=frozenset(service.ids) if service else None,
            )
            by_ledger = {own: []}
            for line, part in covering.cover(money):
                by_ledger.setdefault(line.ledger_id, []).append((line, part))
            self.lines += self._lines_of(
                EntryLine(payment, account, payer, service, own, amount), by_ledger, is_foreign
            )

    def _in_company_currency(self, amount):
        value = self.currency._convert(
            float(amount), self.company.currency_id, self.company, self.day
        )
        return Decimal(str(value))

    def _lines_of(self, line, by_ledger, is_foreign):
        own = line.ledger_id
        if is_foreign:
            # Odoo reconciles by its own rates, on one ledger account
            line.covers = by_ledger[own]
            return [line]
        found = []
        for ledger_id, covers in by_ledger.items():
            if ledger_id != own:
                part = sum(amount for _line, amount in covers)
                line.amount -= part
                found.append(
                    EntryLine(
                        line.payment,
                        line.account,
                        line.partner,
                        line.service,
                        ledger_id,
                        part,
                        covers,
                    )
                )
        line.covers = by_ledger[own]
        return [line, *found] if line.amount else found

    # -- values -----------------------------------------------------------------------------

    @property
    def total(self):
        return sum(line.amount for line in self.lines)

    def prepare(self, lines):
        return {
            "move_type": "entry",
            "journal_id": self.journal.id,
            "company_id": self.company.id,
            "date": self.day,
            "ref": self.batch.name,
            "currency_id": self.currency.id,
            "utility_payment_batch_id": self.batch.id,
            "line_ids": [
                Command.create({**line, "sequence": place}) for place, line in enumerate(lines)
            ],
        }

    def prepare_line(self, line, amount=None):
        amount = float(-(line.amount if amount is None else amount))
        return {
            "name": self._name(line),
            "account_id": line.ledger_id,
            "partner_id": line.partner.id,
            "date_maturity": self.day,
            "currency_id": self.currency.id,
            "amount_currency": amount,
            "utility_account_id": line.account.id,
            "utility_service_id": line.service.id,
            "utility_payment_id": line.payment.id,
        }

    def prepare_clearing(self):
        return {
            "name": self.batch.name,
            "account_id": self.collector.clearing_account_id.id,
            "partner_id": self.collector.partner_id.id,
            "date_maturity": self.day,
            "currency_id": self.currency.id,
            "amount_currency": float(self.total),
        }

    def _name(self, line):
        payment = line.payment
        return payment.purpose or payment.reference or self.collector.name

    # -- in bulk ----------------------------------------------------------------------------

    def multiply(self, move):
        """Let each line of the entry take the place of the sample of its ledger account."""
        cr = self.env.cr
        self.env.flush_all()
        rows = self.env.execute_query_dict(
            SQL(
                "SELECT * FROM account_move_line WHERE move_id = %s "
                "AND utility_payment_id IS NOT NULL",
                move.id,
            )
        )
        moulds = {row["account_id"]: Mould(row) for row in rows}
        cr.execute(
            SQL("DELETE FROM account_move_line WHERE id = ANY(%s)", [row["id"] for row in rows])
        )
        ids = draw_ids(cr, LINE, len(self.lines))
        columns = rows[0].keys()
        copy_lines(
            cr,
            LINE,
            tuple(columns),
            [
                moulds[line.ledger_id].filled(self._own(line, line_id, place))
                for place, (line, line_id) in enumerate(zip(self.lines, ids, strict=True))
            ],
        )
        cr.execute(
            SQL(
                "UPDATE account_move_line SET sequence = %s "
                "WHERE move_id = %s AND utility_payment_id IS NULL",
                len(self.lines),
                move.id,
            )
        )
        self.env.invalidate_all(flush=False)

    def _own(self, line, line_id, place):
        """{column: text} of what is a line's own."""
        digits = self.currency.decimal_places
        amount, zero = f"{line.amount:.{digits}f}", f"{0:.{digits}f}"
        return {
            "id": str(line_id),
            "sequence": str(place),
            "name": copy_text(self._name(line) or None),
            "partner_id": str(line.partner.id),
            "balance": f"-{amount}",
            "amount_currency": f"-{amount}",
            "price_subtotal": f"-{amount}",
            "price_total": f"-{amount}",
            "debit": zero,
            "credit": amount,
            "amount_residual": f"-{amount}",
            "amount_residual_currency": f"-{amount}",
            "utility_account_id": str(line.account.id),
            "utility_service_id": copy_text(line.service.id or None),
            "utility_payment_id": str(line.payment.id),
        }

    def pairs(self, move):
        """[(what is owed, the entry's line, amount)], see `utility.reconciling`."""
        ids = self.env.execute_query(
            SQL(
                "SELECT id FROM account_move_line WHERE move_id = %s "
                "AND utility_payment_id IS NOT NULL ORDER BY sequence, id",
                move.id,
            )
        )
        return [
            (owed.id, line_id, amount)
            for line, (line_id,) in zip(self.lines, ids, strict=True)
            for owed, amount in line.covers
        ]
