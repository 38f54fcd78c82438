from odoo.tests import HttpCase, tagged

from .test_entry import EntryCommon


@tagged("post_install", "-at_install")
class TestEntryTour(EntryCommon, HttpCase):
    def test_a_clerk_types_five_readings(self):
        for number, name in ((4, "4"), (5, "5")):
            flat = self.make_premise("flat", name, self.entrance)
            point = self.make_point(self.water, flat, f"CW-{number}", self.inlet)
            self.make_installation(self.make_meter(f"A{number}00"), point, "2025-01-01", initial=0)
        self.start_tour(
            "/odoo/utility-enter-readings", "utility_metering.entry_grid", login="entry_clerk"
        )
        readings = self.env["utility.reading"].search(
            [("create_uid", "=", self.clerk.id)], order="register_id"
        )
        self.assertEqual(
            [(reading.meter_id.serial, reading.value, reading.state) for reading in readings],
            [
                ("A100", 104.25, "accepted"),
                ("A200", 3.5, "accepted"),
                ("A300", 4, "accepted"),
                ("A400", 2, "accepted"),
                ("A500", 9000, "held"),
            ],
        )
