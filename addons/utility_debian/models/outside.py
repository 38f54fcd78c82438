"""What pages would ask of servers other than this Odoo, taken out of bundles and tags."""

import re
from urllib.parse import urlsplit

FONT_HOSTS = {"fonts.googleapis.com", "fonts.gstatic.com", "fonts.odoocdn.com"}
EMPTY_SHEET = "/utility_debian/static/src/css/empty.css"

OUTSIDE = r"\s*(?:https?:)?//(?!www\.w3\.org/)"
IMPORT = re.compile(
    rf"""@import\s+(?:url\(\s*)?(?:"{OUTSIDE}[^"]*"|'{OUTSIDE}[^']*'|{OUTSIDE}[^)\s;"']*)"""
    r"\s*\)?[^;{}]*;?",
    re.I,
)
FACE = re.compile(r"@font-face\s*\{[^{}]*\}", re.I)
SOURCES = re.compile(r"\bsrc\s*:([^;{}]*)", re.I)
ADDRESS = re.compile(
    rf"""url\(\s*["']?{OUTSIDE}[^"')]*["']?\s*\)(?:\s*format\([^)]*\))?\s*,?\s*""", re.I
)
FONT_SHEET = re.compile(r"https://fonts\.googleapis\.com/css2?(?=\?)")
AFTER = re.compile(r"[\s,]*$")
NOTHING = 'url("data:,")'


def local_css(css):
    """A stylesheet that loads nothing from other servers.

    Imports from there go, and so do font files; a face that has no other file goes with them.
    Other pictures become empty ones.

    :param css: text of a compiled stylesheet
    """
    css = IMPORT.sub("", css)
    css = FACE.sub(_local_face, css)
    return ADDRESS.sub(_nothing, css)


def local_js(script):
    """A script that asks for an empty stylesheet where it would ask for fonts from outside.

    :param script: text of a bundle
    """
    return FONT_SHEET.sub(EMPTY_SHEET, script)


def is_font_server(address):
    """Whether the address, possibly without a scheme, leads to a server of fonts."""
    return urlsplit(str(address).strip()).hostname in FONT_HOSTS


def _local_face(match):
    face = SOURCES.sub(_local_sources, match[0])
    return face if SOURCES.search(face) else ""


def _local_sources(match):
    rest = ADDRESS.sub("", match[1]).strip().rstrip(",")
    return f"src:{rest}" if rest else ""


def _nothing(match):
    return NOTHING + AFTER.search(match[0])[0]
