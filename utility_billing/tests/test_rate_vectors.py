from decimal import Decimal

from odoo.tests import BaseCase, tagged

from .vector_proration import PRORATION
from .vector_rates import TIERED, solve
from .vector_tou import TIME_OF_USE
from .vectors import cases


def plain(value):
    """A printed or found figure as what can be compared."""
    if isinstance(value, list):
        return [plain(one) for one in value]
    return value if isinstance(value, bool) else Decimal(value)


@tagged("post_install", "-at_install")
class TestPublishedRates(BaseCase):
    """Published figures, through the engine that bills."""

    def _check(self, topic, ways, at_least):
        found = cases(topic)
        self.assertGreaterEqual(len(found), at_least)
        for name, case in found.items():
            with self.subTest(name, source=case["source"]):
                result = solve(case, ways)
                for figure, printed in case["expected"].items():
                    self.assertEqual(plain(result[figure]), plain(printed), figure)

    def test_blocks_and_plain_prices(self):
        self._check("tariff_tiered", TIERED, 53)

    def test_minimums_and_changes_of_a_rate(self):
        self._check("tariff_minimum_proration", PRORATION, 8)

    def test_time_of_use_demand_and_levies(self):
        self._check("tariff_tou_urdb", TIME_OF_USE, 19)
