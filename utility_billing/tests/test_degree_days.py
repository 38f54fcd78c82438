from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import BillingCommon


@tagged("post_install", "-at_install")
class TestDegreeDays(BillingCommon):
    """What was billed by degree days is corrected when they turn out to be others."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.water.cut_method = "degree_days"

    def make_degrees(self, first, last, value):
        first, last = self.day(first), self.day(last)
        return self.env["utility.degree.day"].create(
            [
                {
                    "date": first + timedelta(days=number),
                    "value": value,
                    "company_id": self.company.id,
                }
                for number in range((last - first).days + 1)
            ]
        )

    def settle(self):
        self.env["utility.usage.stale"]._settle()

    def test_two_months_are_cut_again(self):
        """Nobody read in January: 20 m³ of two months, first in halves, then 3 to 1."""
        self.env["utility.reading"].search(
            [("register_id", "=", self.register.id), ("date", "=", "2026-01-31")]
        )._reject("Not read")
        january = self.make_degrees("2026-01-01", "2026-01-31", 28)
        self.make_degrees("2026-02-01", "2026-02-28", 31)
        self.settle()
        run = self.approved_run()
        self.assertCharges(
            run.charge_ids, ("water", "consumption", 10, 12.3), ("fee", "fixed", 1, 0.79)
        )
        january.with_user(self.make_user("meter_engineer")).write({"value": 84})
        self.assertTrue(self.env["utility.usage.stale"].search([]))
        february = self.make_run("2026-02-15")
        corrections = february.charge_ids.filtered("is_correction")
        self.assertCharges(corrections, ("water", "consumption", 5, 6.15))
        self.assertEqual(corrections.period_start, self.day("2026-01-01"))
        self.assertCharges(
            february.charge_ids - corrections,
            ("water", "consumption", 5, 6.15),
            ("fee", "fixed", 1, 0.79),
        )

    def test_a_month_is_cut_again_at_a_change_of_price(self):
        """All of January before the price doubled on the 16th, then in halves."""
        self.version.date_end = "2026-01-15"
        self.make_version(
            self.schedule,
            "2026-01-16",
            {"code": "water", "kind": "unit", "price": 2.46},
            {"code": "fee", "kind": "fixed", "price": 0.79},
        )
        self.make_degrees("2026-01-01", "2026-01-15", 1)
        degrees = self.make_degrees("2026-01-16", "2026-01-31", 0)
        self.settle()
        with self.at("2026-03-17 09:00:00"):
            run = self.approved_run()
        # 12.345 × 1.23
        self.assertEqual(run.charge_ids.filtered(lambda c: c.code == "water").amount, 15.18)
        with self.at("2026-03-18 09:00:00"):
            degrees[4].value = 15
        with self.at("2026-03-19 09:00:00"):
            corrections = self.make_run("2026-02-15").charge_ids.filtered("is_correction")
            # 6.1725 × 1.23 + 6.1725 × 2.46 = 22.776525
            self.assertCharges(corrections, ("water", "consumption", 0, 7.6))
            self.assertIn("Degree Days: 01/20/2026", corrections.reason)

    def test_what_is_typed_over_stays_on_record(self):
        row = self.make_degrees("2026-01-05", "2026-01-05", 10)
        with self.at("2026-03-17 09:00:00"):
            row.value = 12.5
        before = self.env["utility.degree.day"].search([("voided_at", "!=", False)])
        self.assertEqual((before.value, before.date), (10, row.date))
        self.assertEqual(before.recorded_at, fields.Datetime.to_datetime("2026-03-16 09:00:00"))
        self.assertEqual(row.recorded_at, fields.Datetime.to_datetime("2026-03-17 09:00:00"))
        row.value = 12.5
        self.assertEqual(self.env["utility.degree.day"].search_count([("date", "=", row.date)]), 2)
        with self.assertRaisesRegex(UserError, "only kept for the record"):
            before.value = 11
        with self.assertRaisesRegex(UserError, "withdraw them"):
            row.unlink()

    def test_what_is_withdrawn_counts_no_more(self):
        """Without degree days the usual year cuts: as before they were typed."""
        self.env["utility.reading"].search(
            [("register_id", "=", self.register.id), ("date", "=", "2026-01-31")]
        )._reject("Not read")
        self.settle()
        usual = self._january()
        degrees = self.make_degrees("2026-01-01", "2026-01-31", 100)
        self.settle()
        self.assertGreater(self._january(), usual)
        degrees.action_withdraw()
        self.settle()
        self.assertEqual(self._january(), usual)
        self.make_degrees("2026-01-01", "2026-01-01", 3)

    def _january(self):
        return (
            self.env["utility.usage"]
            .search(
                [
                    ("service_point_id", "=", self.point.id),
                    ("date_start", "=", "2026-01-01"),
                    ("voided_at", "=", False),
                ]
            )
            .quantity
        )
