from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..engine.facts import (
    Factor,
    FactsError,
    Issued,
    Lifts,
    Mark,
    Monthly,
    PointFacts,
    Register,
    Rule,
    Term,
    Unfit,
)
from ..engine.usage import calculate
from .engine_kit import day, installation, marks, point, register, span, used

D = Decimal
# how long an example takes says nothing on a machine that others use
quiet = settings(
    max_examples=150,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
FIRST = date(2025, 1, 1)


@tagged("post_install", "-at_install")
class TestMeasured(BaseCase):
    def test_a_month_is_its_last_reading_less_that_of_the_month_before(self):
        facts = point(
            installation(
                register(("2026-01-31", "100"), ("2026-02-28", "112.5"), ("2026-03-31", "130"))
            )
        )
        february = calculate(facts, span("2026-02-01", "2026-02-28"))
        self.assertEqual(february.quantity, D("12.5"))
        self.assertEqual((february.method, february.reason), ("measured", ""))
        self.assertEqual(used(facts, "2026-03-01", "2026-03-31"), D("17.5"))
        self.assertEqual(used(facts, "2026-02-01", "2026-03-31"), D("30"))

    def test_a_leap_day_belongs_to_february(self):
        facts = point(
            installation(
                register(("2024-01-31", "0"), ("2024-02-29", "29"), ("2024-03-31", "60")),
                start="2024-01-01",
            )
        )
        self.assertEqual(used(facts, "2024-02-01", "2024-02-29"), 29)
        self.assertEqual(used(facts, "2024-02-29", "2024-02-29"), 1)
        self.assertEqual(used(facts, "2024-02-01", "2024-02-28"), 28)

    def test_use_is_cut_by_days(self):
        facts = point(installation(register(("2026-01-15", "0"), ("2026-02-14", "30"))))
        self.assertEqual(used(facts, "2026-01-16", "2026-01-31"), 16)
        self.assertEqual(used(facts, "2026-02-01", "2026-02-14"), 14)

    def test_an_exchange_shares_one_day(self):
        """MET-21: 8712.4 → 8755.9 on the old meter, 0 → 21.3 on the new one."""
        old = installation(
            register(("2026-01-31", "8712.4"), ("2026-02-10", "8755.9")), end="2026-02-10"
        )
        new = installation(
            register(("2026-02-10", "0"), ("2026-02-28", "21.3"), id=2),
            id=2,
            start="2026-02-10",
        )
        usage = calculate(point(old, new), span("2026-02-01", "2026-02-28"))
        self.assertEqual(usage.quantity, D("64.8"))
        self.assertEqual([piece.quantity for piece in usage.pieces], [D("43.5"), D("21.3")])
        self.assertEqual(usage.method, "measured")

    def test_a_rollover_is_counted_over_the_end(self):
        facts = point(
            installation(
                register(
                    ("2026-01-31", "99986"), ("2026-02-28", "11", {"rollover": True}), decimals=0
                )
            )
        )
        self.assertEqual(used(facts, "2026-02-01", "2026-02-28"), 25)

    def test_less_than_before_is_refused_unless_confirmed(self):
        readings = (("2026-01-31", "110"), ("2026-02-28", "108"))
        with self.assertRaises(FactsError) as caught:
            used(point(installation(register(*readings))), "2026-02-01", "2026-02-28")
        self.assertEqual(caught.exception.code, "backward")
        confirmed = register(readings[0], (*readings[1], {"rollback": True}))
        self.assertEqual(used(point(installation(confirmed)), "2026-02-01", "2026-02-28"), -2)

    def test_an_old_contradiction_does_not_stop_a_later_month(self):
        facts = point(
            installation(
                register(("2025-01-31", "110"), ("2025-02-28", "108"), ("2025-03-31", "120"))
            )
        )
        self.assertEqual(used(facts, "2025-03-01", "2025-03-31"), 12)

    def test_transformers_and_register_multiply(self):
        facts = point(
            installation(
                register(("2026-01-31", "0"), ("2026-02-28", "45"), multiplier=D(10)),
                factor=D(40),
            )
        )
        self.assertEqual(used(facts, "2026-02-01", "2026-02-28"), 18000)

    def test_zones_and_what_is_given_back_stand_apart(self):
        facts = point(
            installation(
                register(("2026-01-31", "0"), ("2026-02-28", "80"), band="import:DAY"),
                register(("2026-01-31", "0"), ("2026-02-28", "20"), band="import:NIGHT", id=2),
                register(
                    ("2026-01-31", "0"), ("2026-02-28", "5"), band="export", purpose="export", id=3
                ),
                register(("2026-01-31", "0"), ("2026-02-28", "100"), purpose="total", id=4),
            )
        )
        usage = calculate(facts, span("2026-02-01", "2026-02-28"))
        self.assertEqual(usage.quantity, 100)
        self.assertEqual(usage.bands, {"import:DAY": 80, "import:NIGHT": 20, "export": 5})

    def test_several_meters_add_up_and_deduct_meters_are_deducted(self):
        facts = point(
            installation(register(("2026-01-31", "0"), ("2026-02-28", "30"))),
            installation(register(("2026-01-31", "0"), ("2026-02-28", "12"), id=2), id=2),
            installation(
                register(("2026-01-31", "0"), ("2026-02-28", "5"), id=3), id=3, counting="deduct"
            ),
            installation(
                register(("2026-01-31", "0"), ("2026-02-28", "99"), id=4), id=4, counting="check"
            ),
        )
        self.assertEqual(used(facts, "2026-02-01", "2026-02-28"), 37)

    def test_gas_is_converted_by_the_values_of_each_period(self):
        facts = point(
            installation(register(("2026-01-31", "0"), ("2026-02-28", "28"), converts=True)),
            conversions=(
                Factor(day("2026-02-01"), day("2026-02-14"), D("10")),
                Factor(day("2026-02-15"), day("2026-02-28"), D("11")),
            ),
        )
        self.assertEqual(used(facts, "2026-02-01", "2026-02-28"), 14 * 10 + 14 * 11)

    def test_a_missing_conversion_is_said(self):
        facts = point(
            installation(register(("2026-01-31", "0"), ("2026-02-28", "28"), converts=True))
        )
        with self.assertRaises(FactsError) as caught:
            used(facts, "2026-02-01", "2026-02-28")
        self.assertEqual(caught.exception.code, "no_conversion")

    def test_heat_is_cut_by_degree_days(self):
        degrees = {FIRST + timedelta(days=n): D(20 if n < 10 else 10) for n in range(20)}
        facts = point(
            installation(register(("2024-12-31", "0"), ("2025-01-20", "300")), start="2024-12-31"),
            cut_method="degree_days",
            degree_days=degrees,
        )
        self.assertEqual(used(facts, "2025-01-01", "2025-01-10"), 200)
        self.assertEqual(used(facts, "2025-01-11", "2025-01-20"), 100)

    def test_without_degree_days_the_typical_year_counts(self):
        """Thousandths of a year's heating: December 160, January 170."""
        facts = point(
            installation(register(("2024-11-30", "0"), ("2025-01-31", "330")), start="2024-11-30"),
            cut_method="degree_days",
        )
        self.assertEqual(used(facts, "2024-12-01", "2024-12-31"), 160)
        self.assertEqual(used(facts, "2025-01-01", "2025-01-31"), 170)

    def test_cut_only_by_a_reading(self):
        facts = point(
            installation(register(("2026-01-25", "0"), ("2026-02-25", "31"))),
            cut_method="reading",
        )
        self.assertEqual(used(facts, "2026-02-01", "2026-02-28"), 31)

    def test_nothing_known_gives_nothing(self):
        self.assertIsNone(calculate(PointFacts(1), span("2026-02-01", "2026-02-28")))

    def test_the_trace_names_readings_and_figures(self):
        facts = point(installation(register(("2026-01-31", "100"), ("2026-02-28", "112.5"))))
        trace = calculate(facts, span("2026-02-01", "2026-02-28")).trace
        self.assertEqual(trace["engine"], "1")
        self.assertEqual(trace["quantity"], "12.500000")
        piece = trace["pieces"][0]
        self.assertEqual(piece["reading_from"], {"id": 1, "day": "2026-01-31", "value": "100"})
        self.assertEqual(piece["reading_to"], {"id": 2, "day": "2026-02-28", "value": "112.5"})


@tagged("post_install", "-at_install")
class TestEstimated(BaseCase):
    AVERAGE = Rule(1, "missing", "average", periods=3, min_periods=2, max_in_row=2)
    NORM = Rule(2, "missing", "norm")
    NORMS = (Monthly(day("2020-01-01"), date.max, D("6")),)

    def _with_history(self, *more, **vals):
        vals.setdefault("rules", (self.AVERAGE, self.NORM))
        return point(
            installation(
                register(("2025-09-30", "0"), ("2025-10-31", "31"), ("2025-11-30", "61"), *more)
            ),
            norms=self.NORMS,
            **vals,
        )

    def test_the_average_of_the_last_periods(self):
        usage = calculate(self._with_history(), span("2025-12-01", "2025-12-31"))
        self.assertEqual(usage.quantity, 31)
        self.assertEqual((usage.method, usage.reason), ("estimated", "missing"))
        self.assertEqual(usage.estimated, 31)

    def test_at_most_so_many_periods_in_a_row(self):
        facts = self._with_history()
        second = calculate(facts, span("2026-01-01", "2026-01-31"))
        third = calculate(facts, span("2026-02-01", "2026-02-28"))
        self.assertEqual((second.method, second.quantity), ("estimated", 31))
        self.assertEqual((third.method, third.quantity), ("norm", 6))

    def test_a_later_reading_settles_the_past(self):
        """The reading says 20 a month where 31 and 31 had been estimated."""
        facts = self._with_history(("2026-01-31", "101"))
        december = used(facts, "2025-12-01", "2025-12-31")
        january = used(facts, "2026-01-01", "2026-01-31")
        self.assertEqual(december + january, 40)
        self.assertEqual(calculate(facts, span("2025-12-01", "2025-12-31")).method, "measured")

    def test_cut_by_readings_the_next_one_brings_the_rest(self):
        """MET-31: 150 were billed by estimate, the reading brings 80 more."""
        facts = point(
            installation(register(("2025-01-31", "1000"), ("2025-03-31", "1230"))),
            cut_method="reading",
            issued=(Issued(7, day("2025-02-01"), day("2025-02-28"), {"1:import": D(150)}),),
        )
        self.assertEqual(used(facts, "2025-02-01", "2025-02-28"), 150)
        self.assertEqual(used(facts, "2025-03-01", "2025-03-31"), 80)

    def test_an_estimated_reading_gives_way_to_an_actual_one(self):
        readings = (
            ("2025-01-31", "1000"),
            ("2025-02-28", "1150", {"actual": False}),
        )
        facts = point(installation(register(*readings)))
        february = calculate(facts, span("2025-02-01", "2025-02-28"))
        self.assertEqual((february.quantity, february.method), (150, "estimated"))
        settled = point(installation(register(*readings, ("2025-03-31", "1059"))))
        self.assertEqual(used(settled, "2025-02-01", "2025-02-28"), 28)
        self.assertEqual(used(settled, "2025-03-01", "2025-03-31"), 31)
        kept = replace(settled, cut_method="reading")
        self.assertEqual(used(kept, "2025-02-01", "2025-02-28"), 150)
        self.assertEqual(used(kept, "2025-03-01", "2025-03-31"), -91)

    def test_the_same_period_of_last_year(self):
        facts = point(
            installation(
                register(("2025-01-31", "0"), ("2025-02-28", "56"), ("2025-03-31", "60")),
            ),
            rules=(Rule(1, "missing", "last_year"),),
        )
        self.assertEqual(used(facts, "2026-02-01", "2026-02-28"), 56)

    def test_too_little_history_asks_the_next_rule(self):
        facts = point(
            installation(register(("2025-11-30", "0"), ("2025-12-31", "100"))),
            rules=(self.AVERAGE, self.NORM),
            norms=self.NORMS,
        )
        usage = calculate(facts, span("2026-01-01", "2026-01-31"))
        self.assertEqual((usage.method, usage.quantity), ("norm", 6))

    def test_after_an_exchange_the_old_meter_speaks_for_the_new_one(self):
        old = installation(
            register(("2025-09-30", "0"), ("2025-10-31", "31"), ("2025-11-30", "61")),
            end="2025-11-30",
        )
        new = installation(register(("2025-11-30", "5"), id=2), id=2, start="2025-11-30")
        facts = point(old, new, rules=(self.AVERAGE,))
        self.assertEqual(used(facts, "2025-12-01", "2025-12-31"), 31)

    def test_in_repair_the_norm_counts_though_the_dial_goes_on(self):
        """10 of 28 days in repair: 18 m³ measured, and 10/28 of a norm of 14."""
        facts = point(
            installation(
                register(("2026-01-31", "0"), ("2026-02-28", "28")),
                unfit=(Unfit(day("2026-02-11"), day("2026-02-20"), "repair"),),
            ),
            rules=(Rule(1, "unfit", "norm"),),
            norms=(Monthly(day("2020-01-01"), date.max, D(14)),),
        )
        usage = calculate(facts, span("2026-02-01", "2026-02-28"))
        self.assertEqual(usage.quantity, 18 + 5)
        self.assertEqual((usage.method, usage.reason), ("estimated", "unfit"))
        self.assertEqual(usage.estimated, 5)

    def test_without_a_meter_the_norm_times_its_coefficient(self):
        facts = point(rules=(Rule(1, "unmetered", "norm", coefficient=D("1.5")),), norms=self.NORMS)
        usage = calculate(facts, span("2026-02-01", "2026-02-28"))
        self.assertEqual((usage.method, usage.quantity), ("norm", 9))
        self.assertEqual(used(facts, "2026-02-01", "2026-02-14"), D("4.5"))

    def test_norms_that_change_in_the_month_count_by_days(self):
        facts = point(
            rules=(Rule(1, "unmetered", "norm"),),
            norms=(
                Monthly(day("2026-02-01"), day("2026-02-14"), D(6)),
                Monthly(day("2026-02-15"), day("2026-02-28"), D(12)),
            ),
        )
        self.assertEqual(used(facts, "2026-02-01", "2026-02-28"), 9)

    def test_an_agreed_quantity_goes_before_the_norm(self):
        facts = point(
            rules=(Rule(1, "unmetered", "agreed"), Rule(2, "unmetered", "norm")),
            norms=self.NORMS,
            agreed=(Monthly(day("2026-01-01"), date.max, D(4)),),
        )
        usage = calculate(facts, span("2026-02-01", "2026-02-28"))
        self.assertEqual((usage.method, usage.quantity), ("agreed", 4))

    def test_no_rule_that_yields_is_said(self):
        facts = point(installation(register(("2026-01-31", "5"))))
        usage = calculate(facts, span("2026-02-01", "2026-02-28"))
        self.assertEqual((usage.quantity, usage.reason), (0, "no_rule"))

    def test_containers_are_lifted_as_recorded_or_else_as_planned(self):
        lifts = (Lifts(1, weekday=0, every_weeks=1, containers=2, start=day("2026-01-01")),)
        counter = Register(1, amounts=True, marks=marks(("2026-02-03", "2"), ("2026-02-24", "3")))
        facts = point(
            installation(counter, factor=D("1.1"), lifts=lifts),
            rules=(Rule(1, "missing", "schedule"),),
        )
        self.assertEqual(used(facts, "2026-02-01", "2026-02-28"), D("5.5"))
        march = calculate(facts, span("2026-03-01", "2026-03-31"))
        self.assertEqual(march.quantity, 5 * 2 * D("1.1"))
        self.assertEqual(march.method, "estimated")


@tagged("post_install", "-at_install")
class TestDerived(BaseCase):
    def test_sewerage_is_cold_and_hot_water_less_the_garden(self):
        period = span("2026-02-01", "2026-02-28")
        water = {
            key: calculate(
                point(
                    installation(register(("2026-01-31", "0"), ("2026-02-28", value))),
                    point_id=key,
                ),
                period,
            )
            for key, value in ((11, "10"), (12, "6.5"))
        }
        facts = point(
            installation(register(("2026-01-31", "0"), ("2026-02-28", "3")), counting="deduct"),
            terms=(Term(1, 11), Term(2, 12)),
        )
        usage = calculate(facts, period, water)
        self.assertEqual((usage.quantity, usage.method), (D("13.5"), "derived"))

    def test_what_was_estimated_at_the_source_is_estimated_here(self):
        period = span("2026-02-01", "2026-02-28")
        source = calculate(
            point(
                rules=(Rule(1, "unmetered", "norm"),),
                norms=(Monthly(day("2020-01-01"), date.max, D(8)),),
            ),
            period,
        )
        usage = calculate(point(terms=(Term(1, 1, D("0.5")),), point_id=2), period, {1: source})
        self.assertEqual((usage.quantity, usage.estimated), (4, 4))
        self.assertEqual(usage.reason, "unmetered")


GROWTH = st.lists(
    st.tuples(st.integers(1, 70), st.decimals(0, 500, places=3)), min_size=1, max_size=6
)


def _series(growth, rollover_at=None):
    """Marks that grow by the given steps, and what was used in all."""
    on, value, total = FIRST, D("99990.5"), D(0)
    found = [Mark(1, on, value)]
    for index, (days, step) in enumerate(growth, 2):
        on, total = on + timedelta(days=days), total + step
        rolls = value + step >= 100000
        value = value + step - (100000 if rolls else 0)
        found.append(Mark(index, on, value, rollover=rolls))
    return tuple(found), total


@tagged("post_install", "-at_install")
class TestProperties(BaseCase):
    @given(
        GROWTH,
        st.lists(st.integers(0, 430), max_size=8),
        st.sampled_from(["days", "degree_days", "reading"]),
    )
    @quiet
    def test_any_split_of_time_sums_to_last_less_first(self, growth, cuts, method):
        readings, total = _series(growth)
        facts = point(
            installation(Register(1, marks=readings), start=FIRST.isoformat()), cut_method=method
        )
        last = readings[-1].day
        edges = sorted(
            {FIRST, last}
            | {FIRST + timedelta(days=cut) for cut in cuts if FIRST + timedelta(days=cut) < last}
        )
        parts = [
            measured.quantity
            for begin, end in zip(edges, edges[1:], strict=False)
            for measured in [_measured(facts, (begin + timedelta(days=1), end))]
        ]
        self.assertEqual(sum(parts), total)

    @given(GROWTH, st.integers(1, 60), st.decimals(0, 300, places=3))
    @quiet
    def test_an_honest_exchange_changes_nothing(self, growth, offset, fresh):
        """Meter A up to a day, meter B from it on, against one meter all the time."""
        readings, total = _series(growth)
        one = installation(Register(1, marks=readings), start=FIRST.isoformat())
        begin, end = readings[0], readings[1]
        on = min(begin.day + timedelta(days=offset), end.day)
        whole = (FIRST + timedelta(days=1), readings[-1].day)
        before = growth[0][1] * (on - begin.day).days / growth[0][0]
        before = before.quantize(D("0.001"))
        value = begin.value + before
        rolls = value >= 100000
        final = Mark(90, on, value - 100000 if rolls else value, rollover=rolls)
        old = installation(
            Register(1, marks=(begin, final)), start=FIRST.isoformat(), end=on.isoformat()
        )
        left, on_new, new_marks = growth[0][1] - before, fresh, [Mark(91, on, fresh, opens=True)]
        steps = [
            (end.day, left),
            *((mark.day, step) for mark, (_d, step) in zip(readings[2:], growth[1:], strict=True)),
        ]
        for index, (on_day, step) in enumerate(steps, 92):
            on_new += step
            new_marks.append(Mark(index, on_day, on_new))
        new = installation(
            Register(2, marks=tuple(new_marks), digits=6), id=2, start=on.isoformat()
        )
        self.assertEqual(_measured(point(one), whole).quantity, total)
        self.assertEqual(_measured(point(old, new), whole).quantity, total)

    @given(GROWTH)
    @quiet
    def test_use_between_actual_readings_is_never_negative(self, growth):
        readings, _total = _series(growth)
        facts = point(installation(Register(1, marks=readings), start=FIRST.isoformat()))
        for begin, end in zip(readings, readings[1:], strict=False):
            usage = calculate(facts, (begin.day + timedelta(days=1), end.day))
            self.assertGreaterEqual(usage.quantity, 0)
            self.assertEqual(usage.method, "measured")


def _measured(facts, period):
    usage = calculate(facts, period)
    kept = [piece for piece in usage.pieces if piece.method == "measured"]
    return replace(usage, quantity=sum((piece.quantity for piece in kept), D(0)))
