"""Floats of the ORM and of the database as the decimals that stand behind them."""

from decimal import Decimal


def to_decimal(value, places=6):
    """A NUMERIC that came as a float, as a Decimal; nothing is 0."""
    return Decimal(str(round(value or 0, places)))
