"""QR codes and barcodes as rectangles: sharp at every size, and smaller than pictures."""

import re
from functools import lru_cache

import zxingcpp

# EPC069-12 asks for level M
LEVEL = "M"
DARK = re.compile(rb"\x00+")


@lru_cache(maxsize=64)
def matrix(payload):
    """Dark runs of a QR code: (modules of a side, [(column, row from the top, length)]); empty
    where the payload is too long."""
    try:
        code = zxingcpp.create_barcode(payload, zxingcpp.QRCode, ec_level=LEVEL)
    except ValueError:
        return 0, []
    size, points = _modules(code)
    return size, [
        (start, row, length)
        for row in range(size)
        for start, length in _runs(points[row * size : (row + 1) * size])
    ]


@lru_cache(maxsize=64)
def bars(payload):
    """Bars of a Code 128: (modules of its width, [(start, width)]); empty where it has letters
    that the code cannot hold."""
    try:
        code = zxingcpp.create_barcode(payload, zxingcpp.Code128)
    except ValueError:
        return 0, []
    width, points = _modules(code)
    return width, _runs(points[:width])


def _modules(code):
    """(modules of a row, all of them as bytes: 0 is dark)"""
    view = memoryview(code.to_image(scale=1, add_quiet_zones=False))
    return view.shape[1], view.tobytes()


def _runs(points):
    """Dark runs in a row: [(start, length)]."""
    return [(found.start(), found.end() - found.start()) for found in DARK.finditer(points)]
