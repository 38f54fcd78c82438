from odoo.tests import HttpCase, tagged

from .common import UtilityCommon


@tagged("post_install", "-at_install")
class TestFactsTours(UtilityCommon, HttpCase):
    """A clerk looks at an account's timeline, a premise's facts and a network."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = cls.make_user("clerk", login="facts_clerk", password="facts_clerk")

    def tour(self, record, name):
        self.start_tour(f"/odoo/{record._name}/{record.id}", name, login="facts_clerk")

    def test_timeline(self):
        payers = self.account.payer_ids
        with self.at("2026-02-01 09:00:00"):
            wrong = payers._supersede(
                {"partner_id": self.tomas.id}, date_start=self.day("2026-02-01")
            )
        with self.at("2026-02-10 09:00:00"):
            wrong._supersede({"partner_id": self.ona.id}, reason="Wrong buyer")
        self.env.cr.execute(
            "UPDATE utility_account_payer SET recorded_at = '2020-01-01 09:00' WHERE id = %s",
            [payers.id],
        )
        self.tour(self.account, "utility_base.timeline")

    def test_premise(self):
        self.make_occupancy(self.flat_2, self.jonas, "owner", "2021-01-01", share=50)
        height = self.make_attribute("aukštis", decimals=2)
        low = self.make_value(height, self.flat_2, 2.5, "2021-01-01")
        low._supersede({"value_number": 2.7}, date_start=self.day("2024-05-01"))
        self.tour(self.flat_2, "utility_base.premise_facts")

    def test_network(self):
        water = self.make_service("W", sequence=0)
        source = self.make_point(water, self.town, "W-0", kind="source")
        inlet = self.make_point(water, self.house, "W-1", source, kind="inlet")
        self.make_point(water, self.flat, "W-2", inlet, connection="disconnected")
        self.start_tour("/odoo/utility-network", "utility_base.network", login="facts_clerk")


@tagged("post_install", "-at_install")
class TestUnits(HttpCase):
    """The unit tests of our screens, run by Odoo's own runner."""

    SUITE = "@utility_base"

    def test_units(self):
        self.browser_js(
            "/web/tests?headless&loglevel=2&preset=desktop&timeout=15000"
            f"&id={_suite_hash(self.SUITE)}",
            "",
            "",
            login="admin",
            timeout=600,
            success_signal="[HOOT] Test suite succeeded",
            error_checker=lambda message: "[HOOT]" not in message,
        )


def _suite_hash(name):
    """How the runner calls a suite, see `HOOTCommon` in web/tests/test_js.py."""
    value = 0
    for char in name:
        value = ((value << 5) - value + ord(char)) & 0xFFFFFFFF
    return f"{value:08x}"
