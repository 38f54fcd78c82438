import csv
import io
import zipfile
import zlib
from collections import Counter
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import human_size

from ..tools.import_archive import ArchiveBomb, refuse_bomb

# the longest cell and the longest line, in signs, that are taken in at all; a longer one stops
# the reading before it fills the memory
LONGEST_LINE = 16 * 1024 * 1024
csv.field_size_limit(LONGEST_LINE)
DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    InvalidFileException,
    ParseError,
    EOFError,
    KeyError,
    ValueError,
    OSError,
)
XLSX_ERRORS = ("#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!")


class ImportReader(models.AbstractModel):
    """Readers of file formats.

    A reader is a function `(profile, stream)` that yields `(row number, {column: value})`, or a
    third member with what is wrong with the row as the file has it. Every row names every column.
    Values are text, or what the format itself types: numbers, dates, booleans. It reads on as it
    is asked, so that no file is in memory as a whole.
    """

    _name = "utility.import.reader"
    _description = "Readers of Import Files"

    # -- CSV --------------------------------------------------------------------------------

    @api.model
    def _read_csv(self, profile, stream):
        """Delimited text; row numbers are the lines on which rows end."""
        encoding = profile._encoding_of(stream)
        stream.seek(0)
        text = io.TextIOWrapper(stream, encoding=encoding, errors="strict", newline="")
        line = 0
        try:
            reader = csv.reader(
                self._lines(text),
                delimiter=profile._delimiter_of(text),
                **self._csv_quotes(profile),
            )
            for row in self._rows_under_headers(
                profile, ((reader.line_num, cells) for cells in reader)
            ):
                line = reader.line_num
                yield row
        except UnicodeError as error:
            raise self._encoding_error(stream, encoding, error, line + 1) from error
        except csv.Error as error:
            raise UserError(
                self.env._(
                    "Line %(line)s cannot be read: %(problem)s. Look at its quotation marks, or "
                    "set the profile's quotation mark to none.",
                    line=line + 1,
                    problem=error,
                )
            ) from error
        finally:
            text.detach()

    @api.model
    def _lines(self, text):
        """Lines of a text file, none of them longer than the memory can bear."""
        number = 0
        while line := text.readline(LONGEST_LINE):
            number += 1
            if len(line) == LONGEST_LINE and line[-1] not in "\r\n":
                raise UserError(
                    self.env._(
                        "Line %(line)s is longer than %(size)s: the file has no ends of lines, or "
                        "is no text at all. Choose another file.",
                        line=number,
                        size=human_size(LONGEST_LINE),
                    )
                )
            yield line

    def _csv_quotes(self, profile):
        if profile.quote == "none":
            return {"quoting": csv.QUOTE_NONE}
        return {"quotechar": "'" if profile.quote == "single" else '"'}

    def _encoding_error(self, stream, encoding, error, line):
        likely = self.env["utility.import.profile"]._detect_encoding(stream)
        found = getattr(error, "object", b"")[getattr(error, "start", 0) :][:1]
        return UserError(
            self.env._(
                "The file is not in %(encoding)s: around line %(line)s stands the byte %(byte)s, "
                "which has no meaning there. It looks like %(likely)s: choose the right encoding "
                "in the profile.",
                encoding=encoding,
                line=line,
                byte=f"0x{found.hex().upper()}",
                likely=likely,
            )
        )

    # -- XLSX -------------------------------------------------------------------------------

    @api.model
    def _read_xlsx(self, profile, stream):
        """One sheet of a workbook, read on as rows are asked for."""
        book = self._workbook(stream)
        try:
            sheet = self._sheet(profile, book)
            sheet.reset_dimensions()
            rows = self._xlsx_rows(sheet)
            for number, cells, problem in self._rows_under_headers(profile, rows, ragged=True):
                yield number, cells, problem or self._xlsx_problem(cells)
        finally:
            book.close()

    def _workbook(self, stream):
        stream.seek(0)
        try:
            refuse_bomb(stream)
            return load_workbook(stream, read_only=True, data_only=True)
        except ArchiveBomb as error:
            raise UserError(
                self.env._(
                    "Unpacked, the workbook would be %(size)s; up to %(limit)s is read. Split it, "
                    "or save it as CSV.",
                    size=human_size(error.size),
                    limit=human_size(error.limit),
                )
            ) from error
        except DAMAGED as error:
            raise UserError(
                self.env._(
                    "The file is no Excel workbook (XLSX). Save it as “Excel workbook” in the "
                    "program that made it, or choose another format in the profile."
                )
            ) from error

    def _xlsx_rows(self, sheet):
        """(number, cells) of a sheet's rows."""
        number = 0
        try:
            for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
                yield number, ["" if cell is None else cell for cell in cells]
        except DAMAGED as error:
            raise UserError(
                self.env._(
                    "The workbook is damaged after row %(row)s: get the file once more.",
                    row=number,
                )
            ) from error

    def _sheet(self, profile, book):
        if not profile.sheet:
            return book.worksheets[0]
        if profile.sheet not in book.sheetnames:
            raise UserError(
                self.env._(
                    "The workbook has no sheet “%(sheet)s”. It has: %(sheets)s.",
                    sheet=profile.sheet,
                    sheets=", ".join(book.sheetnames),
                )
            )
        return book[profile.sheet]

    def _xlsx_problem(self, cells):
        for name, cell in cells.items():
            if cell in XLSX_ERRORS:
                return self.env._(
                    "column “%(column)s” holds the error %(error)s", column=name, error=cell
                )
        return None

    # -- common to tables -------------------------------------------------------------------

    @api.model
    def _rows_under_headers(self, profile, rows, ragged=False):
        """(number, {header: cell}, problem) from (number, [cells]).

        :param ragged: rows may be shorter than the header, as spreadsheets leave empty cells out
        """
        headers = None
        skipped, has_header = profile.skip_rows, profile.has_header
        ragged = ragged or bool(profile.column_count)
        for position, (number, cells) in enumerate(rows):
            if position < skipped or not (any(cells) or any(cell != "" for cell in cells)):
                continue
            if headers is None:
                headers = self._headers(profile, cells)
                if has_header:
                    continue
            if len(cells) == len(headers):
                yield number, dict(zip(headers, cells, strict=True)), None
            else:
                yield self._row(number, cells, headers, ragged)

    def _headers(self, profile, cells):
        if not profile.has_header:
            count = profile.column_count or len(cells)
            return [str(position) for position in range(1, count + 1)]
        headers = [str(cell).strip() for cell in cells]
        while headers and not headers[-1]:
            headers.pop()
        twice = [name for name, count in Counter(headers).items() if name and count > 1]
        if twice:
            raise UserError(
                self.env._(
                    "Two columns are called “%s”. Give each its own header, or untick “First Row "
                    "Holds Headers” and name columns by their number.",
                    twice[0],
                )
            )
        return [name or str(position) for position, name in enumerate(headers, start=1)]

    def _row(self, number, cells, headers, ragged):
        problem = None
        if len(cells) > len(headers) and any(cell != "" for cell in cells[len(headers) :]):
            extra = {
                f"+{position}": cell for position, cell in enumerate(cells[len(headers) :], start=1)
            }
        else:
            extra = {}
        if extra or (len(cells) < len(headers) and not ragged):
            problem = self.env._(
                "the row has %(cells)s cells, the header has %(headers)s: a delimiter may be "
                "missing, or stand inside a text without quotation marks",
                cells=len(cells),
                headers=len(headers),
            )
        padded = [*cells, *([""] * (len(headers) - len(cells)))]
        return number, {**dict(zip(headers, padded, strict=False)), **extra}, problem
