from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .common import MeteringCommon


class ReadingCase(MeteringCommon):
    def month(self, day, value, **vals):
        return self.make_reading(self.register, day, value, **vals)

    def months(self, *values, year=2025):
        """Readings of the month ends from January 2025 on."""
        days = ("01-31", "02-28", "03-31", "04-30", "05-31", "06-30", "07-31")
        return [
            self.month(f"{year}-{day}", value) for day, value in zip(days, values, strict=False)
        ]

    def checks(self, reading):
        return reading.finding_ids.mapped("check_code")


@tagged("post_install", "-at_install")
class TestReadingValidation(ReadingCase):
    def test_first_month_is_accepted_with_its_usage(self):
        reading = self.month("2025-01-31", 104.5)
        self.assertEqual(reading.state, "accepted")
        self.assertEqual(reading.previous_value, 100)
        self.assertEqual(reading.previous_date, self.day("2025-01-01"))
        self.assertEqual(reading.usage, 4.5)
        self.assertFalse(reading.finding_ids)

    def test_usage_takes_in_multiplier_and_current_transformer(self):
        kind = self.make_meter_type(
            "E1",
            [{"uom_id": self.env.ref("uom.product_uom_kwh").id, "multiplier": 10}],
            service_kind="electricity",
        )
        power = self.make_service(
            "EL", kind="electricity", uom_id=self.env.ref("uom.product_uom_kwh").id
        )
        meter = self.make_meter("E100", kind)
        self.make_installation(
            meter,
            self.make_point(power, self.flat, "EL-1"),
            "2025-01-01",
            initial=0,
            ct_primary=200,
            ct_secondary=5,
        )
        reading = self.make_reading(meter.register_ids, "2025-01-31", 3)
        self.assertEqual(reading.usage, 1200)

    def test_four_times_the_average_is_held_for_a_customer_and_said_with_figures(self):
        self.months(104, 108, 112)
        reading = self.month("2025-04-30", 130, source="portal")
        self.assertEqual(reading.state, "held")
        self.assertEqual(self.checks(reading), ["above_average"])
        self.assertEqual(
            reading.finding_ids.message,
            "Usage 18 m³ in 30 days is 4.45 × the daily average, which makes 4.045.",
        )
        self.assertEqual(reading.finding_ids.rule_id.group_id.source, "customers")

    def test_the_clerk_may_say_the_same(self):
        self.months(104, 108, 112)
        self.assertEqual(self.month("2025-04-30", 130).state, "accepted")

    def test_rollover_is_seen_and_accepted_with_a_warning(self):
        self.make_occupancy(self.flat_2, self.tomas, "tenant", "2025-01-01")
        meter = self.make_meter("A200")
        self.make_installation(meter, self.point_2, "2025-01-01", initial=99990)
        self.make_reading(meter.register_ids, "2025-01-31", 99995.5)
        reading = self.make_reading(meter.register_ids, "2025-02-28", 0.25)
        self.assertEqual(reading.state, "accepted")
        self.assertTrue(reading.rollover)
        self.assertEqual(reading.usage, 4.75)
        self.assertEqual(self.checks(reading), ["rollover"])
        self.assertEqual(reading.finding_ids.verdict, "warn")
        self.assertEqual(self.make_reading(meter.register_ids, "2025-03-31", 5.25).usage, 5)

    def test_misreading_is_held(self):
        self.months(104, 108)
        reading = self.month("2025-03-31", 18)
        self.assertEqual((reading.state, reading.rollover), ("held", False))
        self.assertEqual(
            reading.finding_ids.message,
            "18 is less than 108 of 02/28/2025; a rollover would mean a usage of 99,910 m³.",
        )
        self.assertEqual(reading.usage, -90)

    def test_large_wrap_against_little_use_is_a_misreading(self):
        """70,000 → 15,000 could be a rollover by the digits alone; at 5 m³ a month it is none."""
        meter = self.make_meter("A201")
        self.make_installation(meter, self.point_2, "2025-01-01", initial=69990)
        self.make_reading(meter.register_ids, "2025-01-31", 69995)
        reading = self.make_reading(meter.register_ids, "2025-02-28", 15000)
        self.assertEqual((reading.state, self.checks(reading)), ("held", ["backward"]))

    def test_future_day_is_held(self):
        reading = self.month("2026-03-17", 105)
        self.assertEqual((reading.state, self.checks(reading)[0]), ("held", "future"))
        self.assertEqual(self.month("2026-03-16", 105).state, "accepted")

    def test_more_digits_than_the_register_has(self):
        reading = self.month("2025-01-31", 100000)
        self.assertEqual(reading.state, "held")
        self.assertIn("digits", self.checks(reading))
        self.assertEqual(
            reading.finding_ids.filtered(lambda f: f.check_code == "digits").message,
            "The register shows 0 to 99,999.999, not 100,000.",
        )

    def test_removed_meter(self):
        self.installation._close(self.day("2025-06-30"))
        reading = self.month("2025-07-31", 120)
        self.assertEqual((reading.state, self.checks(reading)), ("held", ["unknown_meter"]))
        self.assertFalse(reading.installation_id)

    def test_same_value_of_the_same_day_is_one_reading(self):
        first = self.month("2025-01-31", 104)
        again = self.month("2025-01-31", 104, source="portal")
        self.assertEqual(first, again)

    def test_other_value_of_the_same_day_is_held(self):
        self.month("2025-01-31", 104)
        reading = self.month("2025-01-31", 105)
        self.assertEqual((reading.state, self.checks(reading)), ("held", ["duplicate"]))
        self.assertEqual(reading.finding_ids.message, "Another reading of this day says 104.")

    def test_sending_twice_does_nothing(self):
        vals = {"register_id": self.register.id, "date": "2025-01-31", "value": 104, "key": "p-1"}
        readings = self.env["utility.reading"]._record(
            [vals, {**vals, "key": "p-2", "date": "2025-02-28", "value": 109}, vals]
        )
        self.assertEqual(readings[0], readings[2])
        self.assertEqual(len(set(readings.ids)), 2)
        self.assertEqual(self.env["utility.reading"]._record([vals]), readings[0])

    def test_readings_of_a_batch_are_compared_with_each_other(self):
        """They come in any order, and a held one is no measure for the next."""
        rows = [("2025-03-31", 112), ("2025-01-31", 104), ("2025-02-28", 18), ("2025-04-30", 116)]
        readings = self.env["utility.reading"]._record(
            [{"register_id": self.register.id, "date": day, "value": value} for day, value in rows]
        )
        self.assertEqual(
            [(reading.state, reading.usage) for reading in readings],
            [("accepted", 8), ("accepted", 4), ("held", -86), ("accepted", 4)],
        )

    def test_reading_between_two_others_changes_the_later_one(self):
        self.month("2025-01-31", 104)
        later = self.month("2025-03-31", 112)
        self.assertEqual(later.usage, 8)
        self.month("2025-02-28", 109)
        self.assertEqual((later.previous_value, later.usage), (109, 3))

    def test_reading_above_a_later_one_is_held(self):
        self.month("2025-03-31", 112)
        reading = self.month("2025-02-28", 115)
        self.assertEqual((reading.state, self.checks(reading)), ("held", ["backward"]))
        self.assertEqual(
            reading.finding_ids.message, "115 is more than the later reading of 03/31/2025: 112."
        )

    def test_actual_below_an_estimate_is_no_misreading(self):
        self.month("2025-01-31", 104)
        self.month("2025-02-28", 115, reading_type="estimated")
        reading = self.month("2025-03-31", 110)
        self.assertEqual((reading.state, reading.usage), ("accepted", 6))

    def test_no_use_though_there_was_some(self):
        self.months(104, 108)
        reading = self.month("2025-03-31", 108)
        self.assertEqual((reading.state, self.checks(reading)), ("accepted", ["zero"]))

    def test_stuck(self):
        self.months(104, 104, 104)
        reading = self.month("2025-04-30", 104)
        self.assertIn("stuck", self.checks(reading))
        self.assertEqual(
            self.month("2025-05-31", 105).finding_ids.filtered(lambda f: f.check_code == "stuck"),
            self.env["utility.reading.finding"],
        )

    def test_gap(self):
        reading = self.month("2025-09-30", 130)
        self.assertEqual(self.checks(reading), ["gap"])
        self.assertEqual(reading.finding_ids.message, "272 days without a reading, more than 200.")

    def test_use_at_a_vacant_flat(self):
        """Nobody lives in flat 2 or takes its service; the owner is elsewhere."""
        self.make_occupancy(self.flat_2, self.ona, "owner", "2020-01-01")
        meter = self.make_meter("A202")
        self.make_installation(meter, self.point_2, "2025-01-01", initial=0)
        reading = self.make_reading(meter.register_ids, "2025-01-31", 2)
        self.assertEqual((reading.state, self.checks(reading)), ("accepted", ["vacant"]))
        self.make_occupancy(self.flat_2, self.tomas, "tenant", "2025-02-01")
        self.assertFalse(self.make_reading(meter.register_ids, "2025-02-28", 4).finding_ids)

    def test_far_less_than_last_year(self):
        self.env["utility.reading"]._record(
            [
                {"register_id": self.register.id, "date": day, "value": value}
                for day, value in (("2025-02-28", 130), ("2025-03-31", 160), ("2026-02-28", 170))
            ]
        )
        reading = self.month("2026-03-15", 170.3)
        self.assertIn("year_ago", self.checks(reading))

    def test_registers_that_do_not_add_up(self):
        kwh = self.env.ref("uom.product_uom_kwh").id
        kind = self.make_meter_type(
            "E2",
            [
                {"name": "Day", "code": "T1", "uom_id": kwh},
                {"name": "Night", "code": "T2", "uom_id": kwh},
                {"name": "Total", "code": "T", "uom_id": kwh, "purpose": "total"},
            ],
            service_kind="electricity",
        )
        power = self.make_service("EL", kind="electricity", uom_id=kwh)
        meter = self.make_meter("E200", kind)
        point = self.make_point(power, self.flat, "EL-1")
        self.make_agreement(self.account, point)
        self.make_installation(meter, point, "2025-01-01", initial=0)
        day, night, total = meter.register_ids
        record = self.env["utility.reading"]._record
        readings = record(
            [
                {"register_id": register.id, "date": "2025-01-31", "value": value}
                for register, value in ((day, 80), (night, 20), (total, 110))
            ]
        )
        found = readings.finding_ids.filtered(lambda row: row.check_code == "sum")
        self.assertEqual(
            found.message,
            f"The registers add up to 100, their total shows 110 {total.uom_id.name}: 9.1 % apart.",
        )
        readings = record(
            [
                {"register_id": register.id, "date": "2025-02-28", "value": value}
                for register, value in ((day, 160), (night, 40), (total, 210))
            ]
        )
        self.assertFalse(readings.finding_ids)

    def test_lifts_are_amounts_of_their_own(self):
        kind = self.make_meter_type(
            "L1",
            [{"counting": "amount", "uom_id": self.env.ref("utility_metering.uom_lift").id}],
            service_kind="waste",
            technology="lifts",
        )
        waste = self.make_service("WA", kind="waste")
        meter = self.make_meter("L100", kind)
        point = self.make_point(waste, self.house, "WA-1", kind="inlet")
        self.make_installation(meter, point, "2025-01-01", container_volume=1.1)
        first = self.make_reading(meter.register_ids, "2025-01-08", 4)
        second = self.make_reading(meter.register_ids, "2025-01-15", 2)
        self.assertEqual((first + second).mapped("state"), ["accepted"] * 2)
        self.assertEqual([first.usage, second.usage], [4.4, 2.2])

    def test_a_service_of_its_own_rules(self):
        """The first group that fits and has the check speaks; later ones are silent about it."""
        self.env["utility.vee.group"].create(
            {
                "name": "Strict",
                "sequence": 1,
                "service_ids": [Command.set(self.water.ids)],
                "rule_ids": [
                    Command.create({"check_code": "above_limit", "verdict": "warn", "limit": 3})
                ],
            }
        )
        reading = self.month("2025-01-31", 200)
        self.assertEqual((reading.state, self.checks(reading)), ("accepted", ["above_limit"]))
        self.assertEqual(
            reading.finding_ids.message,
            "Usage 100 m³ in 30 days is 100 m³ a month, above the limit of 3.",
        )

    def test_consumers_of_cold_water_use_less_than_sixty_a_month(self):
        reading = self.month("2025-01-31", 161)
        self.assertEqual((reading.state, self.checks(reading)), ("held", ["above_limit"]))

    def test_reading_day_of_an_exchange(self):
        """The first reading of the new installation follows the last one of the old."""
        self.month("2025-01-31", 104)
        final = self.month("2025-02-15", 106, reading_type="final")
        self.installation._close(self.day("2025-02-15"))
        again = self.make_installation(self.meter, self.point_2, "2025-02-16", initial=106)
        initial = again.reading_ids
        self.assertEqual(
            [(row.state, row.usage) for row in (final, initial)], [("accepted", 2), ("accepted", 0)]
        )
        self.assertFalse(initial.previous_date)
        self.assertEqual(self.month("2025-02-28", 108).usage, 2)

    def test_whoever_creates_a_reading_has_it_validated(self):
        new = self.env["utility.reading"].create(
            {"register_id": self.register.id, "date": "2025-01-31", "value": 50}
        )
        self.assertEqual((new.state, self.checks(new)), ("held", ["backward"]))

    # -- preview ----------------------------------------------------------------------------

    def test_preview_says_what_would_be_and_writes_nothing(self):
        self.months(104, 108)
        before = self.env["utility.reading"].search_count([])
        rows = self.env["utility.reading"].preview(
            [
                {"register_id": self.register.id, "date": "2025-03-31", "value": 112},
                {"register_id": self.register.id, "date": "2025-04-30", "value": 80},
                {"register_id": self.register.id, "date": "2025-04-30"},
            ]
        )
        self.assertEqual([row["verdict"] for row in rows], ["pass", "hold", "pass"])
        self.assertEqual(
            (rows[0]["previous_value"], rows[0]["previous_date"], rows[0]["usage"]),
            (108, "2025-02-28", 4),
        )
        self.assertIn("80 is less than 112", rows[1]["messages"][0])
        self.assertEqual(self.env["utility.reading"].search_count([]), before)

    # -- many -------------------------------------------------------------------------------

    def _batch(self, count):
        """Readings of `count` new meters, each with three months behind it."""
        meters = self.env["utility.meter"].create(
            [
                {
                    "serial": f"B{count}-{number}",
                    "type_id": self.meter_type.id,
                    "company_id": self.company.id,
                }
                for number in range(count)
            ]
        )
        self.env["utility.meter.installation"].create(
            [
                {
                    "meter_id": meter.id,
                    "service_point_id": self.point.id,
                    "date_start": "2025-01-01",
                }
                for meter in meters
            ]
        )
        rows = [
            {"register_id": meter.register_ids.id, "date": day, "value": value}
            for meter in meters
            for day, value in (("2025-01-31", 1), ("2025-02-28", 2), ("2025-03-31", 3))
        ]
        self.env["utility.reading"]._record(rows)
        self.env.flush_all()
        self.env.invalidate_all()
        return [{**row, "date": "2025-04-30", "value": 3.9} for row in rows[::3]]

    def _queries(self, call):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        call()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def test_queries_do_not_grow_with_readings(self):
        model = self.env["utility.reading"]
        few, many = self._batch(5), self._batch(500)
        self._queries(lambda: model._preview(few))
        self.assertEqual(
            self._queries(lambda: model._preview(few)), self._queries(lambda: model._preview(many))
        )
        self.assertLess(self._queries(lambda: model._preview(many)), 20)
        some = self._batch(50)
        recorded = [self._queries(lambda rows=rows: model._record(rows)) for rows in (few, some)]
        self.assertEqual(self._queries(lambda: model._record(many)), recorded[1])
        self.assertLess(abs(recorded[1] - recorded[0]), 16)

    def test_many_at_once_are_what_few_are(self):
        rows = self._batch(60)
        rows[7] = {**rows[7], "value": 1}
        many = self.env["utility.reading"]._record(rows)
        self.assertEqual(many.mapped("state").count("held"), 1)
        self.assertEqual(many[7].finding_ids.check_code, "backward")
        self.assertEqual(many[0].building_id, self.house)
        self.assertEqual(many[0].company_id, self.company)
        self.assertAlmostEqual(many[0].usage, 0.9)


@tagged("post_install", "-at_install")
class TestReadingRoles(ReadingCase):
    def _recorded_by(self, role):
        controls = role == "field_controller"
        user = self.make_controller() if controls else self.make_user(role)
        return (
            self.env["utility.reading"]
            .with_user(user)
            ._record([{"register_id": self.register.id, "date": "2025-01-31", "value": 104}])
        )

    def test_clerk_records_and_corrects(self):
        reading = self._recorded_by("clerk")
        self.assertEqual(reading.state, "accepted")
        corrected = reading._correct(105, "Misheard on the phone")
        self.assertEqual((reading.state, corrected.usage), ("superseded", 5))

    def test_controller_and_engineer_record(self):
        for role in ("field_controller", "meter_engineer"):
            with self.subTest(role):
                self.assertEqual(self._recorded_by(role).state, "accepted")

    def test_auditor_and_cashier_cannot(self):
        for role in ("auditor", "cashier", "manager", "billing_operator"):
            with self.subTest(role), self.assertRaises(AccessError):
                self._recorded_by(role)

    def test_auditor_cannot_decide(self):
        held = self.month("2025-01-31", 50)
        auditor = self.make_user("auditor")
        with self.assertRaises(AccessError):
            held.with_user(auditor)._reject("No")
        with self.assertRaises(AccessError):
            self.env["utility.reading.decision.wizard"].with_user(auditor).create(
                {"reading_ids": [Command.set(held.ids)], "reason": "No", "decision": "reject"}
            )

    def test_preview_is_for_those_who_record(self):
        with self.assertRaises(AccessError):
            self.env["utility.reading"].with_user(self.make_user("auditor")).preview(
                [{"register_id": self.register.id, "value": 104}]
            )

    def test_findings_are_written_by_nobody(self):
        held = self.month("2025-01-31", 50)
        with self.assertRaises(AccessError):
            held.finding_ids.with_user(self.make_user("meter_engineer")).write({"message": "Fine"})

    def test_other_house_is_out_of_sight(self):
        clerk = self.make_user("clerk", buildings=self.other_house)
        with self.assertRaises(AccessError):
            self.env["utility.reading"].with_user(clerk).preview(
                [{"register_id": self.register.id, "value": 104}]
            )
