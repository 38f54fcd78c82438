"""What a transfer brings, without the ORM."""

from datetime import date
from decimal import Decimal

from odoo.tests import BaseCase

from odoo.addons.utility_billing.engine.settlement import read_settlement

from ..engine.clearing import Clearing, Receipt, Standing, Transfer

POST, SHOPS = 1, 2


def transfer(number, amount, *collectors, day=20, text="", **more):
    return Transfer(
        number,
        date(2026, 2, day),
        Decimal(amount),
        frozenset(collectors),
        settlement=read_settlement(text),
        **more,
    )


def standing(number, amount, collector=POST, day=19, **more):
    parts = amount if isinstance(amount, list) else [(day, amount)]
    items = tuple(
        (number * 100 + place, date(2026, 2, each), Decimal(part))
        for place, (each, part) in enumerate(parts)
    )
    more = {
        key: Decimal(value) if key in ("gross", "fee") else value for key, value in more.items()
    }
    return Standing(number, collector, date(2026, 2, day), items, **more)


def find(transfers, standings, receipts=()):
    """{transfer: (lists, sure)}"""
    found = Clearing(list(transfers), list(standings), list(receipts)).find()
    return {key: (match.standings, match.sure) for key, match in found.items()}


class TestClearingEngine(BaseCase):
    def test_the_sum_of_one_list(self):
        self.assertEqual(
            find([transfer(1, "100.00", POST)], [standing(7, "100.00"), standing(8, "90.00")]),
            {1: ((7,), True)},
        )

    def test_less_the_commission_that_is_not_booked(self):
        match = Clearing(
            [transfer(1, "98.50", POST)], [standing(7, "100.00", fee="1.50")], []
        ).find()[1]
        self.assertEqual((match.sure, match.fees), (True, (7,)))

    def test_a_cent_off_is_for_a_person(self):
        self.assertEqual(
            find([transfer(1, "99.99", POST)], [standing(7, "100.00")]), {1: ((7,), False)}
        )

    def test_far_off_is_nothing(self):
        self.assertEqual(find([transfer(1, "60.00", POST)], [standing(7, "100.00")]), {})

    def test_an_unknown_sender_is_for_a_person(self):
        self.assertEqual(find([transfer(1, "100.00")], [standing(7, "100.00")]), {1: ((7,), False)})

    def test_another_collectors_list_is_not_touched(self):
        self.assertEqual(find([transfer(1, "100.00", SHOPS)], [standing(7, "100.00")]), {})

    def test_two_lists_of_one_sum_are_for_a_person(self):
        self.assertEqual(
            find(
                [transfer(1, "100.00", POST), transfer(2, "100.00", POST)],
                [standing(8, "100.00", day=19), standing(7, "100.00", day=18)],
            ),
            {1: ((7,), False), 2: ((8,), False)},
        )

    def test_the_text_tells_two_lists_apart(self):
        text = "Įmokų skaičius:2, įmokų suma:100.00, komisinis atlygis: 1.50"
        lists = [
            standing(7, "100.00", gross="100.00", count=1, fee="1.50"),
            standing(8, "100.00", gross="100.00", count=2, fee="1.50"),
        ]
        self.assertEqual(find([transfer(1, "98.50", text=text)], lists), {1: ((8,), True)})

    def test_the_text_is_believed_only_if_the_sum_is_there(self):
        text = "Count 2, sum 100.00, commission 1.50"
        placed_half = standing(7, "50.00", gross="100.00", count=2, fee="1.50")
        self.assertEqual(
            find([transfer(1, "98.50", POST, text=text)], [placed_half]), {1: ((7,), False)}
        )

    def test_days_that_are_too_far_apart(self):
        early = standing(7, "100.00", day=28)
        self.assertEqual(find([transfer(1, "100.00", POST, day=20)], [early]), {})

    def test_one_day_of_a_list(self):
        several = standing(7, [(17, "60.00"), (18, "40.00")])
        match = Clearing([transfer(1, "40.00", POST)], [several], []).find()[1]
        self.assertEqual((match.lines, match.sure), ((701,), True))

    def test_lists_in_a_row(self):
        lists = [
            standing(7, "10.00", day=16),
            standing(8, "20.00", day=17),
            standing(9, "30.00", day=18),
        ]
        self.assertEqual(find([transfer(1, "50.00", POST)], lists), {1: ((8, 9), True)})

    def test_money_taken_back(self):
        self.assertEqual(
            find([transfer(1, "-30.00", POST)], [standing(7, "30.00"), standing(8, "-30.00")]),
            {1: ((8,), True)},
        )

    def receipt(self, number, amount, **more):
        return Receipt(number, 7, POST, 700, date(2026, 2, 19), Decimal(amount), **more)

    def test_single_payments_by_the_banks_number(self):
        found = Clearing(
            [
                transfer(1, "30.00", references=frozenset({"B2"})),
                transfer(2, "30.00", references=frozenset({"B1"})),
            ],
            [standing(7, "60.00")],
            [self.receipt(11, "30.00", bank_ref="B1"), self.receipt(12, "30.00", bank_ref="B2")],
        ).find()
        self.assertEqual(
            {key: (match.payment, match.lines, match.sure) for key, match in found.items()},
            {1: (12, (700,), True), 2: (11, (700,), True)},
        )

    def test_two_payments_of_one_sender_and_sum_are_left(self):
        receipts = [self.receipt(11, "30.00", iban="LT1"), self.receipt(12, "30.00", iban="LT1")]
        self.assertEqual(
            find([transfer(1, "30.00", iban="LT1")], [standing(7, "60.00")], receipts), {}
        )

    def test_sum_and_day_alone_are_for_a_person(self):
        found = find(
            [transfer(1, "30.00", day=19)], [standing(7, "60.00")], [self.receipt(11, "30.00")]
        )
        self.assertEqual(found, {1: ((7,), False)})
