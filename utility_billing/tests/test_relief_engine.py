from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..engine.facts import (
    Benefit,
    Component,
    Dated,
    Line,
    Quantity,
    RatingError,
    Reduction,
    Spell,
    SupplyFacts,
    Version,
)
from ..engine.rate import rate
from ..engine.recompute import recompute
from .vector_relief import (
    BY_NORM,
    COLD_WATER,
    EVER,
    NOT_RUN,
    figures,
    is_rated,
    month_of,
    per_unit,
    supply,
)
from .vectors import cases

D = Decimal
APRIL = month_of("2026-04")
PUBLISHED = set(
    "ADE-03 AUA-04 AUA-06 ARU-02 ARU-20 ARU-22 ARU-23 ARU-25 ARU-30 ARU-32 ARU-40 ARU-43 "
    "ARU-44".split()
)
# how long an example takes says nothing on a machine that others use
quiet = settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)


def plain(value):
    """A printed or found figure as what can be compared; words stay."""
    text = str(value)
    return D(text) if text.lstrip("-")[:1].isdigit() else text


def day(number, month=4):
    return date(2026, month, number)


def fee(price="30", **more):
    return Component(1, "fee", "fixed", lines=(Line(D(price)),), **more)


def benefit(number=1, kind="percent", value="50", **more):
    days = more.pop("days", EVER)
    return Benefit(number, *days, kind, D(value), **more)


def reduction(first, last, number=1, kind="absence", **more):
    return Reduction(number, kind, first, last, **more)


def amounts(facts):
    """[(kind, amount)], each charge calculated again from its trace on the way."""
    charges = rate(facts)
    for charge in charges:
        assert recompute(charge.trace) == charge.amount, charge
    return [(charge.kind, str(charge.amount)) for charge in charges]


@tagged("post_install", "-at_install")
class TestVectors(BaseCase):
    """Published cases of buildings' topics in which no building is shared."""

    def test_published_cases(self):
        found = {}
        for topic in ("alloc_de_heating", "alloc_ua_heating", "alloc_ru"):
            found |= {name: case for name, case in cases(topic).items() if is_rated(case)}
        self.assertEqual(set(found), PUBLISHED)
        for name, case in found.items():
            result = figures(case)
            for key, value in case["expected"].items():
                if (name, key) not in NOT_RUN:
                    self.assertEqual(plain(result[key]), plain(value), f"{name} {key}")


@tagged("post_install", "-at_install")
class TestRaising(BaseCase):
    def test_coefficient_changes_within_the_month(self):
        """31 m³ of January: 23 days × 1.5, 8 days × 3."""
        facts = supply(month_of("2026-01"), per_unit("2"), D(31), raising=COLD_WATER)
        normal, excess = rate(facts)
        self.assertEqual((normal.amount, normal.kind), (D("62.00"), "consumption"))
        # 23 × 0.5 + 8 × 2 = 27.5 m³
        self.assertEqual((excess.amount, excess.quantity), (D("55.00"), D("27.5")))
        self.assertEqual(recompute(excess.trace), D("55.00"))

    def test_blocks_go_on_with_the_excess(self):
        blocks = Component(1, "use", "unit", lines=(Line(D(1), D(10)), Line(D(2))))
        normal, excess = rate(supply(APRIL, blocks, D(8), raising=(Dated(*EVER, D("1.5"), 1),)))
        # 8 at 1; of the 4 more, 2 at 1 and 2 at 2
        self.assertEqual((normal.amount, excess.amount), (D("8.00"), D("6.00")))

    def test_begun_units_count_once(self):
        begun = Component(1, "use", "unit", lines=(Line(D(10)),), quantity_unit=D(10), begun=True)
        # 8 is one begun ten, 12 are two
        normal, excess = rate(supply(APRIL, begun, D(8), raising=(Dated(*EVER, D("1.5"), 1),)))
        self.assertEqual((normal.amount, excess.amount), (D("10.00"), D("10.00")))

    def test_what_a_meter_measured_is_not_raised(self):
        facts = supply(APRIL, per_unit(), D(8), raising=(Dated(*EVER, D(3), 1),))
        facts.quantities = {"usage": (Quantity(*APRIL, D(8), "measured", 1),)}
        self.assertEqual(amounts(facts), [("consumption", "8.00")])


@tagged("post_install", "-at_install")
class TestReductions(BaseCase):
    def test_what_was_measured_is_not_reduced_by_absence(self):
        away = reduction(day(1), day(30), sources=BY_NORM)
        facts = supply(APRIL, per_unit(), D(8), 2, reductions=(away,))
        facts.quantities = {"usage": (Quantity(*APRIL, D(8), "measured", 1),)}
        self.assertEqual(amounts(facts), [("consumption", "8.00")])

    def test_of_a_month_measured_in_part_only_the_norm_is_reduced(self):
        """A meter until the 15th: 9 m³; then 6 m³ by norm. Away from 11 to 20 April."""
        rows = (
            Quantity(day(1), day(15), D(9), "measured", 1),
            Quantity(day(16), day(30), D(6), "norm", 2),
        )
        away = reduction(day(11), day(20), sources=BY_NORM)
        facts = supply(APRIL, per_unit("3"), D(0), reductions=(away,))
        facts.quantities = {"usage": rows}
        facts.preference = ("usage", "allocated")
        # 6 m³ × 5 of 15 days × 3
        self.assertEqual(amounts(facts), [("consumption", "45.00"), ("absence", "-6.00")])

    def test_the_excess_goes_with_the_norm(self):
        away = reduction(day(1), day(15), sources=BY_NORM)
        facts = supply(
            APRIL, per_unit(), D(20), raising=(Dated(*EVER, D("1.5"), 1),), reductions=(away,)
        )
        self.assertEqual(
            amounts(facts),
            [
                ("consumption", "20.00"),
                ("norm_excess", "10.00"),
                ("absence", "-10.00"),
                ("absence", "-5.00"),
            ],
        )

    def test_poor_quality_is_no_more_than_the_month(self):
        """0.15 % for each of 800 hours would be 120 %."""
        bad = reduction(*APRIL, kind="quality", percent=D("120"))
        self.assertEqual(
            amounts(supply(APRIL, fee(), reductions=(bad,))),
            [("fixed", "30.00"), ("quality", "-30.00")],
        )

    def test_for_a_part_of_the_time_at_another_price(self):
        """A quarter of 12 m³ at 1.50 in the place of 6.00; nothing where that is no cheaper."""
        cold = reduction(*APRIL, kind="quality", percent=D(25), price=D("1.50"))
        hot = per_unit("6")
        self.assertEqual(
            amounts(supply(APRIL, hot, D(12), reductions=(cold,))),
            [("consumption", "72.00"), ("quality", "-13.50")],
        )
        dear = replace(cold, price=D(6))
        self.assertEqual(
            amounts(supply(APRIL, hot, D(12), reductions=(dear,))),
            [("consumption", "72.00")],
        )

    def test_two_reductions_take_no_more_than_there_is(self):
        rows = (
            reduction(day(1), day(20)),
            reduction(day(11), day(30), 2, kind="quality", percent=D(90)),
        )
        # 20.00 of 30.00, and of the other 18.00 only the 10.00 that are left
        self.assertEqual(
            amounts(supply(APRIL, fee(), reductions=rows)),
            [("fixed", "30.00"), ("absence", "-20.00"), ("quality", "-10.00")],
        )

    def test_persons_of_a_household_that_grows(self):
        """One away all April: of two until the 15th, of three from then on."""
        residents = (Dated(EVER[0], day(15), D(2), 1), Dated(day(16), EVER[1], D(3), 2))
        facts = supply(
            APRIL,
            per_unit(),
            D(60),
            values={"residents": residents},
            reductions=(reduction(*APRIL, persons=1),),
        )
        # 60 × (15/30 × 1/2 + 15/30 × 1/3)
        self.assertEqual(amounts(facts), [("consumption", "60.00"), ("absence", "-25.00")])

    def test_nobody_knows_how_many_live_there(self):
        facts = supply(APRIL, fee(), reductions=(reduction(*APRIL, persons=1),))
        with self.assertRaises(RatingError) as caught:
            rate(facts)
        self.assertEqual(caught.exception.code, "missing_value")
        self.assertEqual(caught.exception.figures["code"], "residents")

    def test_components_that_are_not_reducible_stay(self):
        self.assertEqual(
            amounts(supply(APRIL, fee(reducible=False), reductions=(reduction(*APRIL),))),
            [("fixed", "30.00")],
        )


@tagged("post_install", "-at_install")
class TestBenefits(BaseCase):
    def test_half_of_it_and_who_pays(self):
        half = benefit(fund_id=9, fund_percent=D(80))
        _fixed, relief = rate(supply(APRIL, fee("30.05"), benefits=(half,)))
        self.assertEqual((relief.amount, relief.fund_id, relief.source_id), (D("-15.03"), 9, 1))
        # the fund pays 80 % of 15.03, the company bears the rest
        self.assertEqual(relief.trace["fund"], {"id": 9, "amount": "12.02"})

    def test_from_a_day_on(self):
        half = benefit(days=(day(21), EVER[1]))
        self.assertEqual(
            amounts(supply(APRIL, fee(), benefits=(half,))),
            [("fixed", "30.00"), ("benefit", "-5.00")],
        )

    def test_the_part_of_the_covered_persons(self):
        part = benefit(per="person", persons=1)
        self.assertEqual(
            amounts(supply(APRIL, fee(), persons=3, benefits=(part,))),
            [("fixed", "30.00"), ("benefit", "-5.00")],
        )

    def test_within_the_norm_of_consumption(self):
        """12 m³ used, 5 m³ a month for each of 2 persons within the norm; half off, from the
        16th on."""
        norm = benefit(basis="norm", persons=2, norm_person=D(5), days=(day(16), EVER[1]))
        self.assertEqual(
            amounts(supply(APRIL, per_unit("2"), D(12), benefits=(norm,))),
            [("consumption", "24.00"), ("benefit", "-5.00")],
        )

    def test_within_the_norm_of_an_accounts_share(self):
        """Of the point's 40 m³ the account bears half: 20; 10 lie within the norm."""
        norm = benefit(basis="norm", value="100", norm_household=D(10))
        facts = supply(APRIL, per_unit(), D(40), benefits=(norm,))
        facts.spells = (facts.spells[0]._replace(share=D(50)),)
        self.assertEqual(amounts(facts), [("consumption", "20.00"), ("benefit", "-10.00")])

    def test_the_excess_over_a_norm_has_no_part_in_it(self):
        norm = benefit(basis="norm", value="100", norm_household=D(10))
        facts = supply(APRIL, per_unit(), D(10), raising=(Dated(*EVER, D(3), 1),), benefits=(norm,))
        self.assertEqual(
            amounts(facts),
            [("consumption", "10.00"), ("norm_excess", "20.00"), ("benefit", "-10.00")],
        )

    def test_off_the_price_of_each_unit(self):
        self.assertEqual(
            amounts(
                supply(APRIL, per_unit("2"), D(12), benefits=(benefit(kind="price", value="0.25"),))
            ),
            [("consumption", "24.00"), ("benefit", "-3.00")],
        )

    def test_off_the_monthly_price_of_a_square_metre(self):
        """50 m² until the 15th, 60 m² from then on; 0.10 a month off each."""
        rent = Component(1, "rent", "attribute", lines=(Line(D(1)),), attribute="area")
        area = (Dated(EVER[0], day(15), D(50), 1), Dated(day(16), EVER[1], D(60), 2))
        facts = supply(
            APRIL, rent, values={"area": area}, benefits=(benefit(kind="price", value="0.10"),)
        )
        self.assertEqual(amounts(facts), [("consumption", "55.00"), ("benefit", "-5.50")])

    def test_an_amount_a_month_over_several_components(self):
        version = Version(1, (fee("8"), Component(2, "more", "fixed", lines=(Line(D(7)),))))
        facts = SupplyFacts(
            1, 1, 1, APRIL, (Spell(*EVER, 1, 1, version),), cycle=APRIL,
            benefits=(benefit(kind="amount", value="10"),),
        )  # fmt: skip
        self.assertEqual(
            amounts(facts),
            [("fixed", "8.00"), ("fixed", "7.00"), ("benefit", "-8.00"), ("benefit", "-2.00")],
        )

    def test_an_amount_follows_the_days_of_each_payer(self):
        version = Version(1, (fee("30"),))
        spells = (
            Spell(EVER[0], day(10), 1, 1, version),
            Spell(day(11), EVER[1], 1, 2, version),
        )
        facts = SupplyFacts(
            1, 1, 1, APRIL, spells, cycle=APRIL, benefits=(benefit(kind="amount", value="12"),)
        )
        charges = rate(facts)
        self.assertEqual(
            [(charge.payer_id, str(charge.amount)) for charge in charges],
            [(1, "10.00"), (2, "20.00"), (1, "-4.00"), (2, "-8.00")],
        )

    def test_an_amount_for_each_person(self):
        self.assertEqual(
            amounts(
                supply(
                    APRIL,
                    fee(),
                    benefits=(benefit(kind="amount", value="4", per="person", persons=2),),
                )
            ),
            [("fixed", "30.00"), ("benefit", "-8.00")],
        )

    def test_a_benefit_is_of_what_absence_left(self):
        """30.00, away 15 of 30 days: 15.00 are left, half of them is off."""
        facts = supply(
            APRIL, fee(), benefits=(benefit(),), reductions=(reduction(day(1), day(15)),)
        )
        self.assertEqual(
            amounts(facts), [("fixed", "30.00"), ("absence", "-15.00"), ("benefit", "-7.50")]
        )

    def test_a_benefit_of_the_days_after_an_absence_is_whole(self):
        facts = supply(
            APRIL,
            fee(),
            benefits=(benefit(days=(day(16), EVER[1])),),
            reductions=(reduction(day(1), day(15)),),
        )
        self.assertEqual(
            amounts(facts), [("fixed", "30.00"), ("absence", "-15.00"), ("benefit", "-7.50")]
        )

    def test_benefits_add_up_to_the_amount_at_most(self):
        rows = benefit(1, value="60"), benefit(2, value="60")
        self.assertEqual(
            amounts(supply(APRIL, fee(), benefits=rows)),
            [("fixed", "30.00"), ("benefit", "-18.00"), ("benefit", "-12.00")],
        )

    def test_of_rivals_the_greatest_of_each_day(self):
        """50 % all the time; 80 % from the 21st on."""
        rows = (
            benefit(1, stacking="highest"),
            benefit(2, value="80", stacking="highest", days=(day(21), EVER[1])),
        )
        charges = rate(supply(APRIL, fee(), benefits=rows))
        self.assertEqual(
            [(charge.source_id, str(charge.amount)) for charge in charges],
            [(0, "30.00"), (1, "-10.00"), (2, "-8.00")],
        )

    def test_a_credit_is_left_alone(self):
        self.assertEqual(
            amounts(supply(APRIL, fee("-3"), benefits=(benefit(),))), [("fixed", "-3.00")]
        )


money = st.decimals("0", "999.99", places=2)
days = st.integers(1, 30)
spans = st.tuples(days, days).map(lambda pair: (day(min(pair)), day(max(pair))))


@st.composite
def supplies(draw):
    """An April with a fee and a quantity by norm, benefits and reductions of every kind."""
    version = Version(
        1,
        (
            fee(str(draw(money))),
            Component(
                2,
                "use",
                "unit",
                lines=(Line(draw(money), D(5)), Line(draw(money))),
                rounding_unit=draw(st.sampled_from([D("0.01"), D(1)])),
            ),
        ),
    )
    benefits = tuple(
        benefit(
            number,
            draw(st.sampled_from(["percent", "price", "amount"])),
            str(draw(st.decimals("0", "120", places=2))),
            days=draw(spans),
            basis=draw(st.sampled_from(["all", "norm"])),
            per=draw(st.sampled_from(["household", "person"])),
            persons=draw(st.integers(1, 4)),
            norm_person=draw(money),
            fund_id=draw(st.integers(0, 1)),
            stacking=draw(st.sampled_from(["sum", "highest"])),
        )
        for number in range(draw(st.integers(0, 3)))
    )
    reductions = tuple(
        reduction(
            *draw(spans),
            number,
            draw(st.sampled_from(["absence", "quality"])),
            percent=draw(st.decimals("0", "120", places=2)),
            persons=draw(st.integers(0, 3)),
            sources=draw(st.sampled_from([(), BY_NORM])),
        )
        for number in range(draw(st.integers(0, 2)))
    )
    middle = draw(days)
    payers = (Spell(EVER[0], day(middle), 1, 1, version, D(draw(st.sampled_from([50, 100])))),)
    if middle < 30:
        payers += (Spell(day(middle) + timedelta(days=1), EVER[1], 2, 2, version),)
    quantity = draw(st.decimals("0", "50", places=3))
    return SupplyFacts(
        1,
        1,
        1,
        APRIL,
        payers,
        cycle=APRIL,
        quantities={"usage": (Quantity(*APRIL, quantity, "norm", 1, "unmetered"),)},
        values={"residents": (Dated(*EVER, D(draw(st.integers(1, 4))), 1),)},
        raising=(Dated(*EVER, D("1.5"), 1),),
        benefits=benefits,
        reductions=reductions,
    )


@tagged("post_install", "-at_install")
class TestProperties(BaseCase):
    @quiet
    @given(supplies())
    def test_reliefs_never_exceed_what_they_are_taken_off(self, facts):
        due, off = {}, {}
        for charge in rate(facts):
            self.assertEqual(recompute(charge.trace), charge.amount)
            which = off if charge.kind in ("benefit", "absence", "quality") else due
            key = charge.code, charge.payer_id
            which[key] = which.get(key, D(0)) + charge.amount
        for key, amount in off.items():
            self.assertLessEqual(amount, 0)
            self.assertLessEqual(-amount, due[key])

    @quiet
    @given(supplies())
    def test_the_same_facts_make_the_same_charges(self, facts):
        self.assertEqual(
            [(charge.key, charge.amount, charge.trace) for charge in rate(facts)],
            [(charge.key, charge.amount, charge.trace) for charge in rate(facts)],
        )
