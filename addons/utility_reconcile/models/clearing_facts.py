from collections import defaultdict
from datetime import timedelta
from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.base.models.res_bank import sanitize_account_number
from odoo.addons.utility_billing.engine.settlement import read_settlement

from ..engine import clearing


class ClearingFacts(models.AbstractModel):
    """Loads what matching needs for many lines of statements: a fixed number of queries."""

    _name = "utility.clearing.facts"
    _description = "Facts for Bank Clearing"

    # -- transfers --------------------------------------------------------------------------

    @api.model
    def _transfers(self, lines, collectors):
        """:return: [`Transfer`] of the lines of a statement"""
        senders = self._senders(collectors)
        return [self._transfer(line, senders) for line in lines]

    def _transfer(self, line, senders):
        iban = sanitize_account_number(line.account_number) or ""
        # the surest sign speaks alone
        signs = (
            ("iban", iban),
            ("partner", line.partner_id.commercial_partner_id.id),
            ("name", _plain(line.partner_name)),
        )
        known = next((senders[sign] for sign in signs if sign in senders), ())
        return clearing.Transfer(
            id=line.id,
            day=line.date,
            amount=_exact(line.amount),
            collectors=frozenset(known),
            iban=iban,
            references=self._references(line),
            settlement=read_settlement(line.payment_ref),
        )

    def _references(self, line):
        """The bank's numbers of a line: its import puts the account and the journal before."""
        unique = (line.unique_import_id or "").split(f"{line.journal_id.id}-", 1)[-1]
        return frozenset(filter(None, (unique, line.ref)))

    def _senders(self, collectors):
        """{(kind of sign, sign): ids of collectors}"""
        senders = defaultdict(set)
        for collector in collectors:
            partner = collector.partner_id.commercial_partner_id
            signs = [("iban", sanitize_account_number(collector.iban))]
            signs += [("iban", bank.sanitized_acc_number) for bank in partner.bank_ids]
            signs += [("partner", partner.id), ("name", _plain(partner.name))]
            for kind, sign in [*signs, ("name", _plain(collector.name))]:
                if sign:
                    senders[kind, sign].add(collector.id)
        return senders

    # -- what stands on clearing accounts ---------------------------------------------------

    @api.model
    def _standings(self, company, collectors, first, last):
        """:return: ([`Standing`], {entry's id: its line on the clearing account})"""
        rows = self.env.execute_query(
            SQL(
                """
            SELECT line.id, line.move_id, line.date, line.amount_residual::text,
                move.utility_payment_batch_id
            FROM account_move_line line
            JOIN account_move move ON move.id = line.move_id
            JOIN utility_payment_batch batch ON batch.id = move.utility_payment_batch_id
            WHERE line.account_id = ANY(%s) AND line.parent_state = 'posted'
                AND line.reconciled IS NOT TRUE AND line.amount_residual <> 0
                AND line.company_id = %s AND batch.collector_id = ANY(%s)
                AND line.date BETWEEN %s AND %s
                AND line.currency_id = %s AND line.utility_account_id IS NULL
            ORDER BY line.id
            """,
                collectors.clearing_account_id.ids,
                company.id,
                collectors.ids,
                first - timedelta(days=clearing.LATER),
                last + timedelta(days=clearing.EARLIER),
                company.currency_id.id,
            )
        )
        items, entries = defaultdict(list), {}
        for line_id, move_id, day, amount, batch_id in rows:
            items[batch_id].append((line_id, day, Decimal(amount)))
            if Decimal(amount) > 0:
                entries[move_id] = line_id
        batches = self.env["utility.payment.batch"].browse(items)
        return [self._standing(batch, tuple(items[batch.id])) for batch in batches], entries

    def _standing(self, batch, items):
        return clearing.Standing(
            id=batch.id,
            collector=batch.collector_id.id,
            day=max(day for _line, day, _amount in items),
            items=items,
            gross=_exact(batch.amount),
            count=batch.payment_count,
            fee=_exact(batch.commission_left),
        )

    @api.model
    def _receipts(self, entries, amounts):
        """Single payments of entries that are not cleared yet, of the sums that are looked for.

        :param entries: {entry's id: its line on the clearing account}
        """
        rows = self.env.execute_query(
            SQL(
                """
            SELECT payment.id, payment.batch_id, payment.collector_id, payment.move_id,
                payment.date, payment.amount::text, payment.bank_ref, payment.payer_iban
            FROM utility_payment payment
            WHERE payment.move_id = ANY(%s) AND payment.amount = ANY(%s::numeric[])
                AND payment.state = 'registered'
                AND NOT EXISTS (SELECT FROM account_bank_statement_line line
                    WHERE line.utility_bank_payment_id = payment.id)
            ORDER BY payment.id
            """,
                list(entries),
                [str(amount) for amount in amounts],
            )
        )
        return [
            clearing.Receipt(
                id=payment_id,
                standing=batch_id,
                collector=collector_id,
                line=entries[move_id],
                day=day,
                amount=Decimal(amount),
                bank_ref=bank_ref or "",
                iban=sanitize_account_number(iban) or "",
            )
            for payment_id, batch_id, collector_id, move_id, day, amount, bank_ref, iban in rows
        ]


def _exact(value):
    return round(Decimal(str(value or 0)), 2)


def _plain(text):
    return " ".join((text or "").casefold().split())
