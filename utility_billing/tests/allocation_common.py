"""A heated house for tests: see `utility_base.tests.common` for the town around it.

Heat (kWh) comes to house 12 through inlet HT-H and feeds HT-1, HT-2, HT-3 of the three flats, whose
heated areas are 50, 30 and 20 m². In February 2026 the inlet used 1000 kWh.
"""

from decimal import Decimal

from odoo import fields

from odoo.addons.utility_base.tests.common import UtilityCommon

FEBRUARY = ("2026-02-01", "2026-02-28")
JANUARY = ("2026-01-01", "2026-01-31")


class AllocationCommon(UtilityCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.runs = cls.env["utility.allocation.run"]
        cls.shares = cls.env["utility.allocation.share"]
        cls.kwh = cls.env.ref("uom.product_uom_kwh")
        cls.heat = cls.make_service("HT", name="Heat", kind="heat", uom_id=cls.kwh.id)
        cls.heated = cls.env.ref("utility_base.attribute_heated_area")
        cls.inlet = cls.make_point(cls.heat, cls.house, "HT-H", kind="inlet")
        cls.flats = cls.flat | cls.flat_2 | cls.flat_3
        cls.points = cls.env["utility.service.point"]
        for number, (flat, area) in enumerate(zip(cls.flats, (50, 30, 20), strict=True), 1):
            cls.points |= cls.make_point(cls.heat, flat, f"HT-{number}", cls.inlet)
            cls.make_value(cls.heated, flat, area)
        cls.by_area = cls.env.ref("utility_billing.allocation_method_area")
        cls.make_usage(cls.inlet, 1000)

    @classmethod
    def make_usage(cls, point, quantity, period=FEBRUARY, **vals):
        """A live usage row, as the calculation stores it."""
        return (
            cls.env["utility.usage"]
            .sudo()
            .create(
                {
                    "service_point_id": point.id,
                    "date_start": period[0],
                    "date_end": period[1],
                    "quantity": quantity,
                    "method": "measured",
                    **vals,
                }
            )
        )

    @classmethod
    def make_method(cls, *steps, **vals):
        """A method of steps, each a dict or the code of the attribute that it goes by."""
        cls.env.cr.execute("SELECT COUNT(*) FROM utility_allocation_method")
        return cls.env["utility.allocation.method"].create(
            {
                "name": "Test method",
                "code": f"TEST_{cls.env.cr.fetchone()[0]}",
                "step_ids": [
                    fields.Command.create(
                        {
                            "name": "Part",
                            "weight": "attribute",
                            "weight_attribute_id": cls.heated.id,
                            "sequence": 10 * number,
                            **step,
                        }
                    )
                    for number, step in enumerate(steps, 1)
                ],
                **vals,
            }
        )

    @classmethod
    def assign(cls, method=None, point=None, purpose="quantity", start="2025-01-01", **vals):
        return cls.env["utility.allocation.assignment"].create(
            {
                "service_point_id": (point or cls.inlet).id,
                "method_id": (method or cls.by_area).id,
                "purpose": purpose,
                "date_start": start,
                **vals,
            }
        )

    def share(self, assignments, period=FEBRUARY, **totals):
        """Share and return the runs.

        :param totals: `typed` is the total of all
        """
        typed = totals.get("typed")
        found = typed and {assignment.id: Decimal(str(typed)) for assignment in assignments}
        return self.runs._allocate(assignments, *period, found)

    def quantities(self, run):
        """[(flat's name, quantity)] of live shares."""
        return [
            (share.premise_id.name, share.quantity or share.amount)
            for share in run.share_ids.filtered(lambda share: not share.voided_at)
        ]
