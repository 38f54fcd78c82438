import json
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged
from odoo.tools import file_open

from ..engine import dial, vee
from ..engine.vee import Facts, Interval, Rule

START = date(2025, 1, 31)


def vectors(topic):
    with file_open("utility_metering/tests/fixtures/vectors.json") as source:
        return {vector["id"]: vector for vector in json.load(source)[topic]}


def intervals(*usages, days=30):
    """Intervals of equal length, one after the other."""
    return tuple(
        Interval(
            START + timedelta(days=days * index),
            START + timedelta(days=days * (index + 1)),
            Decimal(usage),
        )
        for index, usage in enumerate(usages)
    )


def facts(**vals):
    return Facts(
        **{
            "day": START,
            "today": START,
            "value": Decimal(10),
            "digits": 5,
            "decimals": 3,
            **vals,
        }
    )


@tagged("post_install", "-at_install")
class TestDial(BaseCase):
    def _forward(self, vector):
        inputs = vector["inputs"]
        return dial.difference(
            Decimal(inputs["previous"]),
            Decimal(inputs["present"]),
            inputs.get("dials", 5),
            inputs.get("decimals", 0),
            rollover=vector["expected"].get("rollover", False),
        )

    def test_differences_of_the_published_examples(self):
        for name in ("MET-01", "MET-03", "MET-10", "MET-12", "MET-14"):
            vector = vectors("meter")[name]
            with self.subTest(name):
                self.assertEqual(self._forward(vector), Decimal(vector["expected"]["usage"]))

    def test_rollovers_and_misreadings_are_told_apart(self):
        for name in ("MET-10", "MET-12", "MET-14", "MET-16", "MET-17"):
            vector = vectors("meter")[name]
            previous, present = (Decimal(vector["inputs"][key]) for key in ("previous", "present"))
            expected = "rollover" if vector["expected"].get("rollover") else "backward"
            with self.subTest(name):
                self.assertEqual(dial.judge(previous, present, vector["inputs"]["dials"]), expected)

    def test_wrapped_use_of_misreadings(self):
        for name in ("MET-16", "MET-17"):
            vector = vectors("meter")[name]
            previous, present = (Decimal(vector["inputs"][key]) for key in ("previous", "present"))
            self.assertEqual(
                dial.wrapped(previous, present, vector["inputs"]["dials"]),
                Decimal(vector["expected"]["wrapped_usage"]),
            )

    def test_a_bound_makes_a_possible_rollover_a_misreading(self):
        previous, present = Decimal(70000), Decimal(15000)
        self.assertEqual(dial.judge(previous, present, 5), "rollover")
        self.assertEqual(dial.judge(previous, present, 5, Decimal(500)), "backward")

    def test_backward_needs_to_be_confirmed(self):
        with self.assertRaises(dial.BackwardError):
            dial.difference(Decimal(108), Decimal(104), 5, 0)
        self.assertEqual(dial.difference(Decimal(108), Decimal(104), 5, 0, rollback=True), -4)

    @settings(deadline=None)
    @given(st.integers(0, 99_999_999), st.integers(0, 50_000_000))
    def test_honest_use_up_to_half_the_register_is_found_again(self, start, used):
        """Five digits and three decimals; values in thousandths."""
        previous = Decimal(start).scaleb(-3)
        present = Decimal((start + used) % 100_000_000).scaleb(-3)
        verdict = dial.judge(previous, present, 5)
        self.assertNotEqual(verdict, "backward")
        self.assertEqual(
            dial.difference(previous, present, 5, 3, rollover=verdict == "rollover"),
            Decimal(used).scaleb(-3),
        )

    @settings(deadline=None)
    @given(st.integers(0, 99999), st.integers(1, 49999))
    def test_a_step_back_is_never_a_rollover(self, previous, step):
        present = previous - step
        if present >= 0:
            self.assertEqual(dial.judge(Decimal(previous), Decimal(present), 5), "backward")


@tagged("post_install", "-at_install")
class TestChecks(BaseCase):
    def test_spike_of_the_published_examples(self):
        for name in ("VEE-00", "VEE-02"):
            vector = vectors("vee")[name]
            usages = vector["inputs"]["intervals"]
            percent = vee.spike_percent([Decimal(usage) for usage in usages])
            self.assertEqual(
                percent.quantize(Decimal("0.01")), Decimal(vector["expected"]["difference_percent"])
            )
            tolerance = Decimal(vector["inputs"]["tolerance_percent"])
            self.assertEqual(percent > tolerance, vector["expected"]["spike"])

    def test_spike_is_found_when_it_comes_and_not_again_later(self):
        rule = Rule("spike", periods=8, tolerance=Decimal(180))
        usages = intervals("1.1", "1.0", "1.2", "1.3", "1.2", "1.1", "1.0", "5.9", "1.1", days=1)
        found = vee.check_spike(facts(history=usages[:7], interval=usages[7]), rule)
        self.assertEqual(found["percent"].quantize(Decimal("0.01")), Decimal("391.67"))
        self.assertIsNone(vee.check_spike(facts(history=usages[:8], interval=usages[8]), rule))

    def test_same_period_of_last_year(self):
        for name, expected in (("VEE-10", None), ("VEE-12", "low")):
            inputs = vectors("vee")[name]["inputs"]
            end = date(2026, 1, 31)
            interval = Interval(
                end - timedelta(days=int(inputs["days"])), end, Decimal(inputs["usage"])
            )
            last_year = Interval(
                date(2025, 1, 31) - timedelta(days=int(inputs["last_year_days"])),
                date(2025, 1, 31),
                Decimal(inputs["same_period_last_year"]),
            )
            rule = Rule(
                "year_ago",
                low_factor=Decimal(inputs["low_factor"]),
                high_factor=Decimal(inputs["high_factor"]),
            )
            found = vee.check_year_ago(facts(history=(last_year,), interval=interval), rule)
            with self.subTest(name):
                self.assertEqual(bool(found), expected == "low")
                self.assertEqual(interval.daily, Decimal(vectors("vee")[name]["expected"]["daily"]))
                if found:
                    self.assertEqual(found["times"].quantize(Decimal("0.0001")), Decimal("0.1667"))

    def test_stuck_after_three_periods_without_use(self):
        values = [Decimal(value) for value in vectors("vee")["VEE-20"]["inputs"]["readings"]]
        zero = intervals(*(b - a for a, b in zip(values, values[1:], strict=False)))
        rule = Rule("stuck", periods=vectors("vee")["VEE-20"]["inputs"]["zero_periods_limit"])
        self.assertEqual(
            vee.check_stuck(facts(history=zero[:2], interval=zero[2]), rule),
            {"times": 3, "since": START},
        )
        self.assertIsNone(vee.check_stuck(facts(history=zero[:1], interval=zero[1]), rule))

    def test_less_than_before_is_negative_use(self):
        values = [Decimal(value) for value in vectors("vee")["VEE-21"]["inputs"]["readings"]]
        self.assertEqual(dial.judge(values[1], values[2], 5), "backward")

    def test_sum_check(self):
        inputs = vectors("vee")["VEE-30"]["inputs"]
        total, parts = Decimal(inputs["register_difference"]), Decimal(inputs["interval_sum"])
        self.assertEqual(vee.sum_percent(total, parts).quantize(Decimal("0.01")), Decimal("0.42"))
        one = Rule("sum", tolerance=Decimal(inputs["tolerance_percent"]))
        self.assertIsNone(vee.check_sum(facts(sums=(total, parts)), one))
        self.assertTrue(
            vee.check_sum(facts(sums=(total, parts)), Rule("sum", tolerance=Decimal("0.4")))
        )

    def test_limits_are_a_month_of_thirty_days_in_the_service_unit(self):
        """3,000 litres in 15 days are 6 m³ a month."""
        interval = Interval(START, START + timedelta(days=15), Decimal(3000))
        litres = facts(interval=interval, scale=Decimal("0.001"))
        self.assertEqual(
            vee.check_above_limit(litres, Rule("above_limit", limit=Decimal(5))),
            {"monthly": Decimal(6), "limit": Decimal(5)},
        )
        self.assertIsNone(vee.check_above_limit(litres, Rule("above_limit", limit=Decimal(6))))

    def test_units_that_do_not_compare_have_no_limit(self):
        interval = Interval(START, START + timedelta(days=30), Decimal(3000))
        self.assertIsNone(
            vee.check_above_limit(
                facts(interval=interval, scale=None), Rule("above_limit", limit=Decimal(5))
            )
        )

    def test_backward_holds_though_no_rule_says_so(self):
        backward = facts(dial="backward", previous=(START, Decimal(20)))
        findings = vee.assess(backward, [Rule("zero", "warn")])
        self.assertEqual([finding.check for finding in findings], ["backward"])
        self.assertEqual(vee.verdict(findings), "hold")

    def test_a_rule_cannot_let_a_second_value_of_the_day_pass(self):
        findings = vee.assess(facts(same_day=Decimal(9)), [Rule("duplicate", "warn")])
        self.assertEqual(vee.verdict(findings), "hold")
