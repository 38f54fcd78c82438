"""From the text of a cell to the value that a target understands.

Values are JSON: text, numbers, booleans, dates as ISO text; None for nothing.
"""

import re
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from .import_fields import plain

MAX_CELL = 100_000
YES = {"1", "y", "yes", "true", "t", "x", "+", "taip", "да", "д", "jā", "jah", "tak", "истина"}
NO = {"0", "n", "no", "false", "f", "-", "ne", "нет", "н", "nē", "ei", "nie", "ложь"}
_DATE_PARTS = (("yyyy", "%Y"), ("yy", "%y"), ("mm", "%m"), ("dd", "%d"))
DATE_CACHE = 20000
CHOICE_CACHE = 1000


class ValueProblem(ValueError):
    """Why a cell cannot be read, in words for the user."""


class ValueReader:
    """Reads cells of each kind as a profile says.

    :param env: environment, for the words of messages
    :param decimal_sign: "." or ","
    :param thousands_sign: "", ".", ",", " " or "'"
    :param date_formats: text like "dd.mm.yyyy; yyyy-mm-dd"
    """

    def __init__(self, env, decimal_sign=".", thousands_sign="", date_formats=""):
        self.env = env
        self.decimal_sign = decimal_sign
        self.thousands_sign = thousands_sign
        self.formats_text = date_formats or "yyyy-mm-dd"
        self.date_formats = strptime_formats(self.formats_text)
        sign, thousands = re.escape(decimal_sign), re.escape(thousands_sign)
        grouped = rf"\d{{1,3}}(?:{thousands}\d{{3}})+|" if thousands_sign else ""
        self.number_pattern = re.compile(rf"[+-]?(?:(?:{grouped}\d+)(?:{sign}\d*)?|{sign}\d+)")
        # what most amounts look like: these are read without further ado
        self.plain_money = re.compile(rf"[+-]?[0-9]{{1,12}}(?:{sign}[0-9]{{1,2}})?")
        self.dates = {}

    def reader(self, field):
        """The function that reads a non-empty cell of the field."""
        if field.kind == "selection":
            return self._selection_reader(field)
        return getattr(self, f"read_{field.kind}")

    def read_char(self, cell):
        if type(cell) is str:
            return cell
        if isinstance(cell, (datetime, date)):
            return cell.isoformat()[:10]
        if isinstance(cell, float) and cell.is_integer():
            return str(int(cell))
        return str(cell)

    read_text = read_char

    def read_integer(self, cell):
        number = self._decimal(cell)
        if number != number.to_integral_value():
            raise ValueProblem(self.env._("“%s” is no whole number", cell))
        return int(number)

    def read_number(self, cell):
        return float(self._decimal(cell))

    def read_money(self, cell):
        if type(cell) is str and self.plain_money.fullmatch(cell):
            return float(cell.replace(self.decimal_sign, "."))
        number = self._decimal(cell)
        if number != round(number, 2):
            raise ValueProblem(self.env._("“%s” has more than two decimal places", cell))
        return float(number)

    def _decimal(self, cell):
        if isinstance(cell, bool):
            raise ValueProblem(self.env._("“%s” is no number", cell))
        if isinstance(cell, (int, float)):
            return Decimal(str(cell))
        text = (
            str(cell).replace("\u00a0", " ").replace("\u202f", " ").replace("\u2212", "-").strip()
        )
        if not self.number_pattern.fullmatch(text):
            raise ValueProblem(
                self.env._(
                    "“%(text)s” is no number written with “%(sign)s” as decimal sign",
                    text=cell,
                    sign=self.decimal_sign,
                )
            )
        if self.thousands_sign:
            text = text.replace(self.thousands_sign, "")
        try:
            return Decimal(text.replace(self.decimal_sign, "."))
        except InvalidOperation as error:
            raise ValueProblem(self.env._("“%s” is no number", cell)) from error

    def read_date(self, cell):
        if isinstance(cell, (datetime, date)):
            return cell.isoformat()[:10]
        found = self.dates.get(cell)
        if found is None:
            if len(self.dates) > DATE_CACHE:
                self.dates.clear()
            found = self.dates[cell] = self._parse_date(str(cell).strip())
        return found

    def _parse_date(self, text):
        for form in (*self.date_formats, "%Y-%m-%d", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S"):
            try:
                day = datetime.strptime(text, form).date()
            except ValueError:
                continue
            if not 1800 <= day.year <= 2200:
                raise ValueProblem(self.env._("the year of “%s” cannot be right", text))
            return day.isoformat()
        raise ValueProblem(
            self.env._(
                "“%(text)s” is no date of the form %(forms)s", text=text, forms=self.formats_text
            )
        )

    def read_boolean(self, cell):
        if isinstance(cell, bool):
            return cell
        word = self.read_char(cell).strip().casefold()
        if word in YES:
            return True
        if word in NO:
            return False
        raise ValueProblem(self.env._("“%s” is neither yes nor no", cell))

    def _selection_reader(self, field):
        known, seen = {}, {}
        for value, label in field.choices:
            known[plain(label)] = value
        for value, _label in field.choices:
            known[plain(value)] = value

        def read(cell):
            text = self.read_char(cell)
            if text in seen:
                return seen[text]
            value = known.get(plain(text))
            if value is None:
                raise ValueProblem(
                    self.env._(
                        "“%(text)s” is none of %(choices)s",
                        text=cell,
                        choices=", ".join(str(label) for _value, label in field.choices),
                    )
                )
            if len(seen) < CHOICE_CACHE:
                seen[text] = value
            return value

        return read


def strptime_formats(text):
    """["%d.%m.%Y"] from "dd.mm.yyyy"; several are separated by semicolons."""
    formats = []
    for form in filter(None, (part.strip().lower() for part in (text or "").split(";"))):
        for token, code in _DATE_PARTS:
            form = form.replace(token, code)
        formats.append(form)
    return formats
