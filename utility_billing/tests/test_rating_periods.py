from decimal import Decimal

from odoo.tests import BaseCase, tagged

from .rating_kit import amounts, blocks, component, known, line, rated, spell, supply, used, version

D = Decimal


def by_payer(facts, code="fee"):
    return {charge.payer_id: charge.amount for charge in rated(facts) if charge.code == code}


def changing(on, old, new, payers=(1, 1)):
    """Spells with the old rate until the day before, the new one from the day on."""
    day = int(on[-2:])
    return (
        spell("2020-01-01", f"{on[:-2]}{day - 1:02d}", version(*old, id=1), payer=payers[0]),
        spell(on, "2099-12-31", version(*new, id=2), payer=payers[1]),
    )


@tagged("post_install", "-at_install")
class TestPartOfAMonth(BaseCase):
    """A price of a month, for some of its days."""

    def _fee(self, price="31.00", **more):
        return component("fixed", price, "fee", **more)

    def test_by_days_of_the_month(self):
        fee = version(self._fee("30.00"))
        self.assertEqual(amounts(supply(fee, None, "2026-06-12", "2026-06-30"))["fee"], D("19.00"))
        self.assertEqual(amounts(supply(fee, None, "2026-02-15", "2026-02-28"))["fee"], D("15.00"))
        # 17 of 31 days, a whole month, 10 of 31 days
        self.assertEqual(
            amounts(supply(version(self._fee()), None, "2026-01-15", "2026-03-10"))["fee"],
            D("58.00"),
        )

    def test_a_price_that_changes_within_the_month(self):
        facts = supply(changing("2026-03-11", [self._fee()], [self._fee("62.00")]))
        (fee,) = rated(facts)
        self.assertEqual(fee.amount, D("52.00"))  # 10 days of 31.00, 21 of 62.00
        self.assertEqual(fee.quantity, 1)
        self.assertIsNone(fee.price)
        self.assertEqual([part["version"] for part in fee.trace["parts"]], [1, 2])

    def test_by_days_of_thirty(self):
        fee = version(self._fee("30.00", proration="days_of_n"))
        self.assertEqual(amounts(supply(fee))["fee"], D("31.00"))
        otter_tail = self._fee("30.00", proration="days_of_n", proration_days=D("30.416667"))
        facts = supply(version(otter_tail), None, "2026-03-01", "2026-03-29")
        self.assertEqual(amounts(facts)["fee"], D("28.60"))

    def test_whole_month_from_so_many_days(self):
        fee = version(self._fee("9.00", proration="whole_month", proration_days=D(15)))
        self.assertEqual(amounts(supply(fee, None, "2026-03-17", "2026-03-31"))["fee"], D("9.00"))
        self.assertEqual(amounts(supply(fee, None, "2026-03-18", "2026-03-31")), {})
        # 14 days of January, all of February, 15 of March
        facts = supply(fee, None, "2026-01-18", "2026-03-15")
        self.assertEqual(amounts(facts)["fee"], D("18.00"))

    def test_whole_month_at_the_price_of_most_of_its_days(self):
        whole = {"proration": "whole_month", "proration_days": D(15)}
        old, new = self._fee("9.00", **whole), self._fee("12.00", **whole)
        self.assertEqual(amounts(supply(changing("2026-03-17", [old], [new])))["fee"], D("9.00"))
        self.assertEqual(amounts(supply(changing("2026-03-16", [old], [new])))["fee"], D("12.00"))

    def test_whole_month_of_the_payer_of_most_of_its_days(self):
        fee = [self._fee("9.00", proration="whole_month", proration_days=D(15))]
        march = supply(changing("2026-03-20", fee, fee, payers=(1, 2)))
        self.assertEqual(by_payer(march), {1: D("9.00")})
        # of the same number of days the later payer has the month
        april = supply(
            changing("2026-04-16", fee, fee, payers=(1, 2)), None, "2026-04-01", "2026-04-30"
        )
        self.assertEqual(by_payer(april), {2: D("9.00")})

    def test_none_is_whole_and_once(self):
        fee = [self._fee("9.00", proration="none")]
        facts = supply(version(*fee), None, "2026-03-30", "2026-03-31")
        self.assertEqual(amounts(facts)["fee"], D("9.00"))
        changed = supply(changing("2026-03-20", fee, [self._fee("12.00", proration="none")]))
        self.assertEqual(amounts(changed)["fee"], D("12.00"))
        sold = supply(changing("2026-03-20", fee, fee, payers=(1, 2)))
        self.assertEqual(by_payer(sold), {2: D("9.00")})

    def test_by_day_and_by_year(self):
        self.assertEqual(amounts(supply(version(self._fee("0.15", per="day"))))["fee"], D("4.65"))
        yearly = version(self._fee("120.00", per="year"))
        self.assertEqual(amounts(supply(yearly))["fee"], D("10.00"))
        self.assertEqual(
            amounts(supply(yearly, None, "2026-06-01", "2026-06-15"))["fee"], D("5.00")
        )

    def test_two_months_by_days_of_the_period(self):
        fee = version(self._fee("10.00", proration="days_of_period"))
        two = supply(fee, None, "2026-01-01", "2026-02-28", cycle_months=2)
        self.assertEqual(amounts(two)["fee"], D("20.00"))
        # 28 of 59 days of a fee of two months
        late = supply(fee, None, "2026-02-01", "2026-02-28", cycle=two.period, cycle_months=2)
        self.assertEqual(amounts(late)["fee"], D("9.49"))
        (charge,) = rated(late)
        self.assertEqual((charge.quantity, charge.price), (D("0.949153"), D("10.00")))

    def test_a_fee_of_the_period(self):
        fee = version(self._fee("10.00", per="period"))
        two = supply(fee, None, "2026-01-01", "2026-02-28", cycle_months=2)
        self.assertEqual(amounts(two)["fee"], D("10.00"))
        late = supply(fee, None, "2026-02-01", "2026-02-28", cycle=two.period, cycle_months=2)
        self.assertEqual(amounts(late)["fee"], D("4.75"))

    def test_an_area_that_grows(self):
        area = version(component("attribute", "0.50", "area", attribute="area"))
        values = {
            "area": (known("50", last="2026-03-10"), known("60", "2026-03-11")),
        }
        (charge,) = rated(supply(area, values=values))
        # 50 m² for 10 days, 60 m² for 21
        self.assertEqual(charge.amount, D("28.39"))
        self.assertEqual((charge.quantity, charge.price), (D("56.774194"), D("0.50")))

    def test_a_price_is_told_where_the_quantity_at_it_is_the_amount(self):
        def told(one, quantity, **more):
            (charge,) = rated(supply(version(one), quantity, **more))
            return charge.quantity, charge.price, charge.amount

        usage = component("unit", "2", "usage", begun=True)
        self.assertEqual(told(usage, "6.5"), (D("6.5"), None, D("14.00")))
        usage = component("unit", "2", "usage", quantity_unit=D(1000))
        self.assertEqual(told(usage, "6500"), (D(6500), None, D("13.00")))
        lines = (line("2", zone="DAY"), line("2", zone="NIGHT"))
        demand = {"demand": {(2026, 3): {"DAY": D(5), "NIGHT": D(4)}}}
        self.assertEqual(
            told(component("demand", lines, "demand"), None, **demand), (9, 2, D("18.00"))
        )
        self.assertEqual(
            told(component("fixed", "0.15", "fee", per="day"), None), (31, D("0.15"), D("4.65"))
        )

    def test_rates_may_use_the_same_numbers_of_components(self):
        """Each version's own way of counting days is used for its days."""
        whole = self._fee("31.00", per="period", proration="none")
        facts = supply(changing("2026-03-11", [whole], [self._fee("31.00")]))
        self.assertEqual(amounts(facts)["fee"], D("21.00"))

    def test_thirds_add_up_before_they_are_rounded(self):
        """0.125 is 0.13, though 10/31 and 21/31 of it are a hair less."""
        fee = [self._fee("0.125")]
        facts = supply(changing("2026-03-11", fee, [self._fee("0.125")]))
        self.assertEqual(amounts(facts)["fee"], D("0.13"))


@tagged("post_install", "-at_install")
class TestBlocksInTime(BaseCase):
    TIERS = blocks(("0.10", "500"), ("0.15", None))

    def _usage(self, lines=TIERS, **more):
        return component("unit", lines, "usage", **more)

    def test_limits_follow_the_days_of_the_month(self):
        self.assertEqual(amounts(supply(version(self._usage()), "600"))["usage"], D("65.00"))
        # 15 of 30 days: 250 at 0.10, 50 at 0.15
        facts = supply(version(self._usage()), "300", "2026-06-01", "2026-06-15")
        self.assertEqual(amounts(facts)["usage"], D("32.50"))
        facts = supply(version(self._usage(limits_scaled=False)), "300", "2026-06-01", "2026-06-15")
        self.assertEqual(amounts(facts)["usage"], D("30.00"))

    def test_two_months_have_twice_the_limits(self):
        two = {"first": "2026-01-01", "last": "2026-02-28", "cycle_months": 2}
        for scaled in (True, False):
            usage = version(self._usage(limits_scaled=scaled))
            self.assertEqual(amounts(supply(usage, "1100", **two))["usage"], D("115.00"))

    def test_limits_by_days_of_the_period(self):
        usage = version(self._usage(proration="days_of_period"))
        facts = supply(
            usage,
            "300",
            "2026-02-01",
            "2026-02-14",
            cycle=supply(usage, None, "2026-01-18", "2026-02-14").period,
        )
        # half of a cycle of 28 days
        self.assertEqual(amounts(facts)["usage"], D("32.50"))

    def test_amounts_of_a_block_follow_the_days_too(self):
        fee = (line("0", "100", amount=D(31)), line("0", None, amount=D(62)))
        whole = version(self._usage(fee, blocks="whole"))
        self.assertEqual(amounts(supply(whole, "90"))["usage"], D("31.00"))
        self.assertEqual(amounts(supply(whole, "100.001"))["usage"], D("62.00"))
        changed = changing("2026-03-11", whole.components, whole.components)
        self.assertEqual(amounts(supply(changed, "90"))["usage"], D("31.00"))

    def test_blocks_of_an_area_are_not_stretched_but_paid_by_days(self):
        area = version(
            component("attribute", blocks(("1", "50"), ("2", None)), "area", attribute="area")
        )
        values = {"area": known("70")}
        self.assertEqual(amounts(supply(area, values=values))["area"], D("90.00"))
        half = supply(area, None, "2026-06-01", "2026-06-15", values=values)
        self.assertEqual(amounts(half)["area"], D("45.00"))

    def test_limits_by_resident_change_with_them(self):
        usage = version(self._usage(blocks(("1", "3.1"), ("2", None)), limit_per="resident"))
        values = {"residents": (known(1, last="2026-03-10"), known(3, "2026-03-11"))}
        # 10 days: 3.1 m³ used, 1 of them in the block; 21 days: 6.51 used, 6.3 in the block
        facts = supply(usage, "9.61", values=values)
        self.assertEqual(amounts(facts)["usage"], D("11.92"))

    def test_limits_by_dwelling(self):
        # 3.1 m³ a month at 1 for each dwelling, the rest at 2
        usage = version(self._usage(blocks(("1", "3.1"), ("2", None)), limit_per="dwelling"))
        self.assertEqual(amounts(supply(usage, "9.61"))["usage"], D("16.12"))
        values = {"dwellings": known(2)}
        house = supply(usage, "9.61", values=values, many_dwellings=True)
        self.assertEqual(amounts(house)["usage"], D("13.02"))

    def test_months_of_a_reading_that_do_not_divide(self):
        def split(how, quantity):
            usage = version(self._usage("1", month_split=how))
            (charge,) = rated(supply(usage, quantity, "2026-01-01", "2026-03-31"))
            self.assertEqual(charge.amount, D(quantity))
            return [D(part["terms"][0]["quantity"]) for part in charge.trace["parts"]]

        self.assertEqual(split("whole_last", "56"), [18, 19, 19])
        self.assertEqual(split("whole_first", "56"), [19, 19, 18])
        self.assertEqual(split("whole_last", "55.5"), [18, 18, D("19.5")])
        self.assertEqual(split("whole_first", "-56"), [-18, -19, -19])
        self.assertEqual(split("equal", "100"), [D("33.333333"), D("33.333334"), D("33.333333")])

    def test_a_month_of_a_reading_is_cut_where_something_changes(self):
        usage = self._usage("1", month_split="equal", condition="residents > 0")
        values = {"residents": (known(1, last="2026-01-10"), known(2, "2026-01-11"))}
        facts = supply(version(usage), "62", "2026-01-01", "2026-02-28", values=values)
        (charge,) = rated(facts)
        self.assertEqual(
            [D(part["terms"][0]["quantity"]) for part in charge.trace["parts"]],
            [10, 21, 31],
        )

    def test_season(self):
        lines = (line("2", months=(5, 9)), line("1", months=(10, 4)))
        usage = version(self._usage(lines))
        rows = (
            used("10", "2026-04-01", "2026-04-30"),
            used("20", "2026-05-01", "2026-05-31"),
        )
        facts = supply(usage, rows, "2026-04-01", "2026-05-31", cycle_months=2)
        self.assertEqual(amounts(facts)["usage"], D("50.00"))


@tagged("post_install", "-at_install")
class TestConditionsAndNames(BaseCase):
    def test_a_condition_holds_from_the_day_on_which_it_does(self):
        fee = version(component("fixed", "31.00", "fee", condition="residents > 1"))
        values = {"residents": (known(1, last="2026-03-10"), known(2, "2026-03-11"))}
        self.assertEqual(amounts(supply(fee, values=values))["fee"], D("21.00"))

    def test_a_whole_fee_whose_condition_ends(self):
        fee = version(
            component("fixed", "31.00", "fee", condition="residents > 1", proration="none")
        )
        values = {"residents": (known(2, last="2026-03-10"), known(1, "2026-03-11"))}
        self.assertEqual(amounts(supply(fee, values=values))["fee"], D("31.00"))

    def test_a_formula_over_amounts_is_shared_once(self):
        usage = component("unit", "2", "usage")
        pump = component("formula", code="pump", formula="usage * 0.1", proration="none")
        rates = (spell("2020-01-01", "2099-12-31", version(usage, pump), share=D(50)),)
        self.assertEqual(amounts(supply(rates, "100")), {"usage": D("100.00"), "pump": D("10.00")})

    def test_a_total_leaves_out_days_without_an_agreement(self):
        fee = version(component("fixed", "31", "fee", condition="total_quantity > 10"))
        rates = (
            spell("2020-01-01", "2026-03-10", fee),
            spell("2026-03-22", "2099-12-31", fee, payer=2),
        )
        rows = (used("6", "2026-03-01", "2026-03-10"), used("6", "2026-03-22", "2026-03-31"))
        self.assertEqual(by_payer(supply(rates, rows)), {1: D("10.00"), 2: D("10.00")})

    def test_a_percentage_of_some_days_of_an_amount(self):
        usage = component("unit", blocks(("1", "31"), ("2", None)), "usage")
        fee = component("fixed", "31", "fee")
        levy = component("percentage", "10", "levy", of=("usage", "fee"), condition="residents > 1")
        values = {"residents": (known(1, last="2026-03-10"), known(2, "2026-03-11"))}
        # 21 of 31 days of 93.00 and of 31.00
        facts = supply(version(usage, fee, levy), "62", values=values)
        self.assertEqual(amounts(facts)["levy"], D("8.40"))

    def test_days_without_a_quantity_take_the_next_source(self):
        """A meter since 15 March; a share of the building, 31 for the month, before it."""
        norm = used("99", "2026-03-01", "2026-03-14", "norm", source_id=1)
        pieces = (
            {"from": "2026-03-01", "to": "2026-03-10", "quantity": "20"},
            {"from": "2026-03-11", "to": "2026-03-31", "quantity": "21"},
        )
        for more, expected in (({}, "14"), ({"pieces": pieces}, "24")):
            share = used("31", "2026-03-01", "2026-03-31", "allocated", source_id=3, **more)
            facts = supply(
                version(component("unit", "1", "usage")),
                (norm, used("12", "2026-03-15", "2026-03-31", source_id=2)),
                quantities={"allocated": (share,)},
                preference=("measured", "allocated"),
            )
            (charge,) = rated(facts)
            self.assertEqual(charge.amount, D(expected) + 12)
            self.assertEqual(
                [
                    (row["id"], row["from"], row["to"], D(row["quantity"]))
                    for row in charge.trace["parts"][0]["rows"]
                ],
                [(3, "2026-03-01", "2026-03-14", D(expected)), (2, "2026-03-15", "2026-03-31", 12)],
            )

    def test_a_minimum_whose_price_changes(self):
        usage = component("unit", "1", "usage")
        old, new = component("minimum", "31", "least"), component("minimum", "62", "least")
        facts = supply(changing("2026-03-11", [usage, old], [usage, new]), "20")
        self.assertEqual(amounts(facts), {"usage": D("20.00"), "least": D("32.00")})

    def test_a_minimum_whose_prices_become_gross(self):
        net, gross = (
            version(
                component("unit", "1", "usage", tax_included=included),
                component("minimum", "31", "least", tax_included=included),
                id=number,
            )
            for number, included in enumerate((False, True), 1)
        )
        spells = [
            spell("2026-03-01", "2026-03-10", net, taxes="21"),
            spell("2026-03-11", "2026-03-31", gross, taxes="21"),
        ]
        # 10.00 of 31.00 without tax, 21.00 with it
        self.assertEqual(
            [(one.code, one.tax_included, one.amount) for one in rated(supply(spells, "15.5"))],
            [
                ("usage", False, D("5.00")),
                ("usage", True, D("10.50")),
                ("least", False, D("5.00")),
                ("least", True, D("10.50")),
            ],
        )

    def test_a_maximum(self):
        usage = component("unit", "1", "usage")
        most = component("maximum", "15", "most", of=("usage",))
        facts = supply(version(usage, most), "20")
        self.assertEqual(amounts(facts), {"usage": D("20.00"), "most": D("-5.00")})

    def test_a_minimum_of_a_season(self):
        lines = (line("31", months=(4, 4)), line("10", months=(5, 3)))
        least = component("minimum", lines, "least")
        usage = component("unit", "1", "usage")
        facts = supply(version(usage, least), "0", "2026-03-01", "2026-04-30")
        self.assertEqual(amounts(facts)["least"], D("41.00"))

    def test_what_is_fed_in_covers_nothing_below_zero(self):
        row = used("0", "2026-03-01", "2026-03-31")._replace(
            bands={"import:A": D(-5), "import:B": D(10), "export": D(4)}
        )
        usage = component("unit", (line("1", zone="A"), line("1", zone="B")), "usage")
        excess = component("unit", "-1", "excess", source="excess")
        facts = supply(version(usage, excess, netting=("A", "B")), (row,))
        self.assertEqual(amounts(facts), {"usage": D("1.00"), "excess": D("0.00")})

    def test_zones_of_a_season(self):
        """No summer price in winter is missed where nothing is used in the zone."""
        lines = (
            line("3", zone="PEAK", months=(5, 9)),
            line("2", zone="DAY", months=(10, 4)),
            line("1", zone="NIGHT"),
        )
        row = used("30", "2026-03-01", "2026-03-31")._replace(
            bands={"import:DAY": D(10), "import:NIGHT": D(20), "import:PEAK": D(0)}
        )
        facts = supply(version(component("unit", lines, "usage")), (row,))
        self.assertEqual(amounts(facts)["usage"], D("40.00"))
        demand = version(component("demand", lines, "demand"))
        peaks = {(2026, 3): {"DAY": D(5), "NIGHT": D(4)}}
        self.assertEqual(amounts(supply(demand, demand=peaks))["demand"], D("14.00"))

    def test_the_highest_of_the_day_is_that_of_any_zone(self):
        demand = version(component("demand", "2", "demand"))
        peaks = {(2026, 3): {"DAY": D(5), "NIGHT": D(4)}}
        self.assertEqual(amounts(supply(demand, demand=peaks))["demand"], D("10.00"))
