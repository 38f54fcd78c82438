"""From a published case about blocks, minimums and rate changes to facts, and back to its figures.

Nothing is priced here: each function says what the rate is and reads the charges.
"""

from datetime import timedelta
from decimal import Decimal

from odoo.addons.utility_metering.tests import engine_kit

from ..engine.terms import term_of
from .rating_kit import amounts, blocks, component, known, line, rated, supply, version

D = Decimal
QUANTITIES = ("kilolitres", "kwh", "units", "m3", "m3_two_months", "ccf", "gallons")
YEN = {"rounding": "floor", "rounding_unit": D(1)}
# BC Hydro's first step in kWh a day, printed beside the prices
FIRST_STEP = "22.1918"


def quantity_of(inputs):
    return next(inputs[name] for name in QUANTITIES if name in inputs)


def tiers_of(inputs, name="tiers"):
    return blocks(*((tier["price"], tier.get("up_to")) for tier in inputs[name]))


def terms_of(charge):
    return [term_of(data) for part in charge.trace["parts"] for data in part["terms"]]


def charge_of(facts, code):
    return next(charge for charge in rated(facts) if charge.code == code)


def summed(found, *codes):
    return sum((found[code] for code in codes or found), D(0))


def places(text):
    return D(1).scaleb(D(text).as_tuple().exponent)


# -- blocks ---------------------------------------------------------------------------------------


def tiered(inputs, expected):
    """Base charge, blocks, an adder and a percentage of all, each of them where printed."""
    rounding = YEN if "floor 1 yen" in inputs.get("rounding", "") else {}
    parts = [component("unit", tiers_of(inputs), "energy", limit_per="period", **rounding)]
    if base := inputs.get("base") or inputs.get("customer_charge"):
        parts.append(component("fixed", base, "base", per="period", **rounding))
    if "flat_adder_per_kwh" in inputs:
        parts.append(component("unit", inputs["flat_adder_per_kwh"], "adder"))
    net_codes = tuple(part.code for part in parts)
    if percent := inputs.get("tax_percent") or inputs.get("duty_percent"):
        parts.append(component("percentage", percent, "tax", of=net_codes, **rounding))
    if "sewage_price" in inputs:
        lines = blocks(("0", inputs["sewage_free_m3"]), (inputs["sewage_price"], None))
        parts.append(component("unit", lines, "sewage", limit_per="period"))
    facts = supply(version(*parts), quantity_of(inputs))
    found = amounts(facts)
    energy = terms_of(charge_of(facts, "energy"))[0]
    net = summed(found, *net_codes)
    return {
        **found,
        "water": found["energy"],
        "net": net,
        "subtotal": net,
        "total": summed(found),
        "tier_amounts": [quantity * price for quantity, price in energy.split()],
    }


def two_months_split(inputs, expected):
    """A reading of two months, priced month by month."""
    split = expected["split_m3"]
    how = "whole_last" if D(split[0]) <= D(split[-1]) else "whole_first"
    base = inputs.get("base") or inputs["base_per_month"]
    parts = [
        component("fixed", base, "base", month_split="days", **YEN),
        component("unit", tiers_of(inputs), "usage", month_split=how, **YEN),
    ]
    if "per month" in inputs["rounding"]:
        to_ten_yen = "floor((base + usage) * (100 + tax_percent) / 1000) * 10 - base - usage"
        tax = {"formula": to_ten_yen, "proration": "none", "month_split": "days"}
        parts.append(component("formula", code="tax", **tax, **YEN))
    else:
        parts.append(
            component("percentage", inputs["tax_percent"], "tax", of=("base", "usage"), **YEN)
        )
    facts = supply(
        version(*parts),
        inputs["m3_two_months"],
        "2026-01-01",
        "2026-02-28",
        cycle_months=2,
        values={"tax_percent": known(inputs["tax_percent"])},
    )
    charges = {charge.code: charge for charge in rated(facts)}
    monthly = {code: [term.amount for term in terms_of(charge)] for code, charge in charges.items()}
    return {
        "split_m3": [term.quantity for term in terms_of(charges["usage"])],
        "net": list(map(sum, zip(monthly["base"], monthly["usage"], strict=True))),
        "gross": list(map(sum, zip(*monthly.values(), strict=False))),
        "total": sum(charge.amount for charge in charges.values()),
    }


def included_in_the_base(inputs, expected):
    """The base charge holds 20 m³; then lines of so many m³ each."""
    upper, tiers = D(20), [("0", "20")]
    for printed in inputs["lines"]:
        upper += printed["m3"]
        tiers.append((printed["price"], upper))
    net = component("unit", blocks(*tiers), "usage", limit_per="period", **YEN)
    base = component("fixed", inputs["base_incl_20m3"], "base", per="period", **YEN)
    tax = component("percentage", inputs["tax_percent"], "tax", of=("base", "usage"), **YEN)
    found = amounts(supply(version(base, net, tax), inputs["m3_two_months"]))
    return {"net": summed(found, "base", "usage"), "gross": summed(found)}


def stretched_blocks(inputs, expected):
    """Blocks for 30 days, stretched to the days of the bill, with a surcharge."""
    uppers = [*inputs["blocks_30_days"], None]
    lines = blocks(*zip(inputs["prices"], uppers, strict=True))
    stretched = {"proration": "days_of_n", "proration_days": D(inputs["block_days_base"])}

    def charged(parts):
        surcharged = [
            component(
                "percentage", inputs["fuel_adjustment_percent"], f"{part.code}_fac", of=(part.code,)
            )
            for part in parts
        ]
        last = (engine_kit.day("2026-03-01") + timedelta(inputs["days"] - 1)).isoformat()
        return supply(version(*parts, *surcharged), inputs["kwh"], "2026-03-01", last)

    whole = charged([component("unit", lines, "energy", **stretched)])
    energy = terms_of(charge_of(whole, "energy"))[0]
    alone = [
        tuple(
            line(one.price if index == block else 0, one.upper) for index, one in enumerate(lines)
        )
        for block in range(len(lines))
    ]
    each = amounts(
        charged(
            [
                component("unit", tiers, f"block{block}", **stretched)
                for block, tiers in enumerate(alone)
            ]
        )
    )
    return {
        "block_kwh": [quantity for quantity, _price in energy.split()],
        "block_amounts_with_fac": [
            summed(each, f"block{block}", f"block{block}_fac") for block in range(len(lines))
        ],
        "energy_total_derived": summed(amounts(whole)),
    }


def by_total(inputs, expected):
    """Energy by blocks, surcharge and fixed fee by the total."""

    def bound(name):
        return name[2:]

    fixed = tuple(
        line(0, bound(name), amount=D(fee)) for name, fee in inputs["fixed_by_total"].items()
    )
    conditions, lower = [], None
    for name, percent in inputs["fuel_adjustment_percent_by_total"].items():
        upper = f"total_quantity <= {bound(name)}" if name.startswith("le") else ""
        above = f"total_quantity > {lower}" if lower else ""
        conditions.append((" and ".join(filter(None, (above, upper))), percent))
        lower = bound(name)

    def charged(unit):
        fuel = [
            component(
                "percentage",
                percent,
                f"fuel{index}",
                of=("energy",),
                condition=condition,
                rounding_unit=unit,
            )
            for index, (condition, percent) in enumerate(conditions)
        ]
        energy = component("unit", tiers_of(inputs, "blocks"), "energy")
        fee = component("unit", fixed, "fixed", blocks="whole")
        return amounts(supply(version(energy, fee, *fuel), inputs["kwh"]))

    exact = charged(D("0.0001"))
    return {
        "energy": exact["energy"],
        "fixed": exact["fixed"],
        "fuel_adjustment": sum(exact[code] for code in exact if code.startswith("fuel")),
        "total": summed(charged(D("0.01"))),
    }


def daily_threshold(inputs, expected):
    """A first step of so many kWh a day, in whole kWh."""
    step = inputs.get("threshold_kwh_per_day", FIRST_STEP)
    lines = blocks((inputs.get("step1", "1"), step), (inputs.get("step2", "2"), None))
    energy = component("unit", lines, "energy", limit_per="day", limit_rounding=D(1))
    last = (engine_kit.day("2026-01-01") + timedelta(inputs["days"] - 1)).isoformat()
    charge = charge_of(
        supply(version(energy), inputs.get("kwh", "0"), "2026-01-01", last), "energy"
    )
    return {"threshold_kwh": terms_of(charge)[0].limits[0], "energy": charge.amount}


def first_units(inputs, expected):
    """Tiers by their first unit; sewer for the first units only."""
    uppers = [D(start) - 1 for start in inputs["tier_starts"][1:]] + [None]
    water = component("unit", blocks(*zip(inputs["tier_prices"], uppers, strict=True)), "water")
    lines = blocks((inputs["sewer_price"], inputs["sewer_budget_ccf"]), ("0", None))
    service = component("fixed", inputs["service"], "service")
    sewer = component("unit", lines, "sewer")
    return {"total": summed(amounts(supply(version(service, water, sewer), inputs["ccf"])))}


def water_budget(inputs, expected):
    """The first tier is what a garden needs by its size and the month's evaporation."""
    lines = tuple(
        line(price, upper) for price, upper in zip(inputs["tier_prices"], (1, None), strict=True)
    )
    budget = f"et_factor * et_inches * irrigable_sqft * {inputs['conversion']}"
    water = component(
        "unit", lines, "water", limit_per="formula", limit_formula=budget, limit_rounding=D(1)
    )
    service = component("fixed", inputs["service"], "service")
    sewer = component("unit", inputs["sewer_per_ccf"], "sewer")
    values = {name: known(inputs[name]) for name in ("et_factor", "et_inches", "irrigable_sqft")}
    facts = supply(version(service, water, sewer), inputs["ccf"], values=values)
    return {
        "budget_ccf": terms_of(charge_of(facts, "water"))[0].limits[0],
        "total": summed(amounts(facts)),
    }


# -- plain prices ---------------------------------------------------------------------------------


def per_thousand(inputs, expected):
    """Philadelphia: prices of 1,000 cubic feet; a rider is added to the price."""
    water, sewer = inputs["water_per_1000cf"], inputs["sewer_per_1000cf"]
    if isinstance(water, list):
        parts = [
            component(
                "formula",
                code=code,
                formula=f"quantity / 1000 * ({' + '.join(prices)})",
                proration="none",
            )
            for code, prices in (("water", water), ("sewer", sewer))
        ]
    else:
        parts = [
            component("unit", price, code, quantity_unit=D(1000))
            for code, price in (("water", water), ("sewer", sewer))
        ]
    services = inputs["service"] if isinstance(inputs["service"], list) else [inputs["service"]]
    services += [inputs["stormwater"]] if "stormwater" in inputs else []
    parts += [component("fixed", fee, f"fee{number}") for number, fee in enumerate(services)]
    found = amounts(supply(version(*parts), inputs["usage_cubic_feet"]))
    return {
        **found,
        "usage": summed(found, "water", "sewer"),
        "service": sum(found[code] for code in found if code.startswith("fee")),
        "total": summed(found),
    }


def plain_prices(inputs, expected):
    """Prices of a unit and fees of a month, line by line."""
    units = {"water": "water", "sewer": "sewer", "price": "price"}
    fees = ("subscription_water", "subscription_sewer", "monthly_fee")
    parts = [
        component("unit", inputs[name], code) for name, code in units.items() if name in inputs
    ]
    # in pence: so much for 100 units in pounds
    parts += [
        component("unit", inputs[f"{code}_p"], code, quantity_unit=D(100))
        for code in ("water", "waste")
        if f"{code}_p" in inputs
    ]
    parts += [component("fixed", inputs[name], name) for name in fees if name in inputs]
    found = amounts(supply(version(*parts), inputs["m3"]))
    return {**found, "total": summed(found)}


def with_tax(inputs, expected):
    """A printed price before and after tax."""
    unit = places(expected["gross"])
    net = component(
        "unit", inputs.get("net") or inputs["net_eur_per_m3"], "net", rounding_unit=unit
    )
    tax = component("percentage", inputs["vat_percent"], "tax", of=("net",), rounding_unit=unit)
    return {"gross": summed(amounts(supply(version(net, tax), "1")))}


def five_services(inputs, expected):
    """Goodland: five services on one bill."""
    electric, plan, water = inputs["electric"], inputs["state_water_plan"], inputs["water"]
    services = {
        "electric": supply(
            version(
                component("unit", electric["rate"]),
                component("fixed", electric["meter_charge"]),
            ),
            electric["kwh"],
        ),
        "state_water_plan": supply(
            version(
                component(
                    "formula", formula="quantity * gallons_per_cf / 1000 * price", proration="none"
                )
            ),
            plan["cubic_feet"],
            values={
                "gallons_per_cf": known(plan["gallons_per_cf"]),
                "price": known(plan["rate_per_1000gal"]),
            },
        ),
        "water": supply(
            version(
                component("unit", water["rate_per_100cf"], quantity_unit=D(100)),
                component("fixed", water["meter_charge"]),
            ),
            water["cubic_feet"],
        ),
        "sewer": supply(version(component("fixed", inputs["sewer_flat"]))),
        "solid_waste": supply(version(component("fixed", inputs["solid_waste"]))),
    }
    found = {name: summed(amounts(facts)) for name, facts in services.items()}
    return {**found, "total": summed(found)}


def by_readings(inputs, expected):
    """Two readings, a price and a fee."""
    facts = engine_kit.point(
        engine_kit.installation(
            engine_kit.register(
                ("2026-02-28", inputs["previous"]), ("2026-03-31", inputs["present"])
            )
        )
    )
    kwh = engine_kit.used(facts, "2026-03-01", "2026-03-31")
    energy = component("unit", inputs["rate"], "energy")
    fee = component("fixed", inputs["availability_fee"], "fee")
    found = amounts(supply(version(energy, fee), kwh))
    return {"kwh": kwh, "energy": found["energy"], "total_derived": summed(found)}


# what a case's inputs must name, the first that fits
TIERED = (
    ({"usage_cubic_feet"}, per_thousand),
    ({"threshold_kwh_per_day"}, daily_threshold),
    ({"step1", "step2", "days"}, daily_threshold),
    ({"blocks_30_days"}, stretched_blocks),
    ({"fixed_by_total"}, by_total),
    ({"base_incl_20m3"}, included_in_the_base),
    ({"tier_starts"}, first_units),
    ({"et_inches"}, water_budget),
    ({"electric", "water"}, five_services),
    ({"present", "previous"}, by_readings),
    ({"vat_percent"}, with_tax),
    ({"tiers"}, tiered),
    ({"m3"}, plain_prices),
)


def solve(case, ways):
    """{name: what the engine finds} of a case."""
    inputs, expected = case["inputs"], case["expected"]
    if "split_m3" in expected:
        return two_months_split(inputs, expected)
    way = next(way for names, way in ways if names <= set(inputs))
    return way(inputs, expected)
