"""Thirteen months as bars."""

from .pen import CENTRE, GREY, LIGHT

SIZE = 5.2
BAR, LAST = (0.722, 0.812, 0.839), (0.122, 0.435, 0.522)
PLAIN_HEIGHT, NOTE_HEIGHT = 50, 8


def height(charts):
    """Of charts side by side."""
    return PLAIN_HEIGHT + (NOTE_HEIGHT if any(chart.note for chart in charts) else 0)


def draw(pen, x, y, width, chart):
    """A chart over the width.

    :param chart: `BillContent`'s
    """
    caption = f"{chart.service}, {chart.unit}"
    pen.text(x, y + 7, pen.fitting(caption, width, 6.6, bold=True), 6.6, bold=True)
    top, bottom = y + 13, y + PLAIN_HEIGHT - 9
    most = max((quantity or 0 for _month, quantity in chart.bars), default=0) or 1
    step = width / max(len(chart.bars), 1)
    plain, last = [], []
    for place, (month, quantity) in enumerate(chart.bars):
        left = x + place * step
        pen.text(left + step / 2, bottom + 7, month, SIZE, align=CENTRE, colour=GREY)
        tall = max(quantity or 0, 0) / most * (bottom - top)
        bar = (left + step * 0.14, bottom - tall, step * 0.72, tall)
        (last if place == len(chart.bars) - 1 else plain).append(bar)
    pen.boxes(plain, BAR)
    pen.boxes(last, LAST)
    pen.line(x, bottom, width, LIGHT, 0.4)
    if chart.note:
        pen.text(
            x,
            y + PLAIN_HEIGHT + NOTE_HEIGHT - 2,
            pen.fitting(chart.note, width, 5.8),
            5.8,
            colour=GREY,
        )
