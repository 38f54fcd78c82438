"""SWIFT statements MT940 and MT942, through the library `mt-940`.

What banks write beside the standard, and the library stumbles over, is mended here: messages
without a reference, days that do not exist (30 February in 30-day months), lines without a
transaction type, notes of the statement that look like the last line's, text in codes
(`/EREF/…/REMI/…/`). A line that cannot be read stays a line.
"""

import calendar
import logging
import re
from contextlib import suppress
from decimal import InvalidOperation
from itertools import count

import mt940

from .errors import FormatError, problem
from .statement import CREDIT, DEBIT, Statement, Summary, line

# what it would log as errors is told to the user in words
logging.getLogger("mt940").setLevel(logging.CRITICAL)

MESSAGE = re.compile(r"^(?:\{[^}]*\}.*)?:20:")
FIELD = re.compile(r"(?m)^:(\d\d[A-Z]?|NS):")
CLOSING = re.compile(r"(?m)^:62[FM]?:")
NOTE = re.compile(r"(?ms)^:86:.*?(?=^:\d\d[A-Z]?:|\Z)")
TRAILER = re.compile(r"(?m)^-\}?(?:\{.*)?\s*$")
CODES = (
    *("EREF", "REMI", "IBAN", "BIC", "NAME", "CNTP", "ORDP", "BENM", "ADDR", "MARF", "CSID"),
    *("TRTP", "PREF", "RTRN", "ISDT", "UDTR", "ULTD", "ULTB", "UCRD", "PURP", "SVCL", "TRCD"),
    *("KREF", "MREF", "CRED", "SVWZ", "ID", "PY", "ORDA", "BENA", "ACW", "OCMT", "CHGS", "EXCH"),
)
CODE = re.compile(rf"/({'|'.join(CODES)})/")
NUMBER = re.compile(r"^\d{3}(?=\?)|\?\d\d")
# GVC codes of German banks: direct debits and transfers that came back
RETURNS = {"108", "109", "159"}
NOTHING = {"NONREF", "KREF+", "NOTPROVIDED", "NONE", "EREF+"}
ACCOUNT = re.compile(r"([A-Z]{2}\d{2}[A-Z0-9]{11,30}?)(?:/?[A-Z]{3})?")
LOGGED = 60


def looks_like(text):
    """Whether a text's beginning is that of a statement."""
    return bool(re.search(r"(?m)^(?:\{[^}]*\}.*)?:(?:20|25|28C?|60[FM]|61):", text))


def read(lines, summary=None):
    """(number, line, problem or None) of each transaction.

    :param lines: the file's lines of text, with their ends
    :param summary: `Summary` that is filled on the way
    :raise FormatError: it is no such file, or a balance cannot be read
    """
    summary = Summary() if summary is None else summary
    numbers = count(1)
    found = False
    for message in _messages(lines):
        if not FIELD.search(message):
            continue
        found = True
        parsed = _parse(message)
        for cells, fault in _lines_of(parsed, summary):
            yield next(numbers), cells, fault
    if not found:
        raise FormatError("not_mt940")


def _messages(lines):
    """The text of each message: they begin with :20:, some banks leave the first one's out."""
    held = []
    for text in lines:
        if MESSAGE.match(text) and held:
            yield "".join(held)
            held = []
        held.append(text[text.index(":20:") :] if MESSAGE.match(text) else text)
    if held:
        yield "".join(held)


# -- the library, mended ----------------------------------------------------------------------


class _StatementLine(mt940.tags.Statement):
    """A transaction; one that cannot be read is kept with its text."""

    slug = "statement"

    def parse(self, transactions, value):
        try:
            found = super().parse(transactions, value)
        except RuntimeError:
            found = {"unreadable": value}
        return {**found, "text": value}

    def __call__(self, transactions, value):
        if "unreadable" not in value:
            with suppress(ValueError, InvalidOperation):
                return {**super().__call__(transactions, value), "id": value["id"] or "NMSC"}
        # the library tells one transaction from the next by its type
        return {"id": "NMSC", "unreadable": value["text"]}


class _StatementNumber(mt940.tags.StatementNumber):
    pattern = r"(?P<statement_number>[^/]*)(?:/(?P<sequence_number>.*))?$"


def _mend_day(_transactions, _tag, found):
    """The last day of the month for one that the month has not; entry dates that make no sense are
    dropped, the value date stands for them."""
    if "unreadable" in found:
        return found
    found["day"] = _existing_day(found["year"], found["month"], found["day"]) or found["day"]
    month, day = found.get("entry_month"), found.get("entry_day")
    if month and month.strip() and day and day.strip():
        found["entry_day"] = _existing_day(found["year"], month, day) or ""
    return found


def _existing_day(year, month, day):
    if not 1 <= int(month) <= 12 or int(day) < 1:
        return None
    return f"{min(int(day), calendar.monthrange(2000 + int(year), int(month))[1]):02d}"


def _keep_text(_transactions, _tag, found):
    return {**found, "details_text": found["transaction_details"]}


BALANCES = [
    name
    for name in mt940.models.Transactions.DEFAULT_PROCESSORS
    if name.startswith("pre_") and name.endswith("_balance")
]
PROCESSORS = {
    **{name: [_mend_day] for name in (*BALANCES, "pre_statement")},
    "pre_transaction_details": [_keep_text],
}
TAGS = {61: _StatementLine(), 28: _StatementNumber()}
# both are asked for by their class's slug, which the library derives from the class's name
for _tag, _slug in ((TAGS[61], "statement"), (TAGS[28], "statement_number")):
    type(_tag).slug = _slug


def _parse(message):
    message = TRAILER.sub("", message.replace("\r\n", "\n").replace("\r", "\n"))
    closing = CLOSING.search(message)
    if closing:
        message = message[: closing.start()] + NOTE.sub("", message[closing.start() :])
    parsed = mt940.models.Transactions(
        processors=PROCESSORS, tags=TAGS, options=mt940.Options.all()
    )
    try:
        parsed.parse(message)
    except (RuntimeError, ValueError, InvalidOperation) as error:
        wrong = error.args[2] if len(error.args) > 2 else message.strip()
        raise FormatError("mt940_field", text=str(wrong)[:LOGGED]) from error
    return parsed


# -- lines ------------------------------------------------------------------------------------


def _lines_of(parsed, summary):
    statement = _statement(parsed.data, parsed.currency or "")
    summary.statements.append(statement)
    for position, transaction in enumerate(parsed.transactions, start=1):
        found = transaction.data
        if "unreadable" in found:
            text = " ".join(found["unreadable"].split())
            cells = line(purpose=text, is_return="no", **_of_statement(statement, position))
            yield cells, problem("mt940_line", text=text[:LOGGED])
        elif "amount" in found:
            statement.add(found["amount"].amount)
            yield _line(found, statement, position), None


def _statement(data, currency):
    numbers = (data.get("statement_number"), data.get("sequence_number"))
    opening = data.get("final_opening_balance") or data.get("intermediate_opening_balance")
    final = data.get("final_closing_balance")
    closing = final or data.get("intermediate_closing_balance")
    credit, debit = data.get("sum_credit_entries"), data.get("sum_debit_entries")
    account = (data.get("account_identification") or "").strip().replace(" ", "")
    iban = ACCOUNT.fullmatch(account)
    return Statement(
        account=iban.group(1) if iban else account,
        number="/".join(filter(None, (*numbers, data.get("transaction_reference")))),
        currency=currency,
        opening=opening.amount.amount if opening else None,
        closing=closing.amount.amount if closing else None,
        is_final=bool(final),
        stated_credit=credit.amount if credit else None,
        stated_debit=abs(debit.amount) if debit else None,
    )


def _of_statement(statement, position):
    return {
        "account_iban": statement.account,
        "statement": statement.number,
        "entry": str(position),
        "status": "BOOK",
    }


def _line(found, statement, position):
    amount = found["amount"].amount
    details = _details(found)
    customer = _meant(found.get("customer_reference"))
    reason = details.pop("return_reason", "")
    returned = found.get("status", "").upper() in ("RC", "RD") or bool(reason)
    return line(
        date=(found.get("entry_date") or found["date"]).isoformat(),
        value_date=found["date"].isoformat(),
        amount=str(abs(amount)),
        currency=found["amount"].currency or statement.currency,
        direction=CREDIT if amount >= 0 else DEBIT,
        bank_ref=(found.get("bank_reference") or "").strip(),
        is_return="yes" if returned else "no",
        return_reason=reason,
        transaction_type=found["id"].strip(),
        **{"reference": customer, **{name: text for name, text in details.items() if text}},
        **_of_statement(statement, position),
    )


def _meant(text):
    text = (text or "").strip()
    return "" if text.upper().replace(" ", "") in NOTHING else text


def _details(found):
    """Columns out of field 86, whichever way the bank writes it."""
    text = found.get("details_text") or found.get("non_swift_text") or ""
    if "posting_text" in found:
        return _from_numbers(found, text)
    joined = "".join(text.split("\n"))
    if joined.startswith("/") and CODE.search(joined):
        return _from_codes(joined)
    words = (*text.split(), *(found.get("extra_details") or "").split())
    return {"purpose": " ".join(words)}


def _from_numbers(found, text):
    """?20 to ?63, with EREF+, SVWZ+ … inside."""
    said = {name: (value or "").strip() for name, value in found.items() if isinstance(value, str)}
    get = said.get
    purpose = " ".join(filter(None, (get("purpose"), get("additional_purpose"))))
    reason = (get("return_debit_notes"), get("posting_text"))
    return {
        "purpose": purpose or " ".join(NUMBER.sub(" ", text).split()),
        "end_to_end": _meant(get("end_to_end_reference")),
        "payer_name": get("applicant_name") or get("deviate_applicant"),
        "payer_iban": (get("applicant_iban") or get("gvc_applicant_iban") or "").replace(" ", ""),
        "payer_bank": get("applicant_bin") or get("gvc_applicant_bin"),
        "ultimate_payer": get("deviate_applicant") or get("recipient_name"),
        "return_reason": " ".join(filter(None, reason))
        if get("transaction_code") in RETURNS
        else "",
    }


def _from_codes(text):
    """/EREF/…/CNTP/account/bank/name/town//REMI/USTD//text/ and its relatives."""
    parts = CODE.split(text)
    found = {}
    for code, value in zip(parts[1::2], parts[2::2], strict=True):
        found.setdefault(code, value.strip("/ "))
    reference, purpose = "", found.get("REMI") or found.get("SVWZ") or found.get("TRTP", "")
    if purpose.startswith("USTD/"):
        purpose = purpose[5:].strip("/ ")
    elif purpose.startswith("STRD/"):
        reference = purpose.strip("/ ").split("/")[-1]
        purpose = reference
    counterparty = (found.get("CNTP") or "").split("/")
    by_place = dict(zip(("IBAN", "BIC", "NAME"), counterparty, strict=False))
    returned = found.get("RTRN", "")
    return {
        "purpose": purpose,
        "reference": reference,
        "end_to_end": _meant(found.get("EREF")),
        "payer_name": _first_of(found, by_place, "NAME", "ORDP", "BENM").removeprefix("NAME/"),
        "payer_iban": _first_of(found, by_place, "IBAN").replace(" ", ""),
        "payer_bank": _first_of(found, by_place, "BIC"),
        "payer_address": found.get("ADDR", ""),
        "ultimate_payer": found.get("UDTR") or found.get("ULTD", ""),
        "return_reason": returned,
    }


def _first_of(found, by_place, *codes):
    return next((value for code in codes if (value := found.get(code) or by_place.get(code))), "")
