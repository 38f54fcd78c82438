from decimal import Decimal

from odoo.tests import BaseCase, tagged

from .rating_kit import amounts
from .sam_rates import RandomRate, random_load

RATES = 200


@tagged("post_install", "-at_install")
class TestAgainstSam(BaseCase):
    """Time of use, blocks, demand and minimum as NREL's System Advisor Model has them."""

    def test_random_rates_over_a_year(self):
        loads = [random_load(seed) for seed in range(3)]
        minimums = 0
        for seed in range(RATES):
            rate = RandomRate(seed)
            load = loads[seed % len(loads)]
            theirs = rate.by_sam(load)
            for month, facts in enumerate(rate.supplies(load)):
                ours = amounts(facts)
                minimums += "minimum" in ours
                for name, months in theirs.items():
                    amount = ours.get(name, Decimal(0))
                    self.assertAlmostEqual(
                        float(amount), months[month], places=5, msg=(seed, month, name)
                    )
        self.assertGreater(minimums, 50)
