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
                    string=fonts.reachable(text), base_url=url, url_fetcher=fetcher,
                    font_config=faces,
                )
                for url, text in sources
            ]
            self._sets[digest] = sheets, faces
            while len(self._sets) > self._size:
                self._sets.popitem(last=False)
        self._sets.move_to_end(digest)
        return self._sets[digest]


BUNDLES = Bundles()


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
        """:return: a laid out WeasyPrint document of the page `root`."""
        styles = markup.take_stylesheets(root)
        urls = [urljoin(base, url) for kind, url in styles if kind == "url"]
        linked = [(url, self._read(url)) for url in urls]
        sheets, faces = BUNDLES.get(self.key, tuple(linked), self.fetcher)
        texts = [value for kind, value in styles if kind == "text"]
        own = [_plain_css(self.own_css), _plain_css(self.paper.css())]
        inline = [self._inline(value, base) for value in texts]
        hints = _plain_css(markup.hints(root))
        page = HTML(string=markup.text(root), base_url=base, url_fetcher=self.fetcher)
        return page.render(
            stylesheets=[hints, *sheets, *own, *inline], font_config=faces, cache=self.images
        )

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
