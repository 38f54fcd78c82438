import json

from odoo.tests import tagged

from .common import UtilityCommon


@tagged("post_install", "-at_install")
class TestTimeline(UtilityCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        service = cls.make_service("CW", name="Cold water")
        point = cls.make_point(service, cls.flat, "CW-1")
        area = cls.make_attribute("norm_area")
        with cls.at("2026-01-10 12:00:00"):
            cls.agreement = cls.make_agreement(cls.account, point, "2026-01-01", note="By phone")
            cls.area = cls.make_value(area, cls.flat, 50, "2026-01-01")
        with cls.at("2026-02-10 12:00:00"):
            cls.agreement.date_end = "2026-02-28"
            cls.right_area = cls.area._supersede({"value_number": 54}, reason="Measured again")

    def _entries(self, **asked):
        return [
            (entry["key"], entry["title"], entry["date"], entry["date_end"], entry["state"])
            for entry in self.account.timeline(**asked)
            if entry["key"] in ("agreement", "attribute")
        ]

    def test_every_entry_has_the_same_shape_and_is_json(self):
        entries = self.account.timeline()
        json.dumps(entries)
        wanted = {"key", "label", "icon", "date", "title", "text", "state", "res_model", "res_id"}
        for entry in entries:
            self.assertGreaterEqual(set(entry), wanted, entry)
            self.assertRegex(entry["date"], r"^\d{4}-\d\d-\d\d$")
        self.assertEqual(
            {entry["key"] for entry in entries},
            {"account", "payer", "occupancy", "agreement", "attribute"},
        )
        dates = [entry["date"] for entry in entries]
        self.assertEqual(dates, sorted(dates, reverse=True))

    def test_entry_points_to_its_record_and_says_why(self):
        entry = [
            entry
            for entry in self.account.timeline()
            if entry["res_model"] == "utility.attribute.value" and entry["res_id"] == self.area.id
        ][0]
        self.assertEqual(entry["voided_at"], "2026-02-10 12:00:00")
        self.assertEqual(entry["recorded_at"], "2026-01-10 12:00:00")
        self.assertEqual(entry["reason"], "Measured again")

    def test_all_that_is_on_record(self):
        service = ("agreement", "Cold water · CW-1", "2026-01-01", "2026-02-28", "ended")
        self.assertCountEqual(
            self._entries(),
            [
                service,
                ("attribute", "Norm area: 50.00", "2026-01-01", False, "voided"),
                ("attribute", "Norm area: 54.00", "2026-01-01", False, "in_force"),
            ],
        )
        self.assertCountEqual(
            self._entries(with_voided=False),
            [
                service,
                ("attribute", "Norm area: 54.00", "2026-01-01", False, "in_force"),
            ],
        )

    def test_in_force_on_a_day(self):
        self.assertEqual(
            [entry[1] for entry in self._entries(in_force_on="2026-03-01")], ["Norm area: 54.00"]
        )
        self.assertFalse(self._entries(in_force_on="2025-12-31"))

    def test_as_known_then_shows_what_was_said_then(self):
        self.assertCountEqual(
            self._entries(known_on="2026-01-31"),
            [
                ("agreement", "Cold water · CW-1", "2026-01-01", False, "in_force"),
                ("attribute", "Norm area: 50.00", "2026-01-01", False, "in_force"),
            ],
        )
        self.assertFalse(self._entries(known_on="2026-01-09"))

    def test_in_force_as_known_then(self):
        self.assertEqual(len(self._entries(in_force_on="2026-03-01", known_on="2026-01-31")), 2)
        self.assertEqual(len(self._entries(in_force_on="2026-03-01", known_on="2026-02-10")), 1)

    def test_opening_and_closing_are_events(self):
        self.account._close(self.day("2026-03-31"))
        events = [entry for entry in self.account.timeline() if entry["key"] == "account"]
        self.assertEqual(
            [(entry["title"], entry["date"]) for entry in events],
            [("Account closed", "2026-03-31"), ("Account opened", "2020-01-01")],
        )
