"""The plan of what things cost in the demo town, and of what is special for some."""

from . import electricity, heat, houses, waste, water

PLANS = (houses.DEFAULT, houses.SEASONAL, *electricity.PLANS)
CLOCKS = (electricity.DAY_AND_NIGHT,)


def tariffs(calendar):
    """All tariffs; those of the houses have days of the story."""
    return [
        *water.tariffs(),
        *heat.tariffs(),
        *electricity.tariffs(),
        *waste.tariffs(),
        *houses.tariffs(calendar),
    ]
