"""Where on a bill's pages the drawing is; texts and blocks that go on at the next page."""

from .pen import BLACK, GREY, HEIGHT, LIGHT, RIGHT, WIDTH

MARGIN = 42
INNER = WIDTH - 2 * MARGIN
TOP, BOTTOM = 40, HEIGHT - 40
HEAD_HEIGHT = 26


class Flow:
    """:param pen: `pen.Pen`
    :param title: what stands at the head of a second page
    """

    def __init__(self, pen, title):
        self.pen, self.title = pen, title
        self.y = TOP

    def room(self, height):
        return self.y + height <= BOTTOM

    def next_page(self):
        """Begin a page under a small head that repeats whose bill it is."""
        pen = self.pen
        pen.turn()
        left, right = self.title
        pen.text(MARGIN, TOP + 6, left, 8, bold=True)
        pen.text(MARGIN + INNER, TOP + 6, right, 8, align=RIGHT, colour=GREY)
        pen.line(MARGIN, TOP + 12, INNER)
        self.y = TOP + HEAD_HEIGHT

    def need(self, height):
        """A place for something that is not cut in two."""
        if not self.room(height):
            self.next_page()

    def paragraph(self, text, size=7.6, colour=BLACK, bold=False, width=INNER):
        leading = size * 1.32
        for line in self.pen.wrapped(text, width, size, bold):
            self.need(leading)
            self.pen.text(MARGIN, self.y + size, line, size, bold, colour=colour)
            self.y += leading

    def heading(self, text, keep):
        """:param keep: height of what stays with it"""
        self.need(16 + keep)
        self.y += 4
        self.pen.text(MARGIN, self.y + 9, text, 9, bold=True)
        self.y += 14

    def sums(self, x, width, y, rows, size=7.8):
        """Captions with amounts below each other; returns where they end."""
        pen = self.pen
        for row in rows:
            if row.strong:
                pen.line(x, y + 1, width, LIGHT, 0.6)
                y += 1.5
            room = width - pen.width(row.amount, size, row.strong) - 8
            lines = pen.wrapped(row.name, room, size, row.strong)
            for line in lines:
                pen.text(x, y + size, line, size, row.strong)
                y += size * 1.36
            baseline = y - size * 0.36
            pen.text(x + width, baseline, row.amount, size, row.strong, RIGHT)
            for line in pen.wrapped(row.note, room, 6.4) if row.note else ():
                pen.text(x, y + 5.6, line, 6.4, colour=GREY)
                y += 8
        return y

    def sums_height(self, width, rows, size=7.8):
        """How high `sums` will be."""
        pen, height = self.pen, 0.0
        for row in rows:
            room = width - pen.width(row.amount, size, row.strong) - 8
            height += size * 1.36 * len(pen.wrapped(row.name, room, size, row.strong))
            height += 1.5 if row.strong else 0
            height += 8 * len(pen.wrapped(row.note, room, 6.4)) if row.note else 0
        return height
