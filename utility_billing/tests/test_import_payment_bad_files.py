"""Files of payments that are damaged, hostile or very long: refused or staged with a clear word."""

import io
import logging
import time
import tracemalloc
import zipfile

from openpyxl import Workbook

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.utility_base.models import import_reader
from odoo.addons.utility_base.tools import import_archive
from odoo.addons.utility_base.tools.export_text import safe_text

from ..tools.workbook import workbook
from .payment_import_common import HEADER, PaymentImportCommon

_logger = logging.getLogger(__name__)


@tagged("post_install", "-at_install", "utility_import")
class TestImportPaymentBadFiles(PaymentImportCommon):
    def refused(self, content, name="register.csv", profile=None):
        """The message with which a file is refused; nothing of it is staged."""
        batch = self.upload(content, profile, name)
        with self.assertRaises(UserError) as refusal, self.env.cr.savepoint():
            batch.action_read()
        self.assertEqual(batch.state, "draft")
        self.assertFalse(batch.row_ids)
        return str(refusal.exception)

    def xlsx_profile(self):
        return self.make_profile({"date": "date", "amount": "amount"}, reader="xlsx")

    def sheet(self, *rows):
        book, stream = Workbook(), io.BytesIO()
        for row in rows:
            book.active.append(row)
        book.save(stream)
        return stream.getvalue()

    # -- text -------------------------------------------------------------------------------

    def test_wrong_encoding(self):
        self.profile.encoding = "utf-8"
        content = f"{HEADER}\n2026-03-10;5;;;A;;Žukauskas;1\n".encode("windows-1257")
        self.assertIn("choose the right encoding", self.refused(content))

    def test_truncated(self):
        batch = self.read_lines("2026-03-10;5;;;A;;;1", "2026-03-10;6;;;B")
        self.assertEqual(self.rows(batch).mapped("state"), ["valid", "invalid"])
        self.assertIn("the row has 5 cells, the header has 8", self.rows(batch)[1].reason)

    def test_quotation_mark_that_never_ends(self):
        batch = self.read_lines("2026-03-10;5;;;A;;;1", '2026-03-10;6;;;B;"text;;2', "2026-03-10;7")
        self.assertEqual(self.rows(batch)[0].state, "valid")
        self.assertEqual(self.rows(batch)[-1].state, "invalid")

    def test_very_long_cell(self):
        batch = self.read_lines("2026-03-10;5;;;A;;;1", f"2026-03-10;6;;;B;{'x' * 200_000};;2")
        self.assertIn("column “purpose” holds 200,000 characters", self.rows(batch)[1].reason)

    def test_line_without_end(self):
        self.patch(import_reader, "LONGEST_LINE", 1_000)
        self.assertIn("Line 2 is longer than", self.refused(f"{HEADER}\n{'x;' * 1_000}\n"))

    def test_empty_and_headers_only(self):
        self.assertIn("no rows below its header", self.refused(f"{HEADER}\n"))

    def test_zero_bytes(self):
        batch = self.read_lines("2026-03-10;5;;;A;\0;;1")
        self.assertIn("contains a zero byte", self.rows(batch).reason)

    def test_formula_that_fails_keeps_its_row(self):
        self.profile.row_formula = 'number(column("amount")) > 1'
        batch = self.read_lines("2026-03-10;x;;;A;;;1", "2026-03-10;5;;;B;;;2")
        self.assertEqual(self.rows(batch).mapped("state"), ["invalid", "valid"])
        self.assertIn("the profile's formula of rows fails", self.rows(batch)[0].reason)

    # -- workbooks --------------------------------------------------------------------------

    def test_workbook(self):
        content = self.sheet(("date", "amount"), ("2026-03-10", 5), ("2026-03-11", -2.5))
        batch = self.read_file(content, self.xlsx_profile(), "register.xlsx")
        batch.action_import()
        self.assertEqual(self.payments(batch).mapped("amount"), [5, -2.5])

    @mute_logger("odoo.tools.mimetypes.guess_mimetype")
    def test_truncated_workbook(self):
        content = self.sheet(("date", "amount"), ("2026-03-10", 5))
        words = self.refused(content[:-200], "register.xlsx", self.xlsx_profile())
        self.assertIn("no Excel workbook", words)

    def test_damaged_workbook(self):
        content = self.sheet(("date", "amount"), *(("2026-03-10", 5),) * 10)
        damaged = io.BytesIO()
        with (
            zipfile.ZipFile(io.BytesIO(content)) as source,
            zipfile.ZipFile(damaged, "w", zipfile.ZIP_DEFLATED) as target,
        ):
            for part in source.infolist():
                data = source.read(part)
                if part.filename.startswith("xl/worksheets/"):
                    data = data[: len(data) // 2]
                target.writestr(part.filename, data)
        words = self.refused(damaged.getvalue(), "register.xlsx", self.xlsx_profile())
        self.assertIn("The workbook is damaged", words)

    def bomb(self, name, size):
        """A workbook with a part that is packed a thousand times."""
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("[Content_Types].xml", "<Types/>")
            with archive.open(name, "w") as part:
                for _piece in range(size // 1_000_000):
                    part.write(b" " * 1_000_000)
        return stream.getvalue()

    def test_zip_bombs(self):
        profile = self.xlsx_profile()
        self.assertIn(
            "Unpacked, the workbook would be",
            self.refused(self.bomb("xl/worksheets/sheet1.xml", 60_000_000), "b.xlsx", profile),
        )
        self.patch(import_archive, "MOST_AT_ONCE", 10_000_000)
        words = self.refused(self.bomb("xl/sharedStrings.xml", 20_000_000), "b.xlsx", profile)
        self.assertIn("up to 9.54 MiB is read", words.replace("Mb", "MiB"))

    def test_entities_are_not_blown_up(self):
        laughs = "".join(
            f'<!ENTITY l{n} "{"".join([f"&l{n - 1};"] * 10) if n else "ha"}">' for n in range(12)
        )
        content = self.sheet(("date", "amount"), ("2026-03-10", 5))
        hostile = io.BytesIO()
        with (
            zipfile.ZipFile(io.BytesIO(content)) as source,
            zipfile.ZipFile(hostile, "w", zipfile.ZIP_DEFLATED) as target,
        ):
            for part in source.infolist():
                data = source.read(part).decode()
                if part.filename.startswith("xl/worksheets/"):
                    data = data.replace("<worksheet", f"<!DOCTYPE x [{laughs}]><worksheet", 1)
                    data = data.replace("<v>5</v>", "<v>&l11;</v>")
                target.writestr(part.filename, data)
        began = time.monotonic()
        self.refused(hostile.getvalue(), "b.xlsx", self.xlsx_profile())
        self.assertLess(time.monotonic() - began, 10)

    # -- what goes out ----------------------------------------------------------------------

    def test_formulas_do_not_go_out(self):
        for text in ("=1+1", "+SUM(A1)", "-2+3", "@SUM(A1)", "\t=1", "\r=1"):
            self.assertEqual(safe_text(text), f"'{text}")
        for text in ("Ona = Petras", "-12.50", "+37060000000", "", 5, None):
            self.assertEqual(safe_text(text), text)

    def test_formulas_do_not_go_out_in_workbooks(self):
        from openpyxl import load_workbook

        content = workbook("=Title", ["=note"], [("=head", "text", False)], [("=1+1",), ("-2",)])
        sheet = load_workbook(io.BytesIO(content)).active
        cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
        self.assertEqual(len(cells), 5)
        for cell in cells:
            self.assertEqual(cell.data_type, "s", cell.value)
            self.assertTrue(cell.quotePrefix, cell.value)

    def test_formulas_of_a_register_do_not_go_out(self):
        profile = self.make_profile(
            {"date": "d", "amount": "a", "number": "n", "reading_1_to": "r"}
        )
        batch = self.bring_in(
            "2026-03-10;5;=cmd|' /C calc'!A0;=1+1", header="d;a;n;r", profile=profile
        )
        content = batch.readings_import_ids._content().read().decode()
        self.assertIn(";'=1+1;", content)
        self.assertIn("'=cmd|' /C calc'!A0;", content)

    # -- many -------------------------------------------------------------------------------

    def test_many_lines(self):
        """Slices of a long file take no more memory than those of a short one."""
        lines = [
            f"2026-03-10;{n % 90 + 1}.50;;;R{n};text {n};Payer {n};T{n}" for n in range(12_000)
        ]
        self.profile.write({"total_ids": False})
        peaks = []
        for count in (6_000, 12_000):
            batch = self.upload("\n".join([HEADER, *lines[-count:], str(count)[:0]]))
            self.env.flush_all()
            self.env.invalidate_all()
            tracemalloc.start()
            began = time.monotonic()
            batch.action_read()
            seconds = time.monotonic() - began
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
            _logger.info("%s lines staged in %.1f s, traced, peak %s", count, seconds, peaks[-1])
            self.assertEqual((batch.state, batch.good_count), ("validated", count))
            batch.action_cancel()
        self.assertLess(peaks[1], peaks[0] * 1.3)
