from io import BytesIO

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import convert_file

from .import_common import READINGS, MeterImportCommon


@tagged("post_install", "-at_install", "utility_import")
class TestImportReadings(MeterImportCommon):
    """Readings from files: found, validated, mended, taken back."""

    # -- ways of matching -------------------------------------------------------------------

    def test_by_serial_number(self):
        batch = self.import_readings("meter;date;value\nA100;2026-02-28;112.5\n")
        self.assert_done(batch, 1)
        reading = self.register.reading_ids.filtered(lambda row: str(row.date) == "2026-02-28")
        self.assertEqual(
            (reading.value, reading.state, reading.source, reading.reading_type),
            (112.5, "accepted", "file", "actual"),
        )
        self.assertEqual(reading.installation_id, self.installation)
        self.assertEqual(reading.service_point_id, self.point)
        self.assertEqual(reading.import_batch_id, batch)
        self.assertEqual(self.rows(batch).res_id, reading.id)

    def test_by_point(self):
        batch = self.import_readings("point;date;value\nCW-1;2026-02-28;112.5\n")
        self.assert_done(batch, 1)
        self.assertIn(("2026-02-28", 112.5, "actual", "accepted"), self.readings_of(self.register))

    def test_by_account_and_service(self):
        content = (
            f"account;service;date;value\n{self.account.number};CW;2026-02-28;112.5\n"
            f"{self.account.number};;2026-02-28;112.5\n{self.account.number};HEAT;2026-02-28;1\n"
            "77;CW;2026-02-28;1\n"
        )
        self.make_service("HEAT", name="Heating", kind="heat")
        batch = self.import_readings(content)
        self.assertEqual(batch.imported_count, 1)
        self.assertIn("name the account's service", self.reason(batch, 3))
        self.assertIn("takes Heating at no point on 2026-02-28", self.reason(batch, 4))
        self.assertIn("no account has the number “77”", self.reason(batch, 5))

    def test_row_without_meter_and_without_value(self):
        batch = self.import_readings("meter;point;date;value\n;;2026-02-28;5\nA100;;2026-02-28;\n")
        self.assertIn("the row names no meter", self.reason(batch, 2))
        self.assertIn("the row gives no value", self.reason(batch, 3))

    def test_ambiguous_serial(self):
        other = self.make_meter("A100", self.make_meter_type("W20"))
        content = "meter;type;date;value\nA100;;2026-02-28;112\n"
        # only one of them hangs somewhere
        self.assert_done(self.import_readings(content), 1)
        self.make_installation(other, self.point_2, "2025-06-01", initial=7)
        batch = self.import_readings(
            "meter;type;point;date;value\nA100;;;2026-03-10;113\nA100;W20;;2026-03-10;9\n"
            "A100;;CW-1;2026-03-10;113\nA100;;CW-3;2026-03-10;113\nA100;X;;2026-03-10;9\n"
        )
        self.assertEqual(batch.imported_count, 2)
        self.assertIn(
            "2 meters have the serial number “A100”: A100 (W15), A100 (W20)", self.reason(batch, 2)
        )
        self.assertIn(
            "does not hang there on 2026-03-10; it hangs at CW-1, CW-2", self.reason(batch, 5)
        )
        self.assertIn("neither the type nor the service", self.reason(batch, 6))
        self.assertIn(
            ("2026-03-10", 9.0, "actual", "accepted"), self.readings_of(other.register_ids)
        )

    def test_serial_told_apart_by_service(self):
        hot = self.make_service("HW", name="Hot water", kind="hot_water")
        hot_meter = self.make_meter("A100", self.make_meter_type("H15", service_kind="hot_water"))
        point = self.make_point(hot, self.flat, "HW-1")
        self.make_installation(hot_meter, point, "2025-01-01", initial=0)
        batch = self.import_readings(
            "meter;service;date;value\nA100;Hot water;2026-02-28;8\nA100;CW;2026-02-28;112\n"
        )
        self.assert_done(batch, 2)
        self.assertIn(
            ("2026-02-28", 8.0, "actual", "accepted"), self.readings_of(hot_meter.register_ids)
        )

    def test_unknown_and_removed_and_not_yet_installed(self):
        self.make_meter("STORE")
        self.installation._close("2026-01-31")
        batch = self.import_readings(
            "meter;point;date;value\nZ9;;2026-02-28;1\nA100;;2026-02-28;112\n"
            "A100;;2024-12-31;99\nSTORE;;2026-02-28;1\n;CW-1;2026-02-28;112\n;CW-9;2026-02-28;1\n"
        )
        self.assertEqual(batch.imported_count, 0)
        self.assertIn("no meter has the serial number “Z9”", self.reason(batch, 2))
        self.assertIn("was removed from CW-1 on 2026-01-31", self.reason(batch, 3))
        self.assertIn("was not yet installed on 2024-12-31", self.reason(batch, 4))
        self.assertIn("meter STORE hangs nowhere", self.reason(batch, 5))
        self.assertIn("no meter hangs there on 2026-02-28", self.reason(batch, 6))
        self.assertIn("no service point has the code “CW-9”", self.reason(batch, 7))

    def test_exchange_day_belongs_to_the_new_meter_unless_named(self):
        self.installation._close("2026-02-10")
        new = self.make_meter("B200")
        self.make_installation(new, self.point, "2026-02-10")
        batch = self.import_readings(
            "meter;point;date;value;kind\n;CW-1;2026-02-10;3;Initial\nA100;;2026-02-10;115;Final\n"
        )
        self.assert_done(batch, 2)
        self.assertEqual(
            self.readings_of(new.register_ids), [("2026-02-10", 3.0, "initial", "accepted")]
        )
        self.assertIn(("2026-02-10", 115.0, "final", "accepted"), self.readings_of(self.register))

    # -- registers --------------------------------------------------------------------------

    def test_columns_for_zones(self):
        meter = self.make_two_rate_meter()
        batch = self.import_readings("meter;date;T1;T2\nE1;2026-01-31;100;40\n")
        self.assert_done(batch, 1)
        day, night = meter.register_ids.sorted("sequence")
        self.assertIn(("2026-01-31", 100.0, "actual", "accepted"), self.readings_of(day))
        self.assertIn(("2026-01-31", 40.0, "actual", "accepted"), self.readings_of(night))
        self.assertEqual(len(self.rows(batch).made["utility.reading"]), 2)

    def test_register_named_in_the_row(self):
        meter = self.make_two_rate_meter()
        day, night = meter.register_ids.sorted("sequence")
        day.zone_id, night.zone_id = self.day_zone, self.night_zone
        batch = self.import_readings(
            "meter;register;date;value\nE1;t2;2026-01-31;40\nE1;DAY-T;2026-01-31;100\n"
            "E1;;2026-02-28;150\nE1;T3;2026-02-28;150\n"
        )
        self.assertEqual(batch.imported_count, 2)
        self.assertIn(("2026-01-31", 100.0, "actual", "accepted"), self.readings_of(day))
        self.assertIn(("2026-01-31", 40.0, "actual", "accepted"), self.readings_of(night))
        self.assertIn("has the registers T1, T2: name one of them", self.reason(batch, 4))
        self.assertIn("no register “T3”; it has T1, T2", self.reason(batch, 5))

    # -- the same again ---------------------------------------------------------------------

    def test_same_line_twice_and_same_file_again(self):
        content = "meter;date;value\nA100;2026-02-28;112.5\nA100;2026-02-28;112.500\n"
        self.assert_done(self.import_readings(content), 1, 1)
        again = self.import_readings(content + "A100;2026-03-15;113\n")
        self.assert_done(again, 1, 2)
        self.assertEqual(len(self.readings_of(self.register)), 3)

    def test_two_values_of_a_day(self):
        batch = self.import_readings("meter;date;value\nA100;2026-02-28;112\nA100;2026-02-28;113\n")
        self.assertEqual((batch.state, batch.imported_count), ("partly", 1))
        self.assertIn("row 2 gives 112.0000 for the same register and day", self.reason(batch))

    def test_other_value_than_on_record(self):
        self.import_readings("meter;date;value\nA100;2026-02-28;112\n")
        content = "meter;date;value\nA100;2026-02-28;113\n"
        batch = self.import_readings(content)
        self.assertIn("the register has 112.0000 on 2026-02-28 already", self.reason(batch))
        kept = self.import_readings(content, existing="leave")
        self.assert_done(kept, 0, 1)
        corrected = self.import_readings(
            content, fact_mode="correction", fact_reason="The controller misread"
        )
        self.assert_done(corrected, 1)
        self.assertEqual(
            self.readings_of(self.register)[1:],
            [
                ("2026-02-28", 112.0, "actual", "superseded"),
                ("2026-02-28", 113.0, "actual", "accepted"),
            ],
        )

    def test_senders_key(self):
        meter = self.make_two_rate_meter()
        content = "meter;date;T1;T2;key\nE1;2026-01-31;100;40;K7\n"
        self.assert_done(self.import_readings(content), 1)
        # the key decides, whatever else the line says
        again = self.import_readings(content.replace("100;40", "101;41"))
        self.assert_done(again, 0, 1)
        self.assertEqual(len(self.env["utility.reading"].search([("key", "=like", "K7:%")])), 2)
        self.assertEqual(len(meter.register_ids[0].reading_ids), 2)

    # -- held -------------------------------------------------------------------------------

    def test_held_reading_is_imported_and_the_row_says_so(self):
        batch = self.import_readings("meter;date;value\nA100;2026-02-28;12\n")
        self.assertEqual((batch.state, batch.imported_count), ("done", 1))
        row = self.rows(batch)
        self.assertTrue(row.reason.startswith("Held"), row.reason)
        self.assertIn(("2026-02-28", 12.0, "actual", "held"), self.readings_of(self.register))
        self.assertEqual(batch.held_reading_count, 1)
        action = batch.action_open_held_readings()
        self.assertEqual(self.env["utility.reading"].search(action["domain"]).value, 12)
        again = self.import_readings("meter;date;value;note\nA100;2026-02-28;12;x\n")
        self.assert_done(again, 0, 1)
        self.assertIn("Held", self.rows(again).reason)

    # -- mending, taking back ---------------------------------------------------------------

    def test_mended_row(self):
        batch = self.import_readings("meter;date;value\nA10O;2026-02-28;112\n")
        row = self.rows(batch)
        self.assertEqual(row.problem_fields, ["serial"])
        self.assertTrue(row.mend({"serial": "A100"}))
        batch.action_import()
        self.assert_done(batch, 1)
        self.assertIn(("2026-02-28", 112.0, "actual", "accepted"), self.readings_of(self.register))

    def test_take_back_and_import_again(self):
        content = "meter;date;value;key\nA100;2026-02-28;112;K1\nA100;2026-03-10;12;K2\n"
        batch = self.import_readings(content)
        batch.undo("Wrong file")
        self.assertEqual(
            self.readings_of(self.register)[1:],
            [
                ("2026-02-28", 112.0, "actual", "rejected"),
                ("2026-03-10", 12.0, "actual", "rejected"),
            ],
        )
        self.assertIn("Wrong file", self.register.reading_ids.sorted("id")[-1].state_reason)
        self.assert_done(self.import_readings(content), 2)
        self.assertIn(("2026-02-28", 112.0, "actual", "accepted"), self.readings_of(self.register))

    # -- how files are written --------------------------------------------------------------

    def test_decimal_comma_and_headers_in_three_languages(self):
        for headers, day, value in (
            ("Skaitiklio Nr.;Rodmens data;Rodmuo", "28.02.2026", "112,5"),
            ("Номер счётчика;Дата показания;Показание", "10.03.2026", "1 113,25"),
            ("Номер лічильника;Дата;Показання", "12.03.2026", "1 113,5"),
        ):
            profile = self.env["utility.import.profile"].create(
                {
                    "name": headers,
                    "target": "readings",
                    "decimal_sign": "comma",
                    "thousands_sign": "space",
                    "date_formats": "dd.mm.yyyy",
                }
            )
            content = f"{headers}\nA100;{day};{value}\n"
            profile._guess(headers.split(";"))
            batch = self.bring_in(profile, content)
            self.assertEqual(batch.imported_count, 1, self.rows(batch).mapped("reason"))
        self.assertEqual(
            [row[:2] for row in self.readings_of(self.register)],
            [
                ("2025-01-01", 100.0),
                ("2026-02-28", 112.5),
                ("2026-03-10", 1113.25),
                ("2026-03-12", 1113.5),
            ],
        )

    def test_profiles_of_the_demo_read_their_own_samples(self):
        convert_file(
            self.env, "utility_metering", "demo/import_profiles.xml", {}, mode="init", noupdate=True
        )
        for name, said in (
            ("readings", {"serial": "24-100317", "date": "2026-02-28", "value": 112.45}),
            ("meters", {"serial": "26-200001", "reading": 0.0, "old_reading": 118.302}),
        ):
            profile = self.env.ref(f"utility_metering.import_profile_{name}")
            number, cells, _problem = next(profile._read_rows(BytesIO(profile._sample_content())))
            values, problems = profile._mapping(list(cells)).read_row(cells)
            self.assertFalse(problems)
            self.assertEqual({key: values[key] for key in said}, said)

    # -- rights -----------------------------------------------------------------------------

    def test_clerk_and_engineer_may_and_others_may_not(self):
        for role, day in (("clerk", "2026-02-27"), ("meter_engineer", "2026-02-28")):
            content = f"meter;date;value\nA100;{day};112\n"
            batch = self.upload(
                self.profile_of("readings", READINGS, content), content, user=self.make_user(role)
            )
            batch.action_read()
            batch.action_import()
            self.assertEqual(batch.imported_count, 1, self.rows(batch).mapped("reason"))
        content = "meter;date;value\nA100;2026-03-10;112\n"
        profile = self.profile_of("readings", READINGS, content)
        for role, end in (("billing_operator", ""), ("cashier", "\n")):
            batch = self.upload(profile, content + end, user=self.make_user(role))
            batch.action_read()
            with self.assertRaises(AccessError):
                batch.action_import()
        with self.assertRaises(AccessError):
            self.upload(profile, content + "\n\n", user=self.make_user("debt_officer"))

    def test_meters_of_other_buildings_are_not_there(self):
        engineer = self.make_user("meter_engineer", buildings=self.other_house)
        content = "meter;date;value\nA100;2026-02-28;112\n"
        batch = self.upload(self.profile_of("readings", READINGS, content), content, user=engineer)
        batch.action_read()
        self.assertIn("you may not see that meter", self.reason(batch))

    def test_meters_of_other_companies_are_not_there(self):
        other = self.env["res.company"].create({"name": "Heat of Kaunas"})
        content = "meter;date;value\nA100;2026-02-28;112\n"
        profile = self.profile_of("readings", READINGS, content, company_id=other.id)
        self.env.user.company_ids |= other
        batch = self.read_file(profile, content)
        self.assertIn("no meter has the serial number", self.reason(batch))

    # -- speed ------------------------------------------------------------------------------

    def test_queries_do_not_grow_with_rows(self):
        for number in range(100):
            flat = self.make_premise("flat", str(100 + number), self.entrance)
            point = self.make_point(self.water, flat, f"P{number}", self.inlet)
            self.make_installation(self.make_meter(f"M{number}"), point, "2025-01-01", initial=0)
        counts = []
        for size, day in ((50, "2026-01-31"), (100, "2026-02-28")):
            lines = [f"M{number};{day};{size + number % 7}" for number in range(size)]
            content = "\n".join(["meter;date;value", *lines]) + "\n"
            batch = self.read_file(self.profile_of("readings", READINGS, content), content)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            batch.action_import()
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(batch.imported_count, size)
        self.assertLess(counts[1] - counts[0], 20, counts)

    def test_undo_needs_a_reason(self):
        batch = self.import_readings("meter;date;value\nA100;2026-02-28;112\n")
        with self.assertRaisesRegex(UserError, "Say why"):
            batch.undo(" ")
