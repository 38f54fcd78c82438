"""Where on a bill's pages the drawing is; texts and blocks that go on at the next page."""

from .pen import BLACK, GREY, HEIGHT, LIGHT, RIGHT, WIDTH

MARGIN = 42
INNER = WIDTH - 2 * MARGIN
TOP, BOTTOM = 40, HEIGHT - 37
HEAD_HEIGHT = 26
SUM, SUM_ROW = 7.8, 10.6
NOTE, NOTE_ROW = 6.4, 8


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
        self.y += 2
        self.pen.text(MARGIN, self.y + 9, text, 9, bold=True)
        self.y += 14

    # -- sums -------------------------------------------------------------------------------

    def blocks(self, x, width, blocks):
        """Captioned sums below each other, beginning where the drawing is.

        :param blocks: [(caption or "", [`SumRow`])]
        """
        y = self.y
        for place, (caption, rows) in enumerate(blocks):
            if caption:
                y += 4 if place else 0
                self.pen.text(x, y + SUM, caption, SUM, bold=True, colour=GREY)
                y += SUM + 3.4
            for row in rows:
                y = self._sum(x, width, y, row)

    def blocks_height(self, width, blocks):
        """How high `blocks` will be."""
        height = 0
        for place, (caption, rows) in enumerate(blocks):
            height += SUM + 3.4 + (4 if place else 0) if caption else 0
            height += sum(self._sum_height(width, row) for row in rows)
        return height

    def _sum(self, x, width, y, row):
        """A caption, a note after it or below, an amount; returns where it ends."""
        pen = self.pen
        if row.strong:
            pen.line(x, y + 1, width, LIGHT, 0.6)
            y += 1.5
        pen.text(x + width, y + SUM, row.amount, SUM, row.strong, RIGHT)
        room = self._sum_room(width, row)
        lines = pen.wrapped(row.name, room, SUM, row.strong)
        for line in lines:
            pen.text(x, y + SUM, line, SUM, row.strong)
            y += SUM_ROW
        if not row.note:
            return y
        after = pen.width(lines[-1], SUM, row.strong) + 8
        if after + pen.width(row.note, NOTE) <= room:
            pen.text(x + after, y - SUM_ROW + SUM, row.note, NOTE, colour=GREY)
            return y
        for line in pen.wrapped(row.note, room, NOTE):
            pen.text(x, y + NOTE - 1, line, NOTE, colour=GREY)
            y += NOTE_ROW
        return y

    def _sum_height(self, width, row):
        pen, room = self.pen, self._sum_room(width, row)
        lines = pen.wrapped(row.name, room, SUM, row.strong)
        height = SUM_ROW * len(lines) + (1.5 if row.strong else 0)
        after = pen.width(lines[-1], SUM, row.strong) + 8
        if row.note and after + pen.width(row.note, NOTE) > room:
            height += NOTE_ROW * len(pen.wrapped(row.note, room, NOTE))
        return height

    def _sum_room(self, width, row):
        return width - self.pen.width(row.amount, SUM, row.strong) - 8
