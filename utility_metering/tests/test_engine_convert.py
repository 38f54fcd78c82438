from decimal import ROUND_HALF_UP, Decimal

from odoo.tests import BaseCase, tagged

from ..engine.convert import (
    air_pressure,
    by_correction,
    by_state_number,
    state_number,
    transformer_factor,
)
from ..engine.facts import Mark
from .engine_kit import day, installation, point, used
from .engine_kit import register as a_register
from .vectors import cases

D = Decimal


def _rounded(value, pattern):
    return value.quantize(D(pattern), ROUND_HALF_UP)


@tagged("post_install", "-at_install")
class TestGas(BaseCase):
    def test_by_correction(self):
        for key, case in cases("gas_conversion").items():
            inputs, expected = case["inputs"], case["expected"]
            if "correction" in inputs:
                factor = by_correction(
                    D(inputs["volume_factor"]), D(inputs["correction"]), D(inputs["calorific_mj"])
                )
                kwh = factor * D(inputs["imperial_units_100cf"])
                wanted = expected.get("kwh_exact") or expected["kwh"]
                self.assertEqual(_rounded(kwh, wanted), D(wanted), key)

    def test_by_state_number(self):
        for key, case in cases("gas_conversion").items():
            inputs, expected = case["inputs"], case["expected"]
            if "calorific_kwh" not in inputs:
                continue
            number = inputs.get("state_number")
            if number is None:
                air = air_pressure(D(inputs["height_m"]))
                number = state_number(D(inputs["temp_c"]), air, D(inputs["peff_hpa"]))
                self.assertEqual(number, D(expected["state_number"]), key)
            kwh = by_state_number(D(inputs["calorific_kwh"]), D(number)) * D(inputs["m3"])
            self.assertEqual(_rounded(kwh, expected["kwh"]), D(expected["kwh"]), key)


@tagged("post_install", "-at_install")
class TestTransformers(BaseCase):
    def test_ratios(self):
        known = cases("meter")
        ratio = known["MET-40"]["inputs"]["ct_ratio"].split(":")
        self.assertEqual(
            transformer_factor(*ratio), D(known["MET-40"]["expected"]["correct_multiplier"])
        )
        case = known["MET-45"]
        ct, pt = (case["inputs"][name].split("/") for name in ("ct", "pt"))
        self.assertEqual(transformer_factor(*ct, *pt), D(case["expected"]["factor"]))
        self.assertEqual(transformer_factor(), 1)

    def test_multiplied_differences(self):
        case = cases("meter")["MET-43"]
        counted = a_register(
            ("2026-01-31", "0"),
            ("2026-02-28", case["inputs"]["register_difference"]),
            multiplier=D(case["inputs"]["multiplier"]),
        )
        self.assertEqual(
            used(point(installation(counted)), "2026-02-01", "2026-02-28"),
            D(case["expected"]["kwh"]),
        )


@tagged("post_install", "-at_install")
class TestPublishedReadings(BaseCase):
    def test_present_less_previous(self):
        for key in ("MET-01", "MET-03", "MET-10", "MET-12", "MET-14"):
            case = cases("meter")[key]
            inputs = case["inputs"]
            previous, present = D(inputs["previous"]), D(inputs["present"])
            counted = a_register(digits=int(inputs.get("dials", 5)))
            marks = (
                Mark(1, day("2026-01-31"), previous),
                Mark(2, day("2026-02-28"), present, rollover=present < previous),
            )
            counted = type(counted)(1, digits=counted.digits, marks=marks)
            self.assertEqual(
                used(point(installation(counted)), "2026-02-01", "2026-02-28"),
                D(case["expected"]["usage"]),
                key,
            )

    def test_an_exchange(self):
        """MET-20: 2 on the old meter, 4 on the new one."""
        case = cases("meter")["MET-20"]
        expected, inputs = case["expected"], case["inputs"]
        old = installation(
            a_register(("2017-01-21", "0"), ("2017-02-02", expected["old_meter_usage"])),
            start="2016-01-01",
            end=inputs["exchange"],
        )
        new = installation(
            a_register((inputs["exchange"], "0"), ("2017-02-21", inputs["new_meter_usage"]), id=2),
            id=2,
            start=inputs["exchange"],
        )
        self.assertEqual(
            used(point(old, new), "2017-01-22", "2017-02-21"), D(inputs["total_usage"])
        )
