from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import MeteringCommon


class RouteCase(MeteringCommon):
    """Antanas walks house 12, Birutė house 14. Meters hang in flats 1 and 2 of house 12 and in
    flat 1 of house 14; nothing was read in March."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.antanas = cls.make_user("field_controller", login="antanas")
        cls.birute = cls.make_user("field_controller", login="birute")
        cls.route = cls.make_route("House 12", cls.house, cls.antanas)
        cls.other_route = cls.make_route("House 14", cls.other_house, cls.birute)
        cls.meter_2 = cls.make_meter("A200")
        cls.installation_2 = cls.make_installation(
            cls.meter_2, cls.point_2, "2025-01-01", initial=20, place="Kitchen"
        )
        cls.other_point = cls.make_point(cls.water, cls.other_flat, "CW-14")
        cls.other_meter = cls.make_meter("B100")
        cls.other_installation = cls.make_installation(
            cls.other_meter, cls.other_point, "2025-01-01", initial=7
        )

    @classmethod
    def make_route(cls, name, places, users, **vals):
        return cls.env["utility.route"].create(
            {
                "name": name,
                "premise_ids": [Command.set(places.ids)],
                "user_ids": [Command.set(users.ids)],
                **vals,
            }
        )

    def assertRefused(self, call, *args, **kwargs):
        with self.assertRaises(AccessError), self.cr.savepoint():
            call(*args, **kwargs)
        self.env.invalidate_all()


@tagged("post_install", "-at_install")
@freeze_time("2026-03-16 09:00:00")
class TestRoutes(RouteCase):
    def test_addresses_come_in_the_order_one_walks(self):
        flat_10 = self.make_premise("flat", "10", self.entrance)
        hairdresser = self.make_point(self.water, self.shop, "CW-S")
        for number, point in enumerate(
            (self.make_point(self.water, flat_10, "CW-10"), self.point_3, hairdresser)
        ):
            self.make_installation(self.make_meter(f"C{number}"), point, "2025-01-01", initial=0)
        self.assertEqual(
            self.route.walk_premise_ids.mapped("name"), ["1", "2", "3", "10", "Kirpykla"]
        )

    def test_counts_of_the_running_month(self):
        self.make_reading(self.meter_2.register_ids, "2026-02-28", 30)
        self.assertEqual((self.route.point_count, self.route.left_count), (2, 2))
        self.make_reading(self.meter_2.register_ids, "2026-03-10", 33)
        self.route.invalidate_recordset()
        self.assertEqual(
            (self.route.point_count, self.route.read_count, self.route.left_count), (2, 1, 1)
        )
        self.assertEqual(self.route.progress, 50)

    def test_quarter_is_one_period_of_a_quarterly_route(self):
        self.route.billing_cycle_id = self.env.ref("utility_base.billing_cycle_quarterly")
        self.make_reading(self.meter_2.register_ids, "2026-01-10", 33)
        self.route.invalidate_recordset()
        self.assertEqual(self.route.left_count, 1)

    def test_remote_meters_removed_meters_and_other_services_are_not_walked(self):
        remote = self.make_meter_type("R15", remote=True)
        self.make_installation(self.make_meter("R1", remote), self.point_3, "2025-01-01", initial=0)
        self.installation_2._close(self.day("2026-02-01"))
        self.route.invalidate_recordset()
        self.assertEqual(self.route.point_count, 1)
        self.route.service_ids = self.make_service("HW", kind="hot_water")
        self.route.invalidate_recordset()
        self.assertEqual(self.route.point_count, 0)

    def test_routes_are_made_for_each_street_at_once(self):
        (self.route | self.other_route).unlink()
        action = (
            self.env["utility.route.wizard"]
            .create({"premise_ids": self.town.ids, "user_ids": self.antanas.ids})
            .action_make()
        )
        routes = self.env["utility.route"].search(action["domain"])
        self.assertEqual(routes.mapped("name"), ["Savanorių pr., Kaunas", "Ąžuolų g., Kaunas"])
        self.assertEqual(routes.user_ids, self.antanas)
        self.assertEqual(routes[0].point_count, 3)

    def test_buildings_of_a_route_are_left_out(self):
        wizard = self.env["utility.route.wizard"].create(
            {"premise_ids": self.town.ids, "split": "building"}
        )
        self.assertEqual(wizard.preview, "Ąžuolų g. 7, Kaunas")
        wizard.action_make()
        with self.assertRaisesRegex(UserError, "nothing to make a route of"):
            wizard.action_make()


@tagged("post_install", "-at_install")
@freeze_time("2026-03-16 09:00:00")
class TestControllersRights(RouteCase):
    MODELS = {
        "utility.meter": "other_meter",
        "utility.meter.register": "other_register",
        "utility.meter.installation": "other_installation",
        "utility.reading": "other_reading",
        "utility.meter.seal": "other_seal",
        "utility.meter.verification": "other_verification",
        "utility.meter.act": "other_act",
        "utility.check.visit": "other_visit",
        "utility.route": "other_route",
        "utility.usage": "other_usage",
    }

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_register = cls.other_meter.register_ids
        cls.other_reading = cls.other_register.reading_ids
        cls.other_seal = cls.env["utility.meter.seal"].create(
            {"number": "S-14", "meter_id": cls.other_meter.id, "date_start": "2025-01-01"}
        )
        cls.other_verification = cls.env["utility.meter.verification"].create(
            {"meter_id": cls.other_meter.id, "date_start": "2025-01-01"}
        )
        cls.other_act = cls.env["utility.meter.act"].create(
            {"kind": "check", "service_point_id": cls.other_point.id}
        )
        cls.other_visit = cls.env["utility.check.visit"]._plan({cls.other_point: "Stuck"})
        cls.other_usage = cls.env["utility.usage"].create(
            {
                "service_point_id": cls.other_point.id,
                "date_start": "2026-02-01",
                "date_end": "2026-02-28",
                "quantity": 5,
                "method": "measured",
            }
        )
        cls.as_antanas = cls.env(user=cls.antanas)

    def test_sees_own_routes_and_nothing_else(self):
        for model, name in self.MODELS.items():
            foreign = getattr(self, name)
            with self.subTest(model):
                self.assertNotIn(foreign, self.as_antanas[model].search([]))
                self.assertRefused(foreign.with_user(self.antanas).read, [])
                self.assertIn(foreign, self.env(user=self.birute)[model].search([]))
        meters = self.as_antanas["utility.meter"].search([])
        self.assertEqual(meters.mapped("serial"), ["A100", "A200"])

    def test_readers_see_all(self):
        both = self.make_user("field_controller", login="both")
        both.group_ids += self.env.ref("utility_base.group_clerk")
        for user in (both, self.make_user("auditor"), self.make_user("meter_engineer")):
            for model, name in self.MODELS.items():
                foreign = getattr(self, name)
                self.assertIn(foreign, self.env(user=user)[model].search([]), model)

    def test_a_change_of_routes_counts_at_once(self):
        meters = self.as_antanas["utility.meter"]
        self.assertEqual(len(meters.search([])), 2)
        self.other_route.user_ids += self.antanas
        self.assertEqual(len(meters.search([])), 3)
        self.other_route.active = False
        self.assertEqual(len(meters.search([])), 2)
        self.antanas.utility_route_ids = False
        self.assertFalse(meters.search([]))

    def test_records_readings_only_on_own_routes(self):
        def record(register, **vals):
            return self.as_antanas["utility.reading"]._record(
                [{"register_id": register.id, "date": "2026-03-16", "value": 200, **vals}]
            )

        self.assertEqual(record(self.register).service_point_id, self.point)
        self.assertRefused(record, self.other_register)
        self.assertRefused(record, self.other_register, installation_id=self.installation.id)
        self.assertRefused(self.other_reading.with_user(self.antanas).write, {"note": "Mine"})

    def test_writes_no_foreign_seals_acts_and_visits(self):
        for model, vals in (
            ("utility.meter.seal", {"number": "X", "meter_id": self.other_meter.id}),
            ("utility.meter.act", {"kind": "refusal", "service_point_id": self.other_point.id}),
            ("utility.route.call", {"premise_id": self.other_flat.id}),
        ):
            self.assertRefused(self.as_antanas[model].create, vals)
        for foreign, vals in (
            (self.other_seal, {"note": "Mine"}),
            (self.other_act, {"findings": "Mine"}),
            (self.other_visit, {"user_id": self.antanas.id}),
        ):
            self.assertRefused(foreign.with_user(self.antanas).write, vals)
        self.assertRefused(self.route.with_user(self.antanas).write, {"name": "Mine"})

    def test_a_visit_lets_him_in_while_it_is_planned(self):
        self.other_visit.user_id = self.antanas
        meter = self.other_meter.with_user(self.antanas)
        self.assertEqual(meter.read(["serial"])[0]["serial"], "B100")
        self.other_visit._finish("done", "All right")
        self.env.invalidate_all()
        self.assertRefused(meter.read, ["serial"])

    def test_sees_no_owner_of_a_meter(self):
        self.meter.owner_partner_id = self.jonas
        mine = self.meter.with_user(self.antanas)
        self.assertRefused(mine.read, ["owner_partner_id"])
        self.assertRefused(mine.search, [("owner_partner_id.name", "ilike", "jonas")])


@tagged("post_install", "-at_install")
@freeze_time("2026-03-16 09:00:00")
class TestCheckVisits(RouteCase):
    def test_goes_to_the_one_controller_of_the_route(self):
        visits = self.env["utility.check.visit"]._plan(
            {self.other_point: "Stuck", self.point.id: "Fell"}, score={self.point.id: 7.5}
        )
        self.assertEqual(visits.mapped("reason"), ["Stuck", "Fell"])
        self.assertEqual(visits.mapped("user_id"), self.birute | self.antanas)
        self.assertEqual(visits.mapped("score"), [0, 7.5])
        self.assertEqual(visits.mapped("meter_id.serial"), ["B100", "A100"])
        self.assertEqual(visits[0].date_planned, self.day("2026-03-16"))

    def test_two_controllers_or_another_service_leave_it_open(self):
        self.route.user_ids += self.birute
        self.other_route.service_ids = self.make_service("HW", kind="hot_water")
        visits = self.env["utility.check.visit"]._plan({self.point: "A", self.other_point: "B"})
        self.assertFalse(visits.user_id)

    def test_an_open_visit_gets_the_reason(self):
        first = self.env["utility.check.visit"]._plan({self.point: "Stuck"})
        again = self.env["utility.check.visit"]._plan(
            {self.point: "Held: lower", self.point_2: "B"}
        )
        self.assertEqual(again[0], first)
        self.assertEqual(first.reason, "Stuck; Held: lower")
        self.env["utility.check.visit"]._plan({self.point: "Stuck"})
        self.assertEqual(first.reason, "Stuck; Held: lower")
        first._finish("done", "Seal broken")
        third = self.env["utility.check.visit"]._plan({self.point: "Stuck"})
        self.assertNotEqual(third, first)

    def test_closed_in_mass_and_planned_again(self):
        visits = self.env["utility.check.visit"]._plan({self.point: "A", self.point_2: "B"})
        wizard = self.env["utility.check.visit.wizard"].create(
            {"verdict": "cancelled", "visit_ids": visits.ids}
        )
        with self.assertRaisesRegex(UserError, "Say why"):
            wizard.action_apply()
        wizard.text = "Read by phone"
        wizard.action_apply()
        self.assertEqual(set(visits.mapped("state")), {"cancelled"})
        self.assertEqual(visits[0].result, "Read by phone")
        with self.assertRaisesRegex(UserError, "closed already"):
            visits._finish("done", "Again")
        visits[0].action_reopen()
        self.assertEqual((visits[0].state, visits[0].date_done), ("planned", False))

    def test_assigned_in_mass(self):
        visits = self.env["utility.check.visit"]._plan({self.point: "A", self.other_point: "B"})
        self.env["utility.check.visit.wizard"].create(
            {"visit_ids": visits.ids, "user_id": self.birute.id, "date_planned": "2026-03-20"}
        ).action_apply()
        self.assertEqual(visits.user_id, self.birute)
        self.assertEqual(set(visits.mapped("date_planned")), {self.day("2026-03-20")})

    def test_overdue(self):
        visits = self.env["utility.check.visit"]._plan({self.point: "A", self.point_2: "B"})
        visits[0].date_planned = "2026-03-15"
        late = self.env["utility.check.visit"].search([("is_overdue", "=", True)])
        self.assertEqual(late, visits[0])
        self.assertEqual(visits.mapped("is_overdue"), [True, False])

    def test_a_reading_belongs_to_a_visit_of_its_point(self):
        visit = self.env["utility.check.visit"]._plan({self.point: "A"})
        reading = self.make_reading(self.register, "2026-03-16", 180, visit_id=visit.id)
        self.assertEqual(visit.reading_ids, reading)
        with self.assertRaisesRegex(ValidationError, "the visit was to point CW-1"):
            self.make_reading(self.meter_2.register_ids, "2026-03-16", 40, visit_id=visit.id)
