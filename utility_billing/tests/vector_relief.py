"""Published cases of norms, raising coefficients, absences, benefits, prices, missing readings and
advances, rated as facts.

Each adapter takes the inputs of a case and returns the figures that it expects, under the same
keys; what is rated is one account with one component.
"""

from calendar import monthrange
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from odoo.addons.utility_metering.engine.facts import Monthly, Rule
from odoo.addons.utility_metering.engine.usage import calculate
from odoo.addons.utility_metering.tests.engine_kit import installation, point, register

from ..engine.facts import (
    Benefit,
    Component,
    Dated,
    Line,
    Quantity,
    Reduction,
    Spell,
    SupplyFacts,
    Version,
)
from ..engine.rate import rate
from ..engine.single import single, typed

D = Decimal
EVER = date(2000, 1, 1), date.max
# what takes part in an absence: nothing that a meter has shown
BY_NORM = ("norm", "fixed", "attribute")
# dated coefficients of cold water where a meter could have been installed
COLD_WATER = (
    Dated(date(2017, 1, 1), date(2026, 1, 23), D("1.5"), 1),
    Dated(date(2026, 1, 24), date.max, D(3), 2),
)


def supply(period, component, quantity=None, persons=0, **facts):
    """Facts of an account with one component; the quantity is by norm, as no meter hangs."""
    version = Version(1, (component,))
    quantities = {}
    if quantity is not None:
        quantities["usage"] = (Quantity(*period, quantity, "norm", 1, "unmetered"),)
    values = facts.pop("values", {})
    if persons:
        values["residents"] = (Dated(*EVER, D(persons), 1),)
    return SupplyFacts(
        account_id=1,
        point_id=1,
        service_id=1,
        period=period,
        spells=(Spell(*EVER, 1, 1, version),),
        cycle=period,
        quantities=quantities,
        values=values,
        **facts,
    )


def month_of(text):
    first = date.fromisoformat(f"{text}-01")
    return first, first.replace(day=monthrange(first.year, first.month)[1])


def per_unit(price="1"):
    return Component(1, "use", "unit", lines=(Line(D(price)),))


def raised_norm(inputs):
    """A norm for each person, times the multiplier: the excess is an amount of its own."""
    period = month_of(inputs.get("month", "2026-04"))
    if "service" in inputs:
        raising = COLD_WATER if inputs["technical_possibility"] else ()
    else:
        raising = (Dated(*EVER, D(inputs["multiplier"]), 1),)
    quantity = D(inputs["norm_m3"]) * inputs["persons"]
    facts = supply(period, per_unit(inputs.get("tariff", "1")), quantity, raising=raising)
    charges = rate(facts)
    excess = [charge for charge in charges if charge.kind == "norm_excess"]
    total = sum(charge.quantity for charge in charges)
    found = {
        "m3": total,
        "multiplier": max((row.value for row in raising if _over(row, period)), default=D(1)),
    }
    if "tariff" in inputs:
        found["amount"] = sum(charge.amount for charge in charges)
        found["of_which_multiplier_excess"] = sum((charge.amount for charge in excess), D("0.00"))
    return found


def absence(inputs):
    """Persons away for some full days: the days of leaving and of returning do not count."""
    away = inputs["absent"]
    first, last = (date.fromisoformat(away[name]) for name in ("left", "returned"))
    first, last = first.fromordinal(first.toordinal() + 1), last.fromordinal(last.toordinal() - 1)
    quantity = D(inputs["norm_m3"]) * inputs["persons"]
    reduction = Reduction(1, "absence", first, last, persons=away["persons"], sources=BY_NORM)
    period = month_of(away["left"][:7])
    facts = supply(period, per_unit(), quantity, inputs["persons"], reductions=(reduction,))
    total = sum(charge.quantity for charge in rate(facts))
    return {
        "full_days": (last - first).days + 1,
        "m3": total.quantize(D("0.000001"), ROUND_HALF_UP),
    }


def absence_from_fee(inputs):
    """A fee of a month, less the days on which nobody was there."""
    period = month_of("2026-04" if inputs["month_days"] == 30 else "2026-05")
    first = date(period[0].year, period[0].month, 3)
    last = first.fromordinal(first.toordinal() + inputs["days_absent"] - 1)
    fee = Component(1, "fee", "fixed", lines=(Line(D(inputs["monthly_fee"])),))
    reduction = Reduction(1, "absence", first, last, sources=BY_NORM)
    charged, reduced = rate(supply(period, fee, reductions=(reduction,)))
    return {"reduction": -reduced.amount, "payable": charged.amount + reduced.amount}


def benefit_area(inputs):
    """The area that a benefit is for, out of a flat that is larger."""
    area = D(inputs["norm_m2_per_person"]) * 10
    component = Component(
        1, "rent", "attribute", lines=(Line(D(1)),), attribute="area", per="month"
    )
    benefit = Benefit(
        1,
        *EVER,
        "percent",
        D(100),
        basis="norm",
        per="person",
        persons=inputs["beneficiaries"],
        norm_person=D(inputs["norm_m2_per_person"]),
        norm_household=D(inputs["norm_m2_per_family"]),
    )
    facts = supply(
        month_of("2026-04"),
        component,
        persons=inputs["persons"],
        values={"area": (Dated(*EVER, area, 1),)},
        benefits=(benefit,),
    )
    _charged, relieved = rate(facts)
    # at a price of 1 for a square metre, what is off is the area
    return {"discount_area_m2": -relieved.amount}


def balance(inputs):
    """What a year came to, less what was paid in advance for it."""
    period = month_of("2026-04")
    fee = Component(1, "heating", "fixed", lines=(Line(D(inputs["flat_total"])),))
    [charged] = rate(supply(period, fee))
    paid = single(
        "advance",
        "heating",
        "Advance",
        [typed(D(inputs["prepaid"]), minus=True)],
        agreement_id=0,
        payer_id=1,
        taxes="",
        tax_included=True,
        day=period[1],
        quantity=D(0),
        price=None,
        source_id=1,
    )
    return {"balance": charged.amount + paid.amount}


def norm_of_area(inputs):
    """A flat of a house without a meter: the norm of its area."""
    quantity = D(inputs["norm_gcal_per_m2"]) * D(inputs["flat_area_m2"])
    [charge] = rate(supply(month_of("2026-04"), per_unit(inputs["tariff"]), quantity))
    return {"amount": charge.amount}


def by_price(inputs):
    [charge] = rate(supply(month_of("2026-04"), per_unit(inputs["tariff"]), D(inputs["m3"])))
    return {"amount": charge.amount}


def missing_readings(inputs):
    """The average of six months for three at most, where three are known; else the norm."""
    used = [D(text) for text in inputs.get("last_six_months_m3") or inputs["actual_months_m3"]]
    months = [month_of(f"2025-{number:02}") for number in range(1, 13)]
    readings = [("2024-12-31", "0")]
    for number in range(len(used)):
        readings.append((months[number][1].isoformat(), str(sum(used[: number + 1]))))
    facts = point(
        installation(register(*readings), start="2024-12-31"),
        rules=(Rule(1, "missing", "average"), Rule(2, "missing", "norm")),
        norms=(Monthly(*EVER, D(inputs["norm_m3"]) * inputs["persons"]),),
    )
    missing = months[len(used) : len(used) + inputs["missing_months"]]
    found = [calculate(facts, month) for month in missing]
    if len(found) == 1:
        return {"method": found[0].method, "m3": found[0].quantity}
    averaged, normed = found[:3], found[3:]
    assert {usage.method for usage in averaged} == {"estimated"}, averaged
    assert len({usage.quantity for usage in normed}) == 1, normed
    return {"months_4_5_m3": normed[0].quantity}


def figures(case):
    """What the engine says of a case; KeyError where no adapter is for it."""
    adapter = next(adapter for key, adapter in ADAPTERS.items() if key in case["inputs"])
    return adapter(case["inputs"])


def is_rated(case):
    """Whether an account is rated by the case, and no building shared."""
    return any(key in case["inputs"] for key in ADAPTERS)


def _over(row, period):
    return row.start <= period[1] and row.end >= period[0]


# an input that only cases of one kind have, and what takes them
ADAPTERS = {
    "multiplier": raised_norm,
    "technical_possibility": raised_norm,
    "absent": absence,
    "days_absent": absence_from_fee,
    "norm_m2_per_person": benefit_area,
    "prepaid": balance,
    "norm_gcal_per_m2": norm_of_area,
    "m3": by_price,
    "missing_months": missing_readings,
}
# (case, figure) that the engine does not say, and why
NOT_RUN = {
    ("ARU-30", "months_1_3_m3"): "The average stands in by days: months of 30 and 31 days differ, "
    "where the case has one sixth of six months for each.",
}
