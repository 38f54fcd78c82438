"""Which rows of a file are read, and what its rows of totals state."""

from decimal import Decimal, InvalidOperation

from .import_expression import Expression
from .import_values import ValueProblem


class RowChoice:
    """Tells rows from what else stands in a file.

    :param formula: true for the rows that are read; nothing: all of them
    :param totals: [(kind, formula that is true for its row, formula of the value)]
    :param read_number: reads a number as the profile writes them
    :param env: environment, for the words of messages
    :ivar stated: {kind: amount or number as text} of the rows of totals seen so far; a kind that
        stands in several rows is their sum, the opening balance the first one's, the closing
        balance the last one's
    """

    def __init__(self, formula, totals, read_number, env):
        self.formula = formula
        self.condition = Expression(formula) if formula else None
        self.totals = [(kind, Expression(row), Expression(value)) for kind, row, value in totals]
        self.read_number = read_number
        self.env = env
        self.stated = {}

    def why_left_out(self, cells):
        """Why the row is not read, in words; None when it is.

        :raise ExpressionError: the formula fails for the row
        """
        if self.condition and self.condition.evaluate("", cells):
            return None
        kinds = [
            kind
            for kind, condition, value in self.totals
            if condition.evaluate("", cells) and self._note(kind, value, cells)
        ]
        if kinds:
            return self.env._("A row of totals, no row of its own")
        if self.condition:
            return self.env._("The profile reads only rows where %s", self.formula)
        return None

    def _note(self, kind, formula, cells):
        value = self._number(formula.evaluate("", cells))
        if value is not None:
            before = Decimal(self.stated.get(kind, 0))
            if kind == "opening":
                value = Decimal(self.stated.get(kind, value))
            elif kind != "closing":
                value += before
            self.stated[kind] = f"{value.normalize():f}"
        return True

    def _number(self, value):
        """What a row of totals states; None where it cannot be read: no reason to stop a file."""
        if value is None or value == "":
            return None
        try:
            return Decimal(str(self.read_number(value)))
        except (ValueProblem, InvalidOperation):
            return None
