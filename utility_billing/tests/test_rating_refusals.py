from dataclasses import replace
from datetime import date
from decimal import Decimal

from odoo.tests import BaseCase, tagged

from ..engine.facts import RatingError
from ..engine.rate import rate
from .rating_kit import blocks, component, known, line, spell, supply, total, used, version

D = Decimal


@tagged("post_install", "-at_install")
class TestRefusals(BaseCase):
    """What cannot be rated says why, with what a message needs to say what to mend."""

    def _refused(self, facts, code, /, **figures):
        with self.assertRaises(RatingError) as raised:
            rate(facts)
        self.assertEqual((raised.exception.code, raised.exception.figures), (code, figures))

    def _refused_formula(self, text, code, /, **figures):
        pump = component("formula", code="pump", formula=text)
        self._refused(supply(version(pump), "0"), code, **figures)

    def test_division_by_zero(self):
        self._refused_formula(
            "100 / quantity", "formula_division_by_zero", code="pump", text="100 / quantity"
        )
        self._refused_formula(
            "100 % quantity", "formula_division_by_zero", code="pump", text="100 % quantity"
        )

    def test_zero_to_the_power_of_zero(self):
        self._refused_formula(
            "quantity ** quantity", "formula_no_number", code="pump", text="quantity ** quantity"
        )

    def test_a_power_without_bounds(self):
        self._refused_formula("9 ** days", "formula_power", code="pump", text="9 ** days", limit=10)

    def test_a_root_of_less_than_nothing(self):
        self._refused_formula(
            "(0 - 2) ** 0.5", "formula_no_number", code="pump", text="(0 - 2) ** 0.5"
        )

    def test_places_of_a_rounding(self):
        self._refused_formula(
            "round(1, 99)", "formula_arguments", code="pump", text="round(1, 99)", name="round"
        )

    def test_a_condition_that_divides_by_zero(self):
        fee = component("fixed", "1", "fee", condition="1 / quantity > 0")
        self._refused(
            supply(version(fee), "0"),
            "formula_division_by_zero",
            code="fee",
            text="1 / quantity > 0",
        )

    def test_a_name_without_a_value(self):
        self._refused_formula(
            "livestock * 2", "missing_value", code="livestock", day=date(2026, 3, 1)
        )

    def test_an_area_that_is_not_known(self):
        area = version(component("attribute", "1", "area", attribute="area"))
        self._refused(supply(area), "missing_value", code="area", day=date(2026, 3, 1))

    def test_an_area_that_is_not_known_to_the_end(self):
        area = version(component("attribute", "1", "area", attribute="area"))
        values = {"area": known("50", last="2026-03-20")}
        self._refused(
            supply(area, values=values), "missing_value", code="area", day=date(2026, 3, 21)
        )

    def test_residents_that_limits_need(self):
        usage = component("unit", blocks(("1", "3"), ("2", None)), "usage", limit_per="resident")
        self._refused(
            supply(version(usage), "9"), "missing_value", code="residents", day=date(2026, 3, 1)
        )

    def test_dwellings_that_limits_need(self):
        usage = component("unit", blocks(("1", "3"), ("2", None)), "usage", limit_per="dwelling")
        figures = {"code": "dwellings", "day": date(2026, 3, 1)}
        house = supply(version(usage), "9", many_dwellings=True)
        self._refused(house, "missing_value", **figures)
        chosen = replace(usage, limit_attribute="flats")
        self._refused(
            supply(version(chosen), "9"), "missing_value", code="flats", day=date(2026, 3, 1)
        )

    def test_no_quantity(self):
        usage = version(component("unit", "1", "usage"))
        figures = {"source": "service", "start": date(2026, 3, 1), "end": date(2026, 3, 31)}
        self._refused(supply(usage), "no_quantity", **figures)
        no_rule = used("0", "2026-03-01", "2026-03-31", reason="no_rule")
        self._refused(supply(usage, (no_rule,)), "no_quantity", **figures)

    def test_a_formula_without_a_quantity(self):
        pump = component("formula", code="pump", formula="quantity * 2")
        figures = {"source": "service", "start": date(2026, 3, 1), "end": date(2026, 3, 31)}
        self._refused(supply(version(pump)), "no_quantity", **figures)

    def test_days_without_a_quantity(self):
        usage = version(component("unit", "1", "usage"))
        rows = (used("1", "2026-03-01", "2026-03-10"), used("1", "2026-03-15", "2026-03-31"))
        gap = {"start": date(2026, 3, 11), "end": date(2026, 3, 14)}
        self._refused(supply(usage, rows), "quantity_gap", **gap)

    def test_a_zone_without_a_price(self):
        usage = component("unit", (line("1", zone="DAY"),), "usage")
        row = used("3", "2026-03-01", "2026-03-31", bands={"import:DAY": D(1), "import:X": D(2)})
        self._refused(
            supply(version(usage), (row,)),
            "no_price",
            code="usage",
            zone="X",
            day=date(2026, 3, 1),
        )

    def test_a_season_without_a_price(self):
        fee = component("fixed", (line("1", months=(5, 9)),), "fee")
        self._refused(supply(version(fee)), "no_price", code="fee", zone="", day=date(2026, 3, 1))

    def test_a_quantity_without_zones(self):
        lines = (line("1", zone="DAY"), line("2", zone="NIGHT"))
        for more in ({}, {"unzoned": "hours"}):
            usage = version(component("unit", lines, "usage", **more))
            self._refused(
                supply(usage, "9"),
                "no_zones",
                code="usage",
                start=date(2026, 3, 1),
                end=date(2026, 3, 31),
            )

    def test_no_demand(self):
        demand = version(component("demand", "1", "demand"))
        self._refused(
            supply(demand, demand={(2026, 2): {"": D(3)}}),
            "no_demand",
            start=date(2026, 3, 1),
            end=date(2026, 3, 31),
        )

    def test_components_that_are_made_of_each_other(self):
        one = component("percentage", "10", "one", of=("two",))
        two = component("percentage", "10", "two", of=("one",))
        self._refused(supply(version(one, two)), "component_circle", code="one")
        own = component("percentage", "10", "own", of=("own",))
        self._refused(supply(version(own)), "component_circle", code="own")
        first = component("formula", code="first", formula="second + 1")
        second = component("formula", code="second", formula="first + 1")
        self._refused(supply(version(first, second)), "component_circle", code="first")

    def test_conditions_that_ask_each_other(self):
        one = component("fixed", "1", "one", condition="two > 0", proration="none")
        two = component("fixed", "1", "two", condition="one > 0", proration="none")
        self._refused(supply(version(one, two)), "component_circle", code="one")

    def test_a_net_minimum_of_a_gross_amount(self):
        use = component("unit", "1", "use", tax_included=True)
        mixed = version(use, component("minimum", "10", "least"))
        spells = [spell("2026-03-01", "2026-03-31", mixed, taxes="21")]
        self._refused(supply(spells, "9"), "mixed_taxes", code="least", other="use")
        # who is not taxed pays 9 and 1 all the same
        self.assertEqual(total(supply(mixed, "9")), D("10.00"))

    def test_a_percentage_of_a_minimum(self):
        least = component("minimum", "10", "least")
        levy = component("percentage", "10", "levy", of=("least",))
        self._refused(supply(version(least, levy)), "bound_in_amount", code="least")

    def test_what_has_no_number(self):
        usage = component("unit", "1", "usage", quantity_unit=D(0))
        self._refused(supply(version(usage), "9"), "no_number")
        huge = component("percentage", "1", "levy", of=("usage",))
        facts = supply(version(component("unit", "1", "usage"), huge), "9E+40")
        self._refused(facts, "no_number")

    def test_nothing_in_force_costs_nothing(self):
        usage = version(component("unit", "1", "usage"))
        self.assertEqual(rate(supply((spell("2025-01-01", "2025-12-31", usage),))), [])
        self.assertEqual(rate(supply(())), [])
