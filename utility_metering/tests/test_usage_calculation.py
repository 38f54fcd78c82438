"""What quantities people see for what they recorded: dials, norms, rules, through the database."""

from datetime import date

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import freeze_time, tagged

from ..engine.facts import FactsError
from .usage_common import UsageCommon

TODAY = "2026-03-16 09:00:00"


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestUsageMeasured(UsageCommon):
    def test_the_dial_is_read_at_the_end_of_a_day(self):
        self.read_dial(("2025-12-31", 130), ("2026-01-31", 134.5))
        self.assertEqual(self.used("2026-01"), ("4.500", "measured"))

    def test_a_leap_day_belongs_to_february(self):
        meter = self.make_meter("LEAP")
        self.make_installation(meter, self.point_2, "2024-01-31", initial=0)
        self.read_dial(("2024-03-31", 60), register=meter.register_ids)
        self.assertEqual(self.used("2024-02", self.point_2), ("29.000", "measured"))
        self.assertEqual(self.used("2024-03", self.point_2), ("31.000", "measured"))

    def test_a_long_interval_is_cut_by_days_though_it_began_years_ago(self):
        meter = self.make_meter("RARE")
        self.make_installation(meter, self.point_2, "2020-12-31", initial=0)
        self.read_dial(("2026-02-28", 1885), register=meter.register_ids)
        self.assertEqual(self.used("2026-02", self.point_2), ("28.000", "measured"))

    def test_an_exchange_in_mid_month_shares_one_day(self):
        self.read_dial(("2026-01-31", 150))
        self.make_reading(self.register, "2026-02-14", 157, reading_type="final")
        self.installation._close(date(2026, 2, 14))
        other = self.make_meter("B200")
        self.make_installation(other, self.point, "2026-02-14", initial=3)
        self.read_dial(("2026-02-28", 8), register=other.register_ids)
        self.assertEqual(self.used("2026-02"), ("12.000", "measured"))

    def test_heat_in_gigajoules_becomes_kilowatt_hours_exactly(self):
        heat = self.make_service("HE", kind="heat", uom_id=self.env.ref("uom.product_uom_kwh").id)
        point = self.make_point(heat, self.flat, "HE-1")
        kind = self.make_meter_type(
            "H",
            [{"uom_id": self.env.ref("utility_metering.uom_gj").id}],
            service_kind="heat",
        )
        meter = self.make_meter("H1", kind)
        self.make_installation(meter, point, "2025-12-31", initial=0)
        self.read_dial(("2026-01-31", 3.6), register=meter.register_ids)
        self.assertEqual(self.used("2026-01", point), ("1000.000", "measured"))

    def _gas(self):
        gas = self.make_service("GA", kind="gas", uom_id=self.env.ref("uom.product_uom_kwh").id)
        point = self.make_point(gas, self.flat, "GA-1")
        meter = self.make_meter("G1", self.make_meter_type("G", service_kind="gas"))
        self.make_installation(meter, point, "2026-01-31", initial=0)
        self.read_dial(("2026-02-28", 280), register=meter.register_ids)
        return gas, point

    def _conversion(self, service, *values, formula="factor"):
        conversion = self.env["utility.conversion"].create(
            {
                "name": "Natural gas",
                "service_id": service.id,
                "formula": formula,
                "from_uom_id": self.env.ref("uom.product_uom_cubic_meter").id,
            }
        )
        for vals in values:
            self.env["utility.conversion.value"].create({"conversion_id": conversion.id, **vals})
        return conversion

    def test_gas_with_two_calorific_values_in_a_month(self):
        gas, point = self._gas()
        gas.conversion_id = self._conversion(
            gas,
            {"factor": 10, "date_start": "2026-01-01", "date_end": "2026-02-14"},
            {"factor": 11, "date_start": "2026-02-15"},
        )
        # 140 m³ × 10 + 140 m³ × 11
        self.assertEqual(self.used("2026-02", point), ("2940.000", "measured"))

    def test_gas_by_state_number(self):
        gas, point = self._gas()
        gas.conversion_id = self._conversion(
            gas,
            {
                "calorific_value": 11.2,
                "temperature": 15,
                "height": 100,
                "gauge_pressure": 22,
                "date_start": "2026-01-01",
            },
            formula="state_number",
        )
        # 273.15/288.15 × (1004 + 22)/1013.25 = 0.9599; 280 × 11.2 × 0.9599
        self.assertEqual(self.used("2026-02", point), ("3010.246", "measured"))

    def test_the_nearest_point_above_says_how_gas_is_converted(self):
        gas, point = self._gas()
        gas.conversion_id = self._conversion(gas, {"factor": 9, "date_start": "2026-01-01"})
        inlet = self.make_point(gas, self.house, "GA-H", kind="inlet")
        inlet.conversion_id = self._conversion(gas, {"factor": 12, "date_start": "2026-01-01"})
        point.parent_id = inlet
        self.assertEqual(self.used("2026-02", point), ("3360.000", "measured"))
        point.conversion_id = self._conversion(gas, {"factor": 13, "date_start": "2026-01-01"})
        self.assertEqual(self.used("2026-02", point), ("3640.000", "measured"))

    def test_gas_without_conversion_is_said_in_words(self):
        _gas, point = self._gas()
        error = self.used("2026-02", point)
        self.assertIsInstance(error, FactsError)
        self.assertIn(
            "G1 · 1 counts in m³, and nothing says how",
            self.env["utility.usage.problem"]._words(error),
        )

    def test_current_transformers_multiply(self):
        power = self.make_service(
            "EL", kind="electricity", uom_id=self.env.ref("uom.product_uom_kwh").id
        )
        point = self.make_point(power, self.shop, "EL-1")
        kind = self.make_meter_type(
            "E", [{"uom_id": self.env.ref("uom.product_uom_kwh").id}], service_kind="electricity"
        )
        meter = self.make_meter("E1", kind)
        self.make_installation(
            meter, point, "2025-12-31", initial=0, ct_primary=200, ct_secondary=5
        )
        self.read_dial(("2026-01-31", 12.5), register=meter.register_ids)
        self.assertEqual(self.used("2026-01", point), ("500.000", "measured"))

    def test_zones_and_export_are_told_apart(self):
        power = self.make_service(
            "EL", kind="electricity", uom_id=self.env.ref("uom.product_uom_kwh").id
        )
        point = self.make_point(power, self.flat, "EL-1")
        day, night = self.env["utility.tou.zone"].create(
            [{"name": "Day", "code": "TD"}, {"name": "Night", "code": "TN"}]
        )
        kwh = {"uom_id": self.env.ref("uom.product_uom_kwh").id}
        kind = self.make_meter_type(
            "EZ",
            [
                {**kwh, "code": "1", "zone_id": day.id},
                {**kwh, "code": "2", "zone_id": night.id},
                {**kwh, "code": "3", "purpose": "export"},
            ],
            service_kind="electricity",
        )
        meter = self.make_meter("EZ1", kind)
        self.make_installation(meter, point, "2025-12-31", initial=0)
        for register, value in zip(meter.register_ids, (80, 20, 5), strict=True):
            self.make_reading(register, "2026-01-31", value)
        self.store("2026-01", points=point)
        row = self.live(point)
        self.assertEqual(row.quantity, 100)
        self.assertEqual(
            {band: float(text) for band, text in row.bands.items()},
            {"import:TD": 80, "import:TN": 20, "export": 5},
        )

    def test_a_period_that_ends_before_it_begins_is_refused(self):
        with self.assertRaisesRegex(UserError, "ends before it begins"):
            self.usages._calculate_for(self.point, "2026-02-01", "2026-01-01")


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestUsageFallback(UsageCommon):
    """Where no dial says what was used."""

    def test_norm_times_residents_with_a_birth_in_mid_month(self):
        self.make_rule("unmetered", "norm")
        self.make_norm(3)
        self.make_occupancy(self.flat_2, self.ona, "resident", "2020-01-01")
        child = self.make_person("Child")
        self.make_occupancy(self.flat_2, child, "resident", "2026-02-15")
        # 14 days × 3/28 + 14 days × 6/28
        self.assertEqual(self.used("2026-02", self.point_2), ("4.500", "norm"))

    def test_who_is_away_does_not_count(self):
        self.make_rule("unmetered", "norm")
        self.make_norm(3.1)
        self.make_occupancy(self.flat_2, self.ona, "resident", "2020-01-01")
        self.make_occupancy(self.flat_2, self.tomas, "resident", "2020-01-01")
        self.make_occupancy(self.flat_2, self.tomas, "absent", "2026-01-22", "2026-01-31")
        # 6.2 less ten days of one person
        self.assertEqual(self.used("2026-01", self.point_2), ("5.200", "norm"))

    def test_declared_residents_count_where_nobody_is_recorded(self):
        self.make_rule("unmetered", "norm")
        self.make_norm(3)
        declared = self.env.ref("utility_base.attribute_declared_residents")
        self.make_value(declared, self.flat_2, 2)
        self.assertEqual(self.used("2026-01", self.point_2), ("6.000", "norm"))

    def test_the_first_norm_that_fits_is_taken(self):
        self.make_rule("unmetered", "norm")
        bath = self.make_attribute("bath", "boolean")
        self.make_norm(9, basis="premise", sequence=1, premise_id=self.private_house.id)
        self.make_norm(8, basis="premise", sequence=2, residents_from=2)
        self.make_norm(7, basis="premise", sequence=3, attribute_id=bath.id)
        self.make_norm(6, basis="premise", sequence=4, month_from=6, month_to=8)
        self.make_norm(5, basis="premise", sequence=5)
        self.assertEqual(self.used("2026-01", self.point_2), ("5.000", "norm"))
        self.assertEqual(self.used("2025-07", self.point_2), ("6.000", "norm"))
        self.make_value(bath, self.house, True, "2026-02-15")
        self.assertEqual(self.used("2026-02", self.point_2), ("6.000", "norm"))
        self.make_occupancy(self.flat_2, self.ona, "resident", "2026-03-01")
        self.make_occupancy(self.flat_2, self.tomas, "resident", "2026-03-01")
        self.assertEqual(self.used("2026-03", self.point_2), ("8.000", "norm"))

    def test_a_norm_for_so_many_floors(self):
        """The house has five floors until mid January, then six; a flat may say otherwise."""
        self.make_rule("unmetered", "norm")
        floors = self.make_attribute("levels")
        by_floors = {"basis": "premise", "range_attribute_id": floors.id}
        self.make_norm(31, sequence=1, range_from=1, range_to=5, **by_floors)
        self.make_norm(62, sequence=2, range_from=6, **by_floors)
        self.assertEqual(self.used("2025-12", self.point_2), ("0.000", "estimated"))
        five = self.make_value(floors, self.house, 5)
        self.assertEqual(self.used("2025-12", self.point_2), ("31.000", "norm"))
        five._supersede(
            self.env["utility.attribute.value"]._vals_for(floors, 6), self.day("2026-01-16")
        )
        # 15 days × 1, 16 days × 2
        self.assertEqual(self.used("2026-01", self.point_2), ("47.000", "norm"))
        self.make_value(floors, self.flat_2, 2, "2026-02-01")
        self.assertEqual(self.used("2026-03", self.point_2), ("31.000", "norm"))

    def test_a_range_of_a_norm_is_in_order(self):
        with self.assertRaises(ValidationError):
            self.make_norm(1, range_from=6, range_to=5)

    def test_a_norm_by_area_takes_the_heated_one_first(self):
        self.make_rule("unmetered", "norm")
        self.make_norm(0.5, basis="area")
        self.make_value(self.env.ref("utility_base.attribute_total_area"), self.flat_2, 60)
        self.assertEqual(self.used("2026-01", self.point_2), ("30.000", "norm"))
        self.make_value(self.env.ref("utility_base.attribute_heated_area"), self.flat_2, 50)
        self.assertEqual(self.used("2026-01", self.point_2), ("25.000", "norm"))

    def test_an_inlet_without_a_meter_has_no_usage(self):
        self.make_rule("unmetered", "zero")
        self.assertIsNone(self.used("2026-01", self.inlet))
        self.assertEqual(self.used("2026-01", self.point_2), ("0.000", "estimated"))

    def test_after_the_last_valid_day_the_norm_stands_in(self):
        self.make_rule("unfit", "norm")
        self.make_norm(31, basis="premise")
        self.read_dial(("2025-12-31", 130), ("2026-01-31", 192))
        self.make_verification(self.meter, "2020-01-10", "2026-01-10")
        # 10 of 31 days of 62 m³, then 21 days of 1 m³
        self.assertEqual(self.used("2026-01"), ("41.000", "estimated"))
        self.make_verification(self.meter, "2026-01-21", "2032-01-21")
        # valid again from the day on which it was passed: 10 days by norm
        self.assertEqual(self.used("2026-01"), ("52.000", "estimated"))

    def test_a_failed_verification_takes_the_meter_out(self):
        self.make_rule("unfit", "zero")
        self.read_dial(("2025-12-31", 130), ("2026-01-31", 161))
        self.make_verification(self.meter, "2026-01-11", False, result="failed")
        self.assertEqual(self.used("2026-01"), ("10.000", "estimated"))

    def test_during_a_repair_the_agreed_quantity_counts(self):
        self.make_rule("unfit", "agreed")
        self.read_dial(("2026-01-31", 130), ("2026-02-28", 158))
        self.env["utility.agreed.quantity"].create(
            {"service_point_id": self.point.id, "quantity": 56, "date_start": "2026-01-01"}
        )
        self.env["utility.meter.outage"].create(
            {
                "meter_id": self.meter.id,
                "cause": "repair",
                "date_start": "2026-02-15",
                "date_end": "2026-02-28",
            }
        )
        # 14 days × 1 + 14 days × 2
        self.assertEqual(self.used("2026-02"), ("42.000", "estimated"))

    def test_the_average_of_the_last_periods_stands_in_for_a_reading(self):
        self.make_rule("missing", "average", periods=3, min_periods=3)
        self.read_dial(
            ("2025-10-31", 130), ("2025-11-30", 160), ("2025-12-31", 191), ("2026-01-31", 222)
        )
        self.assertEqual(self.used("2026-02"), ("28.000", "estimated"))

    def test_scheduled_lifts(self):
        waste = self.make_service("WA", kind="waste")
        self.make_rule("missing", "schedule", waste)
        point = self.make_point(waste, self.house, "WA-1")
        kind = self.make_meter_type(
            "L",
            [
                {
                    "counting": "amount",
                    "uom_id": self.env.ref("uom.product_uom_cubic_meter").id,
                }
            ],
            service_kind="waste",
            technology="lifts",
        )
        box = self.make_installation(
            self.make_meter("BOX", kind), point, "2025-12-31", container_volume=1.1
        )
        self.env["utility.lift.schedule"].create(
            {
                "installation_id": box.id,
                "weekday": "0",
                "every_weeks": 2,
                "containers": 3,
                "date_start": "2026-01-05",
            }
        )
        # Mondays 5 and 19 January: 2 lifts × 3 containers × 1.1 m³
        self.assertEqual(self.used("2026-01", point), ("6.600", "estimated"))


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestUsageDerived(UsageCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.hot = cls.make_service("HW", kind="hot_water")
        cls.sewerage = cls.make_service("SW", kind="sewerage")
        cls.hot_point = cls.make_point(cls.hot, cls.flat, "HW-1")
        cls.sewer_point = cls.make_point(cls.sewerage, cls.flat, "SW-1")
        hot_type = cls.make_meter_type("HOT", service_kind="hot_water")
        cls.hot_meter = cls.make_meter("H1", hot_type)
        cls.make_installation(cls.hot_meter, cls.hot_point, "2025-12-31", initial=0)
        cls.read_dial(("2025-12-31", 130), ("2026-01-31", 137))
        cls.read_dial(("2026-01-31", 3), register=cls.hot_meter.register_ids)

    def test_sewerage_is_cold_and_hot_less_what_is_deducted(self):
        self.make_term(self.sewerage, self.water)
        self.make_term(self.sewerage, self.hot)
        garden = self.make_meter("GARDEN")
        self.make_installation(garden, self.sewer_point, "2025-12-31", initial=0, counting="deduct")
        self.read_dial(("2026-01-31", 2), register=garden.register_ids)
        self.assertEqual(self.used("2026-01", self.sewer_point), ("8.000", "derived"))

    def test_own_terms_stand_instead_of_the_services(self):
        self.make_term(self.sewerage, self.water)
        self.make_term(self.sewer_point, self.hot_point, 0.5)
        self.assertEqual(self.used("2026-01", self.sewer_point), ("1.500", "derived"))

    def test_a_premise_without_sources_goes_by_its_own_rules(self):
        self.make_term(self.sewerage, self.hot)
        self.make_rule("unmetered", "norm", self.sewerage)
        self.make_norm(4, self.sewerage, basis="premise")
        point = self.make_point(self.sewerage, self.flat_3, "SW-3")
        self.assertEqual(self.used("2026-01", point), ("4.000", "norm"))

    def test_a_circle_is_refused_in_words_and_does_not_stop_others(self):
        self.make_term(self.hot_point, self.sewer_point)
        self.make_term(self.sewer_point, self.hot_point)
        depends = self.make_point(self.sewerage, self.flat_3, "SW-3")
        self.make_term(depends, self.sewer_point)
        points = self.hot_point | self.sewer_point | depends | self.point
        counts = self.store("2026-01", points=points)
        self.assertEqual((counts["failed"], counts["new"]), (3, 1))
        problems = self.env["utility.usage.problem"].search(
            [("service_point_id", "in", points.ids)], order="id"
        )
        self.assertCountEqual(
            problems.mapped("message"),
            [
                "HW-1 is derived, through other points, from itself. End one of the terms.",
                "SW-1 is derived, through other points, from itself. End one of the terms.",
                "It is derived from SW-1, which has no quantity. Solve the problem there first.",
            ],
        )


@tagged("post_install", "-at_install")
class TestUsageAllocators(UsageCommon):
    def test_allocator_units_stand_beside_the_quantity(self):
        """12 units × a factor of 1.5 share out heat; they are no kWh."""
        heat = self.make_service("HT", kind="heat", uom_id=self.env.ref("uom.product_uom_kwh").id)
        point = self.make_point(heat, self.flat, "HT-1")
        kind = self.make_meter_type(
            "HCA-T",
            [{"uom_id": self.env.ref("utility_metering.uom_allocator_unit").id}],
            service_kind="heat",
            technology="allocator",
        )
        meter = self.make_meter("K1", kind)
        self.make_installation(meter, point, "2025-12-31", initial=0, allocator_factor=1.5)
        self.read_dial(("2026-01-31", 12), register=meter.register_ids)
        usage = self.usages._calculate_for(point, "2026-01-01", "2026-01-31")[point.id]
        self.assertEqual((usage.quantity, usage.bands), (0, {"units": 18}))


@tagged("post_install", "-at_install")
class TestNormsOfPoints(UsageCommon):
    def test_the_norm_of_who_lives_there_judges_readings(self):
        """Two residents × 3 m³; the shop next door has nobody to count."""
        self.make_norm(3)
        for name in ("Rūta", "Ignas"):
            self.make_occupancy(self.flat, self.make_person(name), "resident", "2025-01-01")
        day = self.day("2026-02-28")
        points = self.point | self.point_2 | self.inlet
        self.assertEqual(points._norms_a_month(day).get(self.point.id), 6)
        self.assertNotIn(self.inlet.id, points._norms_a_month(day))

    def test_a_reading_far_above_the_norm_is_held(self):
        self.make_norm(3)
        self.make_occupancy(self.flat, self.make_person("Rūta"), "resident", "2025-01-01")
        group = self.env["utility.vee.group"].create(
            {
                "name": "By norm",
                "sequence": 1,
                "rule_ids": [
                    fields.Command.create(
                        {"check_code": "above_norm", "high_factor": 2, "verdict": "hold"}
                    )
                ],
            }
        )
        self.assertTrue(group.active)
        self.read_dial(("2026-01-31", 110))
        within = self.make_reading(self.register, "2026-02-15", 112)
        above = self.make_reading(self.register, "2026-02-28", 125)
        self.assertEqual((within.state, above.state), ("accepted", "held"))
        self.assertIn("norm", above.finding_ids.message)
