"""Barcodes as PNG, by ZXing."""

import io

import zxingcpp
from PIL import Image, ImageDraw, ImageFont

LINEAR = {
    "Codabar": zxingcpp.Codabar,
    "Code128": zxingcpp.Code128,
    "EAN13": zxingcpp.EAN13,
    "EAN8": zxingcpp.EAN8,
    "Extended39": zxingcpp.Code39Ext,
    "Standard39": zxingcpp.Code39,
    "Extended93": zxingcpp.Code93,
    "Standard93": zxingcpp.Code93,
    "I2of5": zxingcpp.ITF,
    "UPCA": zxingcpp.UPCA,
}
MATRIX = {
    "QR": zxingcpp.QRCode,
    "ECC200DataMatrix": zxingcpp.DataMatrix,
    "DataMatrix": zxingcpp.DataMatrix,
    "Aztec": zxingcpp.Aztec,
    "PDF417": zxingcpp.PDF417,
}
QUIET_MODULES = 10
TEXT_SHARE = 0.2
WHITE = 255


def knows(kind):
    """Whether `kind`, one of the names that reports use, can be drawn here."""
    return kind in LINEAR or kind in MATRIX


def matrix_png(kind, value, width, height, border=4, level="L"):
    """Draw a two-dimensional code in the middle of a picture.

    :param kind: a key of MATRIX
    :param width: of the picture, in pixels; it grows if a module would be under one pixel
    :param height: of the picture, in pixels; the same
    :param border: empty modules around the code
    :param level: error correction of a QR code: L, M, Q or H
    :return: PNG, as bytes
    :raises ValueError: the code cannot hold the value
    """
    options = {"ec_level": level} if kind == "QR" else {}
    modules = _modules(zxingcpp.create_barcode(value, MATRIX[kind], **options))
    room = width // (modules.width + 2 * border), height // (modules.height + 2 * border)
    scale = max(1, min(room))
    size = modules.width * scale, modules.height * scale
    return _png(_centred(modules.resize(size, Image.Resampling.NEAREST), width, height))


def linear_png(kind, value, width, height, quiet=True, text=False):
    """Draw a one-dimensional code over the height of a picture, in the middle of its width.

    :param kind: a key of LINEAR
    :param width: of the picture, in pixels; it grows if a bar would be under one pixel
    :param height: of the picture, in pixels
    :param quiet: leave empty space left and right
    :param text: print the value below
    :return: PNG, as bytes
    :raises ValueError: the code cannot hold the value
    """
    modules = _modules(zxingcpp.create_barcode(value, LINEAR[kind]))
    margin = QUIET_MODULES if quiet else 0
    scale = max(1, width // (modules.width + 2 * margin))
    text_height = int(height * TEXT_SHARE) if text else 0
    row = modules.crop((0, 0, modules.width, 1))
    size = modules.width * scale, height - text_height
    picture = _centred(row.resize(size, Image.Resampling.NEAREST), width, height, top=0)
    if text_height:
        font = ImageFont.load_default(text_height)
        place = (picture.width / 2, height)
        ImageDraw.Draw(picture).text(place, value, font=font, fill=0, anchor="md")
    return _png(picture)


def _modules(code):
    """One pixel a module, black on white, without margins."""
    view = memoryview(code.to_image(scale=1, add_quiet_zones=False))
    height, width = view.shape
    return Image.frombytes("L", (width, height), view.tobytes())


def _centred(code, width, height, top=None):
    picture = Image.new("L", (max(width, code.width), max(height, code.height)), WHITE)
    if top is None:
        top = (picture.height - code.height) // 2
    picture.paste(code, ((picture.width - code.width) // 2, top))
    return picture


def _png(picture):
    target = io.BytesIO()
    picture.save(target, format="png")
    return target.getvalue()
