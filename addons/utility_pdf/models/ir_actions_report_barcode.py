from odoo import api, models
from odoo.tools.barcode import get_barcode_check_digit

from ..engine import barcode as drawing

MOST_PIXELS = 1_200_000
LONGEST_SIDE = 10_000
GUESSED = {8: "EAN8", 13: "EAN13"}
EAN_LENGTHS = {"EAN8": 8, "EAN13": 13, "UPCA": 12}
LEVELS = ("L", "M", "Q", "H")


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    @api.model
    def barcode(self, barcode_type, value, **kwargs):
        """Draw a barcode; parameters are Odoo's.

        What ZXing does not draw (Code11, MSI, POSTNET, a mask upon a QR code) stays with Odoo.

        :param value: text of the code
        :param kwargs: `width`, `height` in pixels, `humanreadable`, `quiet`, `mask`, `barBorder`
            in modules, `barLevel`
        :return: PNG, as bytes
        :raises ValueError: too large, or no code can hold the value
        """
        if barcode_type == "auto":
            barcode_type = GUESSED.get(len(value), "Code128")
        masked = kwargs.get("mask") in self.get_available_barcode_masks()
        if masked or not drawing.knows(barcode_type):
            return super().barcode(barcode_type, value, **kwargs)
        width, height = int(kwargs.get("width") or 600), int(kwargs.get("height") or 100)
        if width < 1 or height < 1:
            raise ValueError("Barcode too small")
        if width * height > MOST_PIXELS or max(width, height) > LONGEST_SIDE:
            raise ValueError("Barcode too large")
        quiet = bool(int(kwargs.get("quiet", 1)))
        if barcode_type in drawing.MATRIX:
            return self._barcode_matrix(barcode_type, value, width, height, quiet, kwargs)
        text = bool(int(kwargs.get("humanreadable") or 0))
        return self._barcode_linear(barcode_type, value, width, height, quiet, text)

    @api.model
    def _barcode_matrix(self, kind, value, width, height, quiet, options):
        level = options.get("barLevel")
        border = max(int(options.get("barBorder", 4)), 0) if quiet else 0
        try:
            return drawing.matrix_png(
                kind, value, width, height, border, level if level in LEVELS else "L"
            )
        except ValueError as error:
            raise ValueError("Cannot convert into QR code.") from error

    @api.model
    def _barcode_linear(self, kind, value, width, height, quiet, text):
        """Code128 takes what the wanted code cannot hold, so that no digit is silently changed."""
        if kind == "UPCA":
            value = self._barcode_upc(value)
        if EAN_LENGTHS.get(kind, len(value)) != len(value):
            kind = "Code128"
        for attempt in dict.fromkeys((kind, "Code128")):
            try:
                return drawing.linear_png(attempt, value, width, height, quiet, text)
            except ValueError as error:
                failure = error
        raise ValueError("Cannot convert into barcode.") from failure

    @api.model
    def _barcode_upc(self, value):
        """UPC-A has 12 digits; it also comes without its check digit, or as an EAN-13 with a 0."""
        if len(value) == 13 and value.startswith("0"):
            return value[1:]
        if len(value) == 11 and value.isdigit():
            return value + str(get_barcode_check_digit(value + "0"))
        return value
