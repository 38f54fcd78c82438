"""From a published case about time of use, demand and levies to facts, and back to its figures."""

from calendar import monthrange
from datetime import date, datetime, timedelta
from decimal import Decimal

from ..engine.zones import Window, Zones
from .rating_kit import amounts, component, known, line, supply, used, version
from .vector_rates import charge_of, summed, terms_of

D = Decimal
WEEKDAYS = frozenset(range(5))


def minute(text):
    hours, minutes = map(int, text.split(":"))
    return hours * 60 + minutes


def month_of(moment):
    """First and last day of a moment's month."""
    day = moment.date()
    return day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1])


def months_of_2026():
    """[(first day, last day)] as text."""
    firsts = [date(2026, month, 1) for month in range(1, 13)] + [date(2027, 1, 1)]
    return [
        (first.isoformat(), (after - timedelta(1)).isoformat())
        for first, after in zip(firsts, firsts[1:], strict=False)
    ]


def demand_of_two_years(peaks):
    """The same monthly peaks last year and this year."""
    return {
        (year, month): {"": D(str(peak))}
        for year in (2025, 2026)
        for month, peak in enumerate(peaks, 1)
    }


def a_year_of_demand(rates, peaks):
    """The twelve charges."""
    demand = demand_of_two_years(peaks)
    return [
        charge_of(supply(rates, None, first, last, demand=demand), "demand")
        for first, last in months_of_2026()
    ]


def year_peak_ratchet(inputs, expected):
    """A part of the year's peak is the floor of every month."""
    lines = (
        line(inputs["warm_months_rate"], months=(5, 4 + inputs["warm_months"])),
        line(inputs["cold_months_rate"], months=(5 + inputs["warm_months"], 4)),
    )
    demand = component("demand", lines, ratchet_percent=D(inputs["lookback_percent"]))
    peaks = [inputs["january_peak_kw"], *[inputs["other_months_kw"]] * 11]
    charges = a_year_of_demand(version(demand), peaks)
    return {"annual_demand_charge": sum(charge.amount for charge in charges)}


def listed_months_ratchet(inputs, expected):
    """A part of the peaks of some months is the floor."""
    lines = tuple(
        line(price, months=(month, month)) for month, price in enumerate(inputs["rates"], 1)
    )
    demand = component(
        "demand",
        lines,
        ratchet_percent=D(inputs["lookback_percent"]),
        ratchet_months=tuple(inputs["lookback_months"]),
    )
    charges = a_year_of_demand(version(demand), inputs["monthly_peaks_kw"])
    return {
        "billed_kw": [terms_of(charge)[0].quantity for charge in charges],
        "annual": sum(charge.amount for charge in charges),
    }


def blended(inputs, expected):
    """A flat load over a year."""
    hours = [datetime(2026, 1, 1) + timedelta(hours=hour) for hour in range(8760)]
    loads = [(hour, D(inputs["annual_kwh"]) / 8760) for hour in hours]
    calendar = Zones((), "ALL")
    bands = calendar.bands(loads)
    row = used(bands["import:ALL"], "2026-01-01", "2026-12-31", bands=bands)
    rates = version(
        component("unit", inputs["energy_rate"], "energy"),
        component("demand", inputs["demand_rate_per_kw_month"], "demand"),
        calendar=calendar,
    )
    facts = supply(
        rates,
        (row,),
        "2026-01-01",
        "2026-12-31",
        cycle_months=12,
        demand=calendar.peaks(loads),
    )
    return amounts(facts)


def windows_of_the_week(inputs, expected):
    """Energy and demand have windows of their own."""
    moment = datetime.fromisoformat(inputs["load"]["at"])
    energy = Zones((Window("ON", WEEKDAYS, minute("7:00"), minute("20:00")),), "OFF")
    peak = Zones((Window("PEAK", WEEKDAYS, minute("14:00"), minute("20:00")),), "OTHER")
    prices = inputs["energy_rates"]
    rates = version(
        component(
            "unit",
            (line(prices["weekday_7_to_20"], zone="ON"), line(prices["off_peak"], zone="OFF")),
            "energy",
        ),
        component("demand", inputs["flat_demand"], "flat"),
        component(
            "demand",
            (line(inputs["tou_demand_weekday_14_to_20"], zone="PEAK"), line("0", zone="OTHER")),
            "tou",
        ),
        calendar=energy,
    )
    first, last = map(str, month_of(moment))
    bands = energy.bands([(moment, D(inputs["load"]["kwh"]))])
    row = used(inputs["load"]["kwh"], first, last, bands=bands)
    demand = peak.peaks([(moment, D(inputs["load"]["kw"]))])
    found = amounts(supply(rates, (row,), first, last, demand=demand))
    return {"energy": found["energy"], "demand": summed(found, "flat", "tou")}


def months_with_a_peak(inputs, expected):
    """A monthly peak is charged in each month that has one."""
    loads = [(datetime.fromisoformat(load["at"]), D(load["kw"])) for load in inputs["loads"]]
    demand = Zones((), "ALL").peaks(loads)
    rates = version(component("demand", inputs["flat_demand"], "demand"))
    charged = [
        summed(amounts(supply(rates, None, *map(str, month_of(moment)), demand=demand)))
        for moment, _kw in loads
    ]
    return {"annual_demand": sum(charged)}


def tiers_of_a_month(inputs, expected):
    lines = tuple(line(tier["rate"], tier.get("max_kwh")) for tier in inputs["rate_structure"])
    return amounts(supply(version(component("unit", lines, "energy")), inputs["kwh_month"]))


def is_peak(inputs, expected):
    """One kWh of that moment, at a price of 1 in the peak and of 0 else."""
    moment = datetime.fromisoformat(inputs["at"])
    window = Window(
        "PEAK",
        WEEKDAYS if inputs["weekend_is_offpeak"] else frozenset(range(7)),
        minute(inputs["peak_start"]),
        minute(inputs["peak_end"]),
        holidays=False,
    )
    holidays = frozenset(map(date.fromisoformat, inputs["holidays"]))
    calendar = Zones((window,), "OFF", holidays)
    today = moment.date().isoformat()
    row = used("1", today, today, bands=calendar.bands([(moment, D(1))]))
    energy = component("unit", (line("1", zone="PEAK"), line("0", zone="OFF")), "energy")
    found = amounts(supply(version(energy, calendar=calendar), (row,), today, today))
    return {"peak": found["energy"] == 1}


def in_sen(inputs, expected):
    """Prices of a kWh in sen: so much for 100 kWh in ringgit."""
    parts = [
        component("unit", inputs[f"{name}_sen_per_kwh"], name, quantity_unit=D(100))
        for name in ("capacity", "network")
    ]
    return {"charge_rm": summed(amounts(supply(version(*parts), inputs["kwh"])))}


def waived(inputs, expected):
    """A fee that is not due up to a total."""
    condition = f"total_quantity > {inputs['waiver_limit_kwh']}"
    other = component("unit", "0", "energy")
    retail = component("fixed", inputs["retail_charge"], "retail", condition=condition)
    found = amounts(supply(version(other, retail), inputs["kwh"]))
    return {"retail": found.get("retail", D(0))}


def levied(inputs, expected):
    """A levy on the whole bill above a threshold."""
    bill = component("fixed", inputs["base_bill"], "bill")
    condition = f"total_quantity > {inputs['threshold_kwh']}"
    levy = component("percentage", inputs["percent"], "levy", of=("bill",), condition=condition)
    found = amounts(supply(version(bill, levy), inputs["kwh"]))
    return {"levy": found.get("levy", D(0))}


def taxed_above(inputs, expected):
    """A tax on the part of the bill above an exemption."""
    bill = component("fixed", inputs["base_bill"], "bill")
    share = "max(quantity - exempt, 0) / quantity if quantity else 0"
    tax = component("formula", code="tax", formula=f"bill * percent / 100 * ({share})")
    values = {"exempt": known(inputs["exempt_kwh"]), "percent": known(inputs["tax_percent"])}
    return amounts(supply(version(bill, tax), inputs["kwh"], values=values))


def netted(inputs, expected):
    """What is fed in covers the peak first."""
    bands = {
        "import:PEAK": D(inputs["import_peak"]),
        "import:OFFPEAK": D(inputs["import_offpeak"]),
        "export": D(inputs["export"]),
    }
    row = used("0", "2026-03-01", "2026-03-31", bands=bands)
    lines = (line("1", zone="PEAK"), line("1", zone="OFFPEAK"))
    order = ("PEAK", "OFFPEAK") if inputs["order"] == "peak first" else ("OFFPEAK", "PEAK")
    rates = version(
        component("unit", lines, "energy"),
        component("unit", "-1", "excess", source="excess"),
        netting=order,
    )
    facts = supply(rates, (row,))
    energy, excess = charge_of(facts, "energy"), charge_of(facts, "excess")
    covered = energy.trace["parts"][0]["netted"]
    return {
        "matched_peak": covered["PEAK"],
        "matched_offpeak": covered["OFFPEAK"],
        "excess": excess.quantity,
    }


def by_bracket(inputs, expected):
    """All of the usage at the price of the bracket in which it ends."""
    lines = tuple(line(tier["rate"], tier["limit"]) for tier in inputs["tiers"])
    energy = component("unit", lines, "energy", blocks="whole")
    charge = charge_of(supply(version(energy), inputs["total"]), "energy")
    assert [charge.quantity] == [term.quantity for term in terms_of(charge)]
    return {"rate": terms_of(charge)[0].split()[0][1]}


TIME_OF_USE = (
    ({"january_peak_kw"}, year_peak_ratchet),
    ({"lookback_months"}, listed_months_ratchet),
    ({"annual_kwh", "flat_load"}, blended),
    ({"energy_rates", "load"}, windows_of_the_week),
    ({"flat_demand", "loads"}, months_with_a_peak),
    ({"rate_structure"}, tiers_of_a_month),
    ({"peak_start"}, is_peak),
    ({"capacity_sen_per_kwh"}, in_sen),
    ({"waiver_limit_kwh"}, waived),
    ({"threshold_kwh", "percent"}, levied),
    ({"exempt_kwh"}, taxed_above),
    ({"import_peak"}, netted),
    ({"tiers", "total"}, by_bracket),
)
