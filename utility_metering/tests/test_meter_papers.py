import json
from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import file_open
from odoo.tools.safe_eval import safe_eval

from .common import MeteringCommon


@tagged("post_install", "-at_install")
class TestActs(MeteringCommon):
    def make_act(self, **vals):
        return self.env["utility.meter.act"].create(
            {"kind": "check", "service_point_id": self.point.id, "meter_id": self.meter.id, **vals}
        )

    def test_numbers_follow_one_another_by_company(self):
        acts = self.make_act() | self.make_act(kind="refusal")
        self.assertEqual(acts.mapped("number"), ["00001", "00002"])
        other = self.env["res.company"].create({"name": "Other"})
        foreign = self.env["utility.meter.act"].create({"kind": "check", "company_id": other.id})
        self.assertEqual(foreign.number, "00001")

    def test_the_company_says_how_they_are_numbered(self):
        numbering = self.env["utility.numbering"]._for("meter_act", self.company)
        numbering.write({"prefix": "MA-%(year)s-", "padding": 3})
        self.assertEqual(self.make_act().number, "MA-2026-001")

    def test_field_controller_draws_up_an_act(self):
        acts = self.env["utility.meter.act"].with_user(self.make_controller())
        act = acts.create({"kind": "refusal", "service_point_id": self.point.id})
        self.assertEqual(act.number, "00001")

    def test_act_is_printed(self):
        act = self.make_act(kind="sealing", findings="Seal was broken", customer_name="Jonas P.")
        self.env["utility.meter.seal"].create(
            {"number": "S-77", "meter_id": self.meter.id, "act_id": act.id}
        )
        self.make_reading(self.register, "2026-03-16", 351.5, act_id=act.id)
        report = self.env["ir.actions.report"].with_user(self.make_user("meter_engineer"))
        html, _kind = report._render_qweb_html("utility_metering.report_meter_act", act.ids)
        text = html.decode()
        for words in (
            "00001",
            "Sealing",
            "03/16/2026",
            self.flat.address,
            self.account.number,
            "Jonas Petraitis",
            "A100",
            "00351.500",
            "S-77",
            "Connection",
            "Seal was broken",
            "Jonas P.",
        ):
            self.assertIn(words, text)

    def test_card_shows_acts_of_both_meters(self):
        new = self.make_meter("B200")
        act = self.make_act(kind="exchange", new_meter_id=new.id)
        self.assertEqual((self.meter.act_ids, new.act_ids), (act, act))


@tagged("post_install", "-at_install")
class TestVerificationCalendar(MeteringCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.engineer = cls.make_user("meter_engineer")
        cls.account_2 = cls.make_account(cls.flat_2, cls.ona, date_open="2020-01-01")
        cls.make_agreement(cls.account_2, cls.point_2)
        cls.meter_2 = cls.make_meter("A200")
        cls.make_installation(cls.meter_2, cls.point_2, "2025-01-01", initial=0)
        cls.meter_3 = cls.make_meter("A300")
        cls.make_installation(cls.meter_3, cls.point_3, "2025-01-01", initial=0)
        for meter, last_day in (
            (cls.meter, "2026-03-15"),
            (cls.meter_2, "2026-04-16"),
            (cls.meter_3, "2026-04-17"),
        ):
            cls.verify(meter, last_day)

    @classmethod
    def verify(cls, meter, last_day, start="2022-01-01"):
        return cls.env["utility.meter.verification"].create(
            {"meter_id": meter.id, "date_start": start, "date_end": last_day}
        )

    def filtered(self, name):
        """Meters that a filter of the list of verifications leaves."""
        search = self.env.ref("utility_metering.meter_view_search_verification")
        arch = self.env["utility.meter"].get_view(search.id, "search")["arch"]
        domain = arch.split(f'name="{name}"')[1].split('domain="')[1].split('"')[0]
        domain = domain.replace("&lt;", "<").replace("&gt;", ">")
        mine = self.meter | self.meter_2 | self.meter_3
        return self.env["utility.meter"].search([("id", "in", mine.ids), *safe_eval(domain)])

    def test_due_within_months_and_overdue(self):
        self.assertEqual(self.filtered("due_1"), self.meter_2)
        self.assertEqual(self.filtered("due_3"), self.meter_2 | self.meter_3)
        self.assertEqual(self.filtered("overdue"), self.meter)

    def test_no_verification_known(self):
        self.meter_type.verification_months = 48
        self.meter.verification_ids._void("Belongs to another meter")
        self.assertEqual(self.filtered("unknown"), self.meter)

    def notice(self, meters, **values):
        form = Form(
            self.env["utility.verification.notice"]
            .with_user(self.engineer)
            .with_context(active_model="utility.meter", active_ids=meters.ids)
        )
        for name, value in values.items():
            form[name] = value
        return form

    def write_letters(self, form):
        run = form.save()._write()
        return self.env["utility.correspondence"].search([("run_id", "=", run.id)])

    def test_each_payer_is_told_once_of_a_deadline(self):
        form = self.notice(self.meter | self.meter_2 | self.meter_3)
        self.assertEqual((form.account_count, form.orphan_count, form.told_count), (2, 1, 0))
        letters = self.write_letters(form)
        self.assertEqual(letters.account_ids, self.account | self.account_2)
        letter = letters.filtered(lambda row: row.partner_id == self.jonas)
        self.assertEqual(letter.meter_ids, self.meter)
        self.assertIn("A100", letter.body)
        self.assertIn("03/15/2026", letter.body)
        self.assertNotIn("A200", letter.body)
        self.assertEqual(letter.state, "draft")
        self.assertEqual(str(self.meter_2.notified_for), "2026-04-16")
        self.assertFalse(self.meter_3.notified_for)
        with self.assertRaisesRegex(UserError, "None of the meters needs a notice"):
            self.notice(self.meter).save()._write()

    def test_a_new_deadline_is_told_again(self):
        self.write_letters(self.notice(self.meter))
        self.verify(self.meter, "2030-03-01", start="2026-03-01")
        self.assertEqual(len(self.write_letters(self.notice(self.meter))), 1)

    def test_a_second_letter_when_wanted(self):
        self.write_letters(self.notice(self.meter))
        form = self.notice(self.meter)
        self.assertEqual((form.account_count, form.told_count), (0, 1))
        form.again = True
        self.assertEqual(form.account_count, 1)
        self.assertEqual(len(self.write_letters(form)), 1)

    def test_one_letter_for_all_meters_of_an_account(self):
        garden = self.make_meter("A101")
        self.make_installation(garden, self.point, "2025-01-01", counting="deduct")
        self.verify(garden, "2026-05-01")
        letter = self.write_letters(self.notice(self.meter | garden))
        self.assertEqual(letter.meter_ids, self.meter | garden)

    def test_clerk_writes_no_notices(self):
        with self.assertRaises(AccessError):
            self.env["utility.verification.notice"].with_user(self.make_user("clerk")).create({})

    def test_vectors(self):
        """Figures and their sources: fixtures/vectors.json."""
        with file_open("utility_metering/tests/fixtures/vectors.json") as file:
            vectors = json.load(file)["verification_date"]
        self.assertEqual(len(vectors), 3)
        for vector in vectors:
            inputs, expected = vector["inputs"], vector["expected"]
            with self.subTest(vector["id"]):
                self.meter_type.verification_months = 12 * inputs["interval_years"]
                last_day = self.meter_type._valid_until(date.fromisoformat(inputs["verified"]))
                self.assertEqual(last_day.isoformat(), expected["next_verification"])
                valid = date.fromisoformat(inputs["reading_date"]) <= last_day
                self.assertEqual(valid, expected["valid_on_reading_date"])

    def test_months_are_clamped(self):
        self.meter_type.verification_months = 6
        self.assertEqual(self.meter_type._valid_until(date(2025, 8, 31)), date(2026, 2, 28))
        self.meter_type.verification_months = 0
        self.assertIsNone(self.meter_type._valid_until(date(2025, 8, 31)))


@tagged("post_install", "-at_install")
class TestWhereMetersAreSeen(MeteringCommon):
    def test_account_shows_the_meters_of_its_points(self):
        self.assertEqual(self.account.meter_installation_ids, self.installation)
        keys = [entry["key"] for entry in self.account.timeline()]
        self.assertIn("installation", keys)

    def test_field_controller_sees_them_on_the_account(self):
        account = self.account.with_user(self.make_controller())
        self.assertIn("installation", [entry["key"] for entry in account.timeline()])

    def test_premise_counts_meters_below_it(self):
        self.assertEqual((self.house.meter_count, self.flat_2.meter_count), (1, 0))
        domain = self.house.action_open_meters()["domain"]
        self.assertEqual(self.env["utility.meter"].search(domain), self.meter)

    def test_installation_shows_the_last_reading(self):
        self.make_reading(self.register, "2026-02-28", 340)
        self.assertEqual(self.installation.last_reading, "00340.000 (02/28/2026)")

    def test_ready_made_types(self):
        two_zones = self.env.ref("utility_metering.meter_type_electricity_day_night")
        meter = self.make_meter("E1", two_zones)
        self.assertEqual(
            [(row.code, row.zone_id.code, row.purpose) for row in meter.register_ids],
            [("T1", "DAY", "import"), ("T2", "NIGHT", "import"), ("T", False, "total")],
        )
        lifts = self.env.ref("utility_metering.meter_type_container_lifts")
        self.assertEqual(lifts.register_ids.counting, "amount")
