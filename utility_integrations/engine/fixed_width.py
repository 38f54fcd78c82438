"""Text whose columns stand at fixed places of each line."""

from .errors import problem


def read(lines, places, begins="", skip=0):
    """(number of the line, {column: text}, problem or None) of each line that is not empty.

    :param lines: the file's lines of text
    :param places: [(column, first place counted from 1, width)] in characters
    :param begins: only lines that begin so are rows; the others are headers and totals
    :param skip: lines to leave out at the top
    """
    last = max((first for _name, first, _width in places), default=1)
    for number, text in enumerate(lines, start=1):
        text = text.rstrip("\r\n\x1a").lstrip("\ufeff")
        if number <= skip or not text.strip() or not text.startswith(begins):
            continue
        cells = {name: text[first - 1 : first - 1 + width] for name, first, width in places}
        short = problem("short_line", length=len(text), wanted=last) if len(text) < last else None
        yield number, cells, short
