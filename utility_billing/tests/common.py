"""A billed house for tests: see `utility_metering.tests.common` for the metered house around it.

Cold water is taxed with 21 %; plan "Town" asks 1.23 a m³ and 0.79 a month since 2025. The meter at
CW-1 showed 100 at the end of 2025, 112.345 at the end of January 2026 and 120 at the end of
February; its usage is calculated.
"""

from odoo import fields

from odoo.addons.utility_metering.tests.usage_common import UsageCommon


class BillingCommon(UsageCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.vat = cls.make_tax(21)
        cls.water.tax_ids = cls.vat
        cls.plan = cls.make_plan("TOWN", name="Town", is_default=True)
        cls.schedule = cls.make_schedule(cls.plan, cls.water)
        cls.version = cls.make_version(
            cls.schedule,
            "2025-01-01",
            {"code": "water", "name": "Water", "kind": "unit", "price": 1.23},
            {"code": "fee", "name": "Meter fee", "kind": "fixed", "price": 0.79},
        )
        for day, value in (("2025-12-31", 100), ("2026-01-31", 112.345), ("2026-02-28", 120)):
            cls.make_reading(cls.register, day, value)
        cls.calculate_usage("2026-01-01", "2026-01-31")
        cls.calculate_usage("2026-02-01", "2026-02-28")

    # -- rates ------------------------------------------------------------------------------

    def change_price(self, price):
        """Another price of water, known late: since ever."""
        self.version._withdraw("Typed wrongly")
        self.version = self.make_version(
            self.schedule,
            "2025-01-01",
            {"code": "water", "name": "Water", "kind": "unit", "price": price},
            {"code": "fee", "name": "Meter fee", "kind": "fixed", "price": 0.79},
        )

    @classmethod
    def make_tax(cls, percent, **vals):
        return cls.env["account.tax"].create(
            {
                "name": f"VAT {percent} %",
                "amount": percent,
                "type_tax_use": "sale",
                "company_id": cls.company.id,
                "country_id": cls.env.ref("base.lt").id,
                "tax_group_id": cls._tax_group().id,
                **vals,
            }
        )

    @classmethod
    def _tax_group(cls):
        groups = cls.env["account.tax.group"]
        known = groups.search([("company_id", "=", cls.company.id)], limit=1)
        return known or groups.create(
            {
                "name": "VAT",
                "company_id": cls.company.id,
                "country_id": cls.env.ref("base.lt").id,
            }
        )

    @classmethod
    def make_plan(cls, code, **vals):
        return cls.env["utility.rate.plan"].create(
            {"name": f"Plan {code}", "code": code, "company_id": cls.company.id, **vals}
        )

    @classmethod
    def make_schedule(cls, plan, service, **vals):
        return cls.env["utility.rate.schedule"].create(
            {"name": service.name, "plan_id": plan.id, "service_id": service.id, **vals}
        )

    @classmethod
    def make_version(cls, schedule, start, *components, approve=True, **vals):
        """A version with components, given as values; approved unless said otherwise."""
        version = cls.env["utility.rate.version"].create(
            {
                "schedule_id": schedule.id,
                "date_start": start,
                "component_ids": [
                    fields.Command.create(
                        {"name": component["code"], "sequence": 10 * number, **component}
                    )
                    for number, component in enumerate(components, 1)
                ],
                **vals,
            }
        )
        if approve:
            version.action_approve()
        return version

    # -- quantities and runs ----------------------------------------------------------------

    @classmethod
    def calculate_usage(cls, first, last, points=None):
        points = points or cls.env["utility.service.point"].search(
            [("company_id", "=", cls.company.id)]
        )
        cls.env["utility.usage"]._recalculate(points, [(first, last)])

    @classmethod
    def make_run(cls, month="2026-01-15", accounts=None, **vals):
        """A calculated run; of the first account when none are named."""
        run = cls.env["utility.billing.run"].create(
            {
                "month": month,
                "company_id": cls.company.id,
                "account_ids": [fields.Command.set((accounts or cls.account).ids)],
                **vals,
            }
        )
        run.action_calculate()
        return run

    @classmethod
    def approved_run(cls, month="2026-01-15", accounts=None, **vals):
        run = cls.make_run(month, accounts, **vals)
        run.action_approve()
        return run

    def assertCharges(self, charges, *expected):
        """Charges as (component, kind, quantity, amount), in order."""
        self.assertEqual(
            [
                (charge.code, charge.kind, round(charge.quantity, 6), round(charge.amount, 2))
                for charge in charges
            ],
            list(expected),
        )
