"""The sample beside the mapping: what the file says, and what it would be read as."""

import base64
import io
from itertools import islice

from markupsafe import Markup

from odoo import api, models
from odoo.exceptions import UserError

from ..tools.import_expression import ExpressionError
from ..tools.import_mapping import clean_cells

SHOWN_ROWS = 12
SHOWN_SIGNS = 60


class ImportProfile(models.Model):
    _inherit = "utility.import.profile"

    @api.depends(
        "sample_file",
        "target",
        "reader",
        "encoding",
        "delimiter",
        "quote",
        "has_header",
        "skip_rows",
        "sheet",
        "column_count",
        "row_formula",
        "total_ids.kind",
        "total_ids.condition",
        "total_ids.value",
        "decimal_sign",
        "thousands_sign",
        "date_formats",
        "column_ids.source",
        "column_ids.default_value",
        "column_ids.conversion",
        "column_ids.expression",
        "column_ids.lookup_ids.source",
        "column_ids.lookup_ids.target",
        "column_ids.lookup_strict",
        "column_ids.required",
        "column_ids.field_name",
    )
    def _compute_preview(self):
        for profile in self:
            profile.sample_headers = []
            profile.sample_html = profile.read_html = False
            content = profile._sample_content()
            if not content:
                continue
            try:
                rows = list(islice(profile._read_rows(io.BytesIO(content)), SHOWN_ROWS))
            except UserError as error:
                profile.sample_html = _alert(error)
                continue
            profile.sample_headers = list(rows[0][1]) if rows else []
            profile.sample_html = profile._sample_table(rows)
            profile.read_html = profile._read_table(rows)

    def _sample_content(self):
        """Bytes of the sample; the client asks for sizes only, so it is read anew."""
        sample = self.with_context(bin_size=False).sample_file
        if self._origin and not _is_base64(sample):
            sample = self._origin.with_context(bin_size=False).sample_file
        return base64.b64decode(sample) if sample else b""

    def _sample_table(self, rows):
        if not rows:
            return _alert(self.env._("The sample holds no rows."))
        headers = list(rows[0][1])
        lines = []
        for number, cells, problem in rows:
            cells, _problems = clean_cells(cells, self.env)
            note = Markup('<div class="text-danger small">%s</div>') % problem if problem else ""
            lines.append(
                (
                    Markup("%s%s") % (number, note),
                    [
                        Markup('<td class="text-nowrap">%s</td>') % _short(cells.get(header, ""))
                        for header in headers
                    ],
                )
            )
        return _table(headers, lines)

    def _read_table(self, rows):
        if not rows or not self.target:
            return False
        try:
            mapping = self._mapping(list(rows[0][1]))
            choice = self._row_choice()
        except (UserError, ExpressionError) as error:
            return _alert(error)
        names = [column.name for column in mapping.columns]
        lines = []
        for number, cells, _problem in rows:
            cells, _problems = clean_cells(cells, self.env)
            if self._is_left_out(choice, cells):
                continue
            values, problems = mapping.read_row(cells)
            wrong = dict(problems)
            lines.append(
                (
                    number,
                    [
                        Markup(
                            '<td class="table-danger" title="%s">%s<div class="small">%s</div></td>'
                        )
                        % (wrong[name], _short(values.get(name, "")), wrong[name])
                        if name in wrong
                        else Markup('<td class="text-nowrap">%s</td>')
                        % _short(values.get(name, ""))
                        for name in names
                    ],
                )
            )
        return _table([column.field.label for column in mapping.columns], lines)

    def _is_left_out(self, choice, cells):
        try:
            return bool(choice.why_left_out(cells))
        except ExpressionError:
            return False


def _is_base64(sample):
    """Whether it is content: a size as “12.00 Kb” is not."""
    if not sample:
        return False
    tail = sample[-12:] if isinstance(sample, str) else sample[-12:].decode("ascii", "replace")
    return " " not in tail


def _short(value):
    text = "" if value is None else str(value)
    return text if len(text) <= SHOWN_SIGNS else f"{text[:SHOWN_SIGNS]}…"


def _alert(error):
    return Markup('<div class="alert alert-warning mb-0">%s</div>') % str(error)


def _table(headers, lines):
    head = Markup("").join(Markup("<th>%s</th>") % header for header in headers)
    body = Markup("").join(
        Markup('<tr><td class="text-muted">%s</td>%s</tr>') % (number, Markup("").join(cells))
        for number, cells in lines
    )
    return Markup(
        '<div class="table-responsive"><table class="table table-sm table-striped small mb-0">'
        "<thead><tr><th>#</th>%s</tr></thead><tbody>%s</tbody></table></div>"
    ) % (head, body)
