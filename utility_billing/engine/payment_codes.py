"""Payloads of the codes on bills that a bank's app reads.

`epc` EPC069-12, version 002 (SEPA credit transfers in euro), and 001 where a BIC is wanted; `gost`
GOST R 56042-2014; `nbu` rules of the National Bank of Ukraine, version 002, and the checks of
version 003; `swiss` Swiss QR bill, version 0200. All are made of plain texts; amounts are
`Decimal` in the unit of the currency.
"""

import base64
import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from stdnum.iso7064 import mod_97_10

from . import references

SCHEMES = ("none", "epc", "gost", "nbu", "swiss")
CENT = Decimal("0.01")
MOST = Decimal("999999999.99")
EPC_BYTES = 331
EPC_ENCODINGS = {1: "utf-8", 2: "iso8859-1", 4: "iso8859-4", 5: "iso8859-5", 7: "iso8859-10"}
GOST_ENCODINGS = {"1": "cp1251", "2": "utf-8", "3": "koi8-r"}
GOST_NEEDED = ("Name", "PersonalAcc", "BankName", "BIC", "CorrespAcc")
NBU_BASE = "https://bank.gov.ua/qr/"
NBU_3_BASE = "https://qr.bank.gov.ua/"
NBU_3_URL_BYTES = 507
NBU_ENCODINGS = {1: "utf-8", 2: "cp1251"}
UA_IBAN = 29


class UnfitPayment(ValueError):
    """The payment cannot be written in the scheme; the text says why."""


@dataclass(frozen=True)
class Payment:
    """What is to be paid to whom.

    :param reference: with a check digit, without spaces, or ""
    :param text: for the payee, where there is no reference
    :param code: registration number of the payee (INN, EDRPOU)
    :param bank: name of his bank
    :param corresponding: correspondent account of his bank
    :param address: street, house, post code, town, two letters of the country
    :param account: number of the payer's account with the payee
    """

    name: str
    iban: str
    amount: Decimal
    currency: str = "EUR"
    bic: str = ""
    reference: str = ""
    text: str = ""
    code: str = ""
    bank: str = ""
    corresponding: str = ""
    address: tuple = ("", "", "", "", "")
    account: str = ""


def payload(scheme, payment):
    """The text of a QR code.

    :raise UnfitPayment: it cannot be written so
    """
    return {"epc": epc, "gost": gost, "nbu": nbu, "swiss": swiss}[scheme](payment)


# -- EPC069-12 --------------------------------------------------------------------------------


def epc(payment, version="002", encoding=1, information="", least_places=2):
    """A SEPA credit transfer, its elements on lines of their own.

    :param encoding: 1 UTF-8, 2 ISO 8859-1; see EPC_ENCODINGS
    :param information: for the payer, at most 70 characters; "ReqdExctnDt/2025-12-03" in Finland
    :param least_places: decimals that the amount keeps though they are zero
    :raise UnfitPayment: not in euro, no valid IBAN, an amount out of range, too long
    """
    if payment.currency != "EUR":
        raise UnfitPayment("EPC069-12 is for euro only")
    number = _iban(payment.iban)
    if payment.bic and not is_bic(payment.bic):
        raise UnfitPayment("a BIC has 8 or 11 characters")
    if version == "001" and not payment.bic:
        raise UnfitPayment("version 001 needs a BIC")
    structured = references.is_valid("rf", payment.reference)
    reference = references.compact(payment.reference) if structured else ""
    text = "" if structured else payment.text or payment.reference
    lines = [
        "BCD",
        version,
        str(encoding),
        "SCT",
        payment.bic,
        _line(payment.name, 70),
        number,
        f"EUR{epc_amount(payment.amount, least_places)}",
        "",
        reference,
        _line(text, 140),
        _line(information, 70),
    ]
    while not lines[-1]:
        lines.pop()
    return _encodable("\n".join(lines), EPC_ENCODINGS[encoding], EPC_BYTES)


def epc_amount(amount, least_places=2):
    """12.30, or 12.3 where no decimal has to stay."""
    amount = Decimal(amount).quantize(CENT, ROUND_HALF_UP)
    if not CENT <= amount <= MOST:
        raise UnfitPayment("an amount lies between 0.01 and 999999999.99")
    whole, _point, decimals = f"{amount:f}".partition(".")
    decimals = decimals.rstrip("0").ljust(least_places, "0")
    return f"{whole}.{decimals}" if decimals else whole


def is_bic(text):
    return bool(re.fullmatch(r"[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?", text or ""))


# -- GOST R 56042 -----------------------------------------------------------------------------


def gost(payment, encoding="2"):
    """A payment in roubles; the amount in kopecks.

    :param encoding: 1 windows-1251, 2 UTF-8, 3 KOI8-R
    """
    values = {
        "Name": payment.name[:160],
        "PersonalAcc": references.compact(payment.iban),
        "BankName": payment.bank,
        "BIC": payment.bic,
        "CorrespAcc": payment.corresponding or "0",
        "Sum": _kopecks(payment.amount),
        "Purpose": payment.text[:210],
        "PayeeINN": payment.code,
        "PersAcc": payment.account,
    }
    missing = [name for name in GOST_NEEDED if not values[name]]
    if missing:
        raise UnfitPayment(", ".join(missing))
    separator = next(
        (sign for sign in "|^~`" if not any(sign in value for value in values.values())), None
    )
    if not separator:
        raise UnfitPayment("no sign is left to part the values")
    pairs = separator.join(f"{name}={value}" for name, value in values.items() if value)
    return _encodable(f"ST0001{encoding}{separator}{pairs}", GOST_ENCODINGS[encoding])


def gost_values(text):
    """What a payload says: ({key in small letters: value}, name of the encoding).

    :raise UnfitPayment: it is none
    """
    head = re.match(r"ST0001([123])(.)", text)
    if not head:
        raise UnfitPayment("no payload of GOST R 56042, version 0001")
    pairs = text[head.end() :].split(head[2])
    values = dict(pair.split("=", 1) for pair in pairs if "=" in pair)
    return {key.lower(): value for key, value in values.items()}, GOST_ENCODINGS[head[1]]


# -- National Bank of Ukraine -----------------------------------------------------------------


def nbu(payment, encoding=1, final_line_feed=False):
    """A link that holds a payment in hryvnias, version 002."""
    lines = nbu_lines(payment, encoding)
    text = "\n".join(lines) + ("\n" if final_line_feed else "")
    return NBU_BASE + _base64(text, NBU_ENCODINGS[encoding])


def nbu_lines(payment, encoding=1):
    """
    :return: the 13 elements of version 002
    :raise UnfitPayment: see the texts
    """
    if payment.currency != "UAH":
        raise UnfitPayment("only UAH")
    number = _iban(payment.iban)
    if len(number) != UA_IBAN:
        raise UnfitPayment(f"account must be exactly {UA_IBAN} characters")
    if not re.fullmatch(r"\d{8}|\d{10}|[A-ZА-Я]{2}\d{6}", payment.code):
        raise UnfitPayment("code of the receiver: 8 or 10 digits")
    purpose = _line(payment.text or payment.reference, 140)
    if len(purpose) < 10:
        raise UnfitPayment("purpose shorter than 10")
    return [
        "BCD",
        "002",
        str(encoding),
        "UCT",
        "",
        _line(payment.name, 70),
        number,
        f"UAH{nbu_amount(payment.amount)}",
        payment.code,
        "",
        "",
        purpose,
        "",
    ]


def nbu_amount(amount):
    """Whole hryvnias without decimals, others with two."""
    amount = Decimal(amount).quantize(CENT, ROUND_HALF_UP)
    if not CENT <= amount <= MOST:
        raise UnfitPayment("an amount lies between 0.01 and 999999999.99")
    return f"{amount:.0f}" if amount == amount.to_integral_value() else f"{amount:.2f}"


def nbu_3(payment, category="", lock_mask="", encoding=2):
    """A link of version 003 (rules of 19.08.2025): 17 elements.

    :raise UnfitPayment: see the texts
    """
    if payment.currency != "UAH":
        raise UnfitPayment("only UAH")
    if len(payment.iban) != UA_IBAN:
        raise UnfitPayment(f"account must be exactly {UA_IBAN} characters")
    limits = (
        (payment.name, 140, "recipient"),
        (payment.code, 10, "recipient code"),
        (category, 9, "category"),
        (payment.reference, 35, "reference"),
        (payment.text, 420, "purpose"),
        (lock_mask, 4, "lock mask"),
    )
    for value, most, what in limits:
        if len(value) > most:
            raise UnfitPayment(f"{what} longer than {most}")
    lines = [
        "BCD",
        "003",
        str(encoding),
        "UCT",
        "",
        payment.name,
        _iban(payment.iban),
        f"UAH{nbu_amount(payment.amount)}",
        payment.code,
        category,
        payment.reference,
        payment.text,
        "",
        lock_mask,
        "",
        "",
        "",
    ]
    link = NBU_3_BASE + _base64("\n".join(lines), NBU_ENCODINGS[encoding])
    if len(link) > NBU_3_URL_BYTES:
        raise UnfitPayment(f"link longer than {NBU_3_URL_BYTES}")
    return link


# -- Swiss QR bill ----------------------------------------------------------------------------


def swiss(payment):
    """A Swiss QR bill without a named debtor: 31 lines.

    :raise UnfitPayment: the currency, the IBAN, or a reference that does not go with it
    """
    if payment.currency not in ("CHF", "EUR"):
        raise UnfitPayment("only CHF and EUR")
    number = _iban(payment.iban)
    if number[:2] not in ("CH", "LI"):
        raise UnfitPayment("only accounts of Switzerland and Liechtenstein")
    kind, reference = _swiss_reference(number, payment.reference)
    amount = Decimal(payment.amount).quantize(CENT, ROUND_HALF_UP)
    if not CENT <= amount <= MOST:
        raise UnfitPayment("an amount lies between 0.01 and 999999999.99")
    return "\n".join(
        [
            "SPC",
            "0200",
            "1",
            number,
            "S",
            _line(payment.name, 70),
            *payment.address,
            *[""] * 7,
            f"{amount:.2f}",
            payment.currency,
            *[""] * 7,
            kind,
            reference,
            _line(payment.text, 140),
            "EPD",
        ]
    )


def _swiss_reference(number, reference):
    if is_qr_iban(number):
        reference = references.compact(reference)
        if not re.fullmatch(r"\d{27}", reference):
            raise UnfitPayment("a QR-IBAN needs a reference of 27 digits")
        return "QRR", reference
    if references.is_valid("rf", reference):
        return "SCOR", references.compact(reference)
    return "NON", ""


def is_qr_iban(number):
    """Whether positions 5 to 9 lie between 30000 and 31999."""
    institute = references.compact(number)[4:9]
    return institute.isdigit() and 30000 <= int(institute) <= 31999


# -- barcode ----------------------------------------------------------------------------------


def barcode(number, amount):
    """Account and amount for Code 128: the last ten digits are the amount in hundredths.

    :param number: of the account
    """
    return f"{references.compact(number)}{int(max(Decimal(amount), Decimal(0)) / CENT):010d}"


# -- helpers ----------------------------------------------------------------------------------


def _iban(number):
    number = references.compact(number)
    if not re.fullmatch(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}", number) or not mod_97_10.is_valid(
        number[4:] + number[:4]
    ):
        raise UnfitPayment("no valid IBAN")
    return number


def _line(text, most):
    return " ".join((text or "").split())[:most].rstrip()


def _kopecks(amount):
    return str(int((Decimal(amount) / CENT).to_integral_value(ROUND_HALF_UP)))


def _base64(text, encoding):
    found = _encodable(text, encoding).encode(encoding)
    return base64.urlsafe_b64encode(found).decode().rstrip("=")


def _encodable(text, encoding, most=None):
    try:
        size = len(text.encode(encoding))
    except UnicodeEncodeError as error:
        raise UnfitPayment(f"not all letters are in {encoding}") from error
    if most and size > most:
        raise UnfitPayment(f"{size} bytes, more than {most}")
    return text
