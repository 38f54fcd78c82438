from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import UtilityCommon


@tagged("post_install", "-at_install")
class TestOwnerShares(UtilityCommon):
    def test_owners_of_today_largest_first(self):
        self.make_occupancy(self.flat_2, self.ona, "owner", "2021-01-01", share=25)
        self.make_occupancy(self.flat_2, self.tomas, "owner", "2021-01-01", share=60)
        self.make_occupancy(self.flat_2, self.jonas, "owner", "2019-01-01", "2020-12-31", share=15)
        self.make_occupancy(self.flat_2, self.jonas, "tenant", "2021-01-01")
        shares = self.flat_2.owner_shares("2026-03-16")
        self.assertEqual(shares["total"], 85)
        self.assertEqual(
            [(row["name"], row["share"]) for row in shares["owners"]],
            [("Tomas Žukauskas", 60), ("Ona Kazlauskienė", 25)],
        )
        self.assertEqual(self.flat_2.owner_shares("2020-06-01")["total"], 15)

    def test_nobody_owns_it(self):
        self.assertEqual(self.flat_3.owner_shares(), {"total": 0, "owners": []})

    def test_who_may_not_read_people_sees_no_bar(self):
        controller = self.make_user("field_controller")
        self.assertIs(self.flat.with_user(controller).owner_shares(), False)


@tagged("post_install", "-at_install")
class TestAttributeSheet(UtilityCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.values = cls.env["utility.attribute.value"]
        cls.height = cls.make_attribute("height", decimals=2, required=True)
        cls.first = cls.make_value(cls.height, cls.flat, 2.5, "2020-01-01")
        cls.second = cls.first._supersede({"value_number": 2.7}, date_start=cls.day("2024-05-01"))

    def row(self, record, attribute):
        sheet = self.values.attribute_sheet(record._name, record.id)
        rows = [row for row in sheet["attributes"] if row["attribute_id"] == attribute.id]
        return rows and rows[0]

    def test_value_of_today_and_history(self):
        row = self.row(self.flat, self.height)
        self.assertEqual(row["current"], self.second.id)
        self.assertEqual(
            [
                (value["display"], value["date_start"], value["date_end"], value["state"])
                for value in row["history"]
            ],
            [
                ("2.70", "2024-05-01", False, "in_force"),
                ("2.50", "2020-01-01", "2024-04-30", "ended"),
            ],
        )

    def test_what_was_voided_stays_with_its_reason(self):
        self.second._void("Measured next door")
        row = self.row(self.flat, self.height)
        self.assertFalse(row["current"])
        self.assertEqual(
            [(value["state"], value["reason"]) for value in row["history"]],
            [("voided", "Measured next door"), ("ended", "")],
        )

    def test_a_required_attribute_is_listed_without_a_value(self):
        row = self.row(self.flat_2, self.height)
        self.assertTrue(row["required"])
        self.assertEqual((row["current"], row["history"]), (False, []))

    def test_only_attributes_of_the_kind_of_record(self):
        only_flats = self.make_attribute(
            "floor_colour", "text", premise_type_ids=self.flat.type_id.ids
        )
        self.assertTrue(self.row(self.flat, only_flats))
        self.assertFalse(self.row(self.house, only_flats))
        self.assertFalse(self.row(self.account, only_flats))

    def test_who_may_record(self):
        def may_record(role):
            values = self.values.with_user(self.make_user(role))
            return values.attribute_sheet("utility.premise", self.flat.id)["can_record"]

        self.assertTrue(may_record("clerk"))
        self.assertFalse(may_record("auditor"))

    def test_a_record_that_the_user_must_not_see(self):
        manager = self.make_user("manager", buildings=self.other_house)
        with self.assertRaises(AccessError):
            self.values.with_user(manager).attribute_sheet("utility.premise", self.flat.id)


@tagged("post_install", "-at_install")
class TestTimelineEntries(UtilityCommon):
    def test_titles_leave_out_what_the_account_says_already(self):
        water = self.make_service("CW")
        point = self.make_point(water, self.flat, "CW-1")
        self.make_agreement(self.account, point, share=50)
        titles = {entry["key"]: entry["title"] for entry in self.account.timeline()}
        self.assertEqual(titles["payer"], "Jonas Petraitis")
        self.assertEqual(titles["agreement"], "Service CW · CW-1 · 50 %")
        self.assertEqual(titles["occupancy"], "Jonas Petraitis · Owner")

    def test_facts_have_periods_and_events_have_not(self):
        dated = {entry["key"]: entry["dated"] for entry in self.account.timeline()}
        self.assertTrue(dated["payer"])
        self.assertFalse(dated["account"])

    def test_sources_keep_their_numbers_whatever_is_shown(self):
        tones = {entry["key"]: entry["tone"] for entry in self.account.timeline()}
        later = {
            entry["key"]: entry["tone"] for entry in self.account.timeline(in_force_on="2026-03-16")
        }
        self.assertEqual(later, {key: tones[key] for key in later})
