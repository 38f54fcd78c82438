from copy import deepcopy
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..engine.difference import Was, differences
from ..engine.facts import Dated, Quantity, Version
from ..engine.quantities import bands_on
from ..engine.rate import rate
from ..engine.recompute import recompute
from ..engine.terms import Blocks
from .rating_kit import (
    amounts,
    component,
    floats_in,
    line,
    rated,
    span,
    spell,
    supply,
    total,
    used,
    version,
)
from .rating_strategies import block_lines, number, periods, piece, row_of_usage, supplies

D = Decimal
MILLIONTH = D("0.000001")
# how long an example takes says nothing on a machine that others use
quiet = settings(
    max_examples=40,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def figures(charges):
    """What a payer sees of charges."""
    return [
        (charge.key, charge.date_start, charge.date_end, charge.quantity, charge.amount)
        for charge in charges
    ]


def was_of(charges):
    """What was charged, as it is told to the comparison."""
    found = {}
    for index, charge in enumerate(charges):
        before = found.get(charge.key)
        found[charge.key] = Was(
            (*before.ids, index) if before else (index,),
            charge.quantity + (before.quantity if before else 0),
            charge.amount + (before.amount if before else 0),
            charge,
        )
    return found


def summed(charges):
    """{key: (quantity, amount)}, without what is nothing."""
    found = {}
    for charge in charges:
        quantity, amount = found.get(charge.key, (D(0), D(0)))
        found[charge.key] = (quantity + charge.quantity, amount + charge.amount)
    return {key: pair for key, pair in found.items() if any(pair)}


def halves(one, day):
    """A spell or dated value as two that say the same."""
    if not one.start <= day < one.end:
        return (one,)
    return one._replace(end=day), one._replace(start=day + timedelta(1))


@tagged("post_install", "-at_install")
class TestAnySupply(BaseCase):
    """What holds whatever the rate and the facts are."""

    @quiet
    @given(supplies())
    def test_a_charge_can_be_calculated_again_from_its_trace_alone(self, facts):
        for charge in rated(facts):
            self.assertFalse(floats_in(charge.trace))
            self.assertEqual(D(charge.trace["amount"]), charge.amount)

    @quiet
    @given(supplies())
    def test_rating_changes_no_fact_and_gives_the_same_again(self, facts):
        before = deepcopy(facts, {id(one.version): one.version for one in facts.spells})
        first = rate(facts)
        self.assertEqual(facts, before)
        self.assertEqual(figures(rate(facts)), figures(first))
        self.assertEqual(figures(rate(before)), figures(first))
        self.assertEqual(
            [charge.trace for charge in rate(before)], [charge.trace for charge in first]
        )

    @quiet
    @given(supplies(), st.data())
    def test_a_split_where_nothing_changes_changes_nothing(self, facts, data):
        day = facts.period[0] + timedelta(data.draw(st.integers(0, 60)))
        again = replace(
            facts,
            spells=tuple(half for one in facts.spells for half in halves(one, day)),
            values={
                code: tuple(half for one in rows for half in halves(one, day))
                for code, rows in facts.values.items()
            },
        )
        self.assertEqual(figures(rate(again)), figures(rate(facts)))

    @quiet
    @given(supplies())
    def test_the_order_in_which_facts_come_does_not_matter(self, facts):
        again = replace(
            facts,
            spells=facts.spells[::-1],
            quantities={"usage": facts.quantities["usage"][::-1]},
            values={code: rows[::-1] for code, rows in facts.values.items()},
        )
        self.assertEqual(figures(rate(again)), figures(rate(facts)))

    @quiet
    @given(supplies())
    def test_the_same_facts_give_no_difference(self, facts):
        self.assertEqual(differences(was_of(rate(facts)), rate(facts)), [])

    @quiet
    @given(supplies(), supplies())
    def test_what_was_and_the_differences_are_what_is(self, before, after):
        was, now = rate(before), rate(after)
        found = differences(was_of(was), now)
        for charge in found:
            self.assertEqual(recompute(charge.trace), charge.amount)
            self.assertFalse(floats_in(charge.trace))
        self.assertEqual(summed([*was, *found]), summed(now))

    @quiet
    @given(supplies(reliefs=False))
    def test_a_minimum_and_a_maximum_are_kept_by_each_payer(self, facts):
        for one in facts.spells:
            self.assertEqual(one.version.by_code["minimum"].of, ("usage",))
        charges = rate(facts)
        for charge in charges:
            if charge.kind == "minimum":
                of = sum(
                    other.amount
                    for other in charges
                    if other.code == "usage" and other.key[2:5] == charge.key[2:5]
                )
                bound = D(charge.trace["parts"][0]["terms"][0]["bound"])
                self.assertLessEqual(abs(of + charge.amount - bound), D("0.005"))
                self.assertGreater(charge.amount, 0)


@tagged("post_install", "-at_install")
class TestQuantitiesOfParts(BaseCase):
    @quiet
    @given(periods, st.data())
    def test_parts_of_a_row_add_up_to_it(self, days, data):
        row = data.draw(row_of_usage(*days, 1, "measured"))
        last = (days[1] - days[0]).days
        cuts = sorted(data.draw(st.sets(st.integers(1, last), max_size=8)))
        starts = [days[0], *(days[0] + timedelta(cut) for cut in cuts)]
        ends = [*(start - timedelta(1) for start in starts[1:]), days[1]]
        parts = [bands_on(row, part)["import"] for part in zip(starts, ends, strict=True)]
        self.assertEqual(sum(parts), row.quantity)
        self.assertTrue(all(part >= 0 for part in parts))

    @quiet
    @given(periods, number(0, 90, 3), st.lists(number(0, 5), min_size=1, max_size=70), st.data())
    def test_parts_by_weights_add_up(self, days, quantity, weights, data):
        by_day = {days[0] + timedelta(count): weight for count, weight in enumerate(weights)}
        row = Quantity(*days, quantity, "allocated", weights=by_day)
        middle = days[0] + timedelta(data.draw(st.integers(0, (days[1] - days[0]).days - 1)))
        before = bands_on(row, (days[0], middle))["import"]
        after = bands_on(row, (middle + timedelta(1), days[1]))["import"]
        self.assertEqual(before + after, quantity)

    @quiet
    @given(number(0, 90, 3), number(0, 90, 3), block_lines())
    def test_one_row_or_several_or_pieces(self, first, second, lines):
        rates = version(component("unit", lines, "usage"))
        days = span("2026-03-01", "2026-03-11") + span("2026-03-12", "2026-03-31")
        pieces = (
            piece(*days[:2], first, "measured"),
            piece(*days[2:], second, "measured"),
        )
        whole = total(supply(rates, first + second))
        self.assertEqual(
            total(
                supply(rates, (used(first + second, "2026-03-01", "2026-03-31", pieces=pieces),))
            ),
            whole,
        )
        rows = (
            used(first, "2026-03-01", "2026-03-11"),
            used(second, "2026-03-12", "2026-03-31"),
        )
        self.assertEqual(total(supply(rates, rows)), whole)

    @quiet
    @given(number(0, 90, 3), number(0, 100, 1), block_lines())
    def test_two_accounts_share_a_point(self, quantity, percent, lines):
        exact = {"rounding_unit": MILLIONTH}
        rates = version(component("unit", lines, "usage", **exact))
        charges = [
            charge
            for share in (percent, 100 - percent)
            for charge in rated(
                supply((spell("2020-01-01", "2099-12-31", rates, share=share),), quantity)
            )
        ]
        (whole,) = rated(supply(rates, quantity))
        self.assertEqual(sum(charge.quantity for charge in charges), quantity)
        shared = sum(charge.amount for charge in charges)
        self.assertLessEqual(abs(shared - whole.amount), MILLIONTH)

    @quiet
    @given(number(0, 90, 3), number(0, 9, 4), number(0, 50), st.integers(1, 30), st.data())
    def test_two_payers_of_one_period_pay_together_what_one_would(
        self, quantity, price, fee, days, data
    ):
        exact = {"rounding_unit": MILLIONTH}
        proration = data.draw(
            st.sampled_from(["days_of_month", "days_of_period", "days_of_n", "whole_month", "none"])
        )
        timed = {"proration": proration, "proration_days": D(10)}
        rates = version(
            component("unit", str(price), "usage", **exact),
            component("fixed", str(fee), "fee", **timed, **exact),
            component("percentage", "21", "levy", of=("usage", "fee"), **exact),
        )
        until, after = f"2026-03-{days:02d}", f"2026-03-{days + 1:02d}"
        two = (
            spell("2020-01-01", until, rates, payer=1),
            spell(after, "2099-12-31", rates, payer=2),
        )
        charges = rated(supply(two, quantity))
        alone = amounts(supply(rates, quantity))
        for code, amount in alone.items():
            shared = sum(charge.amount for charge in charges if charge.code == code)
            self.assertLessEqual(abs(shared - amount), 2 * MILLIONTH)
        used_up = sum(charge.quantity for charge in charges if charge.code == "usage")
        self.assertEqual(used_up, quantity)


@tagged("post_install", "-at_install")
class TestBlocks(BaseCase):
    @quiet
    @given(block_lines(), st.integers(0, 3), number(0, 2, 6))
    def test_marginal_blocks_are_continuous_and_never_fall(self, lines, index, step):
        edge = lines[min(index, len(lines) - 2)].upper

        def cost(quantity):
            term = Blocks(quantity, [one.upper for one in lines], [one.price for one in lines])
            return term.amount

        highest = max(one.price for one in lines)
        self.assertLessEqual(cost(edge), cost(edge + step))
        self.assertLessEqual(cost(edge + step) - cost(edge), step * highest)
        self.assertLessEqual(cost(edge - step) if step <= edge else 0, cost(edge))
        self.assertEqual(
            sum(
                part
                for part, _price in Blocks(
                    edge + step, [one.upper for one in lines], [one.price for one in lines]
                ).split()
            ),
            edge + step,
        )
        self.assertEqual(cost(-edge), -cost(edge))

    @quiet
    @given(number(0, 90, 3), number(0, 9, 4), block_lines())
    def test_blocks_of_one_price_are_a_unit_price(self, quantity, price, lines):
        same = tuple(line(str(price), one.upper) for one in lines)
        self.assertEqual(
            total(supply(version(component("unit", same)), quantity)),
            total(supply(version(component("unit", str(price))), quantity)),
        )

    @quiet
    @given(number(0, 300, 1), block_lines(), st.integers(1, 30))
    def test_even_use_costs_the_same_however_the_month_is_cut(self, quantity, lines, days):
        """Where a rate follows one with the same prices, quantity and limits are cut alike."""
        exact = {"rounding_unit": D("0.0001")}
        usage = version(component("unit", lines, "usage", **exact)).components
        until, after = f"2026-03-{days:02d}", f"2026-03-{days + 1:02d}"
        two = (
            spell("2020-01-01", until, Version(1, usage)),
            spell(after, "2099-12-31", Version(2, usage)),
        )
        self.assertLessEqual(
            abs(total(supply(two, quantity)) - total(supply(Version(1, usage), quantity))),
            D("0.0002"),
        )

    @quiet
    @given(st.lists(number(1, 60, 1), min_size=1, max_size=6), block_lines())
    def test_limits_by_resident_grow_with_them(self, residents, lines):
        count = D(len(residents))
        rates = version(component("unit", lines, "usage", limit_per="resident"))
        known = {"residents": Dated(*span("2020-01-01", "2099-12-31"), count)}
        scaled = tuple(
            line(one.price, None if one.upper is None else one.upper * count) for one in lines
        )
        self.assertEqual(
            total(supply(rates, "77.7", values=known)),
            total(supply(version(component("unit", scaled, "usage")), "77.7")),
        )
