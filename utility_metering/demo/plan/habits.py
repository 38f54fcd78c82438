"""How much is used in a month, and how it becomes known."""

from decimal import ROUND_HALF_UP, Decimal

# a year of use, month by month, 1 is the mean
WATER_YEAR = (0.94, 0.92, 0.96, 0.98, 1.04, 1.1, 1.08, 1.06, 1.02, 0.98, 0.96, 0.96)
GARDEN_YEAR = (0.8, 0.8, 0.85, 0.95, 1.2, 1.5, 1.6, 1.4, 1.05, 0.9, 0.8, 0.8)
HEAT_YEAR = (2.05, 1.8, 1.55, 0.95, 0.1, 0, 0, 0, 0.12, 0.95, 1.45, 1.95)
STAIRS_YEAR = (1.25, 1.15, 1.0, 0.92, 0.85, 0.8, 0.82, 0.88, 0.98, 1.08, 1.15, 1.22)
# where readings come from: households choose one way and keep to it
WAYS = (
    ("portal", "customer"),
    ("portal", "customer"),
    ("portal", "customer"),
    ("phone", "customer"),
    ("email", "customer"),
    ("sms", "customer"),
    ("clerk", "actual"),
)


def quantity(value, places="0.001"):
    return Decimal(str(value)).quantize(Decimal(places), ROUND_HALF_UP)


class Habits:
    """Draws monthly amounts; the same every time for the same generator."""

    def __init__(self, rng):
        self.rng = rng

    def monthly(self, mean, year, month, spread=0.16):
        """What is used in a month of the year, around a mean month."""
        return max(0.0, mean * year[month - 1] * self.rng.gauss(1, spread))

    def cold(self, people, garden=False):
        """Mean month of cold water in m³ for so many people."""
        return (2.5 * people + (2.0 if garden else 0.3)) * self.rng.uniform(0.75, 1.3)

    def hot(self, people):
        return (1.7 * people + 0.1) * self.rng.uniform(0.7, 1.3)

    def heat(self, area):
        """Mean month of a year in kWh for a heated area."""
        return area * 5.4 * self.rng.uniform(0.8, 1.25)

    def way(self):
        return self.rng.choice(WAYS)
