"""What a text file is written in: encoding, delimiter, quotes."""

import codecs
import csv
from collections import Counter

from charset_normalizer import from_bytes

ENCODINGS = [
    ("utf-8", "UTF-8"),
    ("utf-8-sig", "UTF-8 with a mark (BOM)"),
    ("utf-16", "UTF-16"),
    ("windows-1257", "Baltic, Windows-1257"),
    ("windows-1251", "Cyrillic, Windows-1251"),
    ("cp866", "Cyrillic, DOS 866"),
    ("cp775", "Baltic, DOS 775"),
    ("koi8-r", "Cyrillic, KOI8-R"),
    ("windows-1250", "Central European, Windows-1250"),
    ("windows-1252", "Western, Windows-1252"),
]
DELIMITERS = [
    ("semicolon", "Semicolon ;"),
    ("comma", "Comma ,"),
    ("tab", "Tab"),
    ("bar", "Bar |"),
    ("caret", "Caret ^"),
]
DELIMITER_SIGNS = {"semicolon": ";", "comma": ",", "tab": "\t", "bar": "|", "caret": "^"}
# Letters by which a guess is judged: what people of the region write, most of it lower case.
_LETTERS = {
    "windows-1257": "ąčęėįšųūžāēģīķļņŗōõäöü",
    "cp775": "ąčęėįšųūžāēģīķļņŗōõäöü",
    "windows-1250": "ąćęłńóśźżčďěňřšťůžáíéúýöüőű",
    "windows-1252": "äöüßéèêàçñåøæ",
}
_CYRILLIC = "абвгдежзийклмнопрстуфхцчшщъыьэюяіїєґўё"
_FREQUENT = set("оеаинтсрвлкмдпуя")
SAMPLE = 256 * 1024
CHUNK = 1024 * 1024


def detect_encoding(stream):
    """Name of the encoding that the bytes of `stream` are most likely in; the stream is rewound.

    A mark at the beginning decides, then whether all of it is UTF-8, then which of the region's
    one-byte encodings reads most like words.
    """
    stream.seek(0)
    head = stream.read(4)
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    foreign = _foreign_lines(stream)
    if foreign is None:
        return "utf-8"
    return _likeliest(foreign)


def _foreign_lines(stream):
    """None when all is UTF-8, else the lines with bytes beyond ASCII, up to a limit."""
    stream.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while chunk := stream.read(CHUNK):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
        return None
    except UnicodeDecodeError:
        stream.seek(0)
    finally:
        stream.seek(0)
    found, size = [], 0
    for line in stream:
        if not line.isascii():
            found.append(line[:2000])
            size += len(found[-1])
            if size > SAMPLE // 8:
                break
    stream.seek(0)
    return b"".join(found)


def _likeliest(sample):
    scores = {name: score for name, _label in ENCODINGS if (score := _score(sample, name))}
    if scores and max(scores.values()) > 0.5:
        return max(scores, key=scores.get)
    best = from_bytes(sample, cp_isolation=[name for name, _label in ENCODINGS]).best()
    known = {codecs.lookup(name).name: name for name, _label in ENCODINGS}
    return known.get(codecs.lookup(best.encoding).name, "windows-1252") if best else "windows-1252"


def _score(sample, name):
    """What part of the foreign characters are letters of the encoding's languages; a capital inside
    a word counts little."""
    if name.startswith("utf"):
        return 0
    try:
        text = sample.decode(name)
    except UnicodeDecodeError:
        return 0
    letters = _LETTERS.get(name, _CYRILLIC)
    total = good = 0
    before = " "
    for char in text:
        if ord(char) > 127:
            total += 1
            if char.lower() in letters:
                inside = before.isalpha() and before.islower() and char.isupper()
                rare = letters is _CYRILLIC and char.lower() not in _FREQUENT
                good += 0.1 if inside else 0.8 if rare else 1
        before = char
    return good / total if total else 0


def detect_delimiter(text):
    """The sign that splits the first lines into the same number of cells, more than one."""
    lines = [line for line in text.splitlines()[:30] if line.strip()]
    best, best_score = ";", 0
    for sign in DELIMITER_SIGNS.values():
        widths = Counter(len(row) for row in csv.reader(lines, delimiter=sign))
        if not widths:
            continue
        width, count = widths.most_common(1)[0]
        score = (count / len(lines)) * min(width - 1, 5)
        if width > 1 and score > best_score:
            best, best_score = sign, score
    return best
