"""A chart of thirteen months as SVG: one colour, the last month darker, figures on two bars."""

from dataclasses import dataclass
from html import escape

PLAIN, LAST, TEXT, LINE = "#b8cfd6", "#1f6f85", "#5f6b70", "#d5dbde"
CAPTION = 9


@dataclass(frozen=True)
class Bar:
    """A bar in a box of `width` × `height`; y goes down.

    :param is_known: nothing is known of the month where it is False
    """

    x: float
    y: float
    width: float
    height: float
    caption: str
    is_last: bool
    is_known: bool


def bars(chart, width=240.0, height=60.0):
    """
    :param chart: `bill_content.Chart`
    :return: [`Bar`], oldest first; below zero counts as zero
    """
    step = width / max(len(chart.bars), 1)
    most = max((value or 0 for _caption, value in chart.bars), default=0) or 1
    found = []
    for place, (caption, value) in enumerate(chart.bars):
        tall = max(value or 0, 0) / most * height
        found.append(
            Bar(
                x=place * step + step * 0.15,
                y=height - tall,
                width=step * 0.7,
                height=tall,
                caption=caption,
                is_last=place == len(chart.bars) - 1,
                is_known=value is not None,
            )
        )
    return found


def svg(chart, width=240.0, height=56.0):
    """:return: an `svg` element as text; shapes have their own colours, for on paper a picture
    does not see the page's style"""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height + CAPTION + 2:g}" '
        'width="100%" preserveAspectRatio="none">',
        f'<line x1="0" y1="{height:g}" x2="{width:g}" y2="{height:g}" stroke="{LINE}" '
        'stroke-width="0.7"/>',
    ]
    for bar in bars(chart, width, height):
        colour = LAST if bar.is_last else PLAIN
        if bar.height:
            parts.append(
                f'<rect x="{bar.x:.2f}" y="{bar.y:.2f}" width="{bar.width:.2f}" '
                f'height="{bar.height:.2f}" fill="{colour}"/>'
            )
        middle = bar.x + bar.width / 2
        parts.append(
            f'<text x="{middle:.2f}" y="{height + CAPTION:g}" font-size="7" '
            f'text-anchor="middle" font-family="sans-serif" '
            f'fill="{LAST if bar.is_last else TEXT}">{escape(bar.caption)}</text>'
        )
    return "".join([*parts, "</svg>"])
