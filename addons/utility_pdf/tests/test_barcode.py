import io

import zxingcpp
from PIL import Image

from odoo.tests import HttpCase, TransactionCase, tagged


def decode(png):
    """:return: (format, text) of the only barcode in a picture."""
    (code,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(png)))
    return code.format.name if hasattr(code.format, "name") else str(code.format), code.text


@tagged("post_install", "-at_install")
class TestBarcode(TransactionCase):
    def _draw(self, kind, value, **options):
        return self.env["ir.actions.report"].barcode(kind, value, **options)

    def _text(self, kind, value, **options):
        return decode(self._draw(kind, value, **options))[1]

    def test_linear_codes_read_back(self):
        for kind, value in (
            ("Code128", "LT-2026/0001"),
            ("EAN13", "4006381333931"),
            ("EAN8", "96385074"),
            ("Standard39", "ABC-12"),
            ("Extended39", "Abc 12"),
            ("Standard93", "ABC12"),
            ("I2of5", "12345678"),
            ("auto", "4006381333931"),
        ):
            self.assertEqual(self._text(kind, value), value, kind)

    def test_matrix_codes_read_back(self):
        for kind in ("QR", "DataMatrix", "ECC200DataMatrix", "Aztec", "PDF417"):
            self.assertEqual(self._text(kind, "RF18 539", width=300, height=300), "RF18 539", kind)

    def test_qr_code_holds_any_letter(self):
        value = "Mokėtojas Ąžuolas, плательщик Щукин"
        for level in ("L", "M", "Q", "H"):
            self.assertEqual(self._text("QR", value, width=300, height=300, barLevel=level), value)

    def test_upc_reads_as_ean_with_a_zero(self):
        for value in ("03600029145", "036000291452", "0036000291452"):
            self.assertIn(self._text("UPCA", value), ("036000291452", "0036000291452"))

    def test_wrong_check_digit_is_not_corrected(self):
        for kind, value in (("EAN13", "4006381333930"), ("EAN8", "11111111"), ("EAN13", "123")):
            self.assertEqual(self._text(kind, value), value)

    def test_size_of_the_picture(self):
        for kind in ("Code128", "QR"):
            picture = Image.open(io.BytesIO(self._draw(kind, "A-1", width=240, height=120)))
            self.assertEqual(picture.size, (240, 120), kind)

    def test_options_arrive_as_text(self):
        """So they do from an address."""
        text = self._text("Code128", "A-1", width="300", height="90", humanreadable="1", quiet="1")
        self.assertEqual(text, "A-1")

    def test_quiet_zone(self):
        def darkest(column, **options):
            png = self._draw("QR", "A", width=29, height=29, **options)
            picture = Image.open(io.BytesIO(png))
            return min(picture.getpixel((column, row)) for row in range(29))

        self.assertEqual(darkest(3), 255)
        self.assertEqual(darkest(4), 0)
        self.assertEqual(darkest(4, quiet="0"), 0)

    def test_value_below_the_bars(self):
        plain = Image.open(io.BytesIO(self._draw("Code128", "A-1", width=300, height=100)))
        named = Image.open(
            io.BytesIO(self._draw("Code128", "A-1", width=300, height=100, humanreadable=1))
        )
        bottom = (0, 85, 300, 100)
        self.assertNotEqual(plain.crop(bottom).tobytes(), named.crop(bottom).tobytes())

    def test_too_large(self):
        with self.assertRaisesRegex(ValueError, "too large"):
            self._draw("QR", "A", width=2000, height=2000)

    def test_value_that_no_code_holds(self):
        with self.assertRaisesRegex(ValueError, "Cannot convert into barcode"):
            self._draw("Code128", "Щ")
        with self.assertRaisesRegex(ValueError, "Cannot convert into QR code"):
            self._draw("QR", "A" * 8000)


@tagged("post_install", "-at_install")
class TestBarcodeAddress(HttpCase):
    def test_address_of_a_barcode(self):
        answer = self.url_open("/report/barcode/QR/RF18%20539?width=200&height=200")
        self.assertEqual(answer.headers["Content-Type"], "image/png")
        self.assertEqual(decode(answer.content)[1], "RF18 539")
