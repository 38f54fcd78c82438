"""What money covers by each setting of a policy, with literal figures and without a database."""

from datetime import date
from decimal import Decimal

from odoo.fields import Command
from odoo.tests import BaseCase, tagged

from ..engine.covering import OpenItem, Terms, cover, open_items, spread
from .payment_correction_common import PaymentCorrectionCommon

D = Decimal
WATER, WASTE, FEE = 1, 2, 9
JANUARY, FEBRUARY, MARCH = (date(2026, month, 1) for month in (1, 2, 3))
WATER_FIRST = {WATER: 0}


def item(line_id, item_id, service_id, amount, day=FEBRUARY):
    open_amount = D(str(amount)).quantize(D("0.01"))
    return OpenItem(line_id, item_id, service_id, day, open_amount, service_id == FEE)


def two_bills():
    """Of February: water 30, waste 30; of March: water 30, waste 30, late fee 10."""
    return [
        item(1, 11, WATER, 30),
        item(1, 12, WASTE, 30),
        item(2, 21, WATER, 30, MARCH),
        item(2, 22, WASTE, 30, MARCH),
        item(2, 23, FEE, 10, MARCH),
    ]


@tagged("post_install", "-at_install")
class TestCover(BaseCase):
    def assertCovered(self, amount, expected, items=None, bills=(), service_ids=None, **terms):
        found = cover(
            D(str(amount)), items or two_bills(), Terms(**terms), frozenset(bills), service_ids
        )
        self.assertEqual(found, {line: D(str(part)) for line, part in expected.items()})

    def test_the_oldest_first(self):
        self.assertCovered(70, {1: 60, 2: 10})

    def test_the_newest_first_then_the_oldest(self):
        bills = [
            item(line, line * 10, WATER, 40, day)
            for line, day in ((1, JANUARY), (2, FEBRUARY), (3, MARCH))
        ]
        self.assertCovered(60, {3: 40, 1: 20}, bills, first="newest")

    def test_service_after_service(self):
        self.assertCovered(70, {1: 40, 2: 30}, by="service", ranks=WATER_FIRST)

    def test_services_of_one_place_go_by_age(self):
        self.assertCovered(70, {1: 60, 2: 10}, by="service")

    def test_the_newest_of_a_service_first(self):
        self.assertCovered(45, {2: 30, 1: 15}, by="service", first="newest", ranks=WATER_FIRST)

    def test_late_fees(self):
        self.assertCovered(15, {2: 10, 1: 5}, late_fee="first")
        self.assertCovered(15, {1: 15}, late_fee="same")
        self.assertCovered(125, {1: 60, 2: 65}, late_fee="last")

    def test_the_named_bill_first(self):
        self.assertCovered(80, {2: 70, 1: 10}, bills={2})
        self.assertCovered(80, {1: 60, 2: 20}, bills={2}, named=False)

    def test_the_named_bill_comes_before_late_fees(self):
        self.assertCovered(65, {1: 60, 2: 5}, bills={1}, late_fee="first")

    def test_some_services_only(self):
        self.assertCovered(100, {1: 30, 2: 30}, service_ids={WASTE})

    def test_what_is_over_covers_nothing(self):
        self.assertCovered(200, {1: 60, 2: 70})
        self.assertEqual(cover(D(10), [], Terms()), {})


@tagged("post_install", "-at_install")
class TestSpread(BaseCase):
    def assertSpread(self, amount, expected, items, service_ids=(), **terms):
        found = spread(D(str(amount)), items, Terms(**terms), service_ids)
        self.assertEqual(
            {each.item_id: part for each, part in found},
            {item_id: D(str(part)) for item_id, part in expected.items()},
        )

    def test_services_share_in_proportion(self):
        self.assertSpread(35, {21: 15, 22: 15, 23: 5}, two_bills()[2:])

    def test_services_in_their_order(self):
        self.assertSpread(40, {11: 30, 12: 10}, two_bills()[:2], ranks=WATER_FIRST)

    def test_the_services_own_money_covers_it_first(self):
        self.assertSpread(40, {12: 30, 11: 10}, two_bills()[:2], {WASTE}, ranks=WATER_FIRST)

    def test_late_fees(self):
        march = two_bills()[2:]
        self.assertSpread(15, {23: 10, 21: 2.5, 22: 2.5}, march, late_fee="first")
        self.assertSpread(65, {21: 30, 22: 30, 23: 5}, march, late_fee="last")

    def test_cents_go_by_largest_remainder(self):
        three = [item(1, number, number, "10.00") for number in (1, 2, 3)]
        self.assertSpread("10.00", {1: 3.34, 2: 3.33, 3: 3.33}, three)
        two = [item(1, 1, 1, "1.00"), item(1, 2, 2, "2.00")]
        self.assertSpread("1.00", {1: 0.33, 2: 0.67}, two)


@tagged("post_install", "-at_install")
class TestOpenItems(BaseCase):
    def assertOpen(self, amounts, owed, expected, covered=None):
        """:param amounts: (item, service, amount)"""
        found = open_items(
            [(item_id, service, D(str(amount)), False) for item_id, service, amount in amounts],
            {item_id: D(str(part)) for item_id, part in (covered or {}).items()},
            (7, FEBRUARY, FEBRUARY, D(str(owed))),
        )
        self.assertEqual(
            {each.item_id: each.amount for each in found},
            {item_id: D(str(part)) for item_id, part in expected.items()},
        )

    def test_what_was_covered_is_not_open(self):
        lines = [(11, WATER, 30), (12, WASTE, 30)]
        self.assertOpen(lines, 60, {11: 20}, {11: 10, 12: 30})

    def test_what_is_taken_off_is_taken_off_its_service(self):
        lines = [(11, WATER, 50), (12, WATER, -20), (13, WASTE, 60)]
        self.assertOpen(lines, 90, {11: 30, 13: 60})

    def test_else_off_the_largest_line(self):
        lines = [(11, WATER, 50), (12, WASTE, 10), (13, FEE, -15)]
        self.assertOpen(lines, 45, {11: 35, 12: 10})

    def test_an_instalment_has_its_proportion(self):
        lines = [(11, WATER, 60), (12, WASTE, 40)]
        self.assertOpen(lines, 25, {11: 15, 12: 10})
        self.assertOpen(lines, 25, {11: 10, 12: 10}, {11: 5})
        three = [(number, number, 10) for number in (1, 2, 3)]
        self.assertOpen(three, 10, {1: 3.34, 2: 3.33, 3: 3.33})

    def test_a_cent_of_rounding_is_the_largest_lines(self):
        lines = [(11, WATER, 33.34), (12, WASTE, 33.33), (13, FEE, 33.32)]
        self.assertOpen(lines, 100, {11: 33.35, 12: 33.33, 13: 33.32})


@tagged("post_install", "-at_install")
class TestCoverInTheLedger(PaymentCorrectionCommon):
    """The settings that bills and payments of the ledger are covered by."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.fee = cls.make_service(
            "FEE", name="Late fee", kind="late_fee", income_account_id=cls.revenue.id
        )

    def policy(self, **vals):
        return self.env["utility.payment.policy"].create(
            {"date_start": "2026-01-01", "company_id": self.company.id, **vals}
        )

    def bills(self):
        return [
            self.make_bill(self.flat_account, (self.wet, 30)),
            self.make_bill(self.flat_account, (self.wet, 30), (self.fee, 10), date="2026-02-15"),
        ]

    def assertPaid(self, amount, residuals, *covered, **vals):
        bills = vals.pop("bills", None) or self.bills()
        payment = self.pay((self.flat_account, amount, vals))
        self.env.flush_all()
        self.assertEqual([bill.amount_residual for bill in bills], residuals)
        self.assertCovers(payment, *covered)

    def test_late_fees_before_everything_else(self):
        self.policy(late_fee="first")
        self.assertPaid(15, [25, 30], ("Late fee", 10), ("Wet", 5))

    def test_late_fees_after_everything_else(self):
        self.policy(late_fee="last")
        self.assertPaid(65, [0, 5], ("Wet", 30), ("Wet", 30), ("Late fee", 5))

    def test_late_fees_as_any_other_service(self):
        self.assertPaid(50, [0, 20], ("Wet", 30), ("Wet", 15), ("Late fee", 5))

    def test_the_named_bill_first(self):
        bills = self.bills()
        self.assertPaid(
            20, [30, 20], ("Wet", 15), ("Late fee", 5), bills=bills, bill_id=bills[1].id
        )

    def test_the_named_bill_as_any_other(self):
        self.policy(named_first=False)
        bills = self.bills()
        self.assertPaid(20, [10, 40], ("Wet", 20), bills=bills, bill_id=bills[1].id)

    def test_service_after_service(self):
        group = Command.create({"service_ids": [Command.set(self.wet.ids)]})
        self.policy(by="service", first="newest", group_ids=[group])
        self.assertPaid(45, [15, 10], ("Wet", 30), ("Wet", 15))

    def test_instalments(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "30 now, 70 in a month",
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": part, "nb_days": days})
                    for part, days in ((30, 0), (70, 30))
                ],
            }
        )
        bill = self.make_bill(
            self.flat_account,
            (self.wet, 60),
            (self.warm, 40),
            invoice_date_due=False,
            invoice_payment_term_id=term.id,
        )
        self.assertEqual(sorted(self.owed(bill).mapped("balance")), [30, 70])
        # the first one comes first
        self.assertPaid(20, [80], ("Wet", 12), ("Warm", 8), bills=[bill])
        parts = (("Wet", 6), ("Wet", 6), ("Warm", 4), ("Warm", 4))
        self.assertPaid(20, [60], *parts, bills=[bill])
        self.assertPaid(60, [0], ("Wet", 36), ("Warm", 24), bills=[bill])

    def test_a_line_that_takes_something_off(self):
        bill = self.make_bill(self.flat_account, (self.wet, 50), (self.warm, 10), (self.waste, -15))
        self.assertPaid(45, [0], ("Wet", 35), ("Warm", 10), bills=[bill])
