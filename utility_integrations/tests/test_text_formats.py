import io
from datetime import date

from odoo.tests import BaseCase, tagged

from ..engine import client_bank, dbase, fixed_width, litas
from ..engine.errors import FormatError
from . import format_kit as kit

OURS, THEIRS = "40702810801500116391", "40817810009980084396"


@tagged("utility_formats")
class TestTextFormats(BaseCase):
    """1C, LITAS-ESIS, DBF, text with columns at fixed places."""

    def refused(self, reader, source):
        with self.assertRaises(FormatError) as caught:
            kit.read_all(reader, source)
        return caught.exception.code

    # -- 1C ---------------------------------------------------------------------------------

    def document(self, **more):
        return {
            "Номер": "7",
            "Дата": "15.04.2026",
            "Сумма": "1052.98",
            "ПлательщикСчет": THEIRS,
            "Плательщик": "ИНН 667220109459 Иванов Иван Иванович",
            "ПлательщикИНН": "667220109459",
            "ПолучательСчет": OURS,
            "Получатель1": "ООО УК",
            "ДатаПоступило": "16.04.2026",
            "ДатаСписано": "",
            "НазначениеПлатежа": "ЛС: 123",
            **more,
        }

    def documents(self, *documents, **options):
        return kit.read_all(client_bank.read, kit.client_bank(*documents, **options))

    def test_1c_document(self):
        ((number, cells, problem),), _summary = self.documents(self.document(Код="50133547364"))
        self.assertEqual((number, problem), (5, None))
        self.assertEqual(
            {
                name: cells[name]
                for name in ("date", "amount", "currency", "direction", "reference")
            },
            {
                "date": "2026-04-16",
                "amount": "1052.98",
                "currency": "RUB",
                "direction": "credit",
                "reference": "50133547364",
            },
        )
        self.assertEqual(
            (cells["payer_name"], cells["payer_code"], cells["payer_iban"], cells["account_iban"]),
            ("Иванов Иван Иванович", "667220109459", THEIRS, OURS),
        )

    def test_1c_direction(self):
        rows, _summary = self.documents(
            self.document(ДатаПоступило="", ДатаСписано="15.04.2026"),
            self.document(ДатаПоступило=""),
            self.document(ДатаПоступило="", ПлательщикСчет=OURS, ПолучательСчет=THEIRS),
            self.document(ДатаПоступило="", ПолучательСчет=THEIRS),
        )
        self.assertEqual(
            [(cells["direction"], problem and problem[0]) for _n, cells, problem in rows],
            [("debit", None), ("credit", None), ("debit", None), ("", "1c_direction")],
        )

    def test_1c_purpose_in_parts(self):
        rows, _summary = self.documents(
            self.document(
                НазначениеПлатежа="за воду", НазначениеПлатежа1="март", НазначениеПлатежа2="2026"
            ),
            self.document(НазначениеПлатежа="за воду март", НазначениеПлатежа1="за воду март"),
            self.document(НазначениеПлатежа="за воду\r\nи тепло"),
        )
        self.assertEqual(
            [cells["purpose"] for _n, cells, _p in rows],
            ["за воду март 2026", "за воду март", "за воду и тепло"],
        )

    def test_1c_days_of_one_account_are_one_statement(self):
        def section(opening, came, went, closing):
            names = ("НачальныйОстаток", "ВсегоПоступило", "ВсегоСписано", "КонечныйОстаток")
            return dict(zip(names, (opening, came, went, closing), strict=True))

        _rows, summary = self.documents(
            self.document(),
            sections=(
                section("10.00", "1052.98", "0.00", "1062.98"),
                section("1062.98", "0.00", "0.00", "1062.98"),
            ),
        )
        self.assertEqual(summary.problems(), [])
        self.assertEqual(str(summary.totals()["closing"]), "1062.98")

    def test_1c_encodings(self):
        text = kit.client_bank(self.document())
        for encoding in ("windows-1251", "cp866", "utf-8"):
            self.assertIn(
                client_bank.encoding_of(text.encode(encoding)), (encoding, f"{encoding}-sig")
            )
        self.assertIsNone(client_bank.encoding_of(b"date;amount"))

    def test_1c_refused(self):
        whole = kit.client_bank(self.document())
        self.assertEqual(
            self.refused(client_bank.read, whole.replace("КонецФайла", "")), "truncated"
        )
        self.assertEqual(self.refused(client_bank.read, whole[:200]), "truncated")
        self.assertEqual(self.refused(client_bank.read, "date;amount\n"), "not_1c")

    def test_1c_amount_that_is_none(self):
        rows, _summary = self.documents(self.document(Сумма="сто"))
        self.assertEqual(rows[0][2], ("no_amount", {"text": "сто"}))

    # -- LITAS-ESIS -------------------------------------------------------------------------

    def test_litas(self):
        rows, summary = kit.read_all(
            litas.read,
            kit.litas(
                ("20120105", 100, "D", "1", "Komisinis", "AB Bankas"),
                ("20120106", 2550, "C", "2", "Už vandenį", "Jonas"),
                closing=12450,
            ),
        )
        self.assertEqual(
            [
                (n, c["date"], c["amount"], c["direction"], c["payer_name"], c["bank_ref"])
                for n, c, _p in rows
            ],
            [
                (3, "2012-01-05", "1.00", "debit", "AB Bankas", "1"),
                (4, "2012-01-06", "25.50", "credit", "Jonas", "2"),
            ],
        )
        self.assertEqual(summary.problems(), [])
        self.assertEqual(self.refused(litas.read, "010\t1\t20120105\n"), "not_litas")

    # -- DBF --------------------------------------------------------------------------------

    COLUMNS = [("LS", "C", 8), ("FIO", "C", 12), ("SUMMA", "N", 10), ("DATA", "D", 8)]

    def table(self, *rows, **options):
        return kit.dbf(self.COLUMNS, rows, **options)

    def read_table(self, content, encoding="cp866"):
        return list(dbase.read(io.BytesIO(content), encoding))

    def test_dbf(self):
        rows = self.read_table(
            self.table(
                ["0001", "Петренко", "1050", "20260316"],
                None,
                ["0002", "Шевченко", "  20.5", ""],
                ["0003", "", "*****", "20269999"],
            )
        )
        self.assertEqual(
            rows,
            [
                (
                    1,
                    {"LS": "0001", "FIO": "Петренко", "SUMMA": 1050, "DATA": date(2026, 3, 16)},
                    None,
                ),
                (2, {"LS": "0002", "FIO": "Шевченко", "SUMMA": 20.5, "DATA": ""}, None),
                (3, {"LS": "0003", "FIO": "", "SUMMA": "", "DATA": "20269999"}, None),
            ],
        )

    def test_dbf_encodings(self):
        for encoding in ("cp866", "cp1251", "cp1257"):
            name = "Žąsis" if encoding == "cp1257" else "Петренко"
            content = self.table(["1", name, "1", ""], encoding=encoding)
            self.assertEqual(self.read_table(content, encoding)[0][1]["FIO"], name)
            sample = dbase.text_sample(io.BytesIO(content))
            self.assertIn(name.encode(encoding), sample)
        self.assertEqual(dbase.stated_encoding(io.BytesIO(self.table(mark=0x65))), "cp866")
        self.assertIsNone(dbase.stated_encoding(io.BytesIO(self.table())))

    def test_dbf_refused(self):
        whole = self.table(["1", "Петренко", "1", ""], ["2", "Шевченко", "2", ""])
        for code, content, encoding in (
            ("dbf_cut", whole[:-20], "cp866"),
            ("dbf_cut", self.table(["1", "", "1", ""], stated=9), "cp866"),
            ("dbf_encoding", whole, "ascii"),
            ("not_dbf", b"", "cp866"),
            ("not_dbf", b"date;amount\n2026-03-16;5\n" * 20, "cp866"),
        ):
            with self.subTest(code=code), self.assertRaises(FormatError) as caught:
                self.read_table(content, encoding)
            self.assertEqual(caught.exception.code, code)

    # -- fixed places -----------------------------------------------------------------------

    def test_fixed_places(self):
        places = [("number", 2, 4), ("amount", 6, 6), ("name", 12, 10)]
        lines = ["H20260316\r\n", "D0001001050Jonas\r\n", "\r\n", "D0002\r\n", "T2\r\n"]
        self.assertEqual(
            list(fixed_width.read(lines, places, begins="D")),
            [
                (2, {"number": "0001", "amount": "001050", "name": "Jonas"}, None),
                (
                    4,
                    {"number": "0002", "amount": "", "name": ""},
                    ("short_line", {"length": 5, "wanted": 12}),
                ),
            ],
        )
        self.assertEqual([n for n, _c, _p in fixed_width.read(lines, places, skip=4)], [5])
