"""Contents of bills to draw, and what can be read from a drawn PDF (by poppler and ZXing)."""

import subprocess
import tempfile
from pathlib import Path

import zxingcpp
from PIL import Image

from odoo.tools import file_path

from ..engine.bill_content import (
    BillContent,
    ChargeRow,
    Chart,
    MeterRow,
    Party,
    PayTo,
    SumRow,
)
from ..engine.drawing import Drawer, load

EPC = "BCD\n002\n1\nSCT\n\nUAB Miesto namai\nLT121000011101001000\nEUR178.33\n\nRF18539007547034"
CAPTIONS = {
    "number": "Nr.",
    "issuer": "Tiekėjas",
    "payer": "Mokėtojas",
    "company_code": "Įmonės kodas",
    "vat": "PVM kodas",
    "due": "Sumokėti iki",
    "service": "Paslauga",
    "quantity": "Kiekis",
    "unit": "Vienetas",
    "price": "Kaina",
    "net": "Be PVM",
    "tax_rate": "PVM, %",
    "tax": "PVM",
    "gross": "Suma",
    "meters": "Skaitiklių rodmenys",
    "meter": "Skaitiklis",
    "reading_before": "Buvo",
    "reading_now": "Yra",
    "used": "Sunaudota",
    "how": "Kaip",
    "benefits": "Lengvatos",
    "taxes": "Mokesčiai",
    "balance": "Likutis",
    "chart": "Suvartojimas",
    "slip": "Mokėjimo kvitas",
    "creditor": "Gavėjas",
    "bank_account": "Sąskaita",
    "reference": "Įmokos kodas",
    "amount": "Mokėti",
    "scan": "Nuskaitykite",
    "page": "Puslapis",
    "of": "iš",
}


def charge(name="Šaltas vanduo", explanation=("12,345 m³ × 1,23 € = 15,18 €",), **vals):
    return ChargeRow(
        **{
            "name": name,
            "quantity": "12,345",
            "unit": "m³",
            "price": "1,2300",
            "net": "15,18",
            "tax_rate": "21",
            "tax": "3,19",
            "gross": "18,37",
            "explanation": list(explanation),
            **vals,
        }
    )


def content(**vals):
    """A payment notice of a water bill."""
    months = [(f"{month:02}", 3.5 + month) for month in (*range(1, 13), 1)]
    return BillContent(
        **{
            "move_id": 1,
            "lang": "lt_LT",
            "layout": "notice",
            "title": "Mokėjimo pranešimas",
            "number": "UB/2026/00001",
            "captions": CAPTIONS,
            "issuer": Party("UAB „Miesto namai“", ["Vilniaus g. 1", "LT-44240 Kaunas"]),
            "payer": Party("Ona Žąsytė", ["Laisvės al. 12-5", "LT-44240 Kaunas"]),
            "facts": [("Sąskaita", "10000018"), ("Laikotarpis", "2026 m. sausis")],
            "meters": [
                MeterRow(
                    "Šaltas vanduo",
                    "A100",
                    "2025-12-31",
                    "100,000",
                    "2026-01-31",
                    "112,345",
                    "12,345",
                    "m³",
                    "išmatuota",
                )
            ],
            "charges": [charge()],
            "taxes": [SumRow("PVM 21 %", "3,19", note="15,18")],
            "totals": [SumRow("Iš viso", "18,37", strong=True)],
            "balance": [SumRow("Mokėti", "18,37 €", strong=True)],
            "charts": [Chart("Šaltas vanduo", "m³", months)],
            "payments": [
                PayTo(
                    "UAB „Miesto namai“",
                    "LT12 1000 0111 0100 1000",
                    "",
                    "",
                    "18,37 €",
                    "RF18 5390 0754 7034",
                    qr=EPC,
                    barcode="100000180000001837",
                )
            ],
            "to_pay": "18,37 €",
            "to_pay_caption": "Mokėti",
            "due": "2026-02-15",
            **vals,
        }
    )


def fonts():
    faces = (
        f"web/static/fonts/google/Open_Sans/Open_Sans-{style}.ttf" for style in ("Regular", "Bold")
    )
    reserve = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"
    return load(*([file_path(face), reserve] for face in faces))


def drawn(*contents):
    """A PDF."""
    drawer = Drawer(fonts())
    for one in contents:
        drawer.add(one)
    return drawer.finish()


def pages(pdf):
    """Text of each page, a line each row."""
    text = _poppler("pdftotext", pdf, "-layout", "-", "-").decode()
    return [page.replace("\xa0", " ") for page in text.split("\f")[:-1]]


def words(pdf):
    """The words of a PDF, each once."""
    text = _poppler("pdftotext", pdf, "-", "-").decode()
    return set(text.replace("\f", " ").split())


def codes(pdf):
    """What a phone reads from the first page: {texts of the codes}."""
    with tempfile.TemporaryDirectory() as folder:
        _poppler("pdftoppm", pdf, "-r", "200", "-png", "-f", "1", "-l", "1", "-", f"{folder}/page")
        (page,) = Path(folder).glob("*.png")
        with Image.open(page) as picture:
            return {code.text for code in zxingcpp.read_barcodes(picture)}


def _poppler(tool, pdf, *options):
    return subprocess.run([tool, *options], input=pdf, capture_output=True, check=True).stdout  # noqa: S603
