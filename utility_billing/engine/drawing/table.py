"""A table over as many pages as it needs, its heading repeated on each."""

from dataclasses import dataclass, field

from .pen import BLACK, GREY, LEFT, LIGHT, RIGHT

SIZE, SMALL = 7.6, 6.4
ROW, SMALL_ROW = 10.4, 7.7
PAD = 3
TINT = (0.955, 0.965, 0.975)


@dataclass(slots=True)
class Column:
    """:param width: in points; cells are cut off at it, or wrapped where `wraps`"""

    caption: str
    width: float
    align: int = LEFT
    wraps: bool = False


@dataclass(slots=True)
class Row:
    """:param below: small lines under the row, over the width of the table's first columns
    :param caption: the row is a heading within the table: its only text
    """

    cells: list = field(default_factory=list)
    below: list = field(default_factory=list)
    strong: bool = False
    caption: str = ""


class Table:
    """:param flow: where on the page we are: `y`, `room(height)`, `pen`
    :param below_width: of the small lines under a row
    """

    def __init__(self, flow, x, columns, below_width=0):
        self.flow, self.pen, self.x, self.columns = flow, flow.pen, x, columns
        self.width = sum(column.width for column in columns)
        self.below_width = below_width or columns[0].width

    def draw(self, rows):
        lead = self._lead(rows[0]) if rows else 0
        if not self.flow.room(self._head_height() + lead):
            self.flow.next_page()
        self._draw_head()
        for place, row in enumerate(rows):
            self._draw_row(row, rows[place + 1] if row.caption and place + 1 < len(rows) else None)
        self.pen.line(self.x, self.flow.y, self.width)
        self.flow.y += 4

    def _head_height(self):
        lines = max(len(self._head_lines(column)) for column in self.columns)
        return lines * SMALL_ROW + 5

    def _head_lines(self, column):
        return self.pen.wrapped(column.caption, column.width - PAD, SMALL, bold=True)

    def _draw_head(self):
        pen, flow = self.pen, self.flow
        height = self._head_height()
        pen.box(self.x, flow.y, self.width, height, TINT)
        x = self.x
        for column in self.columns:
            lines = self._head_lines(column)
            y = flow.y + height - 4 - SMALL_ROW * (len(lines) - 1)
            for line in lines:
                self._cell(x, y, column, line, SMALL, True, GREY)
                y += SMALL_ROW
            x += column.width
        flow.y += height

    def _cell(self, x, y, column, text, size, bold, colour=BLACK):
        if column.align == RIGHT:
            self.pen.text(x + column.width - PAD, y, text, size, bold, RIGHT, colour)
        else:
            self.pen.text(x + PAD, y, text, size, bold, LEFT, colour)

    def _lead(self, row):
        """What of a row stays together with its first line."""
        return ROW + SMALL_ROW * min(len(row.below), 2) + 2

    def _draw_row(self, row, follower=None):
        lines = [
            self.pen.wrapped(text, column.width - 2 * PAD, SIZE, row.strong)
            if column.wraps
            else [self.pen.fitting(text, column.width - PAD, SIZE, row.strong)]
            for text, column in zip(row.cells, self.columns, strict=False)
        ]
        deep = max(map(len, lines), default=1)
        needed = ROW * deep + 2 + SMALL_ROW * min(len(row.below), 2)
        self._make_room(needed + (self._lead(follower) if follower else 0))
        flow = self.flow
        if row.caption:
            self._draw_caption(row.caption)
            return
        self.pen.line(self.x, flow.y, self.width, LIGHT, 0.35)
        x = self.x
        for texts, column in zip(lines, self.columns, strict=False):
            for number, text in enumerate(texts):
                y = flow.y + ROW * number + ROW - 2.1
                self._cell(x, y, column, text, SIZE, row.strong)
            x += column.width
        flow.y += ROW * deep + (0.5 if row.below else 1.4)
        self._draw_below(row.below)

    def _draw_below(self, texts):
        flow = self.flow
        for text in texts:
            for line in self.pen.wrapped(text, self.below_width - 3 * PAD, SMALL):
                self._make_room(SMALL_ROW)
                self.pen.text(self.x + 2 * PAD, flow.y + SMALL, line, SMALL, colour=GREY)
                flow.y += SMALL_ROW
        if texts:
            flow.y += 1.6

    def _draw_caption(self, text):
        flow = self.flow
        self.pen.text(self.x + PAD, flow.y + ROW - 1, text, SIZE, bold=True)
        flow.y += ROW + 3

    def _make_room(self, height):
        if not self.flow.room(height):
            self.pen.line(self.x, self.flow.y, self.width)
            self.flow.next_page()
            self._draw_head()
