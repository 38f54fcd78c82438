"""Electricity: UAB Ignitis' public supply, all in, and AB ESO's network alone."""

from datetime import date

from .kinds import Clock, Edition, Plan, Tariff, gross

PLANS = (
    Plan(
        "EL-2",
        "Electricity, two zones",
        note="Where the meter of the stairs has registers of day and night.",
    ),
    Plan(
        "ESO-STD",
        "AB ESO Standartinis, two zones",
        note="Transport alone, for who buys the energy of another supplier. Nobody in the town "
        "is on it: try it in the rate check.",
    ),
    Plan("ESO-HOME", "AB ESO Namai, two zones", note="Cheaper by the kWh, with 3 € a month."),
)
DAY_AND_NIGHT = Clock(
    "Day and night",
    "NIGHT",
    # first and last hour, months
    (
        ("DAY", 7, 23, 11, 3),
        ("DAY", 8, 24, 4, 10),
    ),
    "Day on working days from 7 to 23 in winter time and from 8 to 24 in summer time, night at all "
    "other hours and at weekends (ignitis.lt/lt/naujienos/plana-prateskite-jau-dabar). The change "
    "of time in the last days of March and October is taken by months.",
)
PRESS = "UAB Ignitis, public supply, prices by the regulator VERT as the press has them: "
VILNIUS = (
    "madeinvilnius.lt/naujienos/lietuvos-naujienos/"
    "visuomenines-elektros-kainos-nuo-balandzio-mazeja-2-3-proc"
)
TV3 = (
    "www.tv3.lt/naujiena/verslas/oficialu-daugeliui-gyventoju-nuo-kitu-metu-brangs-elektra-ir-dujos-"
    "dalis-kainu-dides-ir-77-proc-n1381165"
)
KAUNAS = (
    "kauno.diena.lt/naujienos/verslas/ekonomika/"
    "vert-patvirtino-visuomenines-elektros-ir-duju-kainas-kas-keisis-1730869"
)
READ = " (read on 22 November 2026). Energy, network and levies in one price, with tax."
# since: source, one zone, day, night; € a kWh with tax
SUPPLY = (
    (date(2024, 4, 1), VILNIUS, 0.214, 0.245, 0.148),
    (date(2025, 1, 1), TV3, 0.205, 0.233, 0.139),
    (date(2025, 7, 1), KAUNAS, 0.205, 0.233, 0.138),
    (date(2026, 1, 1), KAUNAS, 0.220, 0.258, 0.156),
)
ESO = (
    "AB ESO, plans and prices, www.eso.lt/web/elektra/tarifu-planai-kainos-atsiskaitymas/"
    "tarifu-planai-ir-kainos/3213; dates and the columns of 2025 after the public repository "
    "alicemq/LT-electricity-full-price-NordPool and www.elektrum.lt/lt/namams/naujienos/naujienos/"
    "eso-tarifu-planu-pokyciai-nuo-liepos-1-d (read on 22 November 2026)."
)
# since: day and night of Standartinis, of Namai; public-interest services, additional component
NETWORK = (
    (date(2024, 1, 1), (0.11616, 0.06534), (0.09801, 0.05566), 0.0, 0.00045),
    (date(2025, 1, 1), (0.11616, 0.06292), (0.09801, 0.05324), -0.00047, 0.0010805),
    (date(2025, 7, 1), (0.11616, 0.06292), (0.09801, 0.05324), -0.00047, 0.0010805),
)
LAST_KNOWN = date(2025, 12, 31)


def tariffs():
    two_zones = {"calendar": DAY_AND_NIGHT.name}
    return [
        Tariff("TOWN", "electricity", "Electricity, one zone", _supply(_one_zone)),
        Tariff("EL-2", "electricity", "Electricity, two zones", _supply(_zones), **two_zones),
        Tariff("ESO-STD", "electricity", "Network, Standartinis", _network(0), **two_zones),
        Tariff("ESO-HOME", "electricity", "Network, Namai", _network(1), **two_zones),
    ]


def _supply(parts):
    return tuple(
        Edition(start, PRESS + source + READ, parts(*prices)) for start, source, *prices in SUPPLY
    )


def _one_zone(price, _day, _night):
    return (gross("electricity", "Electricity", price),)


def _zones(_price, day, night):
    return (_by_zones("electricity", "Electricity", day, night),)


def _by_zones(code, name, day, night):
    return gross(code, name, zones={"DAY": day, "NIGHT": night}, more={"unzoned": "hours"})


def _network(plan):
    return tuple(
        Edition(
            start,
            ESO,
            _network_parts(plan, *row),
            "Prices of 2026 were not found." if start == NETWORK[-1][0] else "",
            end=LAST_KNOWN if start == NETWORK[-1][0] else None,
        )
        for start, *row in NETWORK
    )


def _network_parts(plan, standard, home, levy, additional):
    parts = [
        _by_zones("network", "Transport of electricity", *(standard, home)[plan]),
        gross("public_interest", "Public-interest services", levy),
        gross("additional", "Additional distribution component", additional),
    ]
    if plan:
        parts.append(gross("subscription", "Fixed fee of the plan", 3.0, kind="fixed"))
    return tuple(parts)
