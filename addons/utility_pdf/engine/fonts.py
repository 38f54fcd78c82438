"""Fewer fonts to read: of the files a stylesheet offers for a face, the one that prints best."""

import re

FACE = re.compile(r"@font-face\s*\{[^{}]*\}")
SOURCE = re.compile(r"\bsrc\s*:[^;{}]*(?:;|(?=\}))")
URL = re.compile(r"""url\(\s*["']?([^"')]+)["']?\s*\)""")
# TrueType is read as it is; the others are unpacked first. EOT and SVG fonts cannot be printed.
PREFERRED = (".ttf", ".otf", ".woff2", ".woff")


def reachable(css):
    """Keep one printable local file a face, and no face that has none.

    :param css: text of a stylesheet
    """
    return FACE.sub(_face, css)


def _face(match):
    face = match[0]
    sources = SOURCE.findall(face)
    urls = [url for source in sources for url in URL.findall(source)]
    best = next(
        (url for kind in PREFERRED for url in urls if _is_local(url) and _has_suffix(url, kind)),
        None,
    )
    inline = next((url for url in urls if url.startswith("data:")), None)
    if not best and not inline:
        return "" if urls else face
    rest = SOURCE.sub("", face).rstrip("}").rstrip()
    return f'{rest}{"" if rest.endswith((";", "{")) else ";"}src:url("{best or inline}")}}'


def _is_local(url):
    return not re.match(r"(?:[a-z][a-z0-9+.-]*:)?//", url, re.IGNORECASE)


def _has_suffix(url, suffix):
    return url.split("?")[0].split("#")[0].lower().endswith(suffix)
