"""Fonts that bills are drawn with: TrueType, embedded as subsets, so that text can be searched.

The letters of `LETTERS` have the same codes in every document. So a text is coded once for all of
them, and the subset of a font is cut out once in a process. What is not among them is coded by
reportlab document by document, or taken from the reserve face where a font lacks it.
"""

from functools import lru_cache
from pathlib import Path

from reportlab.pdfbase import pdfmetrics, ttfonts

ASCII = "".join(map(chr, range(32, 127)))
# German, Estonian, Latvian, Lithuanian, Polish; Russian and Ukrainian; signs of bills
LETTERS = (
    "ÄÖÜÕäöüßõ"
    "ĀČĒĢĪĶĻŅŠŪŽāčēģīķļņšūž"
    "ĄĘĖĮŲąęėįų"
    "ĆŁŃÓŚŹŻćłńóśźż"
    "АБВГҐДЕЄЖЗИІЇЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯЁ"
    "абвгґдеєжзиіїйклмнопрстуфхцчшщъыьэюяё"
    "€£§№°²³½×·•–—„“”‘’«»…−±"
)
# spaces that do not break a line: drawn, and copied, as spaces
SPACES = {0xA0: " ", 0x202F: " ", 0x2009: " ", 0x2007: " "}


class FontMissing(Exception):
    """No file of a font that bills can be drawn with."""


class _Face(ttfonts.TTFontFace):
    """Cuts each subset out of the font once: it is the same in all documents of usual letters."""

    def makeSubset(self, subset):
        known = self.__dict__.setdefault("_subsets", {})
        key = tuple(subset)
        if key not in known:
            if len(known) > 16:
                known.clear()
            known[key] = super().makeSubset(subset)
        return known[key]


class Typeface:
    """A font file: widths, codes.

    :param name: of the font in the documents
    """

    def __init__(self, name, path):
        self.font = ttfonts.TTFont(name, str(path))
        self.font.face.__class__ = _Face
        self.widths = {chr(code): width / 1000 for code, width in self.font.face.charWidths.items()}
        self.widths |= {chr(code): self.widths[" "] for code in SPACES}
        self.letters = frozenset(
            letter for letter in ASCII + LETTERS if ord(letter) in self.font.face.charToGlyph
        ) | frozenset(map(chr, SPACES))
        self._table = None
        self._measured = {}

    def begin(self, document):
        """Give the usual letters their codes in a new document."""
        parts = self.font.splitString("".join(sorted(self.letters)), document)
        if self._table is None:
            # the same in every document: the letters come in the same order
            codes = self.font.state[document].assignments
            self._table = {
                ord(letter): _literal(codes[ord(SPACES.get(ord(letter), letter))])
                for letter in self.letters
            }
        return self.font.getSubsetInternalName(parts[0][0], document)

    def measured(self, text):
        """(the text as a string of PDF in the document's first subset, its width in size 1); the
        string is None when there are letters that are not usual."""
        found = self._measured.get(text)
        if found is None:
            if len(self._measured) > 20_000:
                self._measured.clear()
            usual = self.letters.issuperset(text)
            widths = self.widths
            found = self._measured[text] = (
                text.translate(self._table) if usual else None,
                sum([widths.get(letter, 0) for letter in text]),
            )
        return found

    def chunks(self, text, document):
        """[(name of the subset, string of PDF)] of a text with unusual letters."""
        return [
            (
                self.font.getSubsetInternalName(subset, document),
                "".join(map(_literal, part)),
            )
            for subset, part in self.font.splitString(text.translate(SPACES), document)
        ]

    def has(self, letter):
        return letter in self.widths


class Fonts:
    """Regular and bold, and a reserve for letters that they lack (or None)."""

    def __init__(self, regular, bold, reserve=None):
        self.regular, self.bold, self.reserve = regular, bold, reserve
        self.wrapped = {}

    def begin(self, document):
        """{typeface: name of its first subset} in a new document."""
        return {face: face.begin(document) for face in (self.regular, self.bold)}

    def runs(self, face, text):
        """[(typeface, part of the text)]: what the face lacks is in the reserve."""
        found = []
        for letter in text:
            own = face.has(letter) or not self.reserve or not self.reserve.has(letter)
            typeface = face if own else self.reserve
            if found and found[-1][0] is typeface:
                found[-1][1].append(letter)
            else:
                found.append((typeface, [letter]))
        return [(typeface, "".join(letters)) for typeface, letters in found]


def load(regular, bold):
    """Fonts from the first files that exist.

    :param regular: paths of files, the wanted one first; the others are the reserve
    :param bold: the same
    :raise FontMissing: none exists
    """
    there = [
        tuple(str(path) for path in paths if Path(path).is_file()) for paths in (regular, bold)
    ]
    if not all(there):
        raise FontMissing
    return _load(*there)


@lru_cache(maxsize=4)
def _load(regular, bold):
    reserve = _typeface("BillReserve", regular[1]) if len(regular) > 1 else None
    return Fonts(_typeface("Bill", regular[0]), _typeface("BillBold", bold[0]), reserve)


def _typeface(name, path):
    typeface = Typeface(name, path)
    pdfmetrics.registerFont(typeface.font)
    return typeface


def _literal(code):
    """A byte within a string of PDF."""
    if code in (40, 41, 92):
        return "\\" + chr(code)
    return chr(code) if 32 <= code < 127 else f"\\{code:03o}"
