import base64

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import HttpCase, JsonRpcException, freeze_time, tagged
from odoo.tools import mute_logger

from .test_routes import RouteCase

PIXEL = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGA"
    "WjR9awAAAABJRU5ErkJggg=="
)


@tagged("post_install", "-at_install")
@freeze_time("2026-03-16 09:00:00")
class TestFieldSheet(RouteCase):
    """What the phone gets."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.page = cls.env(user=cls.antanas)["utility.field.page"]

    def test_routes(self):
        self.make_reading(self.register, "2026-03-10", 170)
        self.env["utility.check.visit"]._plan({self.point_2: "Stuck"})
        self.assertEqual(
            self.page._routes(),
            [
                {
                    "id": self.route.id,
                    "name": "House 12",
                    "note": "",
                    "own": True,
                    "points": 2,
                    "left": 1,
                    "visits": 1,
                }
            ],
        )

    def test_visits_outside_of_his_routes_are_a_route(self):
        visit = self.env["utility.check.visit"]._plan({self.other_point: "Stuck"})
        visit.user_id = self.antanas
        self.assertEqual(self.page._routes()[0]["name"], "Visits assigned to me")
        sheet = self.page._sheet(0)
        self.assertEqual(sheet["premises"][0]["meters"][0]["serial"], "B100")

    def test_a_place_with_its_meters(self):
        self.make_reading(self.register, "2025-12-31", 465)
        self.make_reading(self.register, "2026-02-28", 524)
        self.env["utility.meter.seal"].create(
            {"number": "S1", "meter_id": self.meter.id, "date_start": "2025-01-01"}
        )
        first, second = self.page._sheet(self.route.id)["premises"]
        self.assertEqual(first["label"], "Flat 1")
        self.assertEqual((first["absent"], first["refused"], first["visits"]), (0, False, []))
        meter = first["meters"][0]
        self.assertEqual((meter["serial"], meter["place"]), ("A100", ""))
        self.assertEqual([seal["number"] for seal in meter["seals"]], ["S1"])
        register = meter["registers"][0]
        self.assertEqual(register["last"], {"value": "524.000", "date": "02/28/2026"})
        # 59 m³ in 59 days, one a day, 16 days since
        self.assertEqual((register["expected"], register["usage"]), ("540", "16.0"))
        self.assertIsNone(register["read"])
        self.assertEqual(second["meters"][0]["place"], "Kitchen")
        self.assertEqual(second["meters"][0]["registers"][0]["last"]["value"], "20.000")

    def test_what_was_read_this_month_is_done(self):
        self.make_reading(self.register, "2026-03-10", 170)
        register = self.page._sheet(self.route.id)["premises"][0]["meters"][0]["registers"][0]
        self.assertEqual(register["last"]["value"], "100.000")
        self.assertEqual(
            register["read"],
            {"value": "170.000", "date": "03/10/2026", "state": "accepted", "why": ""},
        )

    def test_no_names_and_no_money(self):
        self.meter.owner_partner_id = self.jonas
        self.assertNotIn("Jonas", repr(self.page._sheet(self.route.id)))

    def test_foreign_route_is_refused(self):
        with self.assertRaises(AccessError):
            self.page._sheet(self.other_route.id)

    def test_queries_do_not_grow_with_the_route(self):
        self.page._sheet(self.route.id)
        few = self._queries()
        for number in range(40):
            flat = self.make_premise("flat", f"{number + 10}", self.entrance)
            point = self.make_point(self.water, flat, f"Q-{number}")
            meter = self.make_meter(f"Q{number}")
            self.make_installation(meter, point, "2025-01-01", initial=number)
        self.assertEqual(len(self.page._sheet(self.route.id)["premises"]), 42)
        self.assertLessEqual(self._queries(), few)

    def _queries(self):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        self.page._sheet(self.route.id)
        return self.cr.sql_log_count - before


@tagged("post_install", "-at_install")
@freeze_time("2026-03-16 09:00:00")
class TestFieldSubmit(RouteCase):
    """What the phone sends."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.page = cls.env(user=cls.antanas)["utility.field.page"]

    def send(self, kind, key="k1", **item):
        answer = self.page._submit({"kind": kind, "key": key, **item})
        self.env.invalidate_all()
        return answer

    def assertRefused(self, *args, error=AccessError, **kwargs):
        with self.assertRaises(error), self.cr.savepoint():
            self.send(*args, **kwargs)
        self.env.invalidate_all()

    def test_reading(self):
        for _twice in range(2):
            answer = self.send(
                "reading",
                register_id=self.register.id,
                value="112,5",
                note="Glass broken",
                photo=PIXEL,
            )
            self.assertEqual((answer["status"], answer["value"]), ("done", "00112.500"))
        reading = self.register.reading_ids.filtered(lambda row: row.key == "k1")
        self.assertEqual(len(reading), 1)
        self.assertEqual(
            (reading.value, reading.date, reading.source, reading.note, reading.reading_type),
            (112.5, self.day("2026-03-16"), "controller", "Glass broken", "actual"),
        )
        self.assertTrue(reading.photo)
        self.assertEqual(reading.create_uid, self.antanas)

    def test_what_is_no_reading(self):
        for text in ("", "abc", "-5", "1e999", "NaN", "12.5.1"):
            self.assertRefused(
                "reading", register_id=self.register.id, value=text, error=ValidationError
            )

    def test_reading_of_a_foreign_meter(self):
        self.assertRefused("reading", register_id=self.other_meter.register_ids.id, value="50")

    def test_reading_on_a_visit_outside_of_his_routes(self):
        visit = self.env["utility.check.visit"]._plan({self.other_point: "Stuck"})
        visit.user_id = self.antanas
        item = {"register_id": self.other_meter.register_ids.id, "value": "50"}
        self.send("reading", visit_id=visit.id, **item)
        self.send("visit", key="k2", visit_id=visit.id, state="done", note="All right")
        self.assertEqual((visit.state, visit.result), ("done", "All right"))
        self.assertEqual(visit.reading_ids.reading_type, "check")
        # the phone did not hear the answers and sends all again
        self.assertEqual(self.send("reading", visit_id=visit.id, **item)["status"], "done")
        self.send("visit", key="k2", visit_id=visit.id, state="done", note="Twice")
        self.assertEqual((len(visit.reading_ids), visit.result), (1, "All right"))

    def test_seal_in_place_of_another(self):
        seals = self.env["utility.meter.seal"]
        old = seals.create({"number": "S1", "meter_id": self.meter.id, "date_start": "2025-01-01"})
        for _twice in range(2):
            self.send("seal", meter_id=self.meter.id, number=" S2 ", replaces_id=old.id)
        self.assertEqual(old.date_end, self.day("2026-03-16"))
        new = seals.search([("number", "=", "S2")])
        self.assertEqual((len(new), new.meter_id, new.date_end), (1, self.meter, False))
        foreign = {"meter_id": self.other_meter.id, "number": "S3"}
        self.assertRefused("seal", key="k2", **foreign)
        self.assertRefused("seal", key="k3", meter_id=self.meter.id, number=" ", error=UserError)

    def test_refusal_of_access(self):
        visit = self.env["utility.check.visit"]._plan({self.point: "Stuck"})
        item = {
            "point_id": self.point.id,
            "meter_id": self.meter.id,
            "visit_id": visit.id,
            "customer_name": "Did not say",
            "note": "Shut the door",
            "photo": PIXEL,
        }
        for _twice in range(2):
            self.send("refusal", **item)
        act = self.env["utility.meter.act"].search([("premise_id", "=", self.flat.id)])
        self.assertEqual(len(act), 1)
        self.assertEqual(
            (act.kind, act.customer_name, act.findings, act.user_id, act.date),
            ("refusal", "Did not say", "Shut the door", self.antanas, self.day("2026-03-16")),
        )
        photo = self.env["ir.attachment"].search(
            [("res_model", "=", act._name), ("res_id", "=", act.id)]
        )
        self.assertEqual(photo.datas, PIXEL.partition(",")[2].encode())
        self.assertEqual((visit.state, visit.act_id), ("refused", act))
        self.assertTrue(self.page._sheet(self.route.id)["premises"][0]["refused"])
        self.assertRefused("refusal", key="k2", point_id=self.other_point.id)

    def test_nobody_at_home(self):
        for _twice in range(2):
            self.send("absent", premise_id=self.flat.id, route_id=self.route.id)
        self.send("absent", key="k2", premise_id=self.flat.id)
        self.assertEqual(self.page._sheet(self.route.id)["premises"][0]["absent"], 2)
        self.assertRefused("absent", key="k3", premise_id=self.other_flat.id)

    def test_another_mans_key_says_nothing(self):
        self.send("absent", premise_id=self.flat.id)
        self.other_route.user_ids += self.antanas
        self.assertFalse(
            self.env(user=self.birute)["utility.field.page"]._received("utility.route.call", "k1")
        )

    def test_a_photo_that_is_none(self):
        self.assertRefused(
            "reading",
            register_id=self.register.id,
            value="120",
            photo="data:image/jpeg;base64,!!!",
            error=ValueError,
        )
        large = base64.b64encode(b"0" * (9 * 1024 * 1024)).decode()
        self.assertRefused(
            "reading", register_id=self.register.id, value="120", photo=large, error=UserError
        )

    def test_an_unknown_kind(self):
        self.assertRefused("money", error=UserError)


@tagged("post_install", "-at_install")
class TestFieldPage(RouteCase, HttpCase):
    """The page in a browser as small as a phone."""

    browser_size = "360x740"
    touch_enabled = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for user in (cls.antanas, cls.birute):
            user.password = user.login
        cls.make_user("clerk", login="field_clerk", password="field_clerk")

    def play(self, script, login="antanas", start=""):
        """Run steps in the page; helpers: `see`, `tap`, `type`, `gone`, `check`."""
        self.browser_js(
            f"/utility/field{start}",
            f"({HELPERS})(async ({{see, tap, type, gone, check, pause}}) => {{{script}}})",
            "Boolean(document.querySelector('#utility_field .u_page'))",
            login=login,
            timeout=60,
        )
        self.env.invalidate_all()

    def test_a_walk(self):
        self.env["utility.check.visit"]._plan({self.point_2: "Stuck for a year"})
        self.play(
            """
            await tap(".u_route", "House 12");
            check((await see(".u_premise")).textContent.includes("Stuck for a year"));
            check(document.documentElement.scrollWidth <= 360, "wider than the phone");
            await tap(".u_premise", "Flat 1");
            await type(".u_number", "99");
            await see(".u_warning", "Lower than last time");
            await type(".u_number", "112,5");
            await gone(".u_warning");
            await see(".u_usage", "+12.500");
            check(document.documentElement.scrollWidth <= 360, "wider than the phone");
            await pause(500);
            await tap(".u_save");
            await see(".u_serial", "A200");
            await type(".u_visit_note", "Dial is stuck");
            await type(".u_number", "20.5");
            await tap(".u_more");
            await type(".u_seal_number", "P-77");
            await tap(".u_seal_save");
            await see(".u_seals", "P-77");
            await pause(500);
            await tap(".u_save");
            await see(".u_all_done");
            await gone(".u_banner");
            """
        )
        reading = self.register.reading_ids.filtered(lambda row: row.source == "controller")
        self.assertEqual((reading.value, reading.reading_type), (112.5, "actual"))
        visit = self.env["utility.check.visit"].search([("service_point_id", "=", self.point_2.id)])
        self.assertEqual((visit.state, visit.result), ("done", "Dial is stuck"))
        self.assertEqual(visit.reading_ids.value, 20.5)
        self.assertEqual(self.meter_2.seal_ids.number, "P-77")

    def test_double_tap_is_one_reading(self):
        self.play(
            """
            await tap(".u_route", "House 12");
            await tap(".u_premise", "Flat 1");
            await type(".u_number", "112.5");
            await pause(500);
            const save = await see(".u_save");
            save.click();
            save.click();
            await see(".u_serial", "A200");
            save.click();
            await pause(300);
            await see(".u_serial", "A200");
            await gone(".u_banner");
            """
        )
        self.assertEqual(self.meter.register_ids.reading_ids.mapped("value"), [112.5, 100])

    def test_no_network(self):
        """The first attempt never reaches the server, the answer to the second one is lost: the
        reading is kept on the phone and recorded once."""
        self.play(
            """
            await tap(".u_route", "House 12");
            await tap(".u_premise", "Flat 1");
            await type(".u_number", "112.5");
            const drafts = () => JSON.stringify({...localStorage});
            check(drafts().includes("112.5"), "what is typed is not kept");
            const send = window.fetch;
            window.fetch = () => Promise.reject(new TypeError("Failed to fetch"));
            await pause(500);
            await tap(".u_save");
            await see(".u_offline", "No connection");
            await see(".u_waiting", "1 waiting to be sent");
            check(drafts().includes("112.5"), "what waits is not kept");
            window.fetch = async (...args) => {
                await send(...args);
                throw new TypeError("Connection reset");
            };
            await tap(".u_waiting .u_button");
            await pause(1500);
            await see(".u_waiting", "1 waiting to be sent");
            window.fetch = send;
            await tap(".u_waiting .u_button");
            await gone(".u_banner");
            check(!drafts().includes("112.5"), "what was sent is still kept");
            """
        )
        self.assertEqual(self.meter.register_ids.reading_ids.mapped("value"), [112.5, 100])

    def test_no_access_and_nobody_home(self):
        self.play(
            """
            await tap(".u_route", "House 12");
            await tap(".u_premise", "Flat 1");
            await tap(".u_refuse_button");
            await type(".u_refusal_name", "Neighbour");
            await type(".u_refusal_note", "Dog");
            await tap(".u_refusal_send");
            await see(".u_serial", "A200");
            await pause(500);
            await tap(".u_absent_button");
            await see(".u_premise .u_absent");
            await see(".u_premise .u_badge.u_danger", "no access");
            await gone(".u_banner");
            """
        )
        act = self.env["utility.meter.act"].search([("service_point_id", "=", self.point.id)])
        self.assertEqual(
            (act.kind, act.customer_name, act.findings), ("refusal", "Neighbour", "Dog")
        )
        call = self.env["utility.route.call"].search([])
        self.assertEqual((call.premise_id, call.route_id), (self.flat_2, self.route))

    def test_what_the_server_refuses_is_shown(self):
        self.env["utility.meter.seal"].create(
            {"number": "S1", "meter_id": self.other_meter.id, "date_start": "2025-01-01"}
        )
        self.play(
            """
            await tap(".u_route", "House 12");
            await tap(".u_premise", "Flat 1");
            await tap(".u_more");
            await type(".u_seal_number", "S1");
            await tap(".u_seal_save");
            await see(".u_problem", "S1");
            await tap(".u_problem .u_button");
            await gone(".u_banner");
            """
        )
        self.assertFalse(self.meter.seal_ids)

    def test_search(self):
        self.play(
            """
            await tap(".u_route", "House 12");
            await see(".u_premise", "Flat 2");
            await type(".u_search", "a100");
            await gone(".u_premise", "Flat 2");
            await see(".u_premise", "Flat 1");
            await type(".u_search", "savanoriu 2");
            await see(".u_premise", "Flat 2");
            """
        )

    def test_foreign_route_over_the_wire(self):
        self.authenticate("antanas", "antanas")
        with self.assertRaises(JsonRpcException), mute_logger("odoo.http"):
            self.make_jsonrpc_request("/utility/field/route", {"route_id": self.other_route.id})
        item = {
            "kind": "reading",
            "key": "k1",
            "register_id": self.other_meter.register_ids.id,
            "value": "50",
        }
        answer = self.make_jsonrpc_request("/utility/field/submit", {"item": item})
        self.assertEqual(answer["status"], "refused")
        self.assertEqual(self.other_meter.register_ids.reading_ids.mapped("value"), [7])

    def test_others_are_told_so(self):
        self.authenticate("field_clerk", "field_clerk")
        response = self.url_open("/utility/field")
        self.assertEqual(response.status_code, 403)
        self.assertIn("This page is for field controllers", response.text)
        with self.assertRaises(JsonRpcException):
            self.make_jsonrpc_request("/utility/field/routes", {})


# the steps of a test, as a person would take them: what is not there yet is waited for
HELPERS = """async (steps) => {
    const pause = (time) => new Promise((done) => setTimeout(done, time));
    const find = (selector, text = "") =>
        [...document.querySelectorAll(selector)].find(
            (node) => node.textContent.replace(/\\s+/g, " ").includes(text));
    const check = (is, message = "check failed") => { if (!is) throw new Error(message); };
    const until = async (test, what) => {
        for (let tries = 0; tries < 200; tries++) {
            const found = test();
            if (found) return found;
            await pause(50);
        }
        throw new Error(`${what}: ${document.body.innerText}`);
    };
    const see = (selector, text) =>
        until(() => find(selector, text), `no ${selector} ${text || ""}`);
    const gone = (selector, text) =>
        until(() => !find(selector, text), `still ${selector} ${text || ""}`);
    const tap = async (selector, text) => {
        const target = await see(selector, text);
        await until(() => !target.disabled, `${selector} cannot be tapped`);
        target.click();
    };
    const type = async (selector, text) => {
        const input = await see(selector);
        input.value = text;
        input.dispatchEvent(new Event("input", {bubbles: true}));
    };
    localStorage.clear();
    try {
        await steps({see, tap, type, gone, check, pause});
        console.log("test successful");
    } catch (error) {
        console.error(error.message);
    }
}"""
