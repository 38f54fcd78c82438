"""A profile's mapping, made ready once and then applied to every row of a file."""

from .import_expression import Expression, ExpressionError
from .import_values import MAX_CELL, ValueProblem

NUL = "\0"
NUL_SHOWN = "\u2400"
CONVERSIONS = {
    "trim": lambda text: text.strip(),
    "as_is": lambda text: text,
    "spaces": lambda text: " ".join(text.split()),
    "upper": lambda text: text.strip().upper(),
    "lower": lambda text: text.strip().lower(),
    "title": lambda text: " ".join(text.split()).title(),
    "digits": lambda text: "".join(filter(str.isdigit, text)),
    "no_zeros": lambda text: text.strip().lstrip("0"),
}


class MappedColumn:
    """How one field is read from a row.

    :param field: `ImportField`
    :param source: key among the row's cells, None for none
    :param lookup: {text in the file: text that is meant}, or None
    :param strict: a text that the look-up does not know makes the row bad
    """

    def __init__(
        self,
        field,
        read,
        source=None,
        default="",
        required=False,
        conversion="trim",
        expression=None,
        lookup=None,
        strict=False,
    ):
        self.field = field
        self.name = field.name
        self.read_value = read
        self.source = source
        self.default = default
        self.required = required or field.required
        self.convert = CONVERSIONS[conversion or "trim"]
        self.expression = Expression(expression) if expression else None
        self.lookup = lookup
        self.strict = strict

    def raw(self, cells):
        return cells.get(self.source, "") if self.source is not None else ""

    def value_of(self, cells, env):
        """The value, None for nothing.

        :raise ValueProblem: why it cannot be read
        """
        cell = self.raw(cells)
        if isinstance(cell, str):
            cell = self.convert(cell)
        if self.expression:
            try:
                cell = self.expression.evaluate(cell, cells)
            except ExpressionError as error:
                raise ValueProblem(env._("the formula fails: %s", error)) from error
        if self.lookup is not None and cell not in (None, ""):
            key = str(cell)
            if key in self.lookup:
                cell = self.lookup[key]
            elif self.strict:
                raise ValueProblem(env._("“%s” is not in the table of values", key))
        if cell is None or cell == "":
            cell = self.default
        if cell is None or cell == "":
            if self.required:
                raise ValueProblem(env._("is empty"))
            return None
        return self.read_value(cell)


class Mapping:
    """Reads rows.

    :param columns: list of `MappedColumn`
    :param env: environment, for the words of messages
    """

    def __init__(self, columns, env):
        self.columns = columns
        self.env = env

    def read_row(self, cells):
        """(values, problems) of a row; problems is a list of (field name, words)."""
        values, problems = {}, []
        for column in self.columns:
            try:
                value = column.value_of(cells, self.env)
            except ValueProblem as problem:
                problems.append((column.name, f"{column.field.label}: {problem}"))
                value = column.raw(cells)
                value = value if isinstance(value, (str, int, float)) else str(value)
            if value is not None:
                values[column.name] = value
        return values, problems

    def reread(self, values):
        """As `read_row`, of texts that were mended by hand: without conversion or formula."""
        cleaned, problems = {}, []
        for column in self.columns:
            cell = values.get(column.name)
            try:
                if cell is None or cell == "":
                    if column.required:
                        raise ValueProblem(self.env._("is empty"))
                    continue
                cleaned[column.name] = column.read_value(cell)
            except ValueProblem as problem:
                problems.append((column.name, f"{column.field.label}: {problem}"))
                cleaned[column.name] = cell
        return cleaned, problems


def clean_cells(cells, env):
    """(cells that a database can keep, what was wrong with them in words).

    PostgreSQL keeps no NUL; a cell of megabytes is a missing quotation mark. The file itself, with
    all that it said, stays attached to the batch.
    """
    whole = "".join(cell for cell in cells.values() if isinstance(cell, str))
    if len(whole) <= MAX_CELL and NUL not in whole:
        return cells, []
    problems = []
    for name, cell in cells.items():
        if not isinstance(cell, str):
            continue
        if len(cell) > MAX_CELL:
            problems.append(
                env._(
                    "column “%(column)s” holds %(size)s characters, at most %(limit)s are taken: a "
                    "quotation mark may be missing where the text ends",
                    column=name,
                    size=f"{len(cell):,}",
                    limit=f"{MAX_CELL:,}",
                )
            )
            cells = {**cells, name: cell[:1000] + "…"}
        if NUL in cell:
            problems.append(
                env._(
                    "column “%s” contains a zero byte (shown as ␀): the file was damaged, or its "
                    "encoding is UTF-16",
                    name,
                )
            )
            cells = {**cells, name: cells[name].replace(NUL, NUL_SHOWN)}
    return cells, problems
