"""What would it cost: the API call and the screen, with the figures that a clerk would tell."""

import base64
import json

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import BaseCase, Form

from ..tools.loads import LoadsError, as_demand, read_loads
from .common import BillingCommon

FEBRUARY = {"date_start": "2026-02-01", "date_end": "2026-02-28"}


def priced(code, kind, price=0, lines=(), **vals):
    """Values of a component; `lines` are values of its prices."""
    found = {"code": code, "name": code.capitalize(), "kind": kind, "price": price, **vals}
    if lines:
        found.update(priced_by="lines", line_ids=[Command.create(line) for line in lines])
    return found


class CheckCommon(BillingCommon):
    """The town's tariff (1.23 a m³ and 0.79 a month, 21 % tax), and drafts to check."""

    @classmethod
    def draft(cls, *components, start="2026-04-01"):
        return cls.make_version(cls.schedule, start, *components, approve=False)

    def assertTotals(self, answer, untaxed, tax, total):
        self.assertEqual(
            (answer["total"], answer["tax"], answer["total_with_tax"]), (untaxed, tax, total)
        )


class TestCheckRate(CheckCommon):
    """The call for other programs."""

    def check(self, **values):
        return self.plan.check_rate({**FEBRUARY, **values})

    def test_charges_with_explanation(self):
        answer = self.check(quantity="12.345")
        self.assertEqual(
            [(one["name"], one["amount"], one["explanation"]) for one in answer["charges"]],
            [
                ("Water", "15.18", ["12.345 m³ × 1.23 = 15.18"]),
                ("Meter fee", "0.79", ["0.79 a month = 0.79"]),
            ],
        )
        self.assertTotals(answer, "15.97", "3.36", "19.33")
        self.assertEqual(answer["currency"], "EUR")
        self.assertFalse(answer["problems"])

    def test_the_answer_is_json(self):
        answer = self.check(quantity=12)
        self.assertEqual(json.loads(json.dumps(answer)), answer)
        charge = answer["charges"][0]
        self.assertEqual(
            (charge["quantity"], charge["unit"], charge["price"], charge["kind"]),
            ("12", "m³", "1.23", "consumption"),
        )
        self.assertEqual(charge["trace"]["engine"], "1")

    def test_a_month_is_enough(self):
        answer = self.plan.check_rate({"month": "2026-02-10", "quantity": 10})
        self.assertEqual(answer["charges"][0]["date_end"], "2026-02-28")

    def test_taxes(self):
        answer = self.check(quantity=100)
        self.assertEqual(answer["charges"][0]["taxes"], ["VAT 21 %"])
        self.assertTotals(answer, "123.79", "26.00", "149.79")

    def test_tax_included(self):
        version = self.draft(priced("use", "unit", 1.21, tax_included=True))
        answer = self.check(quantity=100, version_id=version.id)
        self.assertTotals(answer, "100.00", "21.00", "121.00")

    def test_taxes_that_change_within_the_period(self):
        self.env["utility.service.tax"].create(
            {
                "service_id": self.water.id,
                "date_start": "2026-02-15",
                "tax_ids": [Command.set(self.make_tax(9).ids)],
            }
        )
        answer = self.check(quantity=28)
        self.assertEqual(
            sorted((one["code"], one["taxes"], one["amount"]) for one in answer["charges"]),
            [
                ("fee", ["VAT 21 %"], "0.40"),
                ("fee", ["VAT 9 %"], "0.40"),
                ("water", ["VAT 21 %"], "17.22"),
                ("water", ["VAT 9 %"], "17.22"),
            ],
        )

    def test_a_price_that_changes_within_the_period(self):
        self.make_version(self.schedule, "2026-02-15", priced("water", "unit", 2))
        water = self.check(quantity=28)["charges"][0]
        self.assertEqual(water["amount"], "45.22")
        self.assertEqual(water["explanation"][-1], "Together: 17.22 + 28.00 = 45.22")

    def test_zones_attributes_residents_and_demand(self):
        area = self.make_attribute("checked_area")
        day, night = self.env["utility.tou.zone"].create(
            [{"name": "Day", "code": "CD"}, {"name": "Night", "code": "CN"}]
        )
        prices = [{"price": 0.2, "zone_id": day.id}, {"price": 0.1, "zone_id": night.id}]
        version = self.draft(
            priced("use", "unit", lines=prices),
            priced("area", "attribute", 0.35, attribute_id=area.id),
            priced("people", "attribute", 3, counted="residents"),
            priced("peak", "demand", 5),
        )
        answer = self.check(
            version_id=version.id,
            zones={"CD": 20, "CN": "10.5"},
            attributes={"checked_area": 54.2},
            residents=3,
            demand=7,
        )
        self.assertEqual(
            [charge["amount"] for charge in answer["charges"]], ["5.05", "18.97", "9.00", "35.00"]
        )
        self.assertEqual(answer["total"], "68.02")

    def test_percentage_names_the_component(self):
        version = self.draft(priced("use", "unit", 1, name="Water used"))
        of = [Command.set(version.component_ids.ids)]
        more = priced("more", "percentage", 10, of_component_ids=of)
        version.component_ids = [Command.create(more)]
        answer = self.check(version_id=version.id, quantity=10)
        self.assertEqual(answer["charges"][1]["explanation"], ["10 % of Water used 10.00 = 1.00"])

    def test_formula_with_its_numbers(self):
        made = priced(
            "made", "formula", formula="quantity * 2 + max(residents - 1, 0)", proration="none"
        )
        answer = self.check(version_id=self.draft(made).id, quantity=10, residents=3)
        self.assertEqual(answer["charges"][0]["explanation"], ["10 × 2 + max(3 - 1, 0) = 22.00"])

    def test_a_formula_without_a_value_is_a_problem(self):
        made = priced("made", "formula", formula="1 / (residents - 3)")
        answer = self.check(version_id=self.draft(made).id, residents=3)
        self.assertFalse(answer["charges"])
        self.assertEqual(len(answer["problems"]), 1)

    def test_what_is_missing_is_a_sentence(self):
        answer = self.check()
        self.assertFalse(answer["charges"])
        self.assertEqual(
            answer["problems"],
            [
                "Cold water: there is no quantity for 02/01/2026 – 02/28/2026. Calculate the "
                "usage, or share the building's quantity, first."
            ],
        )

    def test_values_that_mean_nothing_are_refused(self):
        for values in (
            {"quantity": "a lot"},
            {"quantity": "NaN"},
            {"volume": 3},
            {"zones": [1]},
            {"date_end": "2026-01-31"},
            {"method": "guessed"},
            {"loads": [["tomorrow", 1]]},
            {"service": "NONE"},
            {"account_id": "7"},
        ):
            with self.assertRaises(UserError):
                self.check(**values)

    def test_days_without_a_version_are_refused(self):
        with self.assertRaises(UserError):
            self.plan.check_rate({"month": "2024-12-01", "quantity": 1})

    def test_loads_become_zones_and_demand(self):
        version = self.draft(priced("use", "unit", 1), priced("peak", "demand", 2))
        answer = self.check(
            version_id=version.id,
            loads=[["2026-02-01 00:00", 1], ["2026-02-01 00:15", "2.5"], ["2026-02-01 00:30", 1]],
        )
        self.assertEqual([charge["amount"] for charge in answer["charges"]], ["4.50", "20.00"])

    def test_a_clerk_may_ask_and_a_field_controller_may_not(self):
        clerk = self.make_user("clerk")
        answer = self.plan.with_user(clerk).check_rate({**FEBRUARY, "quantity": 10})
        self.assertEqual(answer["total"], "13.09")
        controller = self.make_user("field_controller")
        with self.assertRaises(AccessError):
            self.plan.with_user(controller).check_rate({**FEBRUARY, "quantity": 10})


class TestCheckAccount(CheckCommon):
    """An account's facts, some of them typed over."""

    def check(self, plan=None, **values):
        plan = plan or self.env["utility.rate.plan"]
        return plan.check_rate({"account_id": self.account.id, "month": "2026-01-01", **values})

    def test_real_facts(self):
        answer = self.check()
        self.assertTotals(answer, "15.97", "3.36", "19.33")
        self.assertEqual(
            answer["charges"][0]["explanation"],
            [
                "12.345 m³ (meter A100: 100.000 on 12/31/2025 → 112.345 on 01/31/2026) × 1.23"
                " = 15.18"
            ],
        )

    def test_a_typed_quantity_stands_in_their_place(self):
        self.assertEqual(self.check(quantity=20)["total"], "25.39")

    def test_of_several_points_one_is_to_be_named(self):
        second = self.make_point(self.water, self.flat, "CW-9", self.inlet)
        self.make_agreement(self.account, second)
        with self.assertRaises(UserError):
            self.check(quantity=20)
        answer = self.check(quantity=20, service_point_id=self.point.id)
        self.assertEqual(answer["total"], "25.39")

    def test_another_plan_and_another_version(self):
        other = self.make_plan("OTHER")
        schedule = self.make_schedule(other, self.water)
        self.make_version(schedule, "2026-01-01", priced("use", "unit", 2))
        self.assertEqual(self.check(other)["total"], "24.69")
        draft = self.draft(priced("use", "unit", 3), start="2026-05-01")
        self.assertEqual(self.check(version_id=draft.id)["total"], "37.04")

    def test_only_an_account_that_may_be_seen(self):
        manager = self.make_user("manager", buildings=self.other_house)
        plans = self.env["utility.rate.plan"].with_user(manager)
        with self.assertRaises(AccessError):
            plans.check_rate({"account_id": self.account.id, "month": "2026-01-01"})

    def test_the_screen_loads_and_is_typed_over(self):
        with Form(self.env["utility.rate.check"]) as form:
            form.about = "account"
            form.account_id = self.account
            form.service_id = self.water
            form.date_start = "2026-01-01"
            form.date_end = "2026-01-31"
            self.assertIn("meter A100", form.result)
            self.assertIn("19.33", form.result)
            with form.line_ids.edit(0) as line:
                self.assertEqual((line.name, line.value, line.unit), ("Used", 12.345, "m³"))
                line.value = 20
            self.assertIn("20 m³ × 1.23 = 24.60", form.result)
            self.assertNotIn("meter A100", form.result)


class TestCheckScreen(CheckCommon):
    def test_lines_are_what_the_tariff_asks_for(self):
        with Form(self.env["utility.rate.check"].with_user(self.make_user("clerk"))) as form:
            self.assertIn("What would it cost?", form.result)
            form.plan_id = self.plan
            self.assertEqual(form.service_id, self.water)
            self.assertEqual(len(form.line_ids), 1)
            with form.line_ids.edit(0) as line:
                line.value = 12.345
            self.assertIn("12.345 m³ × 1.23 = 15.18", form.result)
            self.assertIn("19.33 EUR", form.result)

    def test_a_version_brings_its_days(self):
        draft = self.draft(priced("use", "unit", 3), start="2026-05-01")
        form = Form(self.env["utility.rate.check"].with_context(default_version_id=draft.id))
        self.assertEqual(form.date_start, self.day("2026-05-01"))
        self.assertEqual(form.date_end, self.day("2026-05-31"))
        self.assertEqual(form.plan_id, self.plan)
        self.assertEqual(len(form.line_ids), 1)

    def test_pasted_loads(self):
        draft = self.draft(priced("use", "unit", 1), priced("peak", "demand", 2))
        form = Form(self.env["utility.rate.check"].with_context(default_version_id=draft.id))
        text = "time;kWh\n2026-04-01 00:00;1,5\n2026-04-01 01:00;2,5\n"
        form.loads_file = base64.b64encode(text.encode())
        self.assertEqual(form.loads_found, "2 intervals of 60 minutes: 4 kWh, highest 2.5 kW")
        values = [form.line_ids.edit(index).value for index in range(2)]
        self.assertEqual(values, [4.0, 2.5])
        self.assertEqual(form.date_end, self.day("2026-04-01"))


class TestLoads(BaseCase):
    def test_lines_of_several_kinds(self):
        for text in (
            "2026-10-01 00:00,0.5\n2026-10-01 00:15,1.5",
            "2026-10-01T00:00\t0.5\n\n2026-10-01T00:15\t1.5\n",
            "when;how much\n2026-10-01 00:15;1,5\n2026-10-01 00:00;0,5",
        ):
            loads = read_loads(text)
            self.assertEqual([str(quantity) for _moment, quantity in loads], ["0.5", "1.5"])
            demands, hours = as_demand(loads)
            self.assertEqual(str(hours), "0.25")
            self.assertEqual([str(demand) for _moment, demand in demands], ["2", "6"])

    def test_an_offset_becomes_local_time(self):
        loads = read_loads("2026-10-01T00:00:00Z;1", "Europe/Vilnius")
        self.assertEqual(str(loads[0][0]), "2026-10-01 03:00:00")

    def test_a_wrong_line_is_named(self):
        with self.assertRaises(LoadsError) as caught:
            read_loads("2026-10-01 00:00;1\nyesterday;2")
        self.assertEqual((caught.exception.line, caught.exception.text), (2, "yesterday;2"))
