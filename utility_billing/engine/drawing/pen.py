"""Writes the commands of a page. Points; y counts from the top of the page."""

from reportlab.lib.pagesizes import A4

WIDTH, HEIGHT = A4
LEFT, RIGHT, CENTRE = range(3)
BLACK, GREY, LIGHT, WHITE = (0, 0, 0), (0.38, 0.38, 0.38), (0.86, 0.86, 0.86), (1, 1, 1)


class Pen:
    """A reportlab canvas, written to directly: what its own methods do for each text anew (codes,
    fonts, colours) is known here before.

    :param canvas: of reportlab
    :param fonts: `fonts.Fonts`
    :param logo: `ImageReader`, for the first page of each bill
    """

    def __init__(self, canvas, fonts, logo=None):
        self.logo, self._logo_place = logo, None
        self.canvas, self.fonts = canvas, fonts
        self.document = canvas._doc
        self._names = {}
        self.pages = []
        self.turn()

    def turn(self):
        """Begin a page."""
        self._out = []
        self.pages.append(self._out)
        self._fill = self._font = None

    def finish(self, foot):
        """Close the pages since the last time.

        :param foot: draws what stands below each: called with its number and how many there are
        """
        for number, page in enumerate(self.pages, 1):
            self._out, self._fill, self._font = page, None, None
            foot(number, len(self.pages))
            self.canvas._code = page
            if number == 1 and self._logo_place:
                self.canvas.drawImage(self.logo, *self._logo_place, mask="auto")
            self.canvas.showPage()
        self.pages = []
        self.turn()

    # -- text -------------------------------------------------------------------------------

    def text(self, x, y, text, size, bold=False, align=LEFT, colour=BLACK):
        """One line; y is its baseline."""
        if not text:
            return
        face = self.fonts.bold if bold else self.fonts.regular
        coded, width = face.measured(text)
        if coded is None:
            width = self._unusual_width(face, text)
        if align:
            x -= width * size if align == RIGHT else width * size / 2
        self.fill(colour)
        if coded is not None:
            self._show(x, y, self._name(face), size, coded)
        else:
            self._show_unusual(x, y, face, text, size)

    def width(self, text, size, bold=False):
        return self._width(self.fonts.bold if bold else self.fonts.regular, text) * size

    def _width(self, face, text):
        coded, width = face.measured(text)
        return width if coded is not None else self._unusual_width(face, text)

    def _unusual_width(self, face, text):
        return sum(part.measured(run)[1] for part, run in self.fonts.runs(face, text))

    def _name(self, face):
        """Of a typeface's usual letters in this document."""
        if face not in self._names:
            self._names[face] = face.begin(self.document)
        return self._names[face]

    def _show(self, x, y, name, size, coded):
        font = (name, size)
        if font == self._font:
            self._out.append(f"BT {x:.2f} {HEIGHT - y:.2f} Td ({coded}) Tj ET")
        else:
            self._font = font
            self._out.append(f"BT {name} {size:g} Tf {x:.2f} {HEIGHT - y:.2f} Td ({coded}) Tj ET")

    def _show_unusual(self, x, y, face, text, size):
        shown = []
        for typeface, run in self.fonts.runs(face, text):
            name = self._name(typeface)
            coded, _width = typeface.measured(run)
            pairs = typeface.chunks(run, self.document) if coded is None else [(name, coded)]
            shown += [f"{name} {size:g} Tf ({coded}) Tj" for name, coded in pairs]
        self._font = None
        self._out.append(f"BT {x:.2f} {HEIGHT - y:.2f} Td {' '.join(shown)} ET")

    def fitting(self, text, width, size, bold=False):
        """The text, cut off with … where it is wider."""
        if self.width(text, size, bold) <= width:
            return text
        while text and self.width(text + "…", size, bold) > width:
            text = text[:-1]
        return text.rstrip() + "…"

    def wrapped(self, text, width, size, bold=False):
        """The text as lines that are no wider; a word that is, is broken."""
        key = (text, width, size, bold)
        found = self.fonts.wrapped.get(key)
        if found is None:
            if len(self.fonts.wrapped) > 20_000:
                self.fonts.wrapped.clear()
            face = self.fonts.bold if bold else self.fonts.regular
            found = self.fonts.wrapped[key] = [
                line
                for paragraph in text.split("\n")
                for line in self._wrapped(face, paragraph, width / size)
            ]
        return found

    def _wrapped(self, face, text, width):
        """:param width: for size 1"""
        if self._width(face, text) <= width:
            return [text]
        space = face.widths[" "]
        lines, line, used = [], [], 0
        for word in text.split(" "):
            length = self._width(face, word)
            while length > width:
                if line:
                    lines.append(" ".join(line))
                    line, used = [], 0
                head = self._head(face, word, width)
                lines.append(head)
                word = word[len(head) :]
                length = self._width(face, word)
            if line and used + space + length > width:
                lines.append(" ".join(line))
                line, used = [], 0
            used += length + (space if line else 0)
            line.append(word)
        return [*lines, " ".join(line)]

    def _head(self, face, word, width):
        """As many letters of a word as there is room for, at least one."""
        count = 1
        while self._width(face, word[: count + 1]) <= width:
            count += 1
        return word[:count]

    # -- shapes -----------------------------------------------------------------------------

    def show_logo(self, x, y, width, height):
        """Put the logo into a frame, as large as it will be; the width that it takes."""
        own_width, own_height = self.logo.getSize()
        scale = min(width / own_width, height / own_height)
        taken = own_width * scale, own_height * scale
        self._logo_place = (x, HEIGHT - y - taken[1], *taken)
        return taken[0]

    def fill(self, colour):
        if colour != self._fill:
            self._fill = colour
            self._out.append("{:g} {:g} {:g} rg".format(*colour))

    def box(self, x, y, width, height, colour):
        """A filled rectangle; y is its upper side."""
        self.fill(colour)
        self._out.append(f"{x:.2f} {HEIGHT - y - height:.2f} {width:.2f} {height:.2f} re f")

    def boxes(self, places, colour):
        """Many filled rectangles of one colour as one shape: (x, y of the upper side, width,
        height)."""
        if not places:
            return
        self.fill(colour)
        shape = [
            f"{x:.2f} {HEIGHT - y - height:.2f} {width:.2f} {height:.2f} re"
            for x, y, width, height in places
        ]
        self._out.append("\n".join(shape) + " f")

    def line(self, x, y, width, colour=LIGHT, thickness=0.5):
        """A horizontal line."""
        self.box(x, y - thickness / 2, width, thickness, colour)

    def dashes(self, x, y, width):
        """Where to cut."""
        self.boxes([(x + step, y, 3, 0.4) for step in range(0, int(width), 6)], GREY)

    def code(self, x, y, side, size, runs):
        """A QR code: its modules in their square of `side` points."""
        unit = side / size
        self._out.append(f"q {unit:.5f} 0 0 {-unit:.5f} {x:.2f} {HEIGHT - y:.2f} cm")
        self.fill(BLACK)
        shape = [f"{column} {row} {length} 1 re" for column, row, length in runs]
        self._out.append("\n".join(shape) + " f Q")
        self._fill = None

    def strokes(self, x, y, width, height, modules, bars):
        """A barcode, its modules over the width."""
        unit = width / modules
        self.boxes([(x + start * unit, y, size * unit, height) for start, size in bars], BLACK)
