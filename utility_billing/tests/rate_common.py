"""Tariffs for tests: see `utility_base.tests.common` for the town around them."""

from contextlib import contextmanager
from datetime import date
from decimal import Decimal

from odoo.fields import Command
from odoo.tools import mute_logger

from odoo.addons.utility_base.tests.common import UtilityCommon

from ..engine.facts import Dated, Quantity, Spell, SupplyFacts
from ..engine.rate import rate


class RateCommon(UtilityCommon):
    """Cold water on the plan of households; the clock stands on 16 March 2026."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.water = cls.make_service("CW", name="Cold water")
        cls.plan = cls.make_plan("HOME", name="Households", is_default=True)
        cls.schedule = cls.make_schedule(cls.plan, cls.water, name="Cold water, households")
        cls.day_zone = cls.env.ref("utility_metering.tou_zone_day")
        cls.night_zone = cls.env.ref("utility_metering.tou_zone_night")

    @classmethod
    def make_plan(cls, code, **vals):
        return cls.env["utility.rate.plan"].create(
            {"name": f"Plan {code}", "code": code, "company_id": cls.env.company.id, **vals}
        )

    @classmethod
    def make_schedule(cls, plan, service, **vals):
        return cls.env["utility.rate.schedule"].create(
            {
                "name": f"{service.name}, {plan.name}",
                "plan_id": plan.id,
                "service_id": service.id,
                **vals,
            }
        )

    @classmethod
    def make_version(cls, schedule, start, *components, approve=False, **vals):
        """A version; each component is a dict, its `lines` a list of dicts."""
        version = cls.env["utility.rate.version"].create(
            {
                "schedule_id": schedule.id,
                "date_start": start,
                "component_ids": [
                    Command.create(cls.component_vals(index, **component))
                    for index, component in enumerate(components)
                ],
                **vals,
            }
        )
        if approve:
            version.action_approve()
        return version

    @classmethod
    def component_vals(cls, index=0, lines=(), **vals):
        vals = {"code": f"c{index}", "sequence": index, "kind": "unit", **vals}
        vals.setdefault("name", vals["code"].capitalize())
        if lines:
            vals["line_ids"] = [Command.create(line) for line in lines]
        return vals

    @classmethod
    def add_component(cls, version, **vals):
        return cls.env["utility.rate.component"].create(
            {"version_id": version.id, **cls.component_vals(**vals)}
        )

    @classmethod
    def make_calendar(cls, *windows, **vals):
        """Night is all time that is in no window."""
        return cls.env["utility.tou.calendar"].create(
            {
                "name": "Two zones",
                "company_id": cls.env.company.id,
                "default_zone_id": cls.env.ref("utility_metering.tou_zone_night").id,
                "window_ids": [Command.create(window) for window in windows],
                **vals,
            }
        )

    @contextmanager
    def quietly(self):
        """The database refuses something: it is undone, and not logged."""
        with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            yield

    # -- what it comes to -------------------------------------------------------------------

    def charges(self, version, used, first="2026-03-01", last="2026-03-31", values=None, **more):
        """{code: amount as text} of a month with the version.

        :param used: quantity as text, or {band: quantity}
        """
        days = date.fromisoformat(first), date.fromisoformat(last)
        bands = used if isinstance(used, dict) else {}
        quantity = Quantity(
            *days,
            sum(map(Decimal, bands.values())) if bands else Decimal(used),
            "measured",
            bands={band: Decimal(text) for band, text in bands.items()},
        )
        facts = SupplyFacts(
            account_id=1,
            point_id=1,
            service_id=1,
            period=days,
            spells=(Spell(*days, 1, 1, version._compiled()[version.id]),),
            quantities={"usage": (quantity,)},
            values={
                code: (Dated(*days, Decimal(number)),) for code, number in (values or {}).items()
            },
            **more,
        )
        return {charge.code: str(charge.amount) for charge in rate(facts)}
