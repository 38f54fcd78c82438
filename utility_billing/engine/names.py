"""How alike names and addresses are: as pg_trgm has it, without accents, whatever the order of
words."""

import re
from functools import lru_cache
from itertools import filterfalse
from unicodedata import combining, normalize

LETTERS = str.maketrans({"ł": "l", "ß": "ss", "ø": "o", "đ": "d", "ё": "е", "ґ": "г"})
WORDS = re.compile(r"\w+")


def folded(text):
    """Lower case, without accents and signs, one space between words."""
    text = (text or "").lower()
    if not text.isascii():
        text = "".join(filterfalse(combining, normalize("NFKD", text.translate(LETTERS))))
    return " ".join(WORDS.findall(text))


def alike(one, other):
    """From 0 to 1: shared trigrams of all."""
    first, second = trigrams(one), trigrams(other)
    if not first or not second:
        return 0.0
    shared = len(first & second)
    return shared / (len(first) + len(second) - shared)


@lru_cache(maxsize=8192)
def trigrams(text):
    found = set()
    for word in folded(text).split():
        padded = f"  {word} "
        found.update([padded[start : start + 3] for start in range(len(padded) - 2)])
    return frozenset(found)


def within(one, other):
    """From 0 to 1: how much of the first text is in the second."""
    first = trigrams(one)
    return len(first & trigrams(other)) / len(first) if first else 0.0


def numbers(text):
    """Numbers of houses and flats in an address; postcodes are none."""
    return {found for found in re.findall(r"\d+[a-zа-я]?\b", folded(text)) if len(found) <= 4}


def likeness(name, address, known_name, known_address):
    """Points for a payer who is called and lives like another.

    :param name: what came with the payment
    :param known_name: the account's payer
    :return: from 0 to 80: name and address are never proof
    """
    by_name = alike(name, known_name)
    by_address = within(address, known_address)
    found = numbers(address)
    if found and not found <= numbers(known_address):
        by_address *= 0.3
    return round(42 * by_name + 38 * by_address * min(1, by_name * 2))


def stems(text, least=4, most=6):
    """Beginnings of the words of a text by which it can be looked for, the longest word first."""
    words = sorted({word for word in folded(text).split() if word.isalpha()}, key=len)
    return [word[:most] for word in reversed(words) if len(word) >= least]
