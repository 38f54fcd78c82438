"""Upkeep of the houses and their funds. These prices are invented."""

from .kinds import Edition, Part, Plan, Tariff

INVENTED = "Invented for the demo town: meeting of owners"
DEFAULT = Plan("TOWN", "Naujauostis", is_default=True, note="What everybody pays.")
SEASONAL = Plan("SEASON", "Seasonal trade", note="Being negotiated: nothing is approved yet.")
# € a m³ that is proposed to the café
PROPOSED = 0.79
RAISED = -7


def tariffs(calendar):
    start, raised = calendar.years_ago(3), calendar.month(RAISED)
    return [
        Tariff(
            "TOWN",
            "maintenance",
            "Building maintenance",
            (
                Edition(start, f"{INVENTED}.", _upkeep(0.0412, 0.0935)),
                Edition(
                    raised, f"{INVENTED} of last year, wages have risen.", _upkeep(0.0450, 0.1015)
                ),
            ),
        ),
        Tariff(
            "TOWN",
            "repair_fund",
            "Repair fund",
            (Edition(start, f"{INVENTED}.", (_by_area("contribution", "Contribution", 0.15),)),),
        ),
        Tariff(
            "SEASON",
            "cold_water",
            "Cold water, seasonal trade",
            (
                Edition(
                    calendar.month(-1),
                    "Draft of an individual agreement.",
                    (Part("water", "Cold water", PROPOSED),),
                    approved=False,
                ),
            ),
        ),
    ]


def _upkeep(administration, upkeep):
    return (
        _by_area("administration", "Administration of the house", administration),
        _by_area("upkeep", "Upkeep of the common property", upkeep),
        _by_area("lift", "Upkeep of the lift", 0.0630, more={"condition": "has_lift"}),
    )


def _by_area(code, name, price, more=None):
    return Part(code, name, price, kind="attribute", attribute="useful_area", more=more or {})
