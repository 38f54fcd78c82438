from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import UtilityCommon


@tagged("post_install", "-at_install")
class TestNetwork(UtilityCommon):
    """W-0 ── W-1 ── W-2 (flat 1)
    └─ W-3 (house 14)          W-9 stands alone"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.points = cls.env["utility.service.point"]
        cls.water = cls.make_service("W")
        cls.source = cls.make_point(cls.water, cls.town, "W-0", kind="source")
        cls.inlet = cls.make_point(cls.water, cls.house, "W-1", cls.source, kind="inlet")
        cls.tap = cls.make_point(cls.water, cls.flat, "W-2", cls.inlet)
        cls.other_inlet = cls.make_point(
            cls.water, cls.other_house, "W-3", cls.source, kind="inlet"
        )
        cls.alone = cls.make_point(cls.water, cls.private_house, "W-9")

    def test_levels_below_the_roots(self):
        codes = [node["code"] for node in self.points.network(self.source.ids, depth=1)]
        self.assertEqual(codes, ["W-0", "W-1", "W-3"])
        self.assertEqual(len(self.points.network(self.source.ids)), 4)

    def test_a_node_says_what_is_drawn(self):
        self.tap.connection = "disconnected"
        node = self.points.network(self.tap.ids, depth=0)[0]
        self.assertEqual(
            node,
            {
                "id": self.tap.id,
                "parent_id": self.inlet.id,
                "code": "W-2",
                "kind": "unit",
                "label": "Savanorių pr. 12-1, Kaunas",
                "premise": "Savanorių pr. 12-1, Kaunas",
                "connection": "disconnected",
                "children": 0,
            },
        )
        self.assertEqual(self.points.network(self.source.ids, depth=0)[0]["children"], 2)

    def test_roots_that_feed_others_come_first(self):
        earlier = self.make_point(self.water, self.shop, "A-1")
        found = self.points.network_roots(self.water.id, limit=2)
        self.assertEqual(found, {"root_ids": [self.source.id, earlier.id], "total": 3})

    def test_roots_of_a_user_tied_to_a_building(self):
        engineer = self.make_user("meter_engineer", buildings=self.house)
        points = self.points.with_user(engineer)
        self.assertEqual(
            points.network_roots(self.water.id),
            {
                "root_ids": self.inlet.ids,
                "total": 1,
            },
        )
        self.assertEqual([node["code"] for node in points.network(self.inlet.ids)], ["W-1", "W-2"])

    def test_find_by_code_and_by_address_with_the_way_down(self):
        found = self.points.network_find("w-2", service_id=self.water.id)
        self.assertEqual([row["code"] for row in found], ["W-2"])
        self.assertEqual(found[0]["path"], [self.source.id, self.inlet.id, self.tap.id])
        by_address = self.points.network_find("savanorių 14", root_ids=self.source.ids)
        self.assertEqual([row["code"] for row in by_address], ["W-3"])

    def test_find_below_the_roots_only(self):
        self.assertFalse(self.points.network_find("W-9", root_ids=self.source.ids))
        self.assertEqual(len(self.points.network_find("W-9")), 1)

    def test_the_way_down_leaves_out_what_the_user_must_not_see(self):
        engineer = self.make_user("meter_engineer", buildings=self.house)
        found = self.points.with_user(engineer).network_find("W-")
        self.assertEqual({row["code"] for row in found}, {"W-1", "W-2"})
        self.assertEqual(found[-1]["path"], [self.inlet.id, self.tap.id])

    def test_strangers_see_nothing(self):
        stranger = self.make_user("base.group_user")
        with self.assertRaises(AccessError):
            self.points.with_user(stranger).network_roots(self.water.id)
        with self.assertRaises(AccessError):
            self.points.with_user(stranger).network(self.source.ids)

    def test_a_wide_network_takes_few_queries(self):
        self.make_points(300)
        self.env.invalidate_all()
        self.points.network(self.source.ids, depth=1)  # warms rules and access rights
        self.env.invalidate_all()
        with self.assertQueryCount(12):
            nodes = self.points.network(self.source.ids, depth=1)
        self.assertEqual(len(nodes), 303)

    def make_points(self, count):
        for number in range(count):
            self.make_point(self.water, self.flat, f"X-{number:03}", self.source)
