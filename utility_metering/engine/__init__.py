"""Pure calculation of quantities: plain Python on dataclasses and Decimal, nothing of Odoo."""
