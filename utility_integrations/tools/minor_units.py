"""Amounts that a file gives in cents or kopecks."""

from decimal import Decimal

MINOR = Decimal(100)


class MinorUnits:
    """A mapped column of money whose cells are in hundredths.

    What was typed by hand instead of a cell, and the profile's default, are in whole units.

    :param column: `MappedColumn`
    """

    def __init__(self, column):
        self.column = column

    def __getattr__(self, name):
        return getattr(self.column, name)

    def value_of(self, cells, env):
        """As `MappedColumn.value_of`, in units."""
        value = self.column.value_of(cells, env)
        if value is None or self.column.raw(cells) in (None, ""):
            return value
        return float(Decimal(str(value)) / MINOR)
