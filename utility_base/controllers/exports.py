"""Lists and pivots that are exported: what somebody wrote into a name or a payment's purpose is a
text in the spreadsheet, never a formula that it runs."""

import json

from odoo import http

from odoo.addons.web.controllers import export, pivot

from ..tools.export_text import safe_text

# what spreadsheets take for a formula besides =, + and -, which Odoo itself masks
BESIDE_ODOOS = ("@", "\t", "\r", "\n")


class CSVExport(export.CSVExport):
    def from_data(self, fields, columns_headers, rows):
        return super().from_data(
            fields,
            columns_headers,
            [[safe_text(cell, BESIDE_ODOOS) for cell in row] for row in rows],
        )


class ExcelExport(export.ExcelExport):
    def from_data(self, fields, columns_headers, rows):
        with _TextWriter(fields, columns_headers, len(rows)) as writer:
            for place, row in enumerate(rows, 1):
                for column, cell in enumerate(row):
                    writer.write_cell(place, column, cell)
        return writer.value

    def from_group_data(self, fields, columns_headers, groups):
        with _GroupTextWriter(fields, columns_headers, groups.count) as writer:
            place, column = 1, 0
            for name, group in groups.children.items():
                place, column = writer.write_group(place, column, name, group)
        return writer.value


class PivotExport(pivot.TableExporter):
    @http.route()
    def export_xlsx(self, data, **kw):
        asked = json.loads(data) if isinstance(data, str) else json.load(data)
        return super().export_xlsx(json.dumps(_masked_all(asked)), **kw)


class _Texts:
    """A writer whose texts stay texts."""

    def __init__(self, *args):
        super().__init__(*args)
        self.worksheet.strings_to_formulas = False
        self.worksheet.strings_to_urls = False


class _TextWriter(_Texts, export.ExportXlsxWriter):
    pass


class _GroupTextWriter(_Texts, export.GroupExportXlsxWriter):
    pass


def _masked_all(value):
    if isinstance(value, dict):
        return {key: _masked_all(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_masked_all(each) for each in value]
    return safe_text(value, ("=", *BESIDE_ODOOS))
