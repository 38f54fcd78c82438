"""LITAS-ESIS, what Lithuanian banks gave before camt.053: text with tabs, amounts in cents."""

from .errors import FormatError, problem
from .statement import CREDIT, DEBIT, Statement, Summary, line, to_decimal

HEADER, TRANSACTION, BALANCE = "000", "010", "020"
OPENING, CLOSING = "LikutisPR", "LikutisPB"
WIDTH = 18
CENTS = 100


def read(lines, summary=None):
    """(number of the line, line, problem or None) of each transaction.

    :param lines: the file's lines of text
    :param summary: `Summary` that is filled on the way
    :raise FormatError: it is no such file
    """
    summary = Summary() if summary is None else summary
    statement = None
    for number, text in enumerate(lines, start=1):
        cells = text.rstrip("\r\n").lstrip("\ufeff").split("\t")
        cells += [""] * (WIDTH - len(cells))
        kind = cells[0].strip()
        if kind == HEADER:
            statement = Statement(account=cells[16].strip(), currency=cells[17].strip())
            summary.statements.append(statement)
        elif not kind and not any(cells):
            continue
        elif statement is None:
            raise FormatError("not_litas")
        elif kind == TRANSACTION:
            yield number, *_transaction(cells, statement)
        elif kind == BALANCE:
            _balance(cells, statement)
    if statement is None:
        raise FormatError("not_litas")


def _balance(cells, statement):
    amount = to_decimal(cells[4])
    if amount is None:
        return
    if cells[1].strip() == OPENING:
        statement.opening = amount / CENTS
        statement.number = _iso(cells[2])
    elif cells[1].strip() == CLOSING:
        statement.closing = amount / CENTS


def _transaction(cells, statement):
    amount = to_decimal(cells[4])
    direction = DEBIT if cells[6].strip().upper() == "D" else CREDIT
    found = line(
        date=_iso(cells[2]),
        amount="" if amount is None else f"{amount / CENTS:.2f}",
        currency=statement.currency,
        direction=direction,
        purpose=cells[13].strip(),
        payer_name=cells[17].strip(),
        bank_ref=cells[10].strip(),
        account_iban=statement.account,
        statement=statement.number,
        entry=cells[10].strip(),
        status="BOOK",
        is_return="no",
        transaction_type=cells[1].strip(),
    )
    if amount is None:
        return found, problem("no_amount", text=cells[4])
    statement.add(-amount / CENTS if direction == DEBIT else amount / CENTS)
    return found, None


def _iso(text):
    text = text.strip()
    return f"{text[:4]}-{text[4:6]}-{text[6:]}" if len(text) == 8 and text.isdigit() else text
