from odoo import models
from odoo.fields import Command

from . import plan

# whose agreements are not on the default plan, on which, since how many months, why
ON_PLANS = (
    (("EL-SVY-7", "EL-UOS-21"), "EL-2", -12, "The houses chose two zones"),
    (("CW-UOS-21-P5",), "SEASON", -1, "The café wants a price for its terrace"),
)


class Demo(models.AbstractModel):
    _inherit = "utility.demo"

    def _load_rates(self):
        """The published tariffs, each version approved when it came into force."""
        operator = self.env.ref("utility_base.demo_user_billing_operator")
        desk = self.with_user(operator).sudo()
        plans = desk._load_plans()
        clocks = desk._load_clocks()
        for tariff in plan.tariffs(self._town().calendar):
            desk._load_tariff(tariff, plans, clocks)
        for codes, plan_code, months, reason in ON_PLANS:
            self._put_on_plan(codes, plans[plan_code], self._town().calendar.month(months), reason)
        self._name_records(plan_town=plans["TOWN"], plan_two_zones=plans["EL-2"])

    def _load_plans(self):
        """{code: plan}"""
        plans = self.env["utility.rate.plan"].create(
            [
                {
                    "code": row.code,
                    "name": row.name,
                    "is_default": row.is_default,
                    "note": row.note,
                    "sequence": 10 * number,
                    "company_id": self.env.company.id,
                }
                for number, row in enumerate(plan.PLANS, 1)
            ]
        )
        return {row.code: row for row in plans}

    def _load_clocks(self):
        """{name: calendar of zones}"""
        calendars = self.env["utility.tou.calendar"].create(
            [
                {
                    "name": clock.name,
                    "company_id": self.env.company.id,
                    "default_zone_id": self._zones()[clock.default_zone].id,
                    "note": clock.note,
                    "window_ids": [
                        Command.create(
                            {
                                "sequence": 10 * number,
                                "zone_id": self._zones()[zone].id,
                                "hour_from": first,
                                "hour_to": last,
                                "month_from": month_from,
                                "month_to": month_to,
                                "sat": False,
                                "sun": False,
                            }
                        )
                        for number, (zone, first, last, month_from, month_to) in enumerate(
                            clock.windows, 1
                        )
                    ],
                }
                for clock in plan.CLOCKS
            ]
        )
        return {calendar.name: calendar for calendar in calendars}

    def _zones(self):
        """{code: time-of-use zone}"""
        return {zone.code: zone for zone in self.env["utility.tou.zone"].search([])}

    def _load_tariff(self, tariff, plans, clocks):
        """A schedule with its versions."""
        types = self.env["utility.premise.type"].search([("code", "in", tariff.premise_types)])
        schedule = self.env["utility.rate.schedule"].create(
            {
                "name": tariff.name,
                "plan_id": plans[tariff.plan].id,
                "service_id": self._services()[tariff.service].id,
                "premise_type_ids": [Command.set(types.ids)],
                "premise_id": self._premises()[tariff.place].id if tariff.place else False,
            }
        )
        clock = clocks.get(tariff.calendar)
        versions = self.env["utility.rate.version"].create(
            [
                {
                    "schedule_id": schedule.id,
                    "date_start": edition.start,
                    "date_end": edition.end,
                    "basis": edition.basis,
                    "note": edition.note,
                    "calendar_id": clock.id if clock else False,
                    "component_ids": [
                        Command.create(self._prepare_component_vals(part, number))
                        for number, part in enumerate(edition.parts, 1)
                    ],
                }
                for edition in tariff.editions
            ]
        )
        self._approve_editions(tariff, versions)

    def _prepare_component_vals(self, part, number):
        vals = {
            "sequence": 10 * number,
            "code": part.code,
            "name": part.name,
            "kind": part.kind,
            "price": part.price,
            **part.more,
        }
        if part.attribute:
            vals["attribute_id"] = self.env.ref(f"utility_base.attribute_{part.attribute}").id
        if part.zones:
            vals["line_ids"] = [
                Command.create({"zone_id": self._zones()[zone].id, "price": price})
                for zone, price in part.zones.items()
            ]
        if part.taxes is not None:
            taxes = [self._tax(percent).id for percent in part.taxes]
            vals.update(has_own_taxes=True, tax_ids=[Command.set(taxes)])
        return vals

    def _approve_editions(self, tariff, versions):
        """A version was approved when it came into force, or when the office began."""
        calendar = self._town().calendar
        for edition, version in zip(tariff.editions, versions, strict=True):
            if edition.approved:
                version.action_approve()
                version.approved_at = calendar.learned(edition.start, 8)

    def _put_on_plan(self, codes, rate_plan, since, reason):
        """Agreements of service points have a plan of their own from a day on."""
        points = self._points()
        agreements = self.env["utility.service.agreement"].search(
            [
                ("service_point_id", "in", [points[code].id for code in codes]),
                ("voided_at", "=", False),
                ("date_end", "=", False),
            ]
        )
        with self._recorded_at(self._town().calendar.learned(since)):
            agreements._supersede({"rate_plan_id": rate_plan.id}, since, reason)
