"""Bills drawn straight onto PDF pages: for thousands at a time. Nothing of Odoo.

drawer = Drawer(fonts.load(regular, bold))
for content in contents:
    drawer.add(content)
pdf = drawer.finish()
"""

import io

from reportlab import rl_config
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from .bill import Bill
from .fonts import FontMissing, load
from .pen import HEIGHT, WIDTH, Pen

__all__ = ["Drawer", "FontMissing", "load"]

# streams as bytes: text of base 85 would be a quarter longer, and slow to make
rl_config.useA85 = 0


class Drawer:
    """A PDF of bills, one after another, each with page numbers of its own. The same bills give
    the same bytes.

    :param fonts: `load(...)`
    :param title: of the document
    :param logo: of the issuer: a picture, as bytes
    """

    def __init__(self, fonts, title="", logo=None):
        self._target = io.BytesIO()
        self._canvas = Canvas(
            self._target,
            pagesize=(WIDTH, HEIGHT),
            pageCompression=1,
            invariant=1,
            initialFontName=fonts.regular.font.fontName,
        )
        self._canvas.setTitle(title)
        self._pen = Pen(self._canvas, fonts, _picture(logo))
        self.pages = 0

    def add(self, content):
        """Draw a bill; how many pages it takes."""
        Bill(self._pen, content).draw()
        taken = self._canvas.getPageNumber() - 1 - self.pages
        self.pages += taken
        return taken

    def finish(self):
        """The file, as bytes."""
        self._canvas.save()
        return self._target.getvalue()


def _picture(logo):
    """None where there is none, or one that cannot be read: a bill is not worth less without."""
    if not logo:
        return None
    try:
        return ImageReader(io.BytesIO(logo))
    except OSError:
        return None
