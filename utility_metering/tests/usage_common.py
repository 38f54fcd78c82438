from datetime import date

from odoo import fields

from .common import MeteringCommon


class UsageCommon(MeteringCommon):
    """Short ways to say what is known about quantities, and to ask for them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.usages = cls.env["utility.usage"]
        # validation is tested elsewhere: here every reading counts
        cls.env["utility.vee.group"].search([]).active = False

    @classmethod
    def make_rule(cls, situation, method, service=None, **vals):
        return cls.env["utility.estimation.rule"].create(
            {
                "service_id": (service or cls.water).id,
                "situation": situation,
                "method": method,
                **vals,
            }
        )

    @classmethod
    def make_norm(cls, quantity, service=None, **vals):
        return cls.env["utility.norm"].create(
            {
                "name": vals.pop("name", f"Norm {quantity}"),
                "service_id": (service or cls.water).id,
                "quantity": quantity,
                "date_start": "2020-01-01",
                **vals,
            }
        )

    @classmethod
    def make_term(cls, owner, source, factor=1, start="2020-01-01", **vals):
        names = {"utility.service": "service", "utility.service.point": "point"}
        owner_field = {"service": "service_id", "point": "service_point_id"}[names[owner._name]]
        source_field = f"source_{names[source._name]}_id"
        return cls.env["utility.derivation"].create(
            {
                owner_field: owner.id,
                source_field: source.id,
                "factor": factor,
                "date_start": start,
                **vals,
            }
        )

    @classmethod
    def make_verification(cls, meter, day, until, **vals):
        return cls.env["utility.meter.verification"].create(
            {"meter_id": meter.id, "date_start": day, "date_end": until, **vals}
        )

    @classmethod
    def read_dial(cls, *values, register=None):
        """Readings of (day, value)."""
        for day, value in values:
            cls.make_reading(register or cls.register, day, value)

    @classmethod
    def read_backward(cls, day, value):
        """A reading below the one before it that came into force all the same, as data of another
        program may."""
        reading = cls.make_reading(cls.register, day, value)
        reading._put({"state": "accepted"})
        return reading

    @staticmethod
    def month(text):
        """First and last day of a month: 2026-02."""
        first = date.fromisoformat(f"{text}-01")
        return first, fields.Date.end_of(first, "month")

    def used(self, period, point=None):
        """Quantity of a period as text with 3 places, and how it was found."""
        point = point or self.point
        found = self.usages._calculate_for(point, *self._period(period)).get(point.id)
        if found is None or isinstance(found, ValueError):
            return found
        return f"{found.quantity:.3f}", found.method

    def _period(self, period):
        return self.month(period) if isinstance(period, str) else period

    def store(self, *periods, points=None, **more):
        return self.usages._recalculate(
            points or self.point, [self._period(period) for period in periods], **more
        )

    def live(self, point=None):
        """Live usage of a point, the oldest first."""
        return self.usages.search(
            [
                ("service_point_id", "=", (point or self.point).id),
                ("voided_at", "=", False),
            ],
            order="date_start",
        )

    def quantities(self, point=None):
        return [(str(row.date_start), row.quantity, row.method) for row in self.live(point)]
