"""Who would pay how much more: the totals and steps that a decision rests on."""

from decimal import Decimal
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command

from ..models.rate_comparison_sums import nice_step
from .common import BillingCommon


class TestRateComparison(BillingCommon):
    """January of three flats: they used 12.345, 20 and 0 m³; all sums are with 21 % of tax."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for number, (flat, point, used) in enumerate(
            ((cls.flat_2, cls.point_2, 20), (cls.flat_3, cls.point_3, 0)), 2
        ):
            cls.make_agreement(cls.make_account(flat, cls.ona), point)
            meter = cls.make_meter(f"A10{number}")
            cls.make_installation(meter, point, "2025-12-31", initial=0)
            cls.make_reading(meter.register_ids, "2026-01-31", used)
        cls.calculate_usage("2026-01-01", "2026-01-31")
        # 1.50 a m³ instead of 1.23, 0.49 a month instead of 0.79
        cls.other = cls.make_version(
            cls.schedule,
            "2026-05-01",
            {"code": "water", "name": "Water", "kind": "unit", "price": 1.5},
            {"code": "fee", "name": "Meter fee", "kind": "fixed", "price": 0.49},
            approve=False,
        )

    def compared(self, **vals):
        comparison = self.env["utility.rate.comparison"].create(
            {
                "month": "2026-01-01",
                "version_id": self.version.id,
                "other_version_id": self.other.id,
                **vals,
            }
        )
        comparison.action_compare()
        return comparison

    def rows(self, comparison):
        return [
            (line.premise_id.name, *(round(line[name], 2) for name in ("was", "now", "difference")))
            for line in comparison.line_ids
        ]

    def test_lines_and_totals(self):
        comparison = self.compared()
        self.assertEqual(comparison.state, "done")
        self.assertEqual(
            self.rows(comparison),
            [("2", 30.72, 36.89, 6.17), ("1", 19.32, 23.0, 3.68), ("3", 0.96, 0.59, -0.37)],
        )
        self.assertEqual(
            [round(comparison[name], 2) for name in ("was", "now", "difference", "percent")],
            [51.0, 60.48, 9.48, 18.6],
        )
        self.assertEqual(
            [comparison[name] for name in ("line_count", "more_count", "less_count", "same_count")],
            [3, 2, 1, 0],
        )
        self.assertEqual(
            [round(line.percent, 1) for line in comparison.line_ids], [20.1, 19.0, -38.5]
        )

    def test_distribution(self):
        comparison = self.compared()
        self.assertEqual(
            [
                (bucket.display_name, bucket.line_count, round(bucket.difference, 2))
                for bucket in comparison.bucket_ids
            ],
            [
                ("0.00 – 2.00 less", 1, -0.37),
                ("the same", 0, 0.0),
                ("0.00 – 2.00 more", 0, 0.0),
                ("2.00 – 4.00 more", 1, 3.68),
                ("4.00 – 6.00 more", 0, 0.0),
                ("6.00 – 8.00 more", 1, 6.17),
            ],
        )
        self.assertEqual(
            [line.bucket_id.display_name for line in comparison.line_ids],
            ["6.00 – 8.00 more", "2.00 – 4.00 more", "0.00 – 2.00 less"],
        )

    def test_calculating_again_replaces(self):
        comparison = self.compared()
        self.other.component_ids[0].price = 1.23
        comparison.action_compare()
        self.assertEqual(len(comparison.line_ids), 3)
        self.assertEqual(round(comparison.difference, 2), -1.09)
        self.assertEqual(comparison.bucket_ids.mapped("line_count"), [3])

    def test_prices_with_tax_and_without(self):
        """1.4883 a m³ with tax in it are 1.23 without: nobody pays more."""
        water, fee = self.other.component_ids
        water.write({"price": 1.4883, "tax_included": True})
        fee.write({"price": 0.9559, "tax_included": True})
        # 20 × 1.4883 = 29.77, 12.345 × 1.4883 = 18.37, and 0.96
        self.assertEqual(
            self.rows(self.compared()),
            [("1", 19.32, 19.33, 0.01), ("2", 30.72, 30.73, 0.01), ("3", 0.96, 0.96, 0.0)],
        )

    def test_drafts_are_compared_with_what_is_in_force(self):
        """The clock stands in March: February of flat 1, 7.655 m³ and the fee."""
        gas = self.make_schedule(self.plan, self.make_service("GAS"))
        first, second = (
            self.make_version(
                gas, start, {"code": "gas", "kind": "unit", "price": 1}, approve=approve
            )
            for start, approve in (("2026-01-01", True), ("2026-05-01", False))
        )
        with self.assertRaisesRegex(UserError, "the first of its tariff"):
            first.action_compare()
        action = (self.other | second).action_compare()
        found = self.env["utility.rate.comparison"].search(action["domain"]).sorted("id")
        self.assertEqual(found.version_id, self.version | first)
        self.assertEqual(found.mapped("state"), ["done", "draft"])
        # 10.21 and 11.97, with 21 %
        line = found[0].line_ids.filtered(lambda line: line.premise_id == self.flat)
        self.assertEqual((round(line.was, 2), round(line.now, 2)), (12.35, 14.48))

    def test_only_some_places(self):
        comparison = self.compared(premise_ids=[Command.set(self.flat_2.ids)])
        self.assertEqual(self.rows(comparison), [("2", 30.72, 36.89, 6.17)])

    def test_plans(self):
        green = self.make_plan("GREEN")
        schedule = self.make_schedule(green, self.water)
        self.make_version(
            schedule,
            "2026-01-01",
            {"code": "water", "name": "Water", "kind": "unit", "price": 2},
        )
        comparison = self.compared(
            basis="plan",
            version_id=False,
            other_version_id=False,
            plan_id=self.plan.id,
            other_plan_id=green.id,
        )
        self.assertEqual(
            self.rows(comparison),
            [("2", 30.72, 48.4, 17.68), ("1", 19.32, 29.87, 10.55), ("3", 0.96, 0.0, -0.96)],
        )

    def test_what_cannot_be_rated_says_why(self):
        area = self.make_attribute("compared_area")
        self.other.component_ids = [
            Command.create(
                {"code": "area", "name": "Area", "kind": "attribute", "attribute_id": area.id}
            )
        ]
        self.make_value(area, self.flat, 50)
        comparison = self.compared()
        self.assertEqual((comparison.line_count, comparison.problem_count), (1, 2))
        problems = comparison.line_ids.filtered("problem").mapped("problem")
        self.assertIn("“Compared area” is not known", problems[0])
        self.assertEqual(round(comparison.was, 2), 19.32)

    def test_many_accounts_are_jobs(self):
        model = type(self.env["utility.rate.comparison"])
        with (
            patch("odoo.addons.utility_billing.models.rate_comparison.SMALL", 1),
            patch.object(model, "_slice_size", lambda _self: 2),
        ):
            comparison = self.compared()
        self.assertEqual(comparison.state, "calculating")
        self.assertEqual(comparison.slice_ids.mapped("account_count"), [2, 1])
        comparison.slice_ids[0]._job_calculate()
        self.assertEqual(round(comparison.progress), 67)
        comparison.slice_ids[0]._job_calculate()
        self.assertEqual(len(comparison.line_ids), 2)
        comparison.slice_ids[1]._job_calculate()
        comparison._job_finish()
        self.assertEqual((comparison.state, round(comparison.difference, 2)), ("done", 9.48))

    def test_versions_must_differ_and_be_of_one_service(self):
        with self.assertRaises(ValidationError):
            self.compared(other_version_id=self.version.id)
        gas = self.make_schedule(self.plan, self.make_service("GAS"))
        strange = self.make_version(
            gas, "2026-01-01", {"code": "gas", "name": "Gas", "kind": "unit", "price": 1}
        )
        with self.assertRaises(ValidationError):
            self.compared(other_version_id=strange.id)

    def test_rights(self):
        operator = self.make_user("billing_operator")
        comparison = (
            self.env["utility.rate.comparison"]
            .with_user(operator)
            .create(
                {
                    "month": "2026-01-01",
                    "version_id": self.version.id,
                    "other_version_id": self.other.id,
                }
            )
        )
        comparison.action_compare()
        self.assertEqual(comparison.line_count, 3)
        for role in ("clerk", "auditor", "manager"):
            reader = comparison.with_user(self.make_user(role))
            self.assertEqual(round(reader.difference, 2), 9.48)
            with self.assertRaises(AccessError):
                reader.action_compare()
        neighbour = self.make_user("manager", buildings=self.other_house)
        self.assertFalse(self.env["utility.rate.comparison.line"].with_user(neighbour).search([]))
        with self.assertRaises(AccessError):
            comparison.with_user(self.make_user("field_controller")).read(["difference"])

    def test_steps(self):
        cent = Decimal("0.01")
        steps = [nice_step(Decimal(wanted), cent) for wanted in ("0", "0.03", "0.85", "11", "201")]
        self.assertEqual(list(map(str, steps)), ["0.01", "0.05", "1.00", "20.00", "500.00"])
