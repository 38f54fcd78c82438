"""Payment references with check digits, so that a mistyped one is seen at once.

Schemes: `rf` ISO 11649 (creditor reference: "RF", two check digits by MOD 97-10 over the body and
"RF00", at most 25 characters); `kid10` and `kid11` Norwegian KID (Luhn; weights 2–7 from the right,
remainder 10 is "-"); `qrr` Swiss QR reference (27 digits, recursive modulo 10); `fi` Finnish
(weights 7, 3, 1 from the right); `plain` as it is.
"""

import re
from functools import lru_cache

from stdnum import luhn
from stdnum.iso7064 import mod_97_10

SCHEMES = ("plain", "rf", "kid10", "kid11", "qrr", "fi")
RECURSIVE = (0, 9, 4, 6, 8, 2, 7, 1, 3, 5)
UNFIT = re.compile(r"[^0-9A-Z]")
UNFIT_BUT_DASH = re.compile(r"[^0-9A-Z-]")
RF_FORM = re.compile(r"RF\d\d[0-9A-Z]{1,21}")
LONGEST = {"rf": 21, "kid10": 24, "kid11": 24, "qrr": 26, "fi": 19, "plain": 35}


class UnfitReference(ValueError):
    """The text cannot be made a reference of the scheme."""


def reference(scheme, text):
    """A payment reference for a number.

    :param scheme: see above
    :param text: an account's or a bill's number; what the scheme has no room for is left out
        (letters and signs; `rf` keeps letters)
    :raise UnfitReference: nothing of it is left, or it is too long
    """
    body = (text or "").upper() if scheme == "plain" else compact(text)
    if scheme not in ("plain", "rf"):
        body = re.sub(r"\D", "", body)
    if not body or len(body) > LONGEST[scheme]:
        raise UnfitReference(text)
    return MAKERS[scheme](body)


@lru_cache(maxsize=4096)
def is_valid(scheme, text):
    """Whether the check digits of a reference are right; spaces do not matter."""
    found = compact(text, dash=True)
    if scheme == "plain":
        return bool(found)
    if scheme == "rf":
        body = found[4:]
        return bool(RF_FORM.fullmatch(found)) and _rf(body) == found
    digits = {"kid10": 1, "kid11": 1, "qrr": 1, "fi": 1}[scheme]
    body = found[:-digits]
    if not body.isdigit() or (scheme == "qrr" and len(found) != 27):
        return False
    return MAKERS[scheme](body) == found


def shown(scheme, text):
    """As it is printed: in groups that are easily typed."""
    if scheme == "rf":
        return " ".join(text[start : start + 4] for start in range(0, len(text), 4))
    if scheme in ("qrr", "fi"):
        head = len(text) % 5
        parts = [text[:head]] + [text[start : start + 5] for start in range(head, len(text), 5)]
        return " ".join(part for part in parts if part)
    return text


def compact(text, dash=False):
    """Letters and digits, upper case.

    :param dash: keep dashes, too
    """
    text = (text or "").upper()
    if text.isalnum() and text.isascii():
        return text
    return (UNFIT_BUT_DASH if dash else UNFIT).sub("", text)


def _rf(body):
    return f"RF{mod_97_10.calc_check_digits(body + 'RF')}{body}"


def _kid10(body):
    return body + luhn.calc_check_digit(body)


def _kid11(body):
    total = sum(int(char) * (2 + place % 6) for place, char in enumerate(reversed(body)))
    check = 11 - total % 11
    return body + {10: "-", 11: "0"}.get(check, str(check))


def _qrr(body):
    body, carry = body.zfill(26), 0
    for char in body:
        carry = RECURSIVE[(carry + int(char)) % 10]
    return f"{body}{(10 - carry) % 10}"


def _fi(body):
    total = sum(int(char) * (7, 3, 1)[place % 3] for place, char in enumerate(reversed(body)))
    return f"{body}{(10 - total % 10) % 10}"


MAKERS = {
    "plain": lambda body: body,
    "rf": _rf,
    "kid10": _kid10,
    "kid11": _kid11,
    "qrr": _qrr,
    "fi": _fi,
}
