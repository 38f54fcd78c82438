"""From a published case of sharing to what the engine is told, and back to the case's figures.

Each adapter returns the figures that a case expects, under the same keys. Methods are said by
configuration only. What a price makes of a flat's quantity is shown by sharing the cost.
"""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from ..engine.allocation import share_out
from ..engine.allocation_facts import Method, Participant, Pool, SharingError, Step, User
from ..engine.allocation_users import thousandths

D = Decimal
YEAR = (date(2023, 1, 1), date(2023, 12, 31))
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
GAS = {"boiler": "1", "delivery": "1 / 1.15", "commercial_delivery": "1 / 1.15"}
GAS["gas_upper_calorific"] = "1.11"


def figures(case, others):
    """What the engine says of a case.

    :param others: {id: case}, for a case that refers to another
    :return: {key: value}, values as the case gives them
    """
    inputs = case["inputs"]
    if "same_as" in inputs:
        inputs = {**others[inputs["same_as"]]["inputs"], **inputs}
    for key, adapter in ADAPTERS.items():
        if key in inputs:
            return adapter(inputs)
    raise KeyError(f"No adapter for {case['id']}: {sorted(inputs)}")


# -- ways to say it -------------------------------------------------------------------------------


def _flats(*values, **more):
    return [Participant(number, values=own, **more) for number, own in enumerate(values, 1)]


def _two(code, own, whole):
    """The flat, and all others as one."""
    return _flats({code: D(own)}, {code: D(whole) - D(own)})


def _by(code, **more):
    return Step(code, value=code, **more)


def _cost(total, *steps, flats, **more):
    return share_out(Pool("cost", D(total)), flats, Method(steps, decimals=2, **more))


def _money(value):
    return str(value.quantize(D("0.01"), ROUND_HALF_UP))


def _exact(sharing, step=0, row=0):
    return D(sharing.proof["steps"][step]["rows"][row][2])


# -- Germany --------------------------------------------------------------------------------------


def specimen(inputs):
    """A heating bill: two pools, each by consumption and by area, with printed unit prices."""
    building, flat = inputs["building"], inputs["flat"]
    places = None if inputs["unit_price_decimals"] == "none" else inputs["unit_price_decimals"]
    share = D(inputs["consumption_share_percent"])
    codes = {
        "heat_consumption": "heat_units",
        "heat_area": "heated_area_m2",
        "water_consumption": "hot_water_m3",
        "water_area": "hot_water_area_m2",
    }
    own = {
        "heat_units": D(flat["heat_units"]),
        "heated_area_m2": D(flat["area_m2"]),
        "hot_water_m3": D(flat["hot_water_m3"]),
        "hot_water_area_m2": D(flat["area_m2"]),
    }
    rest = {code: D(building[code]) - value for code, value in own.items()}
    cent = {"pool_decimals": 2, "unit_decimals": places, "decimals": 2 if places else None}
    water = "building_hot_water_cost"

    def pool(name, **vals):
        return Step(name, value=codes[name], **cent, **vals)

    sharing = share_out(
        Pool(
            "cost",
            D(inputs["fuel_cost"]) + D(inputs["ancillary_cost"]),
            values={"hot_water_cost": D(inputs["hot_water_cost"])},
        ),
        _flats(own, rest),
        Method(
            (
                pool("water_consumption", takes="formula", formula=f"{water} * {share} / 100"),
                pool("water_area", takes="formula", formula=f"{water} * (100 - {share}) / 100"),
                pool("heat_consumption", takes="percent_rest", amount=share),
                pool("heat_area"),
            ),
            decimals=2,
        ),
    )
    steps = {step["name"]: step for step in sharing.proof["steps"]}
    parts = {name: D(step["rows"][0][2]) for name, step in steps.items()}
    heating = D(steps["heat_consumption"]["pool"]) + D(steps["heat_area"]["pool"])
    return {
        "heating_cost": _money(heating),
        "pools": {name: _money(D(step["pool"])) for name, step in steps.items()},
        "unit_prices": {
            name: str(D(step["unit"]).quantize(D("0.001"))) for name, step in steps.items()
        },
        "flat": {
            **{name: _money(part) for name, part in parts.items()},
            "total": _money(sharing.of(1)),
        },
        "flat_total": _money(sharing.of(1)),
    }


def thirty_seventy(inputs):
    building, flat = inputs["building"], inputs["flat"]
    own = {"area_m2": D(flat["area_m2"]), "units": D(flat["units"])}
    rest = {code: D(building[code]) - value for code, value in own.items()}
    percent = D(str(inputs["consumption_share_percent"]))
    sharing = share_out(
        Pool("quantity", D(100)),
        _flats(own, rest),
        Method((_by("units", takes="percent", amount=percent), _by("area_m2")), decimals=1),
    )
    return {"share_percent": str(sharing.of(1))}


def by_units(inputs):
    flats = _flats(*({"units": D(units)} for units in inputs["units"]))
    percent = D(str(inputs["consumption_share_percent"]))
    sharing = _cost(inputs["cost"], _by("units", takes="percent", amount=percent), flats=flats)
    return {"amounts": [str(share.amount) for share in sharing.shares]}


def hot_water(inputs):
    """Par. 9(2): the energy in hot water, and its part of the cost."""
    values = {"volume": D(inputs["hot_water_m3"]), "temperature": D(inputs["hot_water_temp_c"])}
    energy = "2.5 * building_volume * (building_temperature - 10)"
    flats = _flats({})
    if "mode" in inputs:
        step = Step(
            "hot water", "formula", weight="equal", formula=f"{energy} * {GAS[inputs['mode']]}"
        )
        sharing = share_out(Pool("quantity", D(50000), values=values), flats, Method((step,)))
        return {"kwh": str(sharing.of(1).quantize(D("0.001")))}
    values["energy"] = D(inputs["total_kwh"])
    percent = f"round(100 * {energy} / building_energy, {inputs['percent_decimals']})"
    step = Step("hot water", "formula", formula=f"total * {percent} / 100", weight="equal")
    sharing = share_out(
        Pool("cost", D(inputs["total_cost"]), values=values), flats, Method((step,), decimals=2)
    )
    kwh = share_out(
        Pool("quantity", values["energy"], values=values),
        flats,
        Method((Step("hot water", "formula", formula=energy, weight="equal"),)),
    )
    share = 100 * sharing.of(1) / D(inputs["total_cost"])
    return {
        "hot_water_kwh": str(kwh.of(1).to_integral_value()),
        "share_percent": str(share.quantize(D("0.01"), ROUND_HALF_UP)),
        "hot_water_cost": str(sharing.of(1)),
    }


def _tenants(total, changed, flats, **more):
    """The basic cost of a flat whose tenants change after a day of the year."""
    users = (User(1, end=changed), User(2, start=date.fromordinal(changed.toordinal() + 1)))
    first = Participant(1, values=flats[0], users=users)
    method = Method((_by("area", split="degree_days"),), decimals=2, **more)
    others = [Participant(number, values=own) for number, own in enumerate(flats[1:], 2)]
    sharing = share_out(Pool("cost", D(total), span=YEAR), [first, *others], method)
    return sharing, method


def _day(text):
    number, month = text.split()
    return date(YEAR[0].year, 1 + MONTHS.index(month[:3]), int(number))


def tenant_left(inputs):
    area, whole = D(inputs["flat_area_m2"]), D(inputs["total_area_m2"])
    last = _day(inputs["move_out"])
    sharing, method = _tenants(
        inputs["basic_cost"], last, [{"area": area}, {"area": whole - area}], day_decimals=3
    )
    old, new = (share.amount for share in sharing.shares if share.key == 1)
    first = date.fromordinal(last.toordinal() + 1)
    return {
        "flat_basic_cost": str(sharing.of(1)),
        "old_tenant_promille": str(thousandths((YEAR[0], last), method)),
        "new_tenant_promille": str(thousandths((first, YEAR[1]), method)),
        "old_tenant": str(old),
        "new_tenant": str(new),
    }


def tenant_came(inputs):
    first = _day(inputs["move_in"])
    last = date.fromordinal(first.toordinal() - 1)
    sharing, method = _tenants(inputs["basic_cost"], last, [{"area": D(1)}])
    old, new = (share.amount for share in sharing.shares)
    promille = thousandths((first, YEAR[1]), method)
    return {
        "new_tenant_promille": str(promille.quantize(D("0.001"), ROUND_HALF_UP)),
        "new_tenant": str(new),
        "old_tenant": str(old),
    }


def weighted_area(inputs):
    numbers = [1 + MONTHS.index(month) for month in inputs["months"]]
    last = date(YEAR[0].year, max(numbers) + 1, 1)
    span = (date(YEAR[0].year, min(numbers), 1), date.fromordinal(last.toordinal() - 1))
    flat = Participant(1, values={"area": D(inputs["area_m2"])}, span=span)
    sharing = share_out(
        Pool("cost", D(100), span=YEAR), [flat], Method((_by("area", weight="season"),))
    )
    return {"weighted_area_m2": sharing.proof["steps"][0]["rows"][0][1]}


def cut(inputs):
    """Par. 12(1): who is not billed by consumption may cut the bill."""
    bill = inputs["bill_not_by_consumption"]
    sharing = _cost(
        bill, Step("all", weight="equal"), flats=_flats({}), cut_percent=D(15), cut_among="all"
    )
    return {"reduction": _money(sharing.residual), "payable": str(sharing.of(1))}


# -- Lithuania ------------------------------------------------------------------------------------


def circulation(inputs):
    """Hot water by its own energy, the rest of what it took (circulation) equally by flat."""
    own = D(inputs["hot_water_heating_mwh"]) / inputs["flats"]
    flats = _flats(*[{"hot_water": own}] * inputs["flats"])
    sharing = share_out(
        Pool("quantity", D(inputs["hot_water_prep_and_circulation_mwh"])),
        flats,
        Method(
            (
                Step("hot water", "each", formula="hot_water", tag="water"),
                Step("circulation", weight="equal", decimals=4, tag="circulation"),
            )
        ),
    )
    part = _exact(sharing, step=1)
    price = D(inputs["price_ct_per_kwh"]) / 100
    return {
        "circulation_mwh": sharing.proof["steps"][1]["pool"],
        "per_flat_mwh": str(part),
        "per_flat_eur": _money(part * 1000 * price),
    }


def useful_area(inputs):
    """Method No. 1: each flat rounded by itself, the residual stands beside them."""
    flats = _flats(*({"useful_area": D(area)} for area in inputs["flats_area_m2"]))
    heat = D(inputs["house_heat_mwh"])
    sharing = share_out(Pool("quantity", heat), flats, Method((_by("useful_area"),), decimals=6))
    cost = heat * D(inputs["price_eur_per_mwh"])
    money = _cost(cost, _by("useful_area"), flats=flats)
    return {
        "flat_mwh": [str(share.amount) for share in sharing.shares],
        "flat_eur": [str(share.amount) for share in money.shares],
    }


def even_heating(inputs):
    """Methods No. 3 and 6: nobody is below a part of the building's average per m²."""
    area, average = D(inputs["area_m2"]), D(inputs["building_average_kwh_per_m2"])
    measured = D(inputs["measured_kwh_per_m2"]) * area
    others = area * 20
    total = average * (area + others)
    flats = [
        Participant(1, usage=measured, values={"area": area}),
        Participant(2, usage=total - measured, values={"area": others}),
    ]
    method = Method(
        (Step("own heat", "own"),), decimals=2, area="area", minimum=D(inputs["coefficient"])
    )
    sharing = share_out(Pool("quantity", total), flats, method)
    billed = sharing.of(1)
    return {
        "billed_kwh_per_m2": str((billed / area).quantize(D("0.01"))),
        "billed_kwh": str(billed),
    }


# -- Ukraine and Russia ---------------------------------------------------------------------------


def heated_area(inputs):
    """Heat of the building by heated area; flats with their own boiler have no part in it."""
    own, heat = D(inputs["flat_area_m2"]), D(inputs["building_gcal"])
    cost = heat * D(inputs.get("tariff_uah_per_gcal") or inputs["tariff"])
    heated = {"own_heating": D(0)}
    if "all_flats_area_m2" in inputs:
        boilers = D(inputs["autonomous_flats_area_m2"])
        whole = D(inputs["all_flats_area_m2"])
        flats = _flats(
            {"area": own, **heated},
            {"area": whole - boilers - own, **heated},
            {"area": boilers, "own_heating": D(1)},
        )
    else:
        whole = D(inputs.get("heated_area_m2") or inputs["total_area_m2"])
        flats = [
            Participant(one.key, values={**one.values, **heated})
            for one in _two("area", own, whole)
        ]
    step = _by("area", among="lacking", flag="own_heating")
    money = _cost(cost, step, flats=flats)
    gcal = share_out(Pool("quantity", heat), flats, Method((step,), decimals=7))
    return {
        "heated_area_m2": money.proof["steps"][0]["weights"],
        "unrounded": str(_exact(money).quantize(D("1.00000000"))),
        "amount": str(money.of(1)),
        "gcal": str(gcal.of(1)),
    }


def coefficients(inputs):
    """Which coefficients of the common part are lawful."""
    allowed = ((D("0.2"), D("0.9")), (D(1), D(1)), (D("1.1"), D(2)))

    def lawful(coefficient):
        step = Step(
            "common", "percent", D(10), coefficient=coefficient, allowed=allowed, weight="equal"
        )
        try:
            share_out(Pool("quantity", D(1)), _flats({}), Method((step,)))
        except SharingError as error:
            return error.code != "coefficient"
        return True

    return {"valid": [lawful(D(text)) for text in inputs["coefficients"]]}


def even_payment(inputs):
    """A twelfth of last year's heat each month; when the year is known, what is missing."""
    own, whole = D(inputs["flat_area_m2"]), D(inputs["total_area_m2"])
    price = D(inputs["tariff"])
    flats = _two("area", own, whole)
    monthly = _cost(
        0,
        Step(
            "a month",
            "each",
            formula=f"area * {inputs['monthly_average_gcal_per_m2']} * {price}",
        ),
        flats=flats,
    )
    year = D(inputs["actual_year_gcal"]) * price
    paid = {one.key: monthly.of(one.key) * 12 for one in flats}
    settled = [Participant(one.key, values={**one.values, "paid": paid[one.key]}) for one in flats]
    correction = _cost(
        year - sum(paid.values()),
        Step("paid", "each", formula="-paid"),
        _by("area"),
        flats=settled,
    )
    return {
        "monthly": str(monthly.of(1)),
        "paid_12": str(paid[1]),
        "actual_year": str(_cost(year, _by("area"), flats=flats).of(1)),
        "correction": str(correction.of(1)),
    }


def common_norm(inputs):
    """Common use by norm, with the printed rounding of the quantity per m²."""
    flats = _two("area", inputs["flat_area_m2"], inputs["rooms_area_m2"])
    total = D(inputs["norm_kwh_per_m2"]) * D(inputs["common_area_m2"])
    method = Method((_by("area", unit_decimals=4),), decimals=2)
    sharing = share_out(Pool("quantity", total), flats, method)
    return {
        "kwh_per_m2": sharing.proof["steps"][0]["unit"],
        "flat_kwh": str(sharing.of(1)),
        "amount": _money(sharing.of(1) * D(inputs["tariff"])),
    }


# an input that only cases of one kind have, and what takes them
ADAPTERS = {
    "fuel_cost": specimen,
    "cost": by_units,
    "hot_water_temp_c": hot_water,
    "move_out": tenant_left,
    "move_in": tenant_came,
    "months": weighted_area,
    "bill_not_by_consumption": cut,
    "hot_water_prep_and_circulation_mwh": circulation,
    "flats_area_m2": useful_area,
    "measured_kwh_per_m2": even_heating,
    "building_gcal": heated_area,
    "coefficients": coefficients,
    "monthly_average_gcal_per_m2": even_payment,
    "norm_kwh_per_m2": common_norm,
    "consumption_share_percent": thirty_seventy,
}
