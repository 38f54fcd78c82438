"""Benefits, subsidies and adjustments of the story.

Their figures are invented, but for the price of electricity for vulnerable customers.
"""

from dataclasses import dataclass

from odoo.addons.utility_base.demo.plan import buildings

OLD, NEW, SHOPS = buildings.OLD, buildings.NEW, buildings.SHOPS
APPROVAL_LIMIT = 30.0


@dataclass(frozen=True)
class Relief:
    """A kind of benefit. `fund` is the one of FUNDS that pays."""

    code: str
    name: str
    kind: str
    value: float
    services: tuple
    fund: str
    law: str


FUNDS = {
    "social": "Naujauosčio savivaldybės socialinės paramos skyrius",
    "state": "Valstybinis energijos paramos fondas",
}
KINDS = (
    Relief(
        "LARGE-FAMILY",
        "Large family: half of the waste levy",
        "percent",
        50.0,
        ("waste",),
        "social",
        "Invented for the demo town: the council's decision on the levy.",
    ),
    # UAB Ignitis, 2026: 18.0 ct a kWh where others pay 22.0
    Relief(
        "VULNERABLE",
        "Vulnerable customer: cheaper electricity",
        "price",
        0.04,
        ("electricity",),
        "state",
        "UAB Ignitis, public supply since 1 January 2026: 18.0 ct a kWh instead of 22.0 "
        "(kauno.diena.lt, see the tariff).",
    ),
)
# where, kind, since how many months, number of the document
GRANTED = (
    (f"{NEW}-39", "LARGE-FAMILY", -14, "ŠK-0417"),
    (f"{SHOPS}-12", "LARGE-FAMILY", -5, "ŠK-0522"),
    (f"{OLD}-26", "VULNERABLE", -10, "PV-1183"),
)
# where, fund, € a month, services, since how many months, number of the decision
SUBSIDY = (f"{OLD}-26", "state", 25.0, ("heat", "hot_water"), -1, "BŠ-2931")

# a flat by norm: days of leaving and returning of last month
ABSENCE = {"place": f"{OLD}-25", "left": 2, "returned": 25}
# no heat for two days of last month
NO_HEAT = {"place": SHOPS, "service": "heat", "first": 12, "last": 14}
SEALING = {"place": "NU-KOP-3", "day": 9, "price": 9.5}
BY_HAND = {"place": f"{SHOPS}-P3", "service": "cold_water", "amount": -48.6}
