"""Tables as XLSX files that accountants open: a title, a frozen header, totals."""

import io
from datetime import date

import xlsxwriter

# texts stay texts: none becomes a formula, a link or a number by what it begins with
OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
FORMATS = {
    "title": {"bold": True, "font_size": 14, "quote_prefix": True},
    "note": {"font_color": "#666666", "quote_prefix": True},
    "head": {
        "bold": True,
        "bg_color": "#E7EEF2",
        "bottom": 1,
        "text_wrap": True,
        "valign": "top",
        "quote_prefix": True,
    },
    # the sheet knows it as text also when it is edited, or saved as CSV and opened anew
    "text": {"quote_prefix": True},
    "money": {"num_format": "#,##0.00"},
    "number": {"num_format": "#,##0.###"},
    "day": {"num_format": "yyyy-mm-dd", "align": "left"},
    "total_text": {"bold": True, "top": 1, "quote_prefix": True},
    "total_money": {"bold": True, "top": 1, "num_format": "#,##0.00"},
    "total_number": {"bold": True, "top": 1, "num_format": "#,##0.###"},
}
WIDTHS = {"text": 24, "money": 14, "number": 12, "day": 12}
SHEET_NAME = 31
FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\", " "))


def workbook(title, notes, columns, rows, total=None):
    """A table as an XLSX file.

    :param notes: lines under the title: company, period, scope
    :param columns: [(label, kind, whether it is summed up)]; kind: text, money, number, day
    :param rows: iterable of tuples, in the order of `columns`
    :param total: label of the row of totals; None for no such row
    :return: bytes
    """
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, OPTIONS)
    formats = {name: book.add_format(values) for name, values in FORMATS.items()}
    sheet = book.add_worksheet(title.translate(FORBIDDEN)[:SHEET_NAME])
    sheet.write_string(0, 0, title, formats["title"])
    for number, note in enumerate(notes, 1):
        sheet.write_string(number, 0, note, formats["note"])
    head = len(notes) + 2
    _write_head(sheet, head, columns, formats)
    last = head
    sums = [0.0] * len(columns)
    for last, row in enumerate(rows, head + 1):
        for place, (value, (_label, kind, summed)) in enumerate(zip(row, columns, strict=True)):
            _write(sheet, last, place, value, kind, formats[kind])
            if summed:
                sums[place] += float(value or 0)
    sheet.autofilter(head, 0, last, len(columns) - 1)
    if total is not None:
        _write_total(sheet, last + 1, total, columns, sums, formats)
    sheet.freeze_panes(head + 1, 0)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(head)
    book.close()
    return stream.getvalue()


def _write_head(sheet, head, columns, formats):
    for place, (label, kind, _summed) in enumerate(columns):
        sheet.write_string(head, place, label, formats["head"])
        sheet.set_column(place, place, WIDTHS[kind])


def _write(sheet, line, place, value, kind, form):
    if value is None or value is False or value == "":
        sheet.write_blank(line, place, None, form)
    elif isinstance(value, date):
        sheet.write_datetime(line, place, value, form)
    elif kind == "text":
        sheet.write_string(line, place, str(value), form)
    else:
        sheet.write_number(line, place, float(value), form)


def _write_total(sheet, line, label, columns, sums, formats):
    for place, (_label, kind, summed) in enumerate(columns):
        if summed:
            sheet.write_number(line, place, round(sums[place], 6), formats[f"total_{kind}"])
        else:
            sheet.write_string(line, place, label if not place else "", formats["total_text"])
