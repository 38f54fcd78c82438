"""Page geometry: what a paper format means in CSS paged media.

All lengths are millimetres on paper. wkhtmltopdf lays a page out on a wider canvas and shrinks it;
reports are written for that, so the same scale is kept: CSS lengths times `scale` are what is
printed, and the page box handed to the layout is the paper divided by `scale`.
"""

from dataclasses import dataclass, replace

CSS_DPI = 96
MM_PER_INCH = 25.4
POINTS_PER_INCH = 72
# WebKit's least shrinking when it prints, which "disable smart shrinking" turns off.
SMART_SHRINKING = 0.8


@dataclass(frozen=True)
class Paper:
    """One page's size and margins in mm on paper.

    :param header_spacing: from the top of the text up to the top of the header
    :param header_line: draw a line between header and text
    :param scale: printed length of one CSS length
    """

    width: float = 210.0
    height: float = 297.0
    top: float = 40.0
    right: float = 7.0
    bottom: float = 20.0
    left: float = 7.0
    header_spacing: float = 35.0
    header_line: bool = False
    scale: float = SMART_SHRINKING

    def css(self):
        """The `@page` rule; header and footer are the running elements `header` and `footer`."""
        size = f"{self._css_points(self.width)} {self._css_points(self.height)}"
        sides = (self.top, self.right, self.bottom, self.left)
        margins = " ".join(map(self._css_length, sides))
        offset = self._css_length(self.header_offset())
        line = "border-bottom: 1px solid;" if self.header_line else ""
        return (
            f"@page {{ size: {size}; margin: {margins};"
            f" @top-center {{ content: element(o_pdf_header); vertical-align: top; width: 100%;"
            f" margin-top: {offset}; {line} }}"
            f" @bottom-center {{ content: element(o_pdf_footer); vertical-align: top;"
            f" width: 100%; }} }}"
        )

    def header_offset(self):
        """Space above the header, in mm."""
        return max(self.top - self.header_spacing, 0)

    def with_margins(self, top, bottom):
        """The same paper with other margins, in mm, its header staying where it is."""
        top, bottom = round(top, 2), round(bottom, 2)
        spacing = self.header_spacing + top - self.top
        return replace(self, top=top, bottom=bottom, header_spacing=spacing)

    def millimetres(self, pixels):
        """Printed length of CSS pixels."""
        return pixels * self.scale * MM_PER_INCH / CSS_DPI

    def _css_length(self, millimetres):
        return f"{millimetres / self.scale:.4f}mm"

    def _css_points(self, millimetres):
        """Whole points on paper, as a PDF's page size usually is."""
        points = round(millimetres / MM_PER_INCH * POINTS_PER_INCH)
        return f"{points / self.scale:.12f}pt"


def scale_for(dpi, disable_shrinking):
    """Printed length of one CSS length, as wkhtmltopdf has it for Odoo's arguments."""
    return CSS_DPI / (dpi or CSS_DPI) * (1 if disable_shrinking else SMART_SHRINKING)
