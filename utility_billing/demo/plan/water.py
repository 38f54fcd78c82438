"""Water and sewerage after UAB Trakų vandenys: prices before and since 1 April 2021.

Residents' prices are published with tax, in four places, so that no difference arises by rounding;
businesses' prices without.
"""

from datetime import date

from .kinds import Edition, Part, Tariff, gross

HOMES = (
    "UAB Trakų vandenys, prices for residents, www.trakuvandenys.lt/gyventojams-kainos (read on "
    "22 November 2026)."
)
FIRMS = (
    "UAB Trakų vandenys, prices for businesses, old.trakuvandenys.lt/?page_id=68 (read on "
    "22 November 2026)."
)
DECIDED = (
    " The regulator VERT's decision No. O3E-274 of 25 February 2021; meter fees: the council of "
    "Trakai district, decision No. S1E-44 of 25 February 2021."
)
EARLIER = "The list says until when these prices were in force, not since when."
SINCE, BEFORE = date(2021, 4, 1), date(2019, 1, 1)
# due though nobody is there
FEE = {"kind": "fixed", "more": {"reducible": False}}
# mm of diameter: fee of a meter a month before and since
DIAMETERS = (
    (15, "2.30", "3.06"),
    (20, "2.54", "3.38"),
    (25, "4.22", "5.62"),
    (32, "5.21", "6.94"),
    (40, "7.47", "9.94"),
    (50, "13.83", "18.41"),
    (80, "19.13", "25.47"),
    (100, "23.05", "30.69"),
    (150, "29.39", "39.13"),
)


def tariffs():
    flats, rooms, houses = ("flat",), ("room",), ("private_house",)
    return [
        _homes("cold_water", "Cold water, flats", flats, _flat_water),
        _homes("cold_water", "Cold water, private houses", houses, _house_water),
        _homes("cold_water", "Cold water, rooms by the building's meter", rooms, _entry_water),
        _firms("cold_water", "Cold water, businesses and institutions", _business_water),
        _homes("sewerage", "Sewerage, flats", flats, _sewage(1.6214, 1.7666)),
        _homes("sewerage", "Sewerage, private houses", houses, _sewage(1.5367, 1.7424)),
        _homes("sewerage", "Sewerage, rooms", rooms, _sewage(1.5004, 1.7182)),
        _firms("sewerage", "Sewerage, businesses and institutions", _business_sewage),
    ]


def _homes(service, name, kinds, parts):
    return Tariff("TOWN", service, name, _editions(HOMES, parts), kinds)


def _firms(service, name, parts):
    kinds = ("commercial", "public_building")
    return Tariff("TOWN", service, name, _editions(FIRMS, parts), kinds)


def _editions(basis, parts):
    return (
        Edition(BEFORE, basis, parts(0), EARLIER),
        Edition(SINCE, basis + DECIDED, parts(1)),
    )


def _flat_water(since):
    return (
        gross("water", "Cold water", (0.7260, 0.9317)[since]),
        gross(
            "common_water",
            "Cold water, common use of the building",
            (0.6776, 0.8954)[since],
            more={"source": "common", "reducible": False},
        ),
        gross("meter_fee", "Meter: purchase, fitting, upkeep", (2.1296, 2.0933)[since], **FEE),
    )


def _house_water(since):
    return (
        gross("water", "Cold water", (0.7018, 0.9075)[since]),
        gross("meter_fee", "Meter: purchase, fitting, upkeep", (1.9481, 1.9239)[since], **FEE),
    )


def _entry_water(since):
    return (gross("water", "Cold water", (0.6776, 0.8954)[since]),)


def _business_water(since):
    return (
        Part("water", "Cold water", (0.70, 0.85)[since]),
        Part(
            "common_water",
            "Cold water, common use of the building",
            (0.70, 0.85)[since],
            more={"source": "common", "reducible": False},
        ),
        Part(
            "meter_fee",
            "Meter: purchase, fitting, upkeep",
            kind="formula",
            more={"formula": _by_diameter(since), "reducible": False},
        ),
    )


def _by_diameter(since):
    *smaller, (_largest, *last) = DIAMETERS
    steps = [f"{fees[since]} if meter_diameter <= {size}" for size, *fees in smaller]
    return " else ".join([*steps, last[since]])


def _sewage(before, now):
    return lambda since: (gross("sewage", "Sewerage", (before, now)[since]),)


def _business_sewage(since):
    return (Part("sewage", "Sewerage", (1.24, 1.42)[since]),)
