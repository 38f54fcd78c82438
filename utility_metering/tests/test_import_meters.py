from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .import_common import METERS, MeterImportCommon


@tagged("post_install", "-at_install", "utility_import")
class TestImportMeters(MeterImportCommon):
    """Meters from files: made, installed, exchanged, verified, sealed, taken back."""

    # -- the happy path ---------------------------------------------------------------------

    def test_meter_with_all_that_belongs_to_it(self):
        self.meter_type.verification_months = 72
        batch = self.import_meters(
            "meter;type;point;installed;first;place;verified;certificate;seal;owner;year\n"
            "N1;W15;CW-2;2026-01-15;3.5;Bathroom;2025-12-01;LT-77;S-900;The customer's;2025\n"
        )
        self.assert_done(batch, 1)
        meter = self.meter_named("N1")
        self.assertEqual(
            (meter.type_id, meter.state, meter.ownership, meter.manufacture_year),
            (self.meter_type, "installed", "customer", 2025),
        )
        self.assertEqual(meter.register_ids.mapped("code"), ["1"])
        self.assertEqual(meter.register_ids.uom_id, self.register.uom_id)
        place = meter.installation_id
        self.assertEqual(
            (place.service_point_id, str(place.date_start), place.place, place.factor),
            (self.point_2, "2026-01-15", "Bathroom", 1.0),
        )
        self.assertEqual(place.building_id, self.house)
        self.assertEqual(
            self.readings_of(meter.register_ids), [("2026-01-15", 3.5, "initial", "accepted")]
        )
        self.assertEqual(
            (str(meter.verified_on), str(meter.valid_until)), ("2025-12-01", "2031-12-01")
        )
        self.assertEqual(meter.verification_ids.certificate, "LT-77")
        self.assertEqual(
            (meter.seal_ids.number, str(meter.seal_ids.date_start)), ("S-900", "2026-01-15")
        )

    def test_meter_for_the_store(self):
        self.assert_done(self.import_meters("meter;type\nN1;Type W15\n"), 1)
        self.assertEqual(
            (self.meter_named("N1").state, self.meter_named("N1").type_id),
            ("store", self.meter_type),
        )
        batch = self.import_meters("meter;type;first\nN2;W15;7\n")
        self.assertIn("not where", self.reason(batch))

    # -- where it hangs ---------------------------------------------------------------------

    def test_point_by_account_and_by_address(self):
        ona = self.make_account(self.flat_2, self.ona)
        self.make_agreement(ona, self.point_2)
        batch = self.import_meters(
            "meter;type;account;service;town;street;house;flat;installed\n"
            f"N2;W15;{ona.number};;;;;;2026-01-15\n"
            "N3;W15;;CW;Kaunas;Savanorių pr.;12;3;2026-01-15\n"
            "N4;W15;;HEAT;Kaunas;Savanorių pr.;12;3;2026-01-15\n"
            "N5;W15;;CW;Kaunas;Savanorių pr.;12;9;2026-01-15\n"
        )
        self.assertEqual(batch.imported_count, 2, self.rows(batch).mapped("reason"))
        self.assertEqual(self.meter_named("N2").service_point_id, self.point_2)
        self.assertEqual(self.meter_named("N3").service_point_id, self.point_3)
        self.assertIn("there is no service “HEAT”", self.reason(batch, 4))
        self.assertIn("there is no premise", self.reason(batch, 5))

    def test_point_of_another_service(self):
        heat = self.make_service("HEAT", name="Heating", kind="heat")
        self.make_point(heat, self.flat_2, "H-2")
        content = "meter;type;point;installed;counting\nN1;W15;H-2;2026-01-15;\n"
        batch = self.import_meters(content)
        self.assertIn(
            "the meter measures Cold Water, the point delivers Heating", self.reason(batch)
        )
        deducted = content.replace("2026-01-15;", "2026-01-15;deduct")
        self.assert_done(self.import_meters(deducted), 1)

    def test_unknown_type_point_and_seal(self):
        self.env["utility.meter.seal"].create(
            {"number": "S1", "meter_id": self.meter.id, "company_id": self.company.id}
        )
        batch = self.import_meters(
            "meter;type;point;installed;seal\nN1;X9;CW-2;2026-01-15;\nN2;W15;CW-9;2026-01-15;\n"
            "N3;;CW-2;2026-01-15;\nN4;W15;CW-2;2026-01-15;S1\nN5;W15;CW-3;2026-01-15;S2\n"
            "N6;W15;CW-3;2026-01-15;S2\n"
        )
        self.assertEqual(batch.imported_count, 1)
        self.assertIn("no meter type “X9”", self.reason(batch, 2))
        self.assertIn("no service point has the code “CW-9”", self.reason(batch, 3))
        self.assertIn("a new meter needs its type", self.reason(batch, 4))
        self.assertIn("seal S1 is on another meter", self.reason(batch, 5))
        self.assertIn("row 6 hangs a meter there too", self.reason(batch, 7))

    def test_current_transformers_allocators_and_containers(self):
        self.make_two_rate_meter()
        heat = self.make_service("HEAT", name="Heating", kind="heat")
        self.make_point(heat, self.flat, "H-1")
        point = self.make_point(self.power, self.flat_2, "EL-2")
        self.make_meter_type("RAD", service_kind="heat", technology="allocator")
        batch = self.import_meters(
            "meter;type;point;installed;first T1;first T2;ct;k\n"
            "E2;E2;EL-2;2026-01-15;10;4,5;200/5;\nK1;RAD;H-1;2026-01-15;;;;1,234\n"
            "K2;RAD;H-1;2026-01-15;;;;0,9\nE3;E2;EL-2;2026-01-15;;;200/x;\n",
            decimal_sign="comma",
        )
        self.assertEqual(batch.imported_count, 3, self.rows(batch).mapped("reason"))
        self.assertIn("“200/x” is no ratio", self.reason(batch, 5))
        meter = self.meter_named("E2")
        self.assertEqual(
            (meter.installation_id.service_point_id, meter.installation_id.factor), (point, 40.0)
        )
        day, night = meter.register_ids.sorted("sequence")
        self.assertEqual(self.readings_of(day), [("2026-01-15", 10.0, "initial", "accepted")])
        self.assertEqual(self.readings_of(night), [("2026-01-15", 4.5, "initial", "accepted")])
        self.assertEqual(self.meter_named("K1").installation_id.factor, 1.234)
        self.assertEqual(self.meter_named("K2").installation_id.factor, 0.9)

    # -- what is on record ------------------------------------------------------------------

    def test_same_file_again_and_what_changed(self):
        content = (
            "meter;type;point;installed;first;verified;valid until;seal;owner\n"
            "N1;W15;CW-2;2026-01-15;3.5;2025-12-01;2031-12-01;S-900;\n"
        )
        self.assert_done(self.import_meters(content), 1)
        self.assert_done(self.import_meters(content + "\n"), 0, 1)
        batch = self.import_meters(content.replace("S-900;", "S-900;building"))
        self.assert_done(batch, 1)
        self.assertEqual(self.meter_named("N1").ownership, "building")
        self.assertEqual(self.rows(batch).reason, "Ownership: company → building")
        left = self.import_meters(content.replace("S-900;", "S-900;customer"), existing="leave")
        self.assert_done(left, 0, 1)
        self.assertEqual(self.meter_named("N1").ownership, "building")
        self.assertEqual(len(self.meter_named("N1").installation_ids), 1)

    def test_next_verification(self):
        batch = self.import_meters("meter;verified;valid until\nA100;2026-02-01;2032-02-01\n")
        self.assert_done(batch, 1)
        self.assertEqual(str(self.meter.valid_until), "2032-02-01")
        content = "meter;verified;valid until\nA100;2026-02-01;2033-02-01\n"
        batch = self.import_meters(content)
        self.assertIn("cannot change on 2026-02-01", self.reason(batch))
        self.assert_done(self.import_meters(content, fact_mode="correction"), 1)
        self.assertEqual(str(self.meter.valid_until), "2033-02-01")
        self.assertEqual(len(self.meter.verification_ids.filtered("voided_at")), 1)

    def test_installation_on_record_is_not_overwritten(self):
        batch = self.import_meters(
            "meter;type;point;installed;first;place\nA100;W15;CW-1;2025-01-01;100;Kitchen\n"
            "A100;;CW-2;2026-01-15;;\n"
        )
        self.assertIn("correct the installation on the meter's card", self.reason(batch, 2))
        self.assertIn("meter A100 hangs at CW-1 since 2025-01-01", self.reason(batch, 3))
        batch = self.import_meters(
            "meter;type;point;installed;first\nA100;W15;CW-1;2025-01-01;101\n"
        )
        self.assertIn("is 100 on record, not 101", self.reason(batch))

    # -- exchange ---------------------------------------------------------------------------

    def test_exchange(self):
        batch = self.import_meters(
            "meter;type;point;installed;first;old meter;old reading\n"
            "N1;W15;CW-1;2026-02-10;0;A100;131.5\n"
        )
        self.assert_done(batch, 1)
        self.assertEqual(str(self.installation.date_end), "2026-02-10")
        self.assertEqual(self.meter.state, "store")
        self.assertEqual(
            self.readings_of(self.register),
            [
                ("2025-01-01", 100.0, "initial", "accepted"),
                ("2026-02-10", 131.5, "final", "accepted"),
            ],
        )
        new = self.meter_named("N1")
        self.assertEqual(str(new.installation_id.date_start), "2026-02-10")
        self.assertEqual(
            self.readings_of(new.register_ids), [("2026-02-10", 0.0, "initial", "accepted")]
        )

    def test_another_meter_without_last_reading_is_refused(self):
        content = "meter;type;point;installed;old meter;old reading;beside\n"
        batch = self.import_meters(
            content + "N1;W15;CW-1;2026-02-10;;;\nN2;W15;CW-1;2026-02-10;A777;131;\n"
            "N3;W15;CW-1;2024-12-31;;131;\n"
        )
        self.assertEqual(batch.imported_count, 0)
        self.assertIn(
            "A100 (W15) hangs there since 2025-01-01. If it was exchanged", self.reason(batch, 2)
        )
        self.assertIn("no meter A777 hangs there", self.reason(batch, 3))
        self.assertIn("it cannot be removed on 2024-12-31", self.reason(batch, 4))
        beside = self.import_meters(content + "N1;W15;CW-1;2026-02-10;;;yes\n")
        self.assert_done(beside, 1)
        self.assertFalse(self.installation.date_end)
        self.assertEqual(len(self.point.installation_ids), 2)
        batch = self.import_meters(content + "N4;W15;CW-1;2026-03-10;;131;\n")
        self.assertIn("several meters hang there: A100 (W15), N1 (W15)", self.reason(batch))

    # -- mending, taking back ---------------------------------------------------------------

    def test_mended_row(self):
        batch = self.import_meters("meter;type;point;installed\nN1;W51;CW-2;2026-01-15\n")
        self.assertEqual(self.rows(batch).problem_fields, ["meter_type"])
        self.assertTrue(self.rows(batch).mend({"meter_type": "W15"}))
        batch.action_import()
        self.assert_done(batch, 1)
        self.assertEqual(self.meter_named("N1").service_point_id, self.point_2)

    def test_take_back_an_exchange(self):
        content = (
            "meter;type;point;installed;first;old reading;verified;valid until;seal\n"
            "N1;W15;CW-1;2026-02-10;0;131.5;2026-01-01;2032-01-01;S5\n"
        )
        batch = self.import_meters(content)
        new = self.meter_named("N1")
        batch.undo("Wrong house")
        self.assertFalse(new.active)
        self.assertTrue(new.installation_ids.voided_at)
        self.assertTrue(new.verification_ids.voided_at)
        self.assertTrue(new.seal_ids.voided_at)
        self.assertEqual(
            self.readings_of(new.register_ids), [("2026-02-10", 0.0, "initial", "rejected")]
        )
        self.assertEqual(self.meter.state, "installed")
        place = self.meter.installation_id
        self.assertEqual((place.service_point_id, place.date_end), (self.point, False))
        self.assertEqual(
            self.readings_of(self.register),
            [
                ("2025-01-01", 100.0, "initial", "accepted"),
                ("2026-02-10", 131.5, "final", "rejected"),
            ],
        )
        first = self.register.reading_ids.filtered(lambda row: row.state == "accepted")
        self.assertEqual(first.installation_id, place)
        self.make_reading(self.register, "2026-03-01", 140)
        self.assertIn(("2026-03-01", 140.0, "actual", "accepted"), self.readings_of(self.register))

    def test_what_was_read_since_is_not_taken_back(self):
        batch = self.import_meters("meter;type;point;installed;first\nN1;W15;CW-2;2026-01-15;3\n")
        self.make_reading(self.meter_named("N1").register_ids, "2026-02-28", 9)
        with self.assertRaisesRegex(UserError, "recorded since"):
            batch.undo("Wrong house")
        self.assertEqual(self.meter_named("N1").state, "installed")

    # -- rights -----------------------------------------------------------------------------

    def test_engineer_may_and_clerk_may_not(self):
        content = "meter;type;point;installed;first;seal\nN1;W15;CW-2;2026-01-15;3;S5\n"
        profile = self.profile_of("meters", METERS, content)
        batch = self.upload(profile, content, user=self.make_user("clerk"))
        batch.action_read()
        with self.assertRaises(AccessError):
            batch.action_import()
        profile = self.profile_of("meters", METERS, content)
        batch = self.upload(profile, content, user=self.make_user("meter_engineer"))
        batch.action_read()
        batch.action_import()
        self.assertEqual(batch.imported_count, 1, self.rows(batch).mapped("reason"))

    def test_points_of_other_buildings_are_not_there(self):
        engineer = self.make_user("meter_engineer", buildings=self.other_house)
        content = "meter;type;point;installed\nN1;W15;CW-2;2026-01-15\nA100;W15;;\n"
        batch = self.upload(self.profile_of("meters", METERS, content), content, user=engineer)
        batch.action_read()
        self.assertIn("you may not see that service point", self.reason(batch, 2))
        self.assertIn("you may not change meter A100", self.reason(batch, 3))

    # -- how files are written --------------------------------------------------------------

    def test_lithuanian_headers_and_decimal_comma(self):
        profile = self.env["utility.import.profile"].create(
            {
                "name": "Skaitikliai",
                "target": "meters",
                "decimal_sign": "comma",
                "date_formats": "yyyy.mm.dd",
            }
        )
        headers = (
            "Skaitiklio Nr.;Tipas;Taškas;Sumontuotas;Pradinis rodmuo;Patikra;Patikra iki;Plomba"
        )
        profile._guess(headers.split(";"))
        batch = self.bring_in(
            profile, f"{headers}\nN1;W15;CW-2;2026.01.15;3,25;2026.01.02;2032.01.02;P-1\n"
        )
        self.assert_done(batch, 1)
        meter = self.meter_named("N1")
        self.assertEqual(
            self.readings_of(meter.register_ids), [("2026-01-15", 3.25, "initial", "accepted")]
        )
        self.assertEqual((str(meter.valid_until), meter.seal_ids.number), ("2032-01-02", "P-1"))
