from decimal import Decimal

from odoo import fields
from odoo.tests import tagged

from .common import BillingCommon


@tagged("post_install", "-at_install")
class TestCascade(BillingCommon):
    """Common use of house 12: what the inlet measures beyond the flats, shared by area, at the
    price of water. The flats are 60 and 40 m²."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.area = cls.env.ref("utility_base.attribute_heated_area")
        cls.make_value(cls.area, cls.flat, 60)
        cls.make_value(cls.area, cls.flat_2, 40)
        cls.other = cls.make_account(cls.flat_2, cls.ona)
        cls.make_agreement(cls.other, cls.point_2)
        cls.point_3.active = False
        meter_2, main = cls.make_meter("A200"), cls.make_meter("H100")
        cls.make_installation(meter_2, cls.point_2, "2025-12-31", initial=0)
        cls.make_reading(meter_2.register_ids, "2026-01-31", 5)
        cls.make_reading(meter_2.register_ids, "2026-02-28", 8)
        cls.make_installation(main, cls.inlet, "2025-12-31", initial=0)
        cls.main = main.register_ids
        cls.make_reading(cls.main, "2026-01-31", 22.345)
        cls.make_reading(cls.main, "2026-02-28", 36)
        cls.calculate_usage("2026-01-01", "2026-01-31")
        cls.calculate_usage("2026-02-01", "2026-02-28")
        cls.version._withdraw("With common use")
        cls.make_version(
            cls.schedule,
            "2025-01-01",
            {"code": "water", "kind": "unit", "price": 1.23},
            {"code": "shared", "kind": "unit", "source": "common", "price": 1.23},
        )
        method = cls.env["utility.allocation.method"].create(
            {
                "name": "Common use by area",
                "code": "HOUSE_12",
                "pool_kind": "quantity",
                "step_ids": [
                    fields.Command.create(
                        {"name": "Area", "weight": "attribute", "weight_attribute_id": cls.area.id}
                    )
                ],
            }
        )
        cls.assignment = cls.env["utility.allocation.assignment"].create(
            {
                "service_point_id": cls.inlet.id,
                "method_id": method.id,
                "purpose": "common",
                "date_start": "2025-01-01",
            }
        )

    def corrections(self):
        """Charges of January's corrections in February's run, by account."""
        february = self.make_run("2026-02-15", accounts=self.account | self.other)
        corrections = february.charge_ids.filtered("is_correction")
        self.assertEqual(set(corrections.mapped("period_start")), {self.day("2026-01-01")})
        return corrections.sorted("account_id")

    def test_a_corrected_sharing_shares_billed_months_again(self):
        self.approved_run(accounts=self.account | self.other)
        equal = self.env.ref("utility_billing.allocation_method_equal")
        self.assignment._supersede({"method_id": equal.id}, reason="The house decided so")
        # 2.5 m³ each, 3.08, instead of 3 and 2
        self.assertCharges(
            self.corrections(),
            ("shared", "consumption", -0.5, -0.61),
            ("shared", "consumption", 0.5, 0.62),
        )

    def test_a_voided_sharing_gives_back_what_was_billed(self):
        self.approved_run(accounts=self.account | self.other)
        self.assignment._void("Not this house")
        self.assertCharges(
            self.corrections(),
            ("shared", "consumption", -3, -3.69),
            ("shared", "consumption", -2, -2.46),
        )

    def test_a_dry_run_before_the_correction_leaves_nothing(self):
        run = self.make_run(accounts=self.account | self.other)
        equal = self.env.ref("utility_billing.allocation_method_equal")
        self.assignment._supersede({"method_id": equal.id}, reason="The house decided so")
        run.action_calculate()
        self.assertCharges(
            run.charge_ids.filtered(lambda charge: charge.code == "shared").sorted("account_id"),
            ("shared", "consumption", 2.5, 3.08),
            ("shared", "consumption", 2.5, 3.08),
        )

    def test_a_typed_total_stays(self):
        """27.345 m³ instead of the inlet's 22.345: 10 m³ of common use, 6 and 4."""
        typed = {self.assignment.id: Decimal("27.345")}
        with self.at("2026-03-20 09:00:00"):
            self.env["utility.allocation.run"]._allocate(
                self.assignment, "2026-01-01", "2026-01-31", typed
            )
        with self.at("2026-03-21 09:00:00"):
            run = self.make_run(accounts=self.account | self.other)
        self.assertCharges(
            run.charge_ids.filtered(lambda charge: charge.code == "shared").sorted("account_id"),
            ("shared", "consumption", 6, 7.38),
            ("shared", "consumption", 4, 4.92),
        )

    def test_a_corrected_reading_of_the_building_shares_it_again(self):
        january = self.make_run(accounts=self.account | self.other)
        # 22.345 − 12.345 − 5 = 5 m³: 3 and 2
        self.assertCharges(
            january.charge_ids.sorted(lambda charge: (charge.account_id.id, charge.id)),
            ("water", "consumption", 12.345, 15.18),
            ("shared", "consumption", 3, 3.69),
            ("water", "consumption", 5, 6.15),
            ("shared", "consumption", 2, 2.46),
        )
        january.action_approve()
        reading = self.env["utility.reading"].search(
            [("register_id", "=", self.main.id), ("date", "=", "2026-01-31")]
        )
        reading._correct(27.345, reason="Typed wrong")
        self.env["utility.usage.stale"]._settle()
        february = self.make_run("2026-02-15", accounts=self.account | self.other)
        corrections = february.charge_ids.filtered("is_correction")
        # 10 m³ instead of 5: 6 and 4
        self.assertCharges(
            corrections.sorted("account_id"),
            ("shared", "consumption", 3, 3.69),
            ("shared", "consumption", 2, 2.46),
        )
        self.assertEqual(set(corrections.mapped("period_start")), {self.day("2026-01-01")})
