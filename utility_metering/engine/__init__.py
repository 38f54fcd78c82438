"""Pure calculation of quantities: plain Python on dataclasses and Decimal, nothing of Odoo.

A period is a pair of days, both included. A register is read at the end of a day, so what was
measured between readings of the 31st and the 28th belongs to the days 1 to 28.
"""

VERSION = "1"
