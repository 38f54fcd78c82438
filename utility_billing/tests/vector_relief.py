"""Published cases of norms, raising coefficients, absences and benefits, rated as facts.

Each adapter takes the inputs of a case and returns the figures that it expects, under the same
keys; what is rated is one account with one component. `ADAPTERS` says which adapter a case takes.
"""

from calendar import monthrange
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

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


def figures(case):
    """What the engine says of a case; KeyError where no adapter is for it."""
    adapter = ADAPTERS.get(case["id"]) or next(
        adapter for key, adapter in BY_INPUT.items() if key in case["inputs"]
    )
    return adapter(case["inputs"])


def is_relief(case):
    """Whether the case is one of norms, absences and benefits."""
    return any(key in case["inputs"] for key in BY_INPUT)


def _over(row, period):
    return row.start <= period[1] and row.end >= period[0]


BY_INPUT = {
    "multiplier": raised_norm,
    "technical_possibility": raised_norm,
    "absent": absence,
    "days_absent": absence_from_fee,
    "norm_m2_per_person": benefit_area,
}
ADAPTERS = {
    "ARU-20": raised_norm,
    "ARU-22": raised_norm,
    "ARU-23": raised_norm,
    "ARU-25": raised_norm,
    "ARU-40": absence,
    "ARU-43": absence_from_fee,
    "ARU-44": absence_from_fee,
    "AUA-04": benefit_area,
}
