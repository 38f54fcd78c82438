"""The plan of the town's meters: plain rows, the same for every run in one month."""

import random

from .counting import Counting
from .kinds import Plan
from .stories import Stories

SEED = 1804


def draw_up(town):
    """The meters of a town and two years of their readings."""
    rng = random.Random(SEED)
    plan = Plan()
    Counting(town, plan, rng).run()
    Stories(town, plan, rng).tell()
    return plan
