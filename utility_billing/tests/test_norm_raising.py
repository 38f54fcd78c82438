from decimal import Decimal

from odoo.exceptions import ValidationError
from odoo.tests import freeze_time, tagged

from .relief_common import ReliefCommon


@freeze_time("2026-03-16 09:00:00")
@tagged("post_install", "-at_install")
class TestNormRaising(ReliefCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.possible = cls.env.ref("utility_billing.attribute_meter_possible")
        cls.raising = cls.make_raising(1.5, "2017-01-01")
        cls.tripled = cls.raising._supersede({"coefficient": 3}, cls.day("2026-01-24"))

    @classmethod
    def make_raising(cls, coefficient, start, **vals):
        return cls.env["utility.norm.raising"].create(
            {
                "service_id": cls.water.id,
                "coefficient": coefficient,
                "date_start": start,
                **vals,
            }
        )

    def found(self, point, since="2026-01-01", until="2026-01-31"):
        """[(first day, last day, coefficient)] of a point."""
        rows = self.env["utility.norm.raising"]._for_points(
            point.ids, self.day(since), self.day(until)
        )
        return [
            (str(row.start), str(row.end), row.value, row.source_id)
            for row in rows.get(point.id, ())
        ]

    def test_only_where_a_meter_can_be_installed(self):
        self.assertEqual(self.found(self.point_2), [])
        self.make_value(self.possible, self.house, True)
        self.assertEqual(
            self.found(self.point_2),
            [
                ("2026-01-01", "2026-01-23", Decimal("1.5"), self.raising.id),
                ("2026-01-24", "2026-01-31", Decimal(3), self.tripled.id),
            ],
        )
        # the act about flat 2 goes before what is known of the house
        self.make_value(self.possible, self.flat_2, False, "2026-01-11")
        self.assertEqual(
            self.found(self.point_2),
            [("2026-01-01", "2026-01-10", Decimal("1.5"), self.raising.id)],
        )
        self.assertEqual(len(self.found(self.point_3)), 2)

    def test_each_service_has_its_own(self):
        self.make_value(self.possible, self.house, True)
        self.assertEqual(self.found(self.heat_point), [])

    def test_where_nothing_is_recorded(self):
        self.tripled._supersede({"where_unknown": True}, reason="The law presumes it")
        self.assertEqual(
            [row[2] for row in self.found(self.point_2, "2026-02-01", "2026-02-28")], [Decimal(3)]
        )

    def test_where_it_is_no(self):
        """The attribute may as well say that a meter is impossible."""
        impossible = self.make_attribute("no_meter", "boolean")
        self.make_raising(
            2, "2026-01-01", possible_attribute_id=impossible.id, possible_value=False
        )
        self.make_value(impossible, self.flat_2, False)
        self.make_value(impossible, self.flat_3, True)
        self.assertEqual([row[2] for row in self.found(self.point_2)], [Decimal(2)])
        self.assertEqual(self.found(self.point_3), [])

    def test_the_nearest_place_counts(self):
        everywhere = {"possible_attribute_id": False}
        self.make_raising(1.2, "2026-01-01", **everywhere)
        self.make_raising(1.4, "2026-01-16", premise_id=self.house.id, **everywhere)
        self.make_raising(1.9, "2026-01-01", premise_id=self.other_house.id, **everywhere)
        self.assertEqual(
            [row[:3] for row in self.found(self.point_2)],
            [
                ("2026-01-01", "2026-01-15", Decimal("1.2")),
                ("2026-01-16", "2026-01-31", Decimal("1.4")),
            ],
        )

    def test_a_coefficient_below_one_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "1 or more, not 0.9"):
            self.make_raising(0.9, "2030-01-01", premise_id=self.house.id)

    def test_three_queries_for_any_number_of_points(self):
        self.make_value(self.possible, self.house, True)
        points = self.point + self.point_2 + self.point_3
        self.env.flush_all()
        for some in (self.point, points):
            with self.assertQueryCount(3):
                found = self.env["utility.norm.raising"]._for_points(
                    some.ids, self.day("2026-01-01"), self.day("2026-01-31")
                )
            self.assertEqual(set(found), set(some.ids))
