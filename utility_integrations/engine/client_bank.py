"""1CClientBankExchange: what Russian banks give 1C, text in Windows-1251, DOS 866 or UTF-8.

Source: the standard of exchange with client-bank systems, v8.1c.ru, versions 1.01 to 1.03.
"""

import re

from .errors import FormatError, problem
from .statement import CREDIT, DEBIT, Statement, Summary, line, to_decimal

MARK = "1CClientBankExchange"
ACCOUNT, DOCUMENT = "СекцияРасчСчет", "СекцияДокумент"
SIDES = ("Плательщик", "Получатель")
ENCODINGS = ("windows-1251", "cp866", "utf-8-sig")
KEYS = ("ВерсияФормата=", "Кодировка=")
DAY = re.compile(r"(\d\d)\.(\d\d)\.(\d{4})")
TAX_CODE = re.compile(r"^ИНН\s*\d{10,12}(?:\\\d+)?\s*")
# digits 6 to 8 of a Russian account say its currency
CURRENCIES = {"810": "RUB", "643": "RUB", "840": "USD", "978": "EUR", "156": "CNY", "398": "KZT"}


def encoding_of(head):
    """The encoding in which the first bytes of a file make sense; None when it is another file."""
    if MARK.encode() not in head[:64]:
        return None
    for encoding in ENCODINGS:
        text = head.decode(encoding, errors="ignore")
        if any(key in text for key in KEYS):
            return encoding
    return ENCODINGS[0]


class _Sections:
    """Sections of a file as they are opened and closed; all of one account are one statement."""

    def __init__(self, summary):
        self.summary = summary
        self.accounts = set()
        self.statements = {}
        self.kind = self.last = None
        self.fields = {}
        self.began = 0

    def open(self, kind, value, number):
        self.refuse_open()
        self.kind, self.last, self.began = kind, None, number
        self.fields = {kind: value}

    def close(self):
        self.kind = None
        return self.fields

    def refuse_open(self):
        """
        :raise FormatError: a section does not end
        """
        if self.kind:
            raise FormatError("truncated", line=self.began)

    def note(self, key, value):
        self.last = key
        self.fields[key] = value
        if key == "РасчСчет" and self.kind != DOCUMENT:
            self.accounts.add(value)

    def go_on(self, text):
        """A line that is no key and value goes on with the one before it."""
        if self.last and self.kind and text:
            self.fields[self.last] += f" {text}"

    def add_statement(self, fields):
        found = _statement(fields)
        known = self.statements.setdefault(found.account, found)
        if known is found:
            self.summary.statements.append(found)
            return
        known.closing = found.closing
        known.stated_credit = _added(known.stated_credit, found.stated_credit)
        known.stated_debit = _added(known.stated_debit, found.stated_debit)


def read(lines, summary=None):
    """(number of the document's first line, line, problem or None) of each document.

    :param lines: the file's lines of text
    :param summary: `Summary` that is filled on the way
    :raise FormatError: it is no such file, or is cut off
    """
    sections = _Sections(Summary() if summary is None else summary)
    number = 0
    for number, text in enumerate(lines, start=1):
        text = text.strip("\r\n\ufeff")
        if number == 1:
            if text.strip() != MARK:
                raise FormatError("not_1c")
            continue
        key, sign, value = (part.strip() for part in text.partition("="))
        if key in (ACCOUNT, DOCUMENT):
            sections.open(key, value, number)
        elif key == "КонецРасчСчет" and sections.kind == ACCOUNT:
            sections.add_statement(sections.close())
        elif key == "КонецДокумента" and sections.kind == DOCUMENT:
            yield sections.began, *_document(sections.close(), sections)
        elif key == "КонецФайла":
            sections.refuse_open()
            return
        elif sign:
            sections.note(key, value)
        else:
            sections.go_on(text.strip())
    raise FormatError("truncated", line=number) if number else FormatError("not_1c")


def _added(one, other):
    return None if None in (one, other) else one + other


def _statement(fields):
    account = fields.get("РасчСчет", "")
    return Statement(
        account=account,
        number=" – ".join(filter(None, (fields.get("ДатаНачала"), fields.get("ДатаКонца")))),
        currency=_currency(account),
        opening=to_decimal(fields.get("НачальныйОстаток")),
        closing=to_decimal(fields.get("КонечныйОстаток")),
        stated_credit=to_decimal(fields.get("ВсегоПоступило")),
        stated_debit=to_decimal(fields.get("ВсегоСписано")),
    )


def _document(fields, sections):
    """(line, problem or None) of a document."""
    amount = to_decimal(fields.get("Сумма"))
    direction = _direction(fields, sections.accounts)
    own, other = SIDES if direction == DEBIT else SIDES[::-1]
    account = _account(fields, own)
    statement = sections.statements.get(account)
    arrived = fields.get("ДатаСписано" if direction == DEBIT else "ДатаПоступило")
    cells = line(
        date=_iso(arrived) or _iso(fields.get("Дата")),
        value_date=_iso(fields.get("Дата")),
        amount=fields.get("Сумма", "").replace(",", "."),
        currency=_currency(account),
        direction=direction,
        reference=_code(fields.get("Код")),
        purpose=_continued(fields, "НазначениеПлатежа"),
        payer_name=TAX_CODE.sub("", fields.get(f"{other}1") or fields.get(other, "")),
        payer_code=_code(fields.get(f"{other}ИНН")),
        payer_iban=_account(fields, other),
        payer_bank=_code(fields.get(f"{other}БИК")),
        bank_ref=fields.get("Номер", ""),
        account_iban=account,
        statement=statement.number if statement else "",
        entry=fields.get("Номер", ""),
        status="BOOK",
        is_return="no",
        transaction_type=fields[DOCUMENT],
    )
    if amount is None:
        return cells, problem("no_amount", text=fields.get("Сумма", ""))
    if direction is None:
        return cells, problem("1c_direction", number=fields.get("Номер", ""))
    if statement:
        statement.add(amount if direction == CREDIT else -amount)
    return cells, None


def _direction(fields, accounts):
    """Which way the money went: a date of arrival or of departure says it, else whose account."""
    came, went = fields.get("ДатаПоступило"), fields.get("ДатаСписано")
    if bool(came) != bool(went):
        return CREDIT if came else DEBIT
    payee, payer = _account(fields, "Получатель"), _account(fields, "Плательщик")
    if (payee in accounts) != (payer in accounts):
        return CREDIT if payee in accounts else DEBIT
    return None


def _account(fields, side):
    return fields.get(f"{side}РасчСчет") or fields.get(f"{side}Счет", "")


def _continued(fields, name):
    """A text with what stands in its numbered parts, when they say more."""
    whole = fields.get(name, "")
    parts = " ".join(filter(None, (fields.get(f"{name}{place}") for place in range(1, 7))))
    return whole if parts in whole else f"{whole} {parts}".strip()


def _code(text):
    """Banks write 0 where there is none."""
    text = (text or "").strip()
    return text if text.strip("0") else ""


def _currency(account):
    return CURRENCIES.get(account[5:8], "") if len(account) == 20 else ""


def _iso(text):
    found = DAY.fullmatch((text or "").strip())
    return "-".join(reversed(found.groups())) if found else (text or "").strip()
