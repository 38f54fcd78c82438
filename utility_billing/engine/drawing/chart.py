"""Thirteen months as bars."""

from .pen import CENTRE, GREY, LIGHT

SIZE = 5.2
BAR, LAST = (0.62, 0.72, 0.80), (0.13, 0.36, 0.54)
HEIGHT = 62


def draw(pen, x, y, width, chart, caption):
    """A chart over the width, `HEIGHT` high.

    :param chart: `BillContent`'s
    :param caption: what it shows, and its unit
    """
    pen.text(x, y + 7, pen.fitting(caption, width, 6.6, bold=True), 6.6, bold=True)
    top, bottom = y + 18, y + HEIGHT - 8
    known = [quantity for _month, quantity in chart.bars if quantity is not None]
    most = max([abs(float(quantity)) for quantity in known], default=0) or 1
    step = width / max(len(chart.bars), 1)
    plain, last = [], []
    for place, (month, quantity) in enumerate(chart.bars):
        left = x + place * step
        pen.text(left + step / 2, y + HEIGHT - 1.5, month, SIZE, align=CENTRE, colour=GREY)
        if quantity is None:
            continue
        height = abs(float(quantity)) / most * (bottom - top)
        bar = (left + step * 0.14, bottom - height, step * 0.72, height)
        (last if place == len(chart.bars) - 1 else plain).append(bar)
    pen.boxes(plain, BAR)
    pen.boxes(last, LAST)
    pen.line(x, bottom, width, LIGHT, 0.4)
