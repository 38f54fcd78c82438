"""Check digits of account numbers, by python-stdnum."""

import re

from stdnum import luhn
from stdnum.iso7064 import mod_97_10

SCHEMES = ("plain", "luhn", "mod97")
LENGTHS = {"plain": 0, "luhn": 1, "mod97": 2}


def append(scheme, body):
    """`body` with its check digits: one by Luhn (over its digits), two by ISO 7064 MOD 97-10.

    :param scheme: plain, luhn or mod97
    """
    if scheme == "luhn":
        return body + luhn.calc_check_digit(_digits(body))
    if scheme == "mod97":
        return body + mod_97_10.calc_check_digits(_alphanumerics(body))
    return body


def is_valid(scheme, number):
    """Whether the check digits at the end of `number` are right; separators do not matter."""
    length = LENGTHS[scheme]
    if not length:
        return any(char.isalnum() for char in number or "")
    compact = _alphanumerics(number or "")
    if len(compact) <= length:
        return False
    return append(scheme, compact[:-length]) == compact


def _digits(text):
    return re.sub(r"\D", "", text) or "0"


def _alphanumerics(text):
    return re.sub(r"[^0-9A-Z]", "", text.upper())
