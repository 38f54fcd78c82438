from decimal import Decimal

from odoo import models
from odoo.tools import groupby

from ..engine.dial_history import Dial, steps


class Meter(models.Model):
    _name = "utility.meter"
    _inherit = ["utility.meter", "utility.consumption.mixin"]

    def _consumption_parts(self, start, end):
        """What each register counted between neighbouring readings where the meter hung, times
        multiplier and factor."""
        readings = self.env["utility.reading"].search(
            [
                ("meter_id", "=", self.id),
                ("installation_id", "!=", False),
                ("state", "=", "accepted"),
                ("date", "<=", end),
            ],
            order="register_id, installation_id, date, id",
        )
        places = groupby(readings, key=lambda row: (row.register_id, row.installation_id))
        for (register, installation), rows in places:
            if register.purpose == "info":
                continue
            ratio = Decimal(str(register.multiplier)) * Decimal(str(installation.factor))
            dials = [
                Dial(
                    row.date,
                    Decimal(str(row.value)),
                    row.rollover,
                    row.reading_type == "estimated",
                )
                for row in rows
            ]
            amounts = register.counting == "amount"
            for first, last, quantity, estimated in steps(
                dials, Decimal(10) ** register.digits, amounts
            ):
                if last >= start:
                    method = "estimated" if estimated else "measured"
                    yield register._consumption_name(), first, last, {method: quantity * ratio}
