import base64
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import MeteringCommon

PIXEL = base64.b64encode(
    base64.b64decode(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJg"
        "gg=="
    )
).decode()


class EntryCommon(MeteringCommon):
    """Meters hang in flats 1, 2 and 3 of house 12; the one in flat 1 was read every month."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = cls.make_user("clerk", login="entry_clerk", password="entry_clerk")
        cls.readings = cls.env["utility.reading"].with_user(cls.clerk)
        cls.meter_2, cls.meter_3 = cls.make_meter("A200"), cls.make_meter("A300")
        cls.make_installation(cls.meter_2, cls.point_2, "2025-01-01", initial=0)
        cls.make_installation(cls.meter_3, cls.point_3, "2025-01-01", initial=0)

    def sheet(self, place=None, **bounds):
        bounds = bounds or {"premise_id": (place or self.house).id}
        return self.readings.entry_sheet(**bounds)

    def line(self, register=None, day="2026-03-16", value=120.5, **vals):
        return {
            "key": f"key-{(register or self.register).id}-{day}",
            "register_id": (register or self.register).id,
            "date": day,
            "value": value,
            "source": "phone",
            **vals,
        }


@tagged("post_install", "-at_install")
class TestEntrySheet(EntryCommon):
    def test_lines_come_in_the_order_of_addresses(self):
        tenth = self.make_premise("flat", "10", self.entrance)
        self.make_installation(
            self.make_meter("A1000"), self.make_point(self.water, tenth, "CW-10"), "2025-01-01"
        )
        serials = [line["serial"] for line in self.sheet()["lines"]]
        self.assertEqual(serials, ["A100", "A200", "A300", "A1000"])

    def test_a_line_says_what_was_read_before(self):
        self.make_reading(self.register, "2026-02-28", 114.2)
        line = self.sheet()["lines"][0]
        self.assertEqual(
            (line["previous_date"], line["previous_value"], line["uom"], line["decimals"]),
            ("2026-02-28", 114.2, "m³", 3),
        )
        self.assertEqual((line["ratio"], line["reading"], line["held"]), (1, False, 0))

    def test_usual_and_last_years_use(self):
        # 0.1 m³ a day up to 31 January 2026, then 0.2: 365 days of them hold 28 of the latter
        self.make_reading(self.register, "2026-01-31", 139.5)
        self.make_reading(self.register, "2026-02-28", 145.1)
        line = self.sheet()["lines"][0]
        self.assertEqual(line["expected"], 1.723)
        self.assertEqual(line["last_year"], 1.6)

    def test_multiplier_and_factor_count_in_the_hints(self):
        self.register.multiplier = 10
        self.make_reading(self.register, "2026-01-31", 139.5)
        line = self.sheet()["lines"][0]
        self.assertEqual((line["ratio"], line["expected"]), (10, 44))

    def test_the_first_year_has_no_year_before(self):
        line = self.sheet()["lines"][1]
        self.assertEqual((line["previous_value"], line["expected"]), (0, False))
        self.assertIs(line["last_year"], False)

    def test_a_reading_of_the_day_is_shown_not_asked(self):
        self.make_reading(self.register, "2026-03-16", 150)
        line = self.sheet()["lines"][0]
        self.assertEqual((line["reading"]["value"], line["reading"]["state"]), (150, "accepted"))
        self.assertEqual(line["previous_value"], 100)

    def test_a_held_one_before_is_told(self):
        self.make_reading(self.register, "2026-02-28", 150)._put({"state": "held"})
        line = self.sheet()["lines"][0]
        self.assertEqual((line["held"], line["previous_value"]), (1, 100))

    def test_an_exchanged_meter_is_asked_no_more(self):
        self.installation._close(self.day("2026-03-10"))
        new = self.make_meter("B100")
        self.make_installation(new, self.point, "2026-03-10", initial=5)
        serials = [line["serial"] for line in self.sheet(self.flat)["lines"]]
        self.assertEqual(serials, ["B100"])
        before = self.sheet(premise_id=self.flat.id, date="2026-03-09")["lines"]
        self.assertEqual([line["serial"] for line in before], ["A100"])
        shared = self.sheet(premise_id=self.flat.id, date="2026-03-10")["lines"]
        self.assertEqual([line["serial"] for line in shared], ["B100"])

    def test_bounds(self):
        for bounds, serials in (
            ({"meter_id": self.meter_2.id}, ["A200"]),
            ({"service_point_id": self.point_3.id}, ["A300"]),
            ({"account_id": self.account.id}, ["A100"]),
            ({"premise_id": self.entrance.id}, ["A100", "A200", "A300"]),
            ({"premise_id": self.other_house.id}, []),
        ):
            with self.subTest(**bounds):
                lines = self.sheet(**bounds)["lines"]
                self.assertEqual([line["serial"] for line in lines], serials)

    def test_one_service_only(self):
        hot = self.make_service("HW", kind="hot_water")
        kind = self.make_meter_type("H15", service_kind="hot_water")
        point = self.make_point(hot, self.flat, "HW-1")
        self.make_installation(self.make_meter("H100", kind), point, "2025-01-01")
        lines = self.sheet(premise_id=self.house.id, service_id=hot.id)["lines"]
        self.assertEqual([line["serial"] for line in lines], ["H100"])

    def test_a_route_has_its_places_and_services(self):
        route = self.env["utility.route"].create(
            {
                "name": "North",
                "company_id": self.company.id,
                "premise_ids": [Command.set((self.flat_2 | self.flat).ids)],
                "service_ids": [Command.set(self.water.ids)],
            }
        )
        sheet = self.sheet(route_id=route.id)
        self.assertEqual(sheet["title"], "North")
        self.assertEqual([line["serial"] for line in sheet["lines"]], ["A100", "A200"])
        route.service_ids = self.make_service("G", kind="gas")
        self.assertFalse(self.sheet(route_id=route.id)["lines"])

    def test_payers_only_for_who_may_know_them(self):
        self.assertIn("Jonas Petraitis", self.sheet()["lines"][0]["payer"])
        controller = self.make_user("field_controller")
        self.env["utility.route"].create(
            {
                "name": "All",
                "company_id": self.company.id,
                "user_ids": [Command.set(controller.ids)],
                "premise_ids": [Command.set(self.house.ids)],
            }
        )
        lines = (
            self.env["utility.reading"]
            .with_user(controller)
            .entry_sheet(premise_id=self.house.id)["lines"]
        )
        self.assertEqual({line["payer"] for line in lines}, {""})

    def test_queries_do_not_grow_with_the_house(self):
        def queries():
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.sheet()
            return self.cr.sql_log_count - before

        self.furnish(20, 22)
        self.sheet()
        few = queries()
        self.furnish(22, 40)
        self.assertEqual(len(self.sheet()["lines"]), 23)
        self.assertLessEqual(queries(), few)

    def furnish(self, first, end):
        """Flats with those numbers, each with an account, a meter and a held reading."""
        for number in range(first, end):
            flat = self.make_premise("flat", str(number), self.entrance)
            point = self.make_point(self.water, flat, f"CW-{number}", self.inlet)
            payer = self.make_person(f"Person {number}")
            self.make_agreement(self.make_account(flat, payer), point)
            meter = self.make_meter(f"M{number}")
            self.make_installation(meter, point, "2025-01-01", initial=0)
            self.make_reading(meter.register_ids, "2026-03-16", 5)._put({"state": "held"})
        self.env.flush_all()

    def test_whose_building_it_is_not_sees_nothing_of_it(self):
        tied = self.make_user("clerk", buildings=self.other_house)
        readings = self.env["utility.reading"].with_user(tied)
        with self.assertRaises(AccessError):
            readings.entry_sheet(premise_id=self.flat.id)
        street = readings.entry_sheet(premise_id=self.avenue.id)
        self.assertFalse(street["lines"])

    def test_the_day_is_last_months_end_while_its_window_is_open(self):
        self.assertEqual(self.readings.entry_options()["day"], "2026-03-16")
        self.env["utility.reading.window"].create({"service_id": self.water.id, "days_after": 3})
        with self.at("2026-03-03 09:00:00"):
            self.assertEqual(self.readings.entry_options()["day"], "2026-02-28")
        with self.at("2026-03-04 09:00:00"):
            self.assertEqual(self.readings.entry_options()["day"], "2026-03-04")


@tagged("post_install", "-at_install")
class TestEntrySave(EntryCommon):
    def test_each_line_has_its_answer(self):
        results = self.readings.entry_save(
            [self.line(), self.line(self.meter_2.register_ids, value=3)]
        )
        self.assertEqual(
            [(row["reading"]["value"], row["reading"]["state"]) for row in results],
            [(120.5, "accepted"), (3, "accepted")],
        )
        reading = self.env["utility.reading"].browse(results[0]["reading"]["id"])
        self.assertEqual(reading.installation_id, self.installation)
        self.assertEqual((reading.source, reading.reading_type), ("phone", "customer"))

    def test_sent_twice_is_recorded_once(self):
        first = self.readings.entry_save([self.line()])
        again = self.readings.entry_save([self.line(value=999)])
        self.assertEqual(first, again)
        self.assertEqual(
            self.env["utility.reading"].search_count(
                [("register_id", "=", self.register.id), ("date", "=", "2026-03-16")]
            ),
            1,
        )

    def test_a_day_that_is_read_already_is_refused_and_the_rest_goes_in(self):
        self.make_reading(self.register, "2026-03-16", 110)
        bad, good = self.readings.entry_save(
            [self.line(), self.line(self.meter_2.register_ids, value=3)]
        )
        self.assertEqual(
            bad["error"],
            "00110.000 is on record for 03/16/2026 already. Correct that reading instead.",
        )
        self.assertEqual(good["reading"]["value"], 3)

    def test_the_same_register_twice_at_once(self):
        good, bad = self.readings.entry_save([self.line(), self.line(key="another", value=130)])
        self.assertEqual(good["reading"]["value"], 120.5)
        self.assertIn("Another line", bad["error"])

    def test_one_that_cannot_be_recorded_does_not_stop_the_rest(self):
        insert = type(self.readings)._insert_rows

        def refuse_threes(readings, vals_list):
            if 3 in [vals["value"] for vals in vals_list]:
                raise UserError("No threes, please.")  # pylint: disable=translation-required
            return insert(readings, vals_list)

        with patch.object(type(self.readings), "_insert_rows", refuse_threes):
            good, bad = self.readings.entry_save(
                [self.line(), self.line(self.meter_2.register_ids, value=3)]
            )
        self.assertEqual(good["reading"]["value"], 120.5)
        self.assertEqual(bad["error"], "No threes, please.")
        self.assertFalse(
            self.env["utility.reading"].search(
                [("register_id", "=", self.meter_2.register_ids.id), ("date", "=", "2026-03-16")]
            )
        )

    def test_a_photo_goes_with_the_line(self):
        (result,) = self.readings.entry_save([self.line(photo=PIXEL)])
        self.assertTrue(self.env["utility.reading"].browse(result["reading"]["id"]).photo)

    def test_queries_do_not_grow_with_the_lines(self):
        meters = [self.make_meter(f"Q{number}") for number in range(22)]
        for number, meter in enumerate(meters):
            point = self.make_point(self.water, self.flat, f"CW-Q{number}")
            self.make_installation(meter, point, "2025-01-01", initial=0)
        self.env.flush_all()

        def queries(some):
            lines = [self.line(meter.register_ids, value=1) for meter in some]
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.readings.entry_save(lines)
            self.env.flush_all()
            return self.cr.sql_log_count - before

        queries(meters[20:])
        few = queries(meters[:2])
        self.assertLessEqual(queries(meters[2:20]), few)

    def test_who_may(self):
        for role, may in (
            ("clerk", True),
            ("meter_engineer", True),
            ("auditor", False),
            ("cashier", False),
            ("billing_operator", False),
        ):
            with self.subTest(role):
                user = self.make_user(role)
                readings = self.env["utility.reading"].with_user(user)
                self.assertEqual(readings.entry_sheet(premise_id=self.house.id)["can_enter"], may)
                lines = [self.line(key=role, day="2026-03-01" if role == "clerk" else "2026-03-02")]
                if may:
                    self.assertIn("reading", readings.entry_save(lines)[0])
                else:
                    with self.assertRaises(AccessError):
                        readings.entry_save(lines)

    def test_not_in_a_building_of_others(self):
        tied = self.make_user("clerk", buildings=self.other_house)
        with self.assertRaises(AccessError):
            self.env["utility.reading"].with_user(tied).entry_save([self.line()])


@tagged("post_install", "-at_install")
class TestEntryButtons(EntryCommon):
    def test_they_open_the_same_screen_bounded(self):
        for record, params in (
            (self.meter, {"meter_id": self.meter.id}),
            (self.point, {"service_point_id": self.point.id}),
            (self.account, {"account_id": self.account.id}),
            (self.house, {"premise_id": self.house.id}),
        ):
            action = record.with_user(self.clerk).action_enter_reading()
            self.assertEqual(action["tag"], "utility_metering.entry_grid")
            self.assertEqual(action["params"], params)
