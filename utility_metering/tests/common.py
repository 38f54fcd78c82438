"""A metered house for tests: see `utility_base.tests.common` for the town around it.

Cold water comes to house 12 through inlet CW-H and feeds CW-1, CW-2, CW-3, the points of the three
flats; a meter with 5 digits and 3 decimals hangs at CW-1 since 1 January 2025, with first reading
100.
"""

from odoo import fields

from odoo.addons.utility_base.tests.common import UtilityCommon


class MeteringCommon(UtilityCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.water = cls.make_service("CW", name="Cold water", kind="cold_water")
        cls.inlet = cls.make_point(cls.water, cls.house, "CW-H", kind="inlet")
        cls.point, cls.point_2, cls.point_3 = (
            cls.make_point(cls.water, flat, f"CW-{number}", cls.inlet)
            for number, flat in enumerate((cls.flat, cls.flat_2, cls.flat_3), 1)
        )
        cls.make_agreement(cls.account, cls.point)
        cls.meter_type = cls.make_meter_type("W15")
        cls.meter = cls.make_meter("A100")
        cls.register = cls.meter.register_ids
        cls.installation = cls.make_installation(cls.meter, cls.point, "2025-01-01", initial=100)

    # -- devices ----------------------------------------------------------------------------

    @classmethod
    def make_meter_type(cls, code, registers=None, **vals):
        """A type of cold-water meter; `registers` is a list of values of its registers."""
        return cls.env["utility.meter.type"].create(
            {
                "name": f"Type {code}",
                "code": code,
                "service_kind": "cold_water",
                "register_ids": [
                    fields.Command.create(
                        {"uom_id": cls.env.ref("uom.product_uom_cubic_meter").id, **register}
                    )
                    for register in registers or [{}]
                ],
                **vals,
            }
        )

    @classmethod
    def make_meter(cls, serial, kind=None, **vals):
        return cls.env["utility.meter"].create(
            {
                "serial": serial,
                "type_id": (kind or cls.meter_type).id,
                "company_id": cls.env.company.id,
                **vals,
            }
        )

    @classmethod
    def make_installation(cls, meter, point, start, end=False, initial=None, final=None, **vals):
        """The meter hangs at the point; `initial` and `final` are readings of its registers."""
        installation = cls.env["utility.meter.installation"].create(
            {
                "meter_id": meter.id,
                "service_point_id": point.id,
                "date_start": start,
                "date_end": end,
                **vals,
            }
        )
        for day, value, kind in ((start, initial, "initial"), (end, final, "final")):
            if value is not None:
                for register in meter.register_ids:
                    cls.make_reading(register, day, value, reading_type=kind)
        return installation

    @classmethod
    def make_controller(cls, *places, **vals):
        """A field controller who walks a route through the places; house 12 when none is named."""
        user = cls.make_user("field_controller", **vals)
        cls.env["utility.route"].create(
            {
                "name": f"Route of {user.login}",
                "company_id": cls.company.id,
                "user_ids": [fields.Command.set(user.ids)],
                "premise_ids": [fields.Command.set([place.id for place in places or (cls.house,)])],
            }
        )
        return user

    @classmethod
    def make_reading(cls, register, day, value, **vals):
        """A reading as a clerk records it."""
        return cls.env["utility.reading"]._record(
            [{"register_id": register.id, "date": day, "value": value, **vals}]
        )
