"""Fonts that bills are drawn with: TrueType, embedded as subsets, so that text can be searched.

The letters of `LETTERS` have the same codes in every document. So a text is coded once for all of
them, and the subset of a font is cut out once in a process. What is not among them is coded by
reportlab document by document, or taken from the reserve face where a font lacks it.
"""

import zlib
from functools import lru_cache
from pathlib import Path

from reportlab.pdfbase import pdfdoc, pdfmetrics, ttfonts

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
# what faces of text often lack
SIGNS = "→←↑↓₴₽₂₃≈≠≤≥Δ"
# spaces that do not break a line: drawn, and copied, as spaces
SPACES = {0xA0: " ", 0x202F: " ", 0x2009: " ", 0x2007: " "}


class FontMissing(Exception):
    """No file of a font that bills can be drawn with."""


class _Face(ttfonts.TTFontFace):
    """Cuts each subset out of the font, and packs it, once: it is the same in all documents."""

    def makeSubset(self, subset):  # noqa: N802
        return self._once("cut", tuple(subset), lambda: super(_Face, self).makeSubset(subset))

    def addSubsetObjects(self, document, name, subset):  # noqa: N802
        reference = super().addSubsetObjects(document, name, subset)
        stream = document.idToObject[f"fontFile:{self.filename}({name})"]
        plain = stream.content
        stream.content = self._once("packed", tuple(subset), lambda: zlib.compress(plain))
        stream.dictionary["Filter"] = pdfdoc.PDFName("FlateDecode")
        return reference

    def _once(self, what, subset, make):
        known, key = self.__dict__.setdefault("_made", {}), (what, subset)
        if key not in known:
            if len(known) > 16:
                known.clear()
            known[key] = make()
        return known[key]


class _Document:
    """Stands for a document when codes are handed out."""


class Typeface:
    """A font file: widths, codes.

    :param name: of the font in the documents
    :param letters: that have the same codes in all documents
    """

    def __init__(self, name, path, letters):
        self.font = ttfonts.TTFont(name, str(path))
        self.font.face.__class__ = _Face
        face = self.font.face
        self.widths = {chr(code): width / 1000 for code, width in face.charWidths.items()}
        self.widths |= {chr(code): self.widths[" "] for code in SPACES}
        known = {letter for letter in letters if ord(letter) in face.charToGlyph}
        self.letters = frozenset(known | set(map(chr, SPACES)))
        self._order = "".join(sorted(known))
        self._table = self._codes()
        self._measured = {}

    def _codes(self):
        """What stands in a PDF for each usual letter."""
        document = _Document()
        self.font.splitString(self._order, document)
        codes = self.font.state.pop(document).assignments
        return {
            ord(letter): _literal(codes[ord(SPACES.get(ord(letter), letter))])
            for letter in self.letters
        }

    def begin(self, document):
        """Give the usual letters their codes in a new document, always the same.

        :return: the name of their subset
        """
        self.font.splitString(self._order, document)
        return self.font.getSubsetInternalName(0, document)

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
        self._runs = {}

    def runs(self, face, text):
        """[(typeface, part of the text)]: what the face lacks is in the reserve."""
        key = face, text
        if key not in self._runs:
            if len(self._runs) > 20_000:
                self._runs.clear()
            self._runs[key] = self._split(face, text)
        return self._runs[key]

    def _split(self, face, text):
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
    usual = ASCII + LETTERS + SIGNS
    reserve = _typeface("BillReserve", regular[1], ASCII + SIGNS) if len(regular) > 1 else None
    return Fonts(
        _typeface("Bill", regular[0], usual), _typeface("BillBold", bold[0], usual), reserve
    )


def _typeface(name, path, letters):
    typeface = Typeface(name, path, letters)
    pdfmetrics.registerFont(typeface.font)
    return typeface


def _literal(code):
    """A byte within a string of PDF."""
    if code in (40, 41, 92):
        return "\\" + chr(code)
    return chr(code) if 32 <= code < 127 else f"\\{code:03o}"
