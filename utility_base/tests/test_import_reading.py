import io
from datetime import datetime

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..tools.import_text import detect_delimiter, detect_encoding
from .import_common import ImportCommon

LITHUANIAN = "Sąskaita;Mokėtojas;Gatvė\n{0};Jonas Žukauskas;Ąžuolų g.\n{1};Ona Šimkutė;Ąžuolų g.\n"
RUSSIAN = "Счёт;Плательщик;Улица\n{0};Иван Щербаков;Лесная\n{1};ЗИНАИДА ПЕТРОВА;Лесная\n"


@tagged("post_install", "-at_install", "utility_import")
class TestImportReading(ImportCommon):
    """Files of every kind are read, or refused with words that help."""

    def account_profile(self, headers, **values):
        number, payer, street = headers
        return self.make_profile(
            "accounts_whole",
            {
                "number": number,
                "payer_name": payer,
                "street": street,
                "locality": {"default_value": "Kaunas"},
                "building": {"default_value": "5"},
                "unit": {"expression": f'column("{number}")'},
                "date_open": {"default_value": "2026-01-01"},
            },
            **values,
        )

    def refused(self, profile, content, name="file.csv"):
        """The message with which a file is refused; the file stays, nothing is staged."""
        batch = self.upload(profile, content, name)
        with self.assertRaises(UserError) as refusal, self.env.cr.savepoint():
            batch.action_read()
        self.assertEqual(batch.state, "draft")
        self.assertFalse(batch.row_ids)
        return str(refusal.exception)

    def test_encodings_are_found(self):
        for encoding in ("utf-8", "utf-8-sig", "utf-16", "windows-1257", "cp775"):
            self.assertEqual(detect_encoding(io.BytesIO(LITHUANIAN.encode(encoding))), encoding)
        for encoding in ("utf-8", "windows-1251", "cp866", "koi8-r"):
            self.assertEqual(detect_encoding(io.BytesIO(RUSSIAN.encode(encoding))), encoding)
        self.assertEqual(detect_encoding(io.BytesIO(b"a;b\n1;2\n")), "utf-8")

    def test_delimiters_are_found(self):
        self.assertEqual(detect_delimiter("a;b;c\n1,5;2,5;x\n"), ";")
        self.assertEqual(detect_delimiter("a\tb\n1\t2\n"), "\t")
        self.assertEqual(detect_delimiter('a,b\n"x;y",2\n"p;q;r",3\n'), ",")

    def test_windows_1257(self):
        profile = self.account_profile(("Sąskaita", "Mokėtojas", "Gatvė"))
        content = LITHUANIAN.format(self.number(1), self.number(2)).encode("windows-1257")
        batch = self.bring_in(profile, content)
        self.assertEqual((batch.state, batch.imported_count), ("done", 2))
        account = self.account(self.number(1))
        self.assertEqual(account.partner_id.name, "Jonas Žukauskas")
        self.assertEqual(account.address, f"Ąžuolų g. 5-{self.number(1)}, Kaunas")

    def test_windows_1251(self):
        profile = self.account_profile(
            ("Счёт", "Плательщик", "Улица"), encoding="windows-1251", delimiter="semicolon"
        )
        content = RUSSIAN.format(self.number(3), self.number(4)).encode("windows-1251")
        self.bring_in(profile, content)
        account = self.account(self.number(4))
        self.assertEqual(account.partner_id.name, "ЗИНАИДА ПЕТРОВА")

    def test_workbook(self):
        profile = self.account_profile(("Account", "Payer", "Street"), reader="xlsx")
        content = self.workbook(
            [
                ["Account", "Payer", "Street"],
                [self.number(5), "Jonas", "Laisvės al."],
                [None, None, None],
                [self.number(6), "Ona", "Laisvės al."],
            ]
        )
        batch = self.bring_in(profile, content, "accounts.xlsx")
        self.assertEqual(batch.imported_count, 2)
        self.assertEqual(self.rows(batch).mapped("number"), [2, 4])

    def test_workbook_cells_keep_their_type(self):
        attribute = self.env["utility.attribute"].create(
            {"name": "Heated test area", "code": "heated_test"}
        )
        self.bring_in(self.whole_profile(), self.whole_file(1))
        profile = self.make_profile(
            "attributes",
            {
                "attribute": {"default_value": "heated_test"},
                "value": "Area",
                "date_start": "From",
                "locality": {"default_value": "Kaunas"},
                "street": {"default_value": "Laisvės al."},
                "building": {"default_value": "12"},
                "unit": "Flat",
            },
            reader="xlsx",
        )
        content = self.workbook([["Flat", "Area", "From"], [1, 52.45, datetime(2026, 3, 1)]])
        batch = self.bring_in(profile, content, "areas.xlsx")
        self.assertEqual(batch.imported_count, 1, self.rows(batch).mapped("reason"))
        value = self.env["utility.attribute.value"].search([("attribute_id", "=", attribute.id)])
        self.assertEqual((value.value_number, str(value.date_start)), (52.45, "2026-03-01"))

    # -- refused as a whole -----------------------------------------------------------------

    def test_wrong_encoding(self):
        profile = self.account_profile(("Sąskaita", "Mokėtojas", "Gatvė"), encoding="utf-8")
        message = self.refused(profile, LITHUANIAN.encode("windows-1257"))
        self.assertIn("not in utf-8-sig", message)
        self.assertIn("0xE0", message)
        self.assertIn("windows-1257", message)

    def test_missing_column(self):
        message = self.refused(self.whole_profile(), "account;payer;city\n1;2;3\n")
        self.assertIn("no column “opened” (Opened on), “street” (Street), “house”", message)
        self.assertIn("account, payer, city", message)

    def test_empty_file(self):
        self.assertIn("is empty", self.refused(self.whole_profile(), ""))
        self.assertIn("no rows", self.refused(self.whole_profile(), "account;payer\n\n"))

    def test_no_workbook(self):
        profile = self.whole_profile(reader="xlsx")
        self.assertIn("no Excel workbook", self.refused(profile, "account;payer\n", "a.xlsx"))

    def test_other_format(self):
        message = self.refused(self.whole_profile(), b"PK", "accounts.xlsx")
        self.assertIn("looks like", message)

    def test_no_such_sheet(self):
        profile = self.whole_profile(reader="xlsx", sheet="Accounts")
        message = self.refused(profile, self.workbook([["account"]], sheet="Other"), "a.xlsx")
        self.assertIn("It has: Other", message)

    def test_same_header_twice(self):
        message = self.refused(self.whole_profile(), "account;payer;payer\n1;2;3\n")
        self.assertIn("Two columns are called “payer”", message)

    # -- bad rows ---------------------------------------------------------------------------

    def bad_row(self, line):
        content = self.whole_file(2) + line
        batch = self.read(self.whole_profile(), content)
        self.assertEqual((batch.good_count, batch.bad_count), (2, 1))
        return self.rows(batch, "invalid")

    def test_ten_megabytes_in_one_cell(self):
        long = "x" * (10 * 1024 * 1024)
        row = self.bad_row(f"{self.number(3)};{long};Kaunas;Laisvės al.;12;3;CW;2026-01-01\n")
        self.assertIn("column “payer” holds 10,485,760 characters", row.reason)
        self.assertIn("quotation mark", row.reason)
        self.assertLess(len(row.source["payer"]), 2000)
        self.assertEqual(row.batch_id.file_size, len(row.batch_id._content().getvalue()))

    def test_zero_byte(self):
        row = self.bad_row(f"{self.number(3)};Jo\0nas;Kaunas;Laisvės al.;12;3;CW;2026-01-01\n")
        self.assertIn("zero byte", row.reason)
        self.assertEqual(row.source["payer"], "Jo␀nas")

    def test_ragged_rows(self):
        row = self.bad_row(f"{self.number(3)};Jonas;Kaunas\n")
        self.assertIn("has 3 cells, the header has 8", row.reason)
        row = self.bad_row(f"{self.number(3)};Jonas;Kaunas;L;12;3;CW;2026-01-01;more\n")
        self.assertIn("has 9 cells, the header has 8", row.reason)

    def test_wrong_check_digit(self):
        row = self.bad_row("00000175;Jonas;Kaunas;Laisvės al.;12;3;CW;2026-01-01\n")
        self.assertIn("“00000175” is no valid account number", row.reason)
        self.assertIn("mistyped", row.reason)

    def test_unreadable_date(self):
        row = self.bad_row(f"{self.number(3)};Jonas;Kaunas;Laisvės al.;12;3;CW;31.02.2026\n")
        self.assertEqual(
            row.reason,
            "Opened on: “31.02.2026” is no date of the form yyyy-mm-dd; dd.mm.yyyy",
        )

    def test_unknown_service(self):
        row = self.bad_row(f"{self.number(3)};Jonas;Kaunas;Laisvės al.;12;3;GAS;2026-01-01\n")
        self.assertIn("no service “GAS”; there are: CW, HEAT", row.reason)

    def test_ambiguous_premise(self):
        street = self.env["utility.premise"].create(
            [
                {"name": "Twin", "type_id": self.env.ref("utility_base.premise_type_locality").id}
                for _each in range(2)
            ]
        )
        self.assertEqual(len(street), 2)
        row = self.bad_row(f"{self.number(3)};Jonas;Twin;Laisvės al.;12;3;CW;2026-01-01\n")
        self.assertIn("2 premises are called “Twin”", row.reason)

    def test_quotation_mark_that_never_ends(self):
        content = self.whole_file(2) + f'{self.number(3)};"Jonas;Kaunas;Laisvės al.;12;3;CW\n'
        batch = self.read(self.whole_profile(), content)
        self.assertEqual((batch.good_count, batch.bad_count), (2, 1))
        self.assertIn("cells", self.rows(batch, "invalid").reason)
