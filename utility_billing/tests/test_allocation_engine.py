import json
import random
from datetime import date
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..engine.allocation import recompute_sharing, share_out
from ..engine.allocation_facts import Method, Participant, Pool, SharingError, Step, User
from . import vector_relief, vector_sharing
from .vectors import cases

D = Decimal
APRIL = (date(2026, 4, 1), date(2026, 4, 30))
AREA = Step("by area", value="area")
EACH_OWN = Step("own use", "own")


def flat(key, area=None, usage=None, **more):
    """A flat of an area with its metered use."""
    values = {"area": area, **more.pop("values", {})}
    return Participant(
        key,
        usage=None if usage is None else D(str(usage)),
        values={code: D(str(value)) for code, value in values.items() if value is not None},
        **more,
    )


def quantity(total, *flats, steps=(AREA,), pool=None, **method):
    pool = Pool("quantity", D(str(total)), **(pool or {}))
    return share_out(pool, flats, Method(tuple(steps), area="area", **method))


def amounts(sharing):
    return [str(share.amount) for share in sharing.shares]


def left(sharing):
    return [
        (residual.reason, str(residual.amount), residual.bearer) for residual in sharing.residuals
    ]


@tagged("post_install", "-at_install")
class TestPublishedSharing(BaseCase):
    """Every published case is a configuration of the engine."""

    def check(self, topic, least):
        found = cases(topic)
        checked = 0
        for key, case in found.items():
            if vector_relief.is_rated(case):
                continue  # test_relief_engine
            figures = vector_sharing.figures(case, found)
            for name, wanted in case["expected"].items():
                if name != "printed_by_source":
                    self.assertEqual(figures[name], wanted, f"{key}: {name}")
                    checked += 1
        self.assertGreaterEqual(checked, least)

    def test_germany(self):
        self.check("alloc_de_heating", 22)

    def test_lithuania(self):
        self.check("alloc_lt_heating", 9)

    def test_ukraine(self):
        self.check("alloc_ua_heating", 5)

    def test_russia(self):
        self.check("alloc_ru", 9)


@tagged("post_install", "-at_install")
class TestSteps(BaseCase):
    def refused(self, code, *args, **more):
        with self.assertRaises(SharingError) as caught:
            quantity(*args, **more)
        self.assertEqual(caught.exception.code, code)
        return caught.exception.figures

    def test_russian_formula_3(self):
        """Metered flats bear their own heat, others these ones' average, all the rest by area."""
        sharing = quantity(
            10,
            flat(1, 50, "2.5"),
            flat(2, 30, "0.5"),
            flat(3, 20),
            steps=(EACH_OWN, AREA),
            missing="average_area",
            decimals=4,
        )
        # 3 Gcal / 80 m² × 20 m² = 0.75; 10 − 3.75 = 6.25 Gcal by 100 m²
        self.assertEqual(amounts(sharing), ["5.6250", "2.3750", "2.0000"])

    def test_russian_formula_3_without_any_meter(self):
        sharing = quantity(
            10, flat(1, 75), flat(2, 25), steps=(EACH_OWN, AREA), missing="average_area", decimals=2
        )
        self.assertEqual(amounts(sharing), ["7.50", "2.50"])

    def test_ukrainian_components(self):
        """Pipes are borne by all, stairs too (with a coefficient), rooms by the connected."""
        sharing = quantity(
            100,
            flat(1, 60, values={"own_heating": 0}),
            flat(2, 40, values={"own_heating": 1}),
            steps=(
                Step("pipes", "percent", D(10), value="area"),
                Step("stairs", "percent", D(20), coefficient=D("0.5"), value="area"),
                Step("rooms", among="lacking", flag="own_heating", value="area"),
            ),
            decimals=2,
        )
        self.assertEqual(amounts(sharing), ["92.00", "8.00"])

    def test_lithuanian_number_1(self):
        """Hot water by its m³, circulation per flat, the rest by useful area: two services."""
        sharing = quantity(
            5000,
            flat(1, 60, values={"usage_HW": 4}),
            flat(2, 40, values={"usage_HW": 2}),
            steps=(
                Step("hot water", "each", formula="usage_HW * 51", tag="water"),
                Step("circulation", "each", formula="160", tag="water"),
                Step("rooms", value="area", tag="heat"),
            ),
            decimals=3,
        )
        # 5000 − 6 × 51 − 2 × 160 = 4374
        self.assertEqual(
            [(share.tag, share.key, str(share.amount)) for share in sharing.shares],
            [
                ("heat", 1, "2624.400"),
                ("heat", 2, "1749.600"),
                ("water", 1, "364.000"),
                ("water", 2, "262.000"),
            ],
        )

    def test_least_share_is_taken_from_the_others(self):
        flats = (flat(1, 50, 0), flat(2, 25, 60), flat(3, 25, 40))
        sharing = quantity(100, *flats, steps=(EACH_OWN,), minimum=D("0.4"), decimals=2)
        # the first is lifted to 0.4 × 1 × 50 = 20; the others share 80 as 60 to 40
        self.assertEqual(amounts(sharing), ["20.00", "48.00", "32.00"])

    def test_lifting_one_pushes_another_below(self):
        flats = (flat(1, 40, 0), flat(2, 30, 13), flat(3, 30, 87))
        sharing = quantity(100, *flats, steps=(EACH_OWN,), minimum=D("0.4"), decimals=2)
        # 16 for the first leaves 84: the second would have 10.92 < 12, so the third has 72
        self.assertEqual(amounts(sharing), ["16.00", "12.00", "72.00"])

    def test_most_share(self):
        flats = (flat(1, 50, 10), flat(2, 25, 70), flat(3, 25, 20))
        sharing = quantity(100, *flats, steps=(EACH_OWN,), maximum=D(2), decimals=2)
        self.assertEqual(amounts(sharing), ["16.67", "50.00", "33.33"])

    def test_most_share_that_cannot_hold_all(self):
        flats = (flat(1, 50, 50), flat(2, 50, 50))
        sharing = quantity(100, *flats, steps=(EACH_OWN,), maximum=D("0.9"), decimals=2)
        self.assertEqual(amounts(sharing), ["45.00", "45.00"])
        self.assertEqual(left(sharing), [("limits", "10.000000000000", "nobody")])

    def test_minimum_above_maximum(self):
        flats = (flat(1, 50, 50), flat(2, 50, 50))
        self.refused("limits", 100, *flats, steps=(EACH_OWN,), minimum=D(2), maximum=D(1))

    def test_common_use_with_a_cap(self):
        """Of 30 m³ in common only 0.2 m³ × 100 m² may be charged; the supplier bears the rest."""
        sharing = quantity(
            130,
            flat(1, 60, 70),
            flat(2, 40, 30),
            pool={"difference": True, "values": {"common_area": D(100)}},
            cap_formula="0.2 * building_common_area",
            bearer="supplier",
            decimals=2,
        )
        self.assertEqual(sharing.own, 100)
        self.assertEqual(amounts(sharing), ["12.00", "8.00"])
        self.assertEqual(left(sharing), [("cap", "10.000000000000", "supplier")])

    def test_cap_by_percent_of_the_total(self):
        flats = (flat(1, 60, 70), flat(2, 40, 30))
        sharing = quantity(150, *flats, pool={"difference": True}, cap_percent=D(20), decimals=2)
        self.assertEqual(amounts(sharing), ["18.00", "12.00"])

    def test_negative_difference(self):
        flats = (flat(1, 60, 70), flat(2, 40, 35))
        credit = quantity(100, *flats, pool={"difference": True}, decimals=2)
        self.assertEqual(amounts(credit), ["-3.00", "-2.00"])
        kept = quantity(100, *flats, pool={"difference": True}, negative="keep", bearer="supplier")
        self.assertEqual(amounts(kept), [])
        self.assertEqual(left(kept), [("negative", "-5.000000000000", "supplier")])

    def test_use_of_the_unmetered_in_the_difference(self):
        flats = (flat(1, 60, 70), flat(2, 40, norm=D(8)))
        pool = {"difference": True}
        self.assertEqual(quantity(100, *flats, pool=pool, missing="norm").own, 78)
        self.assertEqual(quantity(100, *flats, pool=pool, missing="nothing").own, 70)
        figures = self.refused("missing_use", 100, flats[0], flat(2, 40), pool=pool, missing="norm")
        self.assertEqual(figures["participants"], [2])

    def test_average_by_resident(self):
        sharing = quantity(
            100,
            flat(1, 50, 30, values={"residents": 3}),
            flat(2, 50, values={"residents": 2}),
            steps=(EACH_OWN,),
            missing="average_resident",
            decimals=0,
        )
        self.assertEqual(amounts(sharing), ["30", "20"])

    def test_allocators(self):
        """70 % by units; where a device is missing, the average per m² stands in."""
        sharing = quantity(
            1000,
            flat(1, 50, values={"units": 300}),
            flat(2, 30, values={"units": 100}),
            flat(3, 20),
            steps=(
                Step("by units", "percent", D(70), weight="usage", value="units"),
                Step("by area", value="area"),
            ),
            missing="average_area",
            decimals=2,
        )
        # 400 units / 80 m² × 20 m² = 100 of 500 units
        self.assertEqual(amounts(sharing), ["570.00", "230.00", "200.00"])

    def test_who_bears(self):
        flats = (
            flat(1, 60, 1),
            flat(2, 40, values={"lift": 1}),
            flat(3, 100, 1, kind="other"),
        )
        wanted = {
            "all": ["30", "20", "50"],
            "metered": ["38", "63"],
            "unmetered": ["100"],
            "residential": ["60", "40"],
            "other": ["100"],
            "having": ["100"],
            "lacking": ["38", "63"],
        }
        for among, shares in wanted.items():
            with self.subTest(among):
                step = Step("x", value="area", among=among, flag="lift")
                self.assertEqual(amounts(quantity(100, *flats, steps=(step,), decimals=0)), shares)

    def test_weights(self):
        flats = (flat(1, 30, values={"residents": 1}), flat(2, 70, values={"residents": 3}))
        by = {
            "equal": ["50", "50"],
            "residents": ["25", "75"],
            "formula": ["33", "67"],
        }
        steps = {
            "equal": Step("x", weight="equal"),
            "residents": Step("x", value="residents"),
            "formula": Step("x", weight="formula", weight_formula="residents + 1"),
        }
        for name, wanted in by.items():
            with self.subTest(name):
                sharing = quantity(100, *flats, steps=(steps[name],), decimals=0)
                self.assertEqual(amounts(sharing), wanted)

    def test_a_step_that_nobody_bears_is_left_to_the_next(self):
        nobody = Step("lift", "percent", D(40), among="having", flag="lift", weight="equal")
        sharing = quantity(100, flat(1, 60), flat(2, 40), steps=(nobody, AREA), decimals=0)
        self.assertEqual(amounts(sharing), ["60", "40"])

    def test_nothing_to_share_is_a_share_of_nothing(self):
        self.assertEqual(amounts(quantity(0, flat(1, 60), flat(2, 40), decimals=1)), ["0.0"] * 2)

    def test_what_no_step_takes(self):
        step = Step("half", "percent", D(50), value="area")
        sharing = quantity(100, flat(1, 60), flat(2, 40), steps=(step,), bearer="association")
        self.assertEqual(left(sharing), [("unshared", "50.000000000000", "association")])

    def test_largest_remainder(self):
        flats = [flat(key, 1) for key in (1, 2, 3)]
        plain = quantity(100, *flats, decimals=2)
        self.assertEqual(amounts(plain), ["33.33"] * 3)
        self.assertEqual(left(plain), [("rounding", "0.01", "nobody")])
        whole = quantity(100, *flats, decimals=2, remainder="largest")
        self.assertEqual(amounts(whole), ["33.34", "33.33", "33.33"])
        self.assertFalse(whole.residuals)

    def test_rounded_unit_price(self):
        step = Step("by area", value="area", unit_decimals=1)
        flats = (flat(1, 60), flat(2, 10))
        sharing = quantity(100, *flats, steps=(step,), decimals=2)
        self.assertEqual(amounts(sharing), ["84.00", "14.00"])
        self.assertEqual(left(sharing), [("rounding", "2.00", "nobody")])
        whole = quantity(100, *flats, steps=(step,), decimals=2, remainder="largest")
        self.assertEqual(amounts(whole), ["85.00", "15.00"])

    def test_missing_area(self):
        figures = self.refused("missing_value", 100, flat(1, 60), flat(2), flat(3))
        self.assertEqual((figures["name"], figures["participants"]), ("area", [2, 3]))

    def test_bad_input(self):
        flats = (flat(1, 60, 1), flat(2, 40, 0))
        percent = (Step("a", "percent", D(60), value="area"),) * 2
        self.assertEqual(self.refused("too_much", 1, *flats, steps=percent)["percent"], 120)
        self.refused("no_participants", 1)
        self.refused("negative_weight", 1, flat(1, 5), flat(2, -1))
        divided = Step("x", weight="formula", weight_formula="area / usage")
        figures = self.refused("formula", 1, *flats, steps=(divided,))
        self.assertEqual((figures["formula"], figures["participants"]), ("division_by_zero", [2]))
        unknown = Step("x", "formula", formula="total * livestock", value="area")
        figures = self.refused("formula", 1, *flats, steps=(unknown,))
        self.assertEqual((figures["formula"], figures["name"]), ("unknown_name", "livestock"))


@tagged("post_install", "-at_install")
class TestUsers(BaseCase):
    def shared(self, split, *users, total=300, **more):
        one = flat(1, 1, users=users)
        steps = (Step("by area", value="area", split=split),)
        pool = {"span": more.pop("span", APRIL)}
        found = quantity(total, one, flat(2, 2), steps=steps, pool=pool, decimals=2, **more)
        return [(share.user, str(share.amount)) for share in found.shares if share.key == 1]

    def test_by_days(self):
        users = User(7, end=date(2026, 4, 10)), User(8, start=date(2026, 4, 11))
        self.assertEqual(self.shared("days", *users), [(7, "33.33"), (8, "66.67")])
        self.assertEqual(self.shared("none", *users), [(None, "100.00")])

    def test_empty_days_are_nobodys(self):
        users = User(7, end=date(2026, 4, 10)), User(8, start=date(2026, 4, 16))
        self.assertEqual(self.shared("days", *users), [(7, "33.33"), (None, "16.67"), (8, "50.00")])

    def test_by_reading(self):
        users = (
            User(7, end=date(2026, 4, 10), reading=D(3)),
            User(8, start=date(2026, 4, 11), reading=D(1)),
        )
        self.assertEqual(self.shared("reading", *users), [(7, "75.00"), (8, "25.00")])

    def test_by_degree_days_where_nobody_read(self):
        span = (date(2026, 4, 1), date(2026, 5, 31))
        users = User(7, end=date(2026, 4, 30)), User(8, start=date(2026, 5, 1))
        self.assertEqual(self.shared("reading", *users, span=span), [(7, "66.67"), (8, "33.33")])

    def test_one_user_all_the_time(self):
        self.assertEqual(self.shared("days", User(7)), [(None, "100.00")])


# -- for all buildings ----------------------------------------------------------------------------

number = st.decimals(min_value=0, max_value=1000, places=3)
flats_of_a_house = st.lists(
    st.builds(
        lambda area, usage, norm, residents, lift: (area, usage, norm, residents, lift),
        st.decimals(min_value=D("0.5"), max_value=300, places=2),
        st.none() | number,
        number,
        st.integers(0, 6),
        st.booleans(),
    ),
    min_size=1,
    max_size=8,
)
a_step = st.builds(
    Step,
    name=st.just("step"),
    takes=st.sampled_from(["rest", "percent", "percent_rest", "own", "each", "formula"]),
    amount=st.integers(0, 30).map(D),
    formula=st.sampled_from(["7.77", "1 / 3"]),
    coefficient=st.sampled_from([D(1), D("0.7")]),
    among=st.sampled_from(["all", "metered", "unmetered", "having", "lacking"]),
    flag=st.just("lift"),
    weight=st.sampled_from(["value", "equal", "usage", "season"]),
    value=st.sampled_from(["area", "residents"]),
    unit_decimals=st.sampled_from([None, 3]),
    decimals=st.sampled_from([None, 2]),
    limited=st.booleans(),
    split=st.sampled_from(["none", "days", "degree_days", "reading"]),
    tag=st.sampled_from(["", "b"]),
).map(lambda step: step if step.weight != "usage" else Step(**{**vars(step), "value": "usage"}))
a_method = st.builds(
    Method,
    steps=st.lists(a_step, min_size=1, max_size=3).map(tuple),
    decimals=st.sampled_from([0, 2, 6]),
    remainder=st.sampled_from(["residual", "largest"]),
    missing=st.sampled_from(["nothing", "average_area", "average_resident", "norm"]),
    area=st.just("area"),
    minimum=st.sampled_from([None, D("0.4")]),
    maximum=st.sampled_from([None, D("1.5"), D("0.9")]),
    negative=st.sampled_from(["credit", "keep"]),
    cap_percent=st.sampled_from([None, D(40)]),
    cut_percent=st.sampled_from([D(0), D(15)]),
)


@tagged("post_install", "-at_install")
class TestAnyBuilding(BaseCase):
    @given(
        flats_of_a_house,
        a_method,
        st.decimals(min_value=-100, max_value=5000, places=3),
        st.booleans(),
        st.randoms(use_true_random=False),
    )
    @settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    def test_shares_and_residual_are_the_total(self, house, method, total, difference, chance):
        pool = Pool("quantity", total, difference, span=APRIL)
        users = User(5, end=date(2026, 4, 9)), User(6, start=date(2026, 4, 12))
        flats = [
            Participant(
                key,
                usage=usage,
                norm=norm,
                values={"area": area, "residents": D(residents), "lift": D(lift)},
                users=users if key % 2 else (),
            )
            for key, (area, usage, norm, residents, lift) in enumerate(house, 1)
        ]
        sharing = share_out(pool, flats, method)
        given_out = sum((share.amount for share in sharing.shares), D(0))
        self.assertEqual(sharing.own + given_out + sharing.residual, total)
        places = {-share.amount.as_tuple().exponent for share in sharing.shares}
        self.assertLessEqual(places, {method.decimals})
        mixed = random.Random(chance.random()).sample(flats, len(flats))
        self.assertEqual(share_out(pool, mixed, method).shares, sharing.shares)
        stored = json.loads(json.dumps(sharing.proof))
        self.assertEqual(recompute_sharing(stored), sharing.shares)

    @given(st.lists(st.integers(1, 300), min_size=2, max_size=9), st.integers(1, 10**6))
    @settings(max_examples=100, deadline=None)
    def test_largest_remainder_never_moves_a_share_by_a_unit(self, areas, cents):
        total = D(cents) / 100
        flats = [flat(key, area) for key, area in enumerate(areas, 1)]
        sharing = quantity(total, *flats, decimals=2, remainder="largest")
        self.assertEqual(sum(share.amount for share in sharing.shares), total)
        for share, area in zip(sharing.shares, areas, strict=True):
            self.assertLess(abs(share.amount - total * area / sum(areas)), D("0.01"))

    @given(flats_of_a_house, st.sampled_from([D("0.2"), D("0.4"), D(1)]))
    @settings(max_examples=100, deadline=None)
    def test_nobody_is_below_the_least_share(self, house, least):
        flats = [flat(key, row[0], row[1] or 0) for key, row in enumerate(house, 1)]
        total = sum(one.usage for one in flats)
        sharing = quantity(total, *flats, steps=(EACH_OWN,), minimum=least)
        average = total / sum(row[0] for row in house)
        for one in flats:
            floor = average * least * one.values["area"]
            self.assertGreaterEqual(sharing.of(one.key), floor - D("0.000001"))
