"""What people read about quantities that no reading gave."""

from decimal import Decimal

from ..engine.zones import Window, Zones
from .explanation_common import ExplanationCommon
from .explanation_kit import quantity, supply, unit


class TestExplanationQuantity(ExplanationCommon):
    def piece(self, number, **more):
        return {
            "from": "2026-10-01",
            "to": "2026-10-31",
            "quantity": number,
            "band": "import",
            "sign": 1,
            **more,
        }

    def said_of_piece(self, piece, source="estimated"):
        row = quantity(piece["quantity"], source, source_id=1, pieces=(piece,))
        return self.said(
            supply(unit("1"), usage=[row], preference=("measured", "derived", "agreed"))
        )

    def test_derived_from_another_point(self):
        piece = self.piece(
            "5", method="derived", point=self.point_2.id, usage="10", factor="0.5", term=1
        )
        self.assertEqual(
            self.said_of_piece(piece, "derived"), ["5 m³ (10 m³ of point CW-2 × 0.5) × 1.00 = 5.00"]
        )

    def test_agreed_scheduled_and_settled(self):
        agreed = self.piece("8", method="agreed", by="agreed", monthly="8", rule=1)
        self.assertEqual(
            self.said_of_piece(agreed, "agreed"), ["8 m³ (agreed quantity: 8 m³) × 1.00 = 8.00"]
        )
        lifts = self.piece("4.4", method="estimated", by="schedule", containers=4, volume="1.1")
        self.assertEqual(
            self.said_of_piece(lifts), ["4.4 m³ (scheduled lifts: 4 × 1.1) × 1.00 = 4.40"]
        )
        settled = self.piece("-3", method="measured", settles=7, register=1)
        self.assertEqual(
            self.said_of_piece(settled),
            ["−3 m³ (billed before as estimated, taken off now) × 1.00 = −3.00"],
        )

    def test_what_was_fed_in_covers(self):
        row = quantity("30", bands={"import": Decimal(30), "export": Decimal(12)})
        facts = supply(unit("0.2"), usage=[row], uom="kWh", version={"netting": ("",)})
        self.assertEqual(
            self.said(facts), ["Covered by what was fed in: 12 kWh", "18 kWh × 0.20 = 3.60"]
        )

    def test_zones_by_their_hours(self):
        self.env["utility.tou.zone"].create(
            [{"name": "Daytime", "code": "DX"}, {"name": "Night time", "code": "NX"}]
        )
        calendar = Zones((Window("DX", start=360, end=1080),), "NX")
        zoned = unit(
            {"price": "0.2", "zone": "DX"}, {"price": "0.1", "zone": "NX"}, unzoned="hours"
        )
        facts = supply(zoned, usage=[quantity("30")], uom="kWh", version={"calendar": calendar})
        self.assertEqual(
            sorted(self.said(facts)),
            [
                "Daytime: 15 kWh × 0.20 = 3.00",
                "Night time: 15 kWh × 0.10 = 1.50",
                "No zones were measured; by the hours of each: Night time 372, Daytime 372",
                "Together: 1.50 + 3.00 = 4.50",
            ],
        )
