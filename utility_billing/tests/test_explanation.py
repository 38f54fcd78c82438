"""What people read about a charge, to the letter."""

from datetime import date
from decimal import Decimal

from ..engine.difference import Was, differences
from ..engine.facts import Benefit, Reduction
from ..engine.formula import Formula
from ..engine.rate import rate
from ..engine.single import counted, single, typed
from .explanation_common import ExplanationCommon
from .explanation_kit import OCTOBER, component, dated, metered, quantity, supply, traces, unit


class TestExplanation(ExplanationCommon):
    def october(self, **more):
        before, now = ("2026-09-30", "345.1"), ("2026-10-31", "357.445")
        return metered(self.meter, before, now, "12.345", **more)

    # -- prices of quantities ---------------------------------------------------------------

    def test_readings_stand_in_the_calculation(self):
        self.assertEqual(
            self.said(supply(unit("1.23"), usage=[self.october()])),
            [
                "12.345 m³ (meter A100: 345.100 on 09/30/2026 → 357.445 on 10/31/2026) × 1.23"
                " = 15.18"
            ],
        )

    def test_numbers_and_dates_are_those_of_the_language(self):
        self.env["res.lang"]._activate_lang("lt_LT")
        said = self.said(supply(unit("1.23"), usage=[self.october()]), "lt_LT")
        self.assertIn("12,345 m³", said[0])
        self.assertIn("345,100", said[0])
        self.assertIn("357,445", said[0])
        self.assertTrue(said[0].endswith("× 1,23 = 15,18"), said)
        self.assertNotIn("09/30/2026", said[0])

    def test_thousands_are_separated(self):
        said = self.said(supply(unit("1234.5"), usage=[quantity("1000")]))
        self.assertEqual(said, ["1,000 m³ × 1,234.50 = 1,234,500.00"])

    def test_two_meters_in_a_month(self):
        first = metered(self.meter, ("2026-09-30", "10"), ("2026-10-10", "14"), "4").pieces[0]
        second = metered(self.meter, ("2026-10-10", "0"), ("2026-10-31", "6"), "6").pieces[0]
        row = quantity("10", source_id=1, pieces=(first, second))
        self.assertEqual(
            self.said(supply(unit("2"), usage=[row])),
            [
                "4 m³: meter A100: 10 on 09/30/2026 → 14 on 10/10/2026",
                "6 m³: meter A100: 0 on 10/10/2026 → 6 on 10/31/2026",
                "10 m³ × 2.00 = 20.00",
            ],
        )

    def test_multiplier_rollover_and_conversion(self):
        conversion = {"counted": "400", "factor": "10.5"}
        row = self.october(multiplier="40", rollover=100000, conversion=conversion)
        self.assertEqual(
            self.said(supply(unit("1"), usage=[row])),
            [
                "12.345 m³ (meter A100: 345.100 on 09/30/2026 → 357.445 on 10/31/2026; rolled over "
                "at 100,000; × 40; 400 × 10.5 = 12.345 m³) × 1.00 = 12.35"
            ],
        )

    def test_a_part_of_what_was_read_over_two_months(self):
        between = {"from": "2026-09-01", "to": "2026-10-31", "quantity": "24.69"}
        row = self.october(between_readings=between)
        self.assertIn(
            "; 31 of 61 days, in which 24.69 were counted)",
            self.said(supply(unit("1"), usage=[row]))[0],
        )

    def test_blocks(self):
        blocks = unit(
            {"price": "3", "upper": "31"},
            {"price": "4.7", "upper": "62"},
            {"price": "6"},
            raised=False,
        )
        self.assertEqual(
            self.said(supply(blocks, usage=[quantity("80")], uom="kWh")),
            ["31 kWh × 3.00 + 31 kWh × 4.70 + 18 kWh × 6.00 = 346.70"],
        )

    def test_blocks_for_residents_and_days(self):
        blocks = unit({"price": "1", "upper": "4"}, {"price": "2"}, limit_per="resident")
        self.assertEqual(
            self.said(
                supply(
                    blocks,
                    usage=[quantity("10")],
                    values={"residents": (dated(2),)},
                    days=(date(2026, 10, 1), date(2026, 10, 10)),
                )
            ),
            [
                "Of 10 m³ on 10/01/2026 – 10/31/2026, 3.225806 m³ fall on 10/01/2026 – 10/10/2026.",
                "Block limits: 4 m³ × 2 × 10/31 = 2.580645",
                "2.580645 m³ × 1.00 + 0.645161 m³ × 2.00 = 3.87",
            ],
        )

    def said_of_budget(self, text):
        """What is said of 12 m³ in blocks whose limit is a formula over a garden of 200 m²."""
        blocks = unit(
            {"price": "1", "upper": "1"},
            {"price": "3"},
            limit_per="formula",
            limit_formula=Formula(text, ("garden",)),
        )
        garden = {"garden": (dated("200"),)}
        return self.said(supply(blocks, usage=[quantity("12")], values=garden, uom="m³"))

    def test_blocks_of_a_budget(self):
        said = self.said_of_budget("garden * 0.05")
        self.assertIn("Block limits are for 200 × 0.05 = 10", said)
        self.assertIn("10 m³ × 1.00 + 2 m³ × 3.00 = 16.00", said)

    def test_of_a_formula_what_came_true(self):
        said = self.said_of_budget("5 if garden >= 100 else garden * 0.05")
        self.assertIn("Block limits are for 5 (200 ≥ 100) = 5", said)

    def test_whole_blocks_with_an_amount(self):
        blocks = unit(
            {"price": "1", "upper": "5"},
            {"price": "2", "amount": "3"},
            blocks="whole",
            limit_per="period",
        )
        said = self.said(supply(blocks, usage=[quantity("10")]))
        self.assertEqual(said, ["10 m³ × 2.00 + 3.00 = 23.00"])

    def test_zones(self):
        self.env["utility.tou.zone"].create(
            [{"name": "Daytime", "code": "DX"}, {"name": "Night time", "code": "NX"}]
        )
        zoned = unit({"price": "0.2", "zone": "DX"}, {"price": "0.1", "zone": "NX"})
        row = quantity("30", bands={"import:DX": Decimal(20), "import:NX": Decimal(10)})
        self.assertEqual(
            self.said(supply(zoned, usage=[row], uom="kWh")),
            [
                "Daytime: 20 kWh × 0.20 = 4.00",
                "Night time: 10 kWh × 0.10 = 1.00",
                "Together: 4.00 + 1.00 = 5.00",
            ],
        )

    def test_units_that_count_whole(self):
        thousands = unit("2", quantity_unit=Decimal(1000), begun=True)
        self.assertEqual(
            self.said(supply(thousands, usage=[quantity("2500")], uom="gal")),
            ["(2,500 gal / 1,000 gal, begun ones whole) × 2.00 = 6.00"],
        )

    def test_half_of_a_point(self):
        said = self.said(supply(unit("2"), usage=[quantity("10")], share="50"))
        self.assertEqual(said, ["10 m³ × 2.00 × 50 % = 10.00"])

    # -- norms ------------------------------------------------------------------------------

    def normed(self, **more):
        piece = {
            "from": "2026-10-01",
            "to": "2026-10-10",
            "quantity": "4.474194",
            "method": "norm",
            "band": "import",
            "sign": 1,
            "reason": "unmetered",
            "by": "norm",
            "norm_quantity": "6.935",
            "residents": 2,
            **more,
        }
        span = (date(2026, 10, 1), date(2026, 10, 10))
        return quantity("4.474194", "norm", span, source_id=1, reason="unmetered", pieces=(piece,))

    def test_norm_of_residents(self):
        days = (date(2026, 10, 1), date(2026, 10, 10))
        self.assertEqual(
            self.said(supply(unit("2"), usage=[self.normed()], days=days)),
            ["4.474194 m³ (norm: 2 residents × 6.935 m³ × 10/31; no meter) × 2.00 = 8.95"],
        )

    def test_norm_raised(self):
        days = (date(2026, 10, 1), date(2026, 10, 10))
        facts = supply(unit("2"), usage=[self.normed()], days=days, raising=(dated("1.5"),))
        self.assertEqual(
            self.said(facts)[1:],
            [
                "No meter, though one could be installed: norm 4.474194 m³ × (1.5 − 1) ="
                " 2.237097 m³",
                "2.237097 m³ × 2.00 = 4.47",
            ],
        )

    def test_estimated_by_average(self):
        piece = {
            "from": "2026-10-01",
            "to": "2026-10-31",
            "quantity": "10.5",
            "method": "estimated",
            "band": "import",
            "sign": 1,
            "reason": "missing",
            "by": "average",
            "measured": "61.5",
            "measured_days": 183,
            "days": 31,
        }
        row = quantity("10.5", "estimated", source_id=1, reason="missing", pieces=(piece,))
        self.assertEqual(
            self.said(supply(unit("2"), usage=[row])),
            [
                "10.5 m³ (daily average of the last periods: 61.5 m³ in 183 days × 31 days; "
                "no reading came) × 2.00 = 21.00"
            ],
        )

    # -- other components ---------------------------------------------------------------------

    def test_fixed_for_some_days(self):
        days = (date(2026, 10, 13), date(2026, 10, 31))
        self.assertEqual(
            self.said(supply(component("fixed", "0.79"), days=days)),
            ["0.79 a month × 19/31 = 0.48"],
        )
        thirty = component("fixed", "0.79", proration="days_of_n", proration_days=Decimal(30))
        self.assertEqual(self.said(supply(thirty, days=days)), ["0.79 a month × 19/30 = 0.50"])

    def test_fixed_for_a_whole_month_a_day_and_a_year(self):
        self.assertEqual(self.said(supply(component("fixed", "0.79"))), ["0.79 a month = 0.79"])
        daily = component("fixed", "0.025", per="day")
        self.assertEqual(self.said(supply(daily)), ["0.025 a day × 31 days = 0.78"])
        yearly = component("fixed", "12", per="year")
        self.assertEqual(self.said(supply(yearly)), ["12.00 a year × 1/12 = 1.00"])

    def test_attribute(self):
        area = self.make_attribute(
            "checked_area", uom_id=self.env.ref("uom.product_uom_square_meter").id
        )
        facts = supply(
            component("attribute", "0.35", attribute=area.code),
            values={area.code: (dated("54.2"),)},
        )
        self.assertEqual(self.said(facts), ["54.2 m² × 0.35 = 18.97"])

    def test_attribute_that_changes(self):
        rows = (
            dated(2, (date(2026, 10, 1), date(2026, 10, 10))),
            dated(3, (date(2026, 10, 11), date(2026, 10, 31))),
        )
        facts = supply(
            component("attribute", "3.1", attribute="residents"), values={"residents": rows}
        )
        self.assertEqual(
            self.said(facts),
            [
                "10/01/2026 – 10/10/2026: 2 residents × 3.10 a month × 10/31 = 2.00",
                "10/11/2026 – 10/31/2026: 3 residents × 3.10 a month × 21/31 = 6.30",
                "Together: 2.00 + 6.30 = 8.30",
            ],
        )

    def test_demand(self):
        peak = component("demand", "5", ratchet_percent=Decimal(80))
        demand = {(2026, 9): {"": Decimal(50)}, (2026, 10): {"": Decimal(30)}}
        self.assertEqual(
            self.said(supply(peak, demand=demand)),
            [
                "highest demand 30; at least 80 % of what was reached before, 40",
                "40 × 5.00 = 200.00",
            ],
        )

    def test_percentage_minimum_and_rounding(self):
        facts = supply(
            unit("1", id=1, code="use", name="Use"),
            component("percentage", "10", id=2, of=("use",)),
            component("minimum", "20", id=3, of=("use", "percentage")),
            component("fixed", "1.01", id=4, rounding="ceiling", rounding_unit=Decimal("0.1")),
            usage=[quantity("7.25")],
        )
        self.assertEqual(
            self.said(facts),
            [
                "7.25 m³ × 1.00 = 7.25",
                "10 % of use 7.25 = 0.73",
                "1.01 a month = 1.01",
                "Rounded up to 0.1: 1.10",
                "minimum 20.00 − (use 7.25 + percentage 0.73) = 12.02",
            ],
        )

    # -- reliefs ------------------------------------------------------------------------------

    def test_benefit_and_who_pays(self):
        fund = self.make_person("The State")
        benefit = Benefit(
            7, *OCTOBER, "percent", Decimal(50), fund_id=fund.id, fund_percent=Decimal(80)
        )
        facts = supply(unit("1"), usage=[quantity("10")], benefits=(benefit,))
        self.assertEqual(
            self.said(facts)[1:],
            [
                "benefit #7: −10.00 × 50 % = −5.00",
                "The State pays 4.00 of it; 1.00 remain with the supplier.",
            ],
        )

    def test_benefit_within_the_norm_for_some_persons(self):
        benefit = Benefit(
            7, *OCTOBER, "percent", Decimal(50), "norm", "person", 1, norm_person=Decimal(3)
        )
        facts = supply(
            unit("1"),
            usage=[quantity("10")],
            benefits=(benefit,),
            values={"residents": (dated(3),)},
        )
        self.assertEqual(
            self.said(facts)[1:],
            [
                "Within the norm of 3 m³: 3 m³ × 1.00 = 3.00",
                "benefit #7: −3.00 × 50 % = −1.50",
            ],
        )

    def test_absence_of_one_of_three(self):
        reduction = Reduction(
            9, "absence", date(2026, 10, 1), date(2026, 10, 10), Decimal(100), persons=1
        )
        facts = supply(
            component("fixed", "31"), reductions=(reduction,), values={"residents": (dated(3),)}
        )
        self.assertEqual(
            self.said(facts)[1:],
            ["absence, #9: −31.00 × 10 of 31 days × 1 of 3 persons = −3.33"],
        )

    def test_no_more_than_is_left(self):
        benefits = (
            Benefit(1, *OCTOBER, "percent", Decimal(80)),
            Benefit(2, *OCTOBER, "percent", Decimal(50)),
        )
        facts = supply(unit("1"), usage=[quantity("10")], benefits=benefits)
        self.assertEqual(
            self.said(facts)[2:],
            [
                "benefit #2: −10.00 × 50 % = −5.00",
                "no more than is left: −2.00 (instead of 5.00) = −2.00",
            ],
        )

    def test_a_part_of_the_quantity_that_is_reduced(self):
        reduction = Reduction(
            9, "quality", *OCTOBER, Decimal(50), sources=("norm",), codes=("unit",)
        )
        pieces = tuple(
            {
                "from": "2026-10-01",
                "to": "2026-10-31",
                "quantity": number,
                "method": method,
                "band": "import",
                "sign": 1,
            }
            for number, method in (("4", "norm"), ("6", "measured"))
        )
        row = quantity("10", source_id=1, pieces=pieces)
        self.assertEqual(
            self.said(supply(unit("1"), usage=[row], reductions=(reduction,)))[-1],
            "poor quality, #9: −10.00 × 50 % × 4/10 = −2.00",
        )

    def test_an_amount_by_hand_and_a_one_off_service(self):
        charge = {"agreement_id": 1, "payer_id": 1, "taxes": "", "tax_included": False}
        by_hand = single(
            "manual",
            "correction",
            "Correction",
            [typed(Decimal("5"), minus=True)],
            day=OCTOBER[0],
            quantity=Decimal(0),
            price=None,
            basis={"adjustment": 3, "number": "KOR-3", "reason": "charged twice"},
            **charge,
        )
        one_off = single(
            "one_off",
            "seal",
            "Sealing",
            [counted(Decimal(2), Decimal("4.5"))],
            day=OCTOBER[0],
            quantity=Decimal(2),
            price=Decimal("4.5"),
            basis={"adjustment": 4, "number": "DA-4"},
            uom="pcs",
            **charge,
        )
        self.assertEqual(
            self.explained([by_hand.trace, one_off.trace]),
            [
                ["KOR-3, charged twice: amount as entered: −5.00"],
                ["DA-4: 2 pcs × 4.50 = 9.00"],
            ],
        )

    # -- differences --------------------------------------------------------------------------

    def test_difference_names_the_reading_that_changed(self):
        old = rate(supply(unit("1.23"), usage=[self.october()]))
        mended = metered(self.meter, ("2026-09-30", "345.1"), ("2026-10-31", "355.1"), "10")
        new = rate(supply(unit("1.23"), usage=[mended]))
        was = {old[0].key: Was((1,), old[0].quantity, old[0].amount, old[0])}
        found = differences(was, new)
        self.assertEqual(
            self.explained([found[0].trace]),
            [
                [
                    "Was 15.18, is 12.30: −2.88",
                    "Quantity: was 12.345 m³, is 10 m³",
                    "Reading of meter A100 on 10/31/2026: was 357.445, is 355.1",
                    "Before: 12.345 m³ (meter A100: 345.100 on 09/30/2026 → 357.445 on 10/31/2026)"
                    " × 1.23 = 15.18",
                    "Now: 10 m³ (meter A100: 345.1 on 09/30/2026 → 355.1 on 10/31/2026) × 1.23"
                    " = 12.30",
                ]
            ],
        )

    def test_difference_where_nothing_is_due_any_more(self):
        old = rate(supply(component("fixed", "2")))
        was = {old[0].key: Was((1,), old[0].quantity, old[0].amount, old[0])}
        self.assertEqual(
            self.explained([differences(was, [])[0].trace])[0],
            [
                "Was 2.00, is 0.00: −2.00",
                "Nothing is due for it any more.",
                "Before: 2.00 a month = 2.00",
            ],
        )

    def test_difference_by_price(self):
        old, new = (rate(supply(component("fixed", price))) for price in ("2", "2.5"))
        was = {old[0].key: Was((1,), old[0].quantity, old[0].amount, old[0])}
        said = self.explained([differences(was, new)[0].trace])[0]
        self.assertEqual(said[:2], ["Was 2.00, is 2.50: 0.50", "Price: was 2.00, is 2.50"])

    # -- what it does not know ----------------------------------------------------------------

    def test_another_engine_is_written_down_as_it_is(self):
        said = self.explained(
            [{"engine": "9", "kind": "odd", "terms": [{"how": "magic", "x": "1"}]}]
        )
        self.assertEqual(
            said, [["engine: 9", "kind: odd", "terms 1 › how: magic", "terms 1 › x: 1"]]
        )

    def test_another_term_is_written_down_as_it_is(self):
        trace = traces(supply(unit("1"), usage=[quantity("10")]))[0]
        trace["parts"][0]["terms"] = [{"how": "magic", "x": "1"}]
        self.assertEqual(self.explained([trace]), [["how: magic", "x: 1", "Together: 10.00"]])

    def test_a_broken_trace_is_no_error(self):
        said = self.explained([{"engine": "1", "kind": "consumption"}, "text", None])
        self.assertEqual(said, [["engine: 1", "kind: consumption"], ["text"], []])

    def test_names_are_fetched_once(self):
        one = traces(supply(unit("1.23"), usage=[self.october()]))
        self.explained(one)
        self.env.invalidate_all()
        with self.assertQueryCount(9):
            self.explained(one * 50)
