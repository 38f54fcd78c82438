"""Waste: flats after Kretinga (by residents), houses and firms after Kaunas district (lifts).

The lists print the levy as a final amount and say nothing of tax: it is set up without.
"""

from datetime import date

from .kinds import Edition, Part, Tariff

KRETINGA = (
    "SĮ Kretingos komunalininkas, rates of the local levy, kretkom.lt/vietines-rinkliavos-tarifai; "
    "council of Kretinga district, decision No. T2-86 of 25 March 2021, "
    "e-tar.lt/rs/legalact/8ad43a208e3411eb9fecb5ecd3bd711c (read on 22 November 2026)."
)
KAUNAS = (
    "UAB Komunalinių paslaugų centras, levy of Kaunas district, www.garliava.lt/lt/informacija/"
    "3579-kauno-rajone-isigalios-nauji-vietines-rinkliavos-uz-komunaliniu-atlieku-surinkima-ir-"
    "tvarkyma-dydziai; council of Kaunas district, decision No. TS-427 of 19 December 2023 (read "
    "on 22 November 2026)."
)
KAUNAS_BEFORE = (
    "UAB Komunalinių paslaugų centras, questions and answers, rkpc.lt/index.php/2021/01/18/d-u-k-2 "
    "(read on 22 November 2026)."
)
NO_TAX = "The list says nothing of tax; it is set up without. To be confirmed."
ONLY_SMALL = NO_TAX + " Of the lifts only that of 120 l was found: it stands for all sizes."
FIRMS = (
    NO_TAX + " The rates of firms were not found: those of houses without sorting containers stand "
    "in, once a week."
)
# € a month for a flat by its residents, and for each of them
BY_RESIDENTS = ("1.72", "3.44", "4.99", "6.07", "6.88", "7.44")
EACH_RESIDENT = 1.19
# m³ of the container: € a lift
SORTED = (("0.12", "1.65"), ("0.14", "1.92"), ("0.24", "3.30"), ("", "15.08"))
UNSORTED = (("0.12", "3.04"), ("0.14", "3.54"), ("0.24", "6.08"), ("", "27.84"))
SMALL_BEFORE = (("", "1.18"),)
LIFTS_OF_HOUSES, LIFTS_OF_FIRMS = 26, 52
BEFORE, SINCE = date(2020, 4, 1), date(2024, 1, 1)
FIXED_BEFORE, FIXED = 16.58, 24.83


def tariffs():
    return [
        Tariff("TOWN", "waste", "Waste, flats and rooms", _flats(), ("flat", "room")),
        Tariff("TOWN", "waste", "Waste, private houses", _houses(SORTED), ("private_house",)),
        Tariff(
            "TOWN",
            "waste",
            "Waste, private houses without sorting containers",
            _houses(UNSORTED),
            ("private_house",),
            place="NU-K",
        ),
        Tariff("TOWN", "waste", "Waste, businesses and institutions", _firms(), FIRM_TYPES),
        Tariff("TOWN", "waste", "Waste, container sites", _sites(), ("container_site",)),
    ]


FIRM_TYPES = ("commercial", "public_building")


def _levy(code, name, price=0.0, **values):
    return Part(code, name, price, taxes=(), **values)


def _flats():
    steps = [f"{price} if residents <= {n}" for n, price in enumerate(BY_RESIDENTS[:-1], 1)]
    formula = " else ".join([*steps, BY_RESIDENTS[-1]])
    fixed = _levy("fixed", "Fixed part of the levy", kind="formula", more={"formula": formula})
    each = _levy(
        "residents_part",
        "Shared containers, for each resident",
        EACH_RESIDENT,
        kind="attribute",
        more={"counted": "residents"},
    )
    return (Edition(date(2021, 4, 1), KRETINGA, (fixed, each), NO_TAX),)


def _houses(prices):
    return (
        Edition(BEFORE, KAUNAS_BEFORE, _house(FIXED_BEFORE, SMALL_BEFORE), ONLY_SMALL),
        Edition(SINCE, KAUNAS, _house(FIXED, prices), NO_TAX),
    )


def _house(fixed, prices):
    return (
        _levy("fixed", "Fixed part of the levy", fixed, kind="fixed", more={"per": "year"}),
        _lifts(LIFTS_OF_HOUSES, prices),
    )


def _firms():
    return (Edition(SINCE, KAUNAS, (_lifts(LIFTS_OF_FIRMS, UNSORTED),), FIRMS),)


def _lifts(count, prices):
    """Lifts of a year by the container's volume, a twelfth each month."""
    steps = [
        f"{price} if container_volume <= {volume}" if volume else price for volume, price in prices
    ]
    formula = f"{count} / 12 * ({' else '.join(steps)})"
    return _levy("lifts", "Lifts of the container", kind="formula", more={"formula": formula})


def _sites():
    lift = _levy("lifts", "Lifts of containers of 1100 l", float(SORTED[-1][1]))
    return (Edition(SINCE, KAUNAS, (lift,), NO_TAX),)
