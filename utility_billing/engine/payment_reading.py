"""Which accounts and bills a payment names: numbers and references read out of what came with it.

A payer writes the number where he likes: in the field for the reference, in the field for his
code, in the text with a label ("ЛС: 123", "л/с №123", "mok. kodas 123", "о/р 123") or without one.
What is read here is a list of clues; whether there is such an account or bill, the caller looks up.

Numbers are compared in two forms: letters and digits without leading zeros (`plain`), and digits
alone (`digits`), since people leave out the letters that a number begins with.
"""

import re
from decimal import Decimal
from typing import NamedTuple

from .references import compact, is_valid

# points of what is found by a clue; the sure ones need nothing else
CHECKED = 100
WHOLE = 95
DIGITS = 90
BARE = 80
SHORT = 55
MISTYPED = 60

# numbers shorter than this, in digits, are too common in texts to be looked for
LEAST_BARE = 4
LEAST_SURE = 6
MOST_CLUES = 24

LABELS = "|".join(
    (
        r"л\s*[/.\\]?\s*с(?:ч[её]?т)?",
        r"лиц(?:ев[а-я]*)?\.?\s*сч(?:[её]т[а-я]*)?",
        r"абон(?:ент)?[а-я]*",
        r"договор[а-я]*|дог",
        r"о\s*[/.\\]\s*р",
        r"ос(?:об)?(?:ов[а-яії]*)?\.?\s*рах(?:ун[а-яії]*)?",
        r"mok(?:ėtojo|etojo|ėt|et)?\.?\s*kod(?:as|o|ą)?",
        r"abon(?:ent[a-zė]*)?\.?(?:\s*kod(?:as|o|s)?)?",
        r"(?:kliento|kl)\.?\s*kod(?:as|o)?",
        r"sut(?:art[a-z]*)?|līgum[a-zā]*|leping[a-z]*|umow[a-z]*",
        r"klien[a-z]*|kundennummer|kd\.?-?nr|vertragskonto",
        r"a\s*/\s*c|acc(?:oun)?t|customer|client|contract",
    )
)
SIGNS = r"(?:\.|:|=|–|-|№|#|\bno\b\.?|\bnr\b\.?|\bnum[a-z]*\b\.?|\bномер[а-я]*\b|\bn[°º]|\s)*"
VALUE = r"((?:[^\W\d_]{1,4}[\s/\-]?)?\d[\w/\-]*(?: \d[\w/\-]*)*)"
LABELLED = re.compile(rf"(?<!\w)(?:{LABELS}){SIGNS}{VALUE}", re.IGNORECASE)
WORD = re.compile(r"\w[\w/\-.]*")
NOISE = re.compile(
    r"""(?<![\w/\-])(?:
        \d{1,2}[./-]\d{1,2}[./-]\d{2,4}      # a day
        |\d{4}[./-]\d{1,2}(?:[./-]\d{1,2})?  # a day or a month, the year first
        |\d{1,2}[./-](?:19|20)\d{2}          # a month
        |\d+[.,]\d{2}                        # a sum
        |(?:19|20)\d{2}                      # a year
        |[A-Z]{2}\d{2}[A-Z0-9]{11,30}        # an account at a bank
        |\+\d[\d\s()-]{7,}                   # a telephone
    )(?![\w/\-])""",
    re.VERBOSE,
)
NO_DIGIT = re.compile(r"[^0-9]")
DIGIT = re.compile(r"\d")
SPACED = re.compile(r"(?<![\w.,/+-])\d+(?: \d+){1,6}(?![\w.,/-])")
RF = re.compile(r"(?<!\w)RF\d{2}[0-9A-Z ]{1,30}")


class PaymentText(NamedTuple):
    """What came with a payment; empty text where nothing did."""

    amount: Decimal
    reference: str = ""
    purpose: str = ""
    payer_name: str = ""
    payer_code: str = ""
    payer_iban: str = ""
    payer_address: str = ""


class Clue(NamedTuple):
    """A number that may be an account's or a bill's.

    :param method: reference, number or text
    :param key: letters and digits, upper case, without leading zeros
    :param score: points of an account that has this number
    :param shown: as it was written
    :param is_said: the payer said that it is an account; otherwise it is a number somewhere
    :param whole: the whole reference with its check digits; the key is what it was made of
    """

    method: str
    key: str
    score: int
    shown: str
    is_said: bool = True
    whole: str = ""

    @property
    def digits(self):
        return digits_of(self.key)


def plain_of(text):
    """A number as it is compared: letters and digits, upper case, without leading zeros."""
    return compact(text).lstrip("0")


def digits_of(text):
    """Digits alone, without leading zeros."""
    if text and text.isdigit() and text.isascii():
        return text.lstrip("0")
    return NO_DIGIT.sub("", text or "").lstrip("0")


def read(payment, scheme):
    """What a payment names, the surest first.

    :param payment: `PaymentText`
    :param scheme: of the company's references, see `references`
    :return: [`Clue`], none twice
    """
    clues = {}
    for clue in (
        *_references(payment.reference, scheme, "reference"),
        *_fields(payment, scheme),
        *_in_text(payment.purpose, scheme),
    ):
        key = (clue.key, clue.whole)
        if clue.key and (key not in clues or clues[key].score < clue.score):
            clues[key] = clue
    return sorted(clues.values(), key=lambda clue: -clue.score)[:MOST_CLUES]


def _references(text, scheme, method):
    """A reference with right check digits."""
    found = "" if scheme == "plain" else compact(text, dash=True)
    if not found or not is_valid(scheme, found):
        return []
    body = found[4:] if scheme == "rf" else found[:-1]
    return [Clue(method, plain_of(body), CHECKED, text.strip(), whole=found)]


def _fields(payment, scheme):
    """Fields that are there for the number."""
    found = []
    for text in (payment.reference, payment.payer_code):
        found += _labelled(text)
        key = plain_of(text)
        if not any(char.isdigit() for char in key):
            continue
        if _is_mistyped(text, scheme):
            body = compact(text)[4:] if scheme == "rf" else compact(text)[:-1]
            found.append(Clue("reference", plain_of(body), MISTYPED, text.strip()))
        else:
            found.append(Clue("number", key, WHOLE, text.strip(), whole=text.strip().upper()))
    return found


def _is_mistyped(text, scheme):
    """Whether it was to be a reference, and its check digits are wrong."""
    found = compact(text)
    if scheme == "rf":
        return bool(re.fullmatch(r"RF\d\d\w+", found)) and not is_valid(scheme, found)
    if scheme == "qrr":
        return len(found) == 27 and found.isdigit() and not is_valid(scheme, found)
    return False


def _labelled(text):
    found = []
    if not text or text.isdigit() or not DIGIT.search(text):
        return found
    for match in LABELLED.finditer(text):
        written = match.group(1)
        joined = ""
        for part in written.split(" "):
            joined += part
            key = plain_of(joined)
            if any(char.isdigit() for char in key):
                found.append(Clue("text", key, WHOLE, match.group(0).strip()))
    return found


def _in_text(text, scheme):
    if not text or not DIGIT.search(text):
        return []
    upper = text.upper()
    found = _labelled(text)
    if scheme == "rf":
        for match in RF.finditer(upper):
            found += _longest_reference(match.group(0))
    quiet = NOISE.sub(" ; ", upper)
    words = WORD.findall(quiet)
    for place, word in enumerate(words):
        if not DIGIT.search(word):
            continue
        found += _bare(word, words[place - 1] if place else "")
        if scheme not in ("plain", "rf") and len(digits_of(word)) >= LEAST_SURE:
            found += [
                Clue("text", clue.key, BARE if scheme != "qrr" else CHECKED, word, whole=clue.whole)
                for clue in _references(word, scheme, "text")
            ]
    return found + _spaced(quiet)


def _longest_reference(text):
    """An RF reference at the beginning of a text: as many of its groups as are right."""
    groups = text.split()
    for count in range(len(groups), 0, -1):
        found = _references(" ".join(groups[:count]), "rf", "reference")
        if found:
            return found
    return []


def _bare(word, before):
    """Numbers that stand in a text without a label; with the letters before them, as in a bill's
    number."""
    key = plain_of(word)
    digits = digits_of(key)
    if len(digits) < LEAST_BARE:
        return []
    score = BARE if len(digits) >= LEAST_SURE else SHORT
    found = [Clue("text", key, score, word.strip(".-/"), is_said=False)]
    if before.isalpha() and len(before) <= 6 and before.isascii():
        found.append(Clue("text", plain_of(before + word), score, f"{before} {word}", False))
    return found


def _spaced(text):
    """Numbers written in groups: 0012 3456 78."""
    found = []
    for match in SPACED.finditer(text):
        key = plain_of(match.group(0))
        if LEAST_SURE <= len(key) <= 27:
            found.append(Clue("text", key, BARE, match.group(0), is_said=False))
    return found
