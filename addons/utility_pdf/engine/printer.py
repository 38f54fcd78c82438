"""From HTML pages to PDF with WeasyPrint, with parsed stylesheets kept between calls."""

import hashlib
import threading
from collections import OrderedDict
from functools import lru_cache
from urllib.parse import urljoin

from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

from . import fonts, markup

# Pango's font maps are not thread-safe, and every kept stylesheet shares one.
LOCK = threading.RLock()
KEPT_BUNDLES = 8
KEPT_MARGINS = 256
# Share of a page's height.
MOST_MARGINS = 0.67


class Bundles:
    """Parsed stylesheets and the fonts they declare; the least used ones are dropped.

    Texts that are used together share a font configuration, so an entry is a whole set.
    """

    def __init__(self, size=KEPT_BUNDLES):
        self._size = size
        self._sets = OrderedDict()

    def __len__(self):
        return len(self._sets)

    def get(self, key, sources, fetcher):
        """
        :param key: what else, besides the texts, the sheets depend on (database, address)
        :param sources: ((url, css text), ...) in their order
        :return: (list of CSS, FontConfiguration)
        """
        digest = hashlib.sha256(repr((key, sources)).encode()).hexdigest()
        if digest not in self._sets:
            faces = FontConfiguration()
            sheets = [
                CSS(
                    string=fonts.reachable(text),
                    base_url=url,
                    url_fetcher=fetcher,
                    font_config=faces,
                )
                for url, text in sources
            ]
            self._sets[digest] = sheets, faces
            while len(self._sets) > self._size:
                self._sets.popitem(last=False)
        self._sets.move_to_end(digest)
        return self._sets[digest]


class Margins:
    """Papers that had to grow, by what stands in their margins: the next one is laid out once."""

    def __init__(self, size=KEPT_MARGINS):
        self._size = size
        self._papers = OrderedDict()

    def get(self, key, paper, bands):
        return self._papers.get(self._digest(key, paper, bands), paper)

    def put(self, key, paper, bands, grown):
        self._papers[self._digest(key, paper, bands)] = grown
        while len(self._papers) > self._size:
            self._papers.popitem(last=False)

    def _digest(self, *parts):
        return hashlib.sha256(repr(parts).encode()).digest()


BUNDLES = Bundles()
MARGINS = Margins()


class Printer:
    """Lays out the documents of one report.

    :param paper: `paper.Paper`
    :param fetcher: a WeasyPrint URL fetcher; it is the only way out of the page
    :param own_css: text of the sheet that adapts reports to paged media
    :param key: what the meaning of a URL depends on (the database)
    """

    def __init__(self, paper, fetcher, own_css, key):
        self.paper = paper
        self.fetcher = fetcher
        self.own_css = own_css
        self.key = key
        self.images = {}
        self.sources = {}

    def layout(self, root, base):
        """Lay the page `root` out; margins grow where its header or footer asks for more room.

        :param base: absolute address that the page's URLs are relative to
        :return: a WeasyPrint document
        """
        styles = markup.take_stylesheets(root)
        urls = [urljoin(base, url) for kind, url in styles if kind == "url"]
        linked = [(url, self._read(url)) for url in urls]
        sheets, faces = BUNDLES.get(self.key, tuple(linked), self.fetcher)
        inline = [self._inline(text, base) for kind, text in styles if kind == "text"]
        hints = _plain_css(markup.hints(root))
        page = HTML(string=markup.text(root), base_url=base, url_fetcher=self.fetcher)

        options = {"font_config": faces, "cache": self.images}
        bands = markup.running_text(root)
        paper = MARGINS.get(self.key, self.paper, bands)
        document = page.render(stylesheets=self._cascade(paper, hints, sheets, inline), **options)
        grown = self._paper_for(document, paper)
        if grown != paper:
            MARGINS.put(self.key, self.paper, bands, grown)
            cascade = self._cascade(grown, hints, sheets, inline)
            document = page.render(stylesheets=cascade, **options)
        return document

    def _cascade(self, paper, hints, bundles, inline):
        own = [_plain_css(self.own_css), _plain_css(paper.css())]
        return [hints, *bundles, *own, *inline]

    def _paper_for(self, document, paper):
        """The paper, with room for the tallest header and footer of the document.

        Where they would leave no page for the text, margins stay as the paper format has them.
        """
        top, bottom = paper.top, paper.bottom
        for page in document.pages:
            header = self._band_height(page, "@top-center")
            footer = self._band_height(page, "@bottom-center")
            top = max(top, paper.header_offset() + header)
            bottom = max(bottom, footer)
        if top + bottom > paper.height * MOST_MARGINS:
            return paper
        return paper.with_margins(top, bottom)

    def _band_height(self, page, place):
        """Height in mm on paper of what stands in a margin of a page."""
        pixels = sum(
            child.margin_height()
            for box in page._page_box.children
            if getattr(box, "at_keyword", "") == place
            for child in box.children
            if child.is_in_normal_flow()
        )
        return self.paper.millimetres(pixels)

    def pdf(self, documents):
        """:return: bytes of one PDF with the pages of all `documents`."""
        pages = [page for document in documents for page in document.pages]
        return documents[0].copy(pages).write_pdf(zoom=self.paper.scale)

    def _read(self, url):
        if url not in self.sources:
            self.sources[url] = self.fetcher.text(url)
        return self.sources[url]

    def _inline(self, value, base):
        return CSS(string=value, base_url=base, url_fetcher=self.fetcher)


@lru_cache(64)
def _plain_css(value):
    return CSS(string=value)
