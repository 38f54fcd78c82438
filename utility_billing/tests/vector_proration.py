"""From a published case about minimums and rates that change within a period to facts, and back."""

from datetime import timedelta
from decimal import Decimal

from odoo.addons.utility_metering.tests import engine_kit

from .rating_kit import amounts, blocks, component, known, spell, supply, version
from .vector_rates import charge_of, places, summed, terms_of, tiers_of

D = Decimal
# Peru Utilities' minimum by the meter's size in inches
MINIMUM_BY_SIZE = {"5/8 inch": ("0.625", "15.09")}


def included_in_the_minimum(inputs, expected):
    """A minimum that holds so many gallons, then a price for a thousand, or for a begun one."""
    thousand = {"quantity_unit": D(1000), "limit_per": "period"}
    lines = blocks(("0", D(inputs["included_gallons"]) / 1000), (inputs["per_1000"], None))
    minimum = component("fixed", inputs["minimum"], "minimum", per="period")

    def charged(**more):
        rates = version(minimum, component("unit", lines, "usage", **thousand, **more))
        return summed(amounts(supply(rates, inputs["gallons"])))

    return {"pro_rata": charged(), "per_begun_1000": charged(begun=True), "total": charged()}


def minimum_by_size(inputs, expected):
    """A minimum by the size of the meter; nothing was used."""
    size, price = MINIMUM_BY_SIZE[inputs["meter"]]
    lines = blocks(("0", inputs["included_gallons"]), ("1", None))
    usage = component("unit", lines, "usage")
    minimum = component("minimum", price, condition=f"meter_inches == {size}")
    other = component("minimum", "99", "other", condition=f"meter_inches > {size}")
    facts = supply(version(usage, minimum, other), "0", values={"meter_inches": known(size)})
    found = amounts(facts)
    return {"minimum": summed(found)}


def changed(days_old, days_new, old, new, quantity):
    """Facts of a period in which one rate follows the other."""
    first = engine_kit.day("2026-03-01")
    change, last = first + timedelta(days_old), first + timedelta(days_old + days_new - 1)
    before = (change - timedelta(1)).isoformat()
    spells = (
        spell("2026-03-01", before, version(*old, id=1)),
        spell(change.isoformat(), "2099-12-31", version(*new, id=2)),
    )
    return supply(spells, quantity, "2026-03-01", last.isoformat())


def usage_by_days(inputs, expected):
    """Otter Tail: the average of a day, times the days of each rate."""

    def taken(days_old):
        old, new = component("unit", "1", "usage"), component("unit", "2", "usage")
        facts = changed(days_old, inputs["days"] - days_old, [old], [new], inputs["kwh"])
        return [term.quantity for term in terms_of(charge_of(facts, "usage"))]

    old, new = taken(inputs["days_old_rate"])
    return {"kwh_per_day": taken(1)[0], "old_kwh": old, "new_kwh": new}


def share_of_days(inputs, expected):
    """What each rate counts for, per cent."""
    unit = places(expected["old_share_percent"])
    shares = [
        component("fixed", "100", code, proration="days_of_period", rounding_unit=unit)
        for code in ("old_share_percent", "new_share_percent")
    ]
    return amounts(changed(inputs["days_old"], inputs["days_new"], shares[:1], shares[1:], None))


def three_ways(inputs, expected):
    """A rate with blocks that changes within the period."""
    days = inputs["days_old"], inputs["days_new"]
    both = [tiers_of(inputs, "old_tiers"), tiers_of(inputs, "new_tiers")]

    def by_blocks(**more):
        old, new = (
            [component("unit", tiers, "energy", limit_per="period", **more)] for tiers in both
        )
        return summed(amounts(changed(*days, old, new, inputs["kwh"])))

    def on_full_usage(tiers):
        first, rest = tiers
        text = (
            f"min(total_quantity, {first.upper}) * {first.price}"
            f" + max(total_quantity - {first.upper}, 0) * {rest.price}"
        )
        return [component("formula", code="energy", formula=text, proration="days_of_period")]

    return {
        "usage_and_blocks_prorated": by_blocks(),
        "usage_prorated_blocks_not": by_blocks(limits_scaled=False),
        "full_usage_weighted": summed(
            amounts(changed(*days, *map(on_full_usage, both), inputs["kwh"]))
        ),
    }


def days_of_the_month(inputs, expected):
    """A monthly charge for some days of a month."""
    first = 1 + inputs["days_in_month"] - inputs["days_active"]
    month = {30: "2026-06", 31: "2026-03", 28: "2026-02"}[inputs["days_in_month"]]
    facts = supply(
        version(component("fixed", inputs["monthly_charge"], "charge")),
        None,
        f"{month}-{first:02d}",
        f"{month}-{inputs['days_in_month']:02d}",
    )
    return amounts(facts)


PRORATION = (
    ({"per_1000"}, included_in_the_minimum),
    ({"meter", "included_gallons"}, minimum_by_size),
    ({"days_old_rate"}, usage_by_days),
    ({"old_tiers"}, three_ways),
    ({"days_old", "days_new"}, share_of_days),
    ({"monthly_charge"}, days_of_the_month),
)
