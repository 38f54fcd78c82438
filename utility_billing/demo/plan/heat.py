"""Heat and hot water after AB Panevėžio energija: one price a kWh, made of components."""

from datetime import date

from .kinds import Edition, Part, Tariff

LIST = (
    "AB Panevėžio energija, prices of heat and hot water, "
    "www.pe.lt/silumos-ir-karsto-vandens-kainos (read on 22 November 2026). "
)
BOARD = {
    date(2024, 3, 1): "Decision of the board of 23 February 2024, protocol 8-02-2024.",
    date(2025, 11, 1): "Decision of the board of 23 October 2025, protocol 8-10-2025.",
}
NEWEST = (
    "AB Panevėžio energija's figures in the paper of Rokiškis, grokiskis.lt/aktualijos/"
    "rekordiskai-saltas-sausis-leme-zenkliai-didesnes-saskaitas (read on 22 November 2026)."
)
EARLIEST = (
    "The earliest list that was found. Until 30 April 2024 the state paid the 9 % of tax for "
    "residents."
)
# € a kWh: fixed, variable, additional component
COMPONENTS = {
    date(2024, 3, 1): (0.0209, 0.0451, -0.0006),
    date(2025, 11, 1): (0.0277, 0.0370, -0.0006),
}
WHOLE_SINCE, WHOLE = date(2026, 1, 1), 0.0735
# € a m³ in the city of Panevėžys, residents
HOT_WATER = {date(2024, 3, 1): 5.53, date(2025, 11, 1): 5.77}
METER_FEE = 0.80
# per cent of tax for residents, and since when; businesses pay 21 % all the time
TAXES = ((None, 9), (date(2026, 1, 1), 21))
TAXED = ("heat", "hot_water")
STANDARD = 21
METERED = (
    Part(
        "meter_fee",
        "Hot-water meter service",
        METER_FEE,
        "fixed",
        taxes=(STANDARD,),
        more={"reducible": False},
    ),
)
FIRMS = ("commercial", "public_building")


def tariffs():
    return [
        Tariff("TOWN", "heat", "Heat, residents", _heat(None)),
        Tariff("TOWN", "heat", "Heat, businesses and institutions", _heat((STANDARD,)), FIRMS),
        Tariff("TOWN", "hot_water", "Hot water, flats", _hot_water(METERED), ("flat",)),
        Tariff("TOWN", "hot_water", "Hot water, rooms without a meter", _hot_water(()), ("room",)),
    ]


def _heat(taxes):
    editions = [
        Edition(start, LIST + BOARD[start], _components(prices, taxes), _note(start))
        for start, prices in COMPONENTS.items()
    ]
    whole = Part("heat", "Heat", WHOLE, taxes=taxes)
    return (
        *editions,
        Edition(WHOLE_SINCE, NEWEST, (whole,), "The components were not printed."),
    )


def _components(prices, taxes):
    names = (
        ("heat_fixed", "Heat, fixed component"),
        ("heat_variable", "Heat, variable component"),
        ("heat_additional", "Heat, additional component"),
    )
    return tuple(
        Part(code, name, price, taxes=taxes)
        for (code, name), price in zip(names, prices, strict=True)
    )


def _hot_water(fees):
    return tuple(
        Edition(
            start,
            LIST + BOARD[start],
            (Part("hot_water", "Hot water", price), *fees),
            _note(start),
        )
        for start, price in HOT_WATER.items()
    )


def _note(start):
    return EARLIEST if start == min(COMPONENTS) else ""
