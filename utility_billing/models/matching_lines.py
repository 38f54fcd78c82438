"""Payments as matching reads them: many with one query, without a record each."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from odoo.tools import SQL

from ..engine.payment_reading import PaymentText
from .payer_identity import keys_of


@dataclass(slots=True)
class Line:
    """A payment to be matched.

    :param amount: in its own currency; that of `text` is 0 in a foreign one, where it is no
        evidence
    :param payer_keys: [(kind, key)] by which its payer may have been seen before
    """

    payment_id: int
    company_id: int
    date: date
    amount: Decimal
    bank_ref: str
    text: PaymentText
    payer_keys: list


def lines_of(env, ids):
    """[`Line`] of payments, by id; what is pending must have been flushed."""
    rows = env.execute_query(
        SQL(
            """
        SELECT payment.id, payment.company_id, payment.date, trim_scale(payment.amount)::text,
            payment.currency_id <> company.currency_id, COALESCE(payment.bank_ref, ''),
            COALESCE(collector.iban, ''),
            COALESCE(payment.reference, ''), COALESCE(payment.purpose, ''),
            COALESCE(payment.payer_name, ''), COALESCE(payment.payer_code, ''),
            COALESCE(payment.payer_iban, ''), COALESCE(payment.payer_address, '')
        FROM utility_payment payment
        JOIN res_company company ON company.id = payment.company_id
        JOIN utility_payment_collector collector ON collector.id = payment.collector_id
        WHERE payment.id = ANY(%s) ORDER BY payment.id
        """,
            list(ids),
        )
    )
    return [_line(*row) for row in rows]


def _line(payment_id, company_id, day, amount, is_foreign, bank_ref, collector_iban, *said):
    amount = Decimal(amount)
    text = PaymentText(Decimal(0) if is_foreign else amount, *said)
    payer_keys = [(kind, key) for kind, key, _shown in keys_of(text, collector_iban)]
    return Line(payment_id, company_id, day, amount, bank_ref, text, payer_keys)
