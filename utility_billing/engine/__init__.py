"""Pure calculation of charges: plain Python on dataclasses and Decimal, nothing of Odoo.

A period is a pair of days, both included. Amounts are in the currency's major unit, before tax
unless a price says that it includes it.
"""

VERSION = "1"
