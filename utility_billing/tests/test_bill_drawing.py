from odoo.tests import BaseCase, tagged

from ..engine.bill_content import PayTo, SumRow
from ..engine.drawing import Drawer, FontMissing, load
from .drawing_kit import EPC, charge, codes, content, drawn, fonts, pages, words

LETTERS = {
    "lt": "aąbcčdeęėfghiįyjklmnoprsštuųūvzž",
    "uk": "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя",
    "ru": "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
}


@tagged("post_install", "-at_install")
class TestBillDrawing(BaseCase):
    """Bills drawn straight onto pages."""

    def test_a_bill_says_all(self):
        (page,) = pages(drawn(content()))
        for text in (
            "Mokėjimo pranešimas",
            "Nr. UB/2026/00001",
            "Ona Žąsytė",
            "LT-44240 Kaunas",
            "Sumokėti iki",
            "2026 m. sausis",
            "12,345 m³ × 1,23 € = 15,18 €",
            "PVM 21 %",
            "Skaitiklių rodmenys",
            "Šaltas vanduo, m³",
            "LT12 1000 0111 0100 1000",
            "RF18 5390 0754 7034",
            "100000180000001837",
            "Puslapis 1 iš 1",
        ):
            self.assertIn(text, page)

    def test_all_letters_survive(self):
        for lang, letters in LETTERS.items():
            found = words(drawn(content(notes=[letters, letters.upper()])))
            self.assertIn(letters, found, lang)
            self.assertIn(letters.upper(), found, lang)

    def test_letters_that_the_font_lacks(self):
        """Arrows, other currencies, and letters that nobody thought of."""
        bill = content(notes=["100 → 112", "500 ₴", "Ελλάδα", "(\\)"])
        found = words(drawn(bill, content(title="Ñandú")))
        self.assertLessEqual({"→", "₴", "Ελλάδα", "(\\)", "Ñandú"}, found)

    def test_a_phone_reads_the_codes(self):
        self.assertEqual(codes(drawn(content())), {EPC, "100000180000001837"})

    def test_codes_that_a_layout_leaves_out(self):
        bill = content(sections=["meters", "explanation", "taxes"])
        self.assertEqual(codes(drawn(bill)), set())
        (page,) = pages(drawn(bill))
        self.assertNotIn("Šaltas vanduo, m³", page)
        self.assertNotIn("Likutis", page)

    def test_a_code_that_cannot_be_drawn(self):
        """A payload that is too long leaves its place empty; the bill is drawn."""
        pay_to = PayTo("A", "LT1", "", "", "1,00 €", "1", qr="x" * 4000, barcode="ą")
        pdf = drawn(content(payments=[pay_to]))
        self.assertEqual(codes(pdf), set())

    def test_a_long_bill_goes_on(self):
        """The heading of the table and whose bill it is stand on every page."""
        rows = [charge(f"Paslauga {number}") for number in range(1, 81)]
        found = pages(drawn(content(charges=rows), content()))
        self.assertEqual(len(found), 4)
        for number, page in enumerate(found[:3], 1):
            self.assertIn(f"Puslapis {number} iš 3", page)
            self.assertIn("Ona Žąsytė", page)
        self.assertIn("Mokėjimo pranešimas UB/2026/00001", found[1])
        self.assertIn("Kiekis", found[1])
        self.assertIn("Puslapis 1 iš 1", found[3])
        for number in range(1, 81):
            self.assertEqual(sum(f"Paslauga {number} " in page for page in found), 1, number)

    def test_groups_have_captions(self):
        rows = [charge(group="Laisvės al. 12-5"), charge(), charge(group="Laisvės al. 12-6")]
        (page,) = pages(drawn(content(charges=rows)))
        self.assertLess(page.index("Laisvės al. 12-5\n"), page.index("Laisvės al. 12-6\n"))

    def test_a_caption_does_not_stay_behind(self):
        """The caption of a group is on the page of its first row."""
        for count in range(20, 40):
            rows = [charge() for _row in range(count)] + [charge("Paskutinis", group="Butas 99")]
            found = pages(drawn(content(charges=rows)))
            (page,) = [page for page in found if "Butas 99" in page]
            self.assertIn("Paskutinis", page, count)

    def test_many_creditors(self):
        """A slip for each, on as many pages as they need."""
        slips = [
            PayTo(f"Gavėjas {number}", f"LT{number}", "", "", "1,00 €", f"RF{number}", qr=EPC)
            for number in range(1, 13)
        ]
        found = "".join(pages(drawn(content(payments=slips))))
        for number in range(1, 13):
            self.assertIn(f"RF{number} ", found.replace("\n", " \n"))

    def test_without_quantities_and_taxes(self):
        row = charge(quantity="", unit="", price="", net="", tax_rate="", tax="")
        (page,) = pages(drawn(content(charges=[row], taxes=[])))
        self.assertNotIn("Kiekis", page)
        self.assertNotIn("Be PVM", page)
        self.assertIn("18,37", page)

    def test_what_is_too_wide_is_wrapped(self):
        long = "Nepaprastai" * 30
        name = "Daugiabučio namo bendrojo naudojimo objektų " * 6
        bill = content(charges=[charge(name)], notes=[long], balance=[SumRow(name, "1,00 €")])
        (page,) = pages(drawn(bill))
        self.assertEqual("".join(page.split()).count("Nepaprastai"), 30)
        self.assertEqual(" ".join(page.split()).count("Daugiabučio"), 12)

    def test_the_same_bill_is_the_same_file(self):
        self.assertEqual(drawn(content()), drawn(content()))
        self.assertNotEqual(drawn(content()), drawn(content(number="UB/2026/00002")))

    def test_the_logo_is_on_the_first_page(self):
        with open(
            __file__.replace("tests/test_bill_drawing.py", "static/description/icon.png"), "rb"
        ) as file:
            logo = file.read()
        for picture, count in ((logo, 1), (b"no picture", 0), (None, 0)):
            drawer = Drawer(fonts(), logo=picture)
            rows = [charge() for _row in range(60)]
            self.assertGreater(drawer.add(content(charges=rows)), 1)
            self.assertEqual(drawer.finish().count(b"/Subtype /Image"), count and 2)

    def test_fonts_that_are_missing(self):
        with self.assertRaises(FontMissing):
            load(["/nowhere/a.ttf"], ["/nowhere/b.ttf"])
