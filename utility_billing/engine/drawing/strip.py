"""A narrow strip of paper as a till prints it: one page, as long as what stands on it.

It is made of blocks, plain lists: `["title", text]`, `["centre", text, style]`, `["text", text]`,
`["pair", left, right, style]`, `["total", left, right]`, `["rule"]`, `["gap"]`; a style is `bold`,
`small` or nothing.
"""

import io

from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from .pen import BLACK, CENTRE, HEIGHT, LEFT, RIGHT, Pen

MARGIN = 4 * mm
SIZES = {"title": 12, "total": 13, "bold": 9, "small": 8, "": 9}
LEADING = 1.28
GAP = 6
SPACE = 6


class Strip:
    """:param fonts: `fonts.load(...)`
    :param width: of the paper, in mm
    """

    def __init__(self, fonts, width=80):
        self.fonts, self.width = fonts, width * mm
        self.inner = self.width - 2 * MARGIN
        self.target = io.BytesIO()
        self.canvas = Canvas(
            self.target,
            pageCompression=1,
            invariant=1,
            initialFontName=fonts.regular.font.fontName,
        )

    def add(self, blocks):
        """Draw a page of its own."""
        measure = Pen(self.canvas, self.fonts)
        height = self._draw(measure, blocks, MARGIN) + MARGIN
        self.canvas.setPageSize((self.width, height))
        pen = Pen(self.canvas, self.fonts)
        # the pen counts from the top of a whole page
        self._draw(pen, blocks, HEIGHT - height + MARGIN)
        pen.finish(lambda number, count: None)

    def finish(self, title=""):
        """The file, as bytes."""
        self.canvas.setTitle(title)
        self.canvas.save()
        return self.target.getvalue()

    def _draw(self, pen, blocks, y):
        """Where it ends."""
        for kind, *rest in blocks:
            y = getattr(self, f"_{kind}")(pen, y, *rest)
        return y

    def _rule(self, pen, y):
        pen.dashes(MARGIN, y + GAP / 2, self.inner)
        return y + GAP

    def _gap(self, pen, y):
        return y + GAP

    def _title(self, pen, y, text):
        return self._lines(pen, y + 2, text, SIZES["title"], True, CENTRE) + 2

    def _centre(self, pen, y, text, style=""):
        return self._lines(pen, y, text, SIZES[style], style == "bold", CENTRE)

    def _text(self, pen, y, text, style="small"):
        return self._lines(pen, y, text, SIZES[style], style == "bold", LEFT)

    def _lines(self, pen, y, text, size, bold, align):
        x = self.width / 2 if align == CENTRE else MARGIN
        for line in pen.wrapped(text, self.inner, size, bold) if text else ():
            pen.text(x, y + size, line, size, bold, align, BLACK)
            y += size * LEADING
        return y

    def _total(self, pen, y, left, right):
        return self._row(pen, y + 2, left, right, SIZES["total"], True) + 2

    def _pair(self, pen, y, left, right, style=""):
        return self._row(pen, y, left, right, SIZES[style], style == "bold")

    def _row(self, pen, y, left, right, size, bold):
        """The right side is short, or goes below the left one where both have no room."""
        wide = pen.width(right, size, bold)
        room = self.inner - wide - SPACE
        if room < self.inner / 3:
            y = self._lines(pen, y, left, size, bold, LEFT)
            for line in pen.wrapped(right, self.inner, size, bold):
                pen.text(MARGIN + self.inner, y + size, line, size, bold, RIGHT, BLACK)
                y += size * LEADING
            return y
        pen.text(MARGIN + self.inner, y + size, right, size, bold, RIGHT, BLACK)
        for line in pen.wrapped(left, room, size, bold):
            pen.text(MARGIN, y + size, line, size, bold, LEFT, BLACK)
            y += size * LEADING
        return y
