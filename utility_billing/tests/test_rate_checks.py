from psycopg2.errors import UniqueViolation

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .rate_common import RateCommon


@tagged("post_install", "-at_install")
class TestRateChecks(RateCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.version = cls.make_version(
            cls.schedule, "2026-01-01", {"code": "use", "name": "Use", "price": 1}
        )

    def refused(self, message, **vals):
        with self.assertRaisesRegex(ValidationError, message), self.env.cr.savepoint():
            self.add_component(self.version, **{"code": "new", "name": "New", **vals})

    # -- blocks -----------------------------------------------------------------------------

    def test_blocks_that_overlap(self):
        self.refused(
            "New: blocks overlap: one begins above 8, though the one before it goes to 10",
            lines=[{"quantity_to": 10, "price": 1}, {"quantity_from": 8, "price": 2}],
        )

    def test_blocks_with_a_gap(self):
        self.refused(
            "there is a gap between blocks: nothing is priced from 10 to 12",
            lines=[{"quantity_to": 10, "price": 1}, {"quantity_from": 12, "price": 2}],
        )
        self.refused("nothing is priced from 0 to 3", lines=[{"quantity_from": 3, "price": 2}])
        self.refused("nothing is priced above 10", lines=[{"quantity_to": 10, "price": 1}])

    def test_two_prices_for_the_same(self):
        night = self.night_zone.id
        self.refused("New has two prices: keep one", lines=[{"price": 1}, {"price": 2}])
        self.refused(
            f"New has two prices in zone {self.night_zone.name} in month 4",
            lines=[
                {"zone_id": night, "price": 1, "month_from": 10, "month_to": 4},
                {"zone_id": night, "price": 2, "month_from": 4, "month_to": 9},
            ],
        )

    def test_a_season_without_a_price(self):
        self.refused(
            "New has no price in month 5", lines=[{"price": 1, "month_from": 6, "month_to": 4}]
        )

    def test_a_price_for_any_zone_stands_in(self):
        component = self.add_component(
            self.version,
            code="new",
            lines=[
                {"price": 1},
                {"zone_id": self.night_zone.id, "price": 2, "month_from": 5, "month_to": 9},
            ],
        )
        self.assertFalse(component._problems())

    def test_blocks_of_what_has_none(self):
        self.refused(
            "not blocks and zones",
            kind="fixed",
            lines=[{"quantity_to": 3, "price": 1}, {"quantity_from": 3, "price": 1}],
        )
        self.refused(
            "this quantity has no zones",
            month_split="equal",
            lines=[{"zone_id": self.night_zone.id, "price": 1}],
        )
        self.refused("an amount of a block is due only", lines=[{"price": 1, "amount": 5}])

    def test_no_price(self):
        self.add_component(self.version, code="new", name="New", priced_by="lines")
        with self.assertRaisesRegex(ValidationError, "New has no price: add its prices"):
            self.version.action_approve()

    # -- formulas ---------------------------------------------------------------------------

    def test_a_formula_that_cannot_be_used(self):
        for formula, message in (
            ("quantity * (2", "cannot be read"),
            ("quantity * floors_count", "“floors_count” in the formula “quantity \\* floors_"),
            ("__import__('os')", "is not allowed|does not exist"),
            ("quantity.real", "“quantity.real” is not allowed"),
            ("sqrt(quantity)", "calls “sqrt”, which does not exist"),
            ("min()", "too few or too many"),
            ("1+" * 260 + "1", "more than 500 characters"),
            ("", "write its formula"),
        ):
            self.refused(message, kind="formula", formula=formula)

    def test_a_condition_is_a_formula_too(self):
        self.refused("“floors_count” in the formula", price=1, condition="floors_count > 3")

    def test_components_of_each_other(self):
        self.add_component(self.version, code="one", name="One", kind="formula", formula="use * 2")
        two = self.add_component(
            self.version, code="two", name="Two", kind="formula", formula="one + 1"
        )
        one = self.version.component_ids.filtered(lambda component: component.code == "one")
        with (
            self.assertRaisesRegex(ValidationError, "One → Two → One|Two → One → Two"),
            self.env.cr.savepoint(),
        ):
            one.formula = "two * 2"
        percent = self.add_component(
            self.version,
            code="levy",
            name="Levy",
            kind="percentage",
            price=3,
            of_component_ids=[(4, two.id)],
        )
        with self.assertRaisesRegex(ValidationError, "may not be made of itself"):
            one.formula = "levy * 2"
        self.assertEqual(percent._made_of(), ["two"])

    def test_net_and_gross_amounts_are_not_reckoned_up(self):
        """The usage is priced without tax: what is made of it, or held against it, is so, too."""
        use = self.version.component_ids
        for vals in (
            {"kind": "minimum", "price": 5},
            {"kind": "percentage", "price": 5, "of_component_ids": [(6, 0, use.ids)]},
            {"kind": "formula", "formula": "use * 2"},
        ):
            other = self.add_component(
                self.version, code="other", name="Other", tax_included=True, **vals
            )
            self.assertEqual(
                self.version._problems(),
                ["Other is made of or held against Use: let both prices include tax, or neither."],
            )
            other.tax_included = False
            self.assertEqual(self.version._problems(), [])
            other.unlink()

    def test_what_is_taxed_otherwise_is_not_held_against_a_minimum(self):
        self.add_component(
            self.version,
            code="least",
            name="Least",
            kind="minimum",
            price=5,
            tax_included=True,
            has_own_taxes=True,
        )
        self.assertEqual(self.version._problems(), [])

    def test_a_minimum_comes_last(self):
        self.add_component(self.version, code="least", name="Least", kind="minimum", price=3)
        self.refused("New cannot be made of Least", kind="formula", formula="least * 2")

    def test_a_percentage_of_something(self):
        self.add_component(self.version, code="new", kind="percentage", price=3)
        with self.assertRaisesRegex(ValidationError, "say of which components"):
            self.version.action_approve()

    # -- the rest ---------------------------------------------------------------------------

    def test_a_ratchet_out_of_range(self):
        self.refused("between 0 and 100 %, not at 120 %", kind="demand", ratchet_percent=120)
        self.refused("up to 11 months, not 24", kind="demand", ratchet_range=24)
        self.refused("not “6, 13”", kind="demand", ratchet_months="6, 13")
        self.refused("not “June”", kind="demand", ratchet_months="June")

    def test_which_characteristic(self):
        text = self.make_attribute("wall_colour", "text")
        self.refused("say which characteristic counts", kind="attribute")
        self.refused("Wall colour is not a number", kind="attribute", attribute_id=text.id)

    def test_a_code_that_formulas_know(self):
        for code in ("quantity", "2nd", "if", "max"):
            self.refused("cannot be a code", code=code)
        with self.assertRaisesRegex(UniqueViolation, "component_code_unique"), self.quietly():
            self.add_component(self.version, code="use")

    def test_hours_need_a_calendar(self):
        self.add_component(
            self.version,
            code="new",
            unzoned="hours",
            lines=[{"zone_id": self.night_zone.id, "price": 1}],
        )
        with self.assertRaisesRegex(ValidationError, "choose the version's calendar"):
            self.version.action_approve()

    def test_words(self):
        component = self.version.component_ids
        component.price = 1.234
        self.assertEqual(component.summary, "1.234 € per m³, rounded to 0.01")
        component.write({"kind": "fixed", "price": 3})
        self.assertEqual(
            component.summary, "3.00 € a month, by the days of each month, rounded to 0.01"
        )
