"""Tariffs to check and compare: see `utility_metering.tests.common` for the house around them.

The company's default plan prices cold water: 1.20 a m³ and 0.79 a month since 1 January 2026.
"""

from odoo.fields import Command

from odoo.addons.utility_metering.tests.common import MeteringCommon


class CheckCommon(MeteringCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan = cls.make_plan("Standard", is_default=True)
        cls.schedule = cls.make_schedule(cls.plan, cls.water)
        cls.version = cls.make_version(
            cls.schedule,
            cls.priced("use", "unit", 1.2),
            cls.priced("fee", "fixed", 0.79),
        )

    @classmethod
    def make_plan(cls, name, **vals):
        return cls.env["utility.rate.plan"].create(
            {"name": name, "code": name, "company_id": cls.env.company.id, **vals}
        )

    @classmethod
    def make_schedule(cls, plan, service, **vals):
        return cls.env["utility.rate.schedule"].create(
            {"name": service.name, "plan_id": plan.id, "service_id": service.id, **vals}
        )

    @classmethod
    def make_version(cls, schedule, *components, start="2026-01-01", approved=True, **vals):
        version = cls.env["utility.rate.version"].create(
            {
                "schedule_id": schedule.id,
                "date_start": start,
                "component_ids": [Command.create(component) for component in components],
                **vals,
            }
        )
        if approved:
            version.action_approve()
        return version

    @staticmethod
    def priced(code, kind, price=None, lines=(), **vals):
        """Values of a component; `lines` are values of its prices."""
        return {
            "code": code,
            "name": code.capitalize(),
            "kind": kind,
            "rounding_unit": 0.01,
            **({"price": price} if price is not None else {}),
            **(
                {"priced_by": "lines", "line_ids": [Command.create(line) for line in lines]}
                if lines
                else {}
            ),
            **vals,
        }
