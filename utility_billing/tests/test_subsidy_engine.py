from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..engine.recompute import recompute
from ..engine.subsidy import Due, Subsidy, lay
from .vector_relief import month_of

D = Decimal
APRIL = month_of("2026-04")
# how long an example takes says nothing on a machine that others use
quiet = settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)


@tagged("post_install", "-at_install")
class TestSubsidyEngine(BaseCase):
    dues = (Due(1, D("20.00"), 11, 5), Due(2, D("30.00"), 12, 5), Due(3, D("10.01"), 13, 5))

    def laid(self, **subsidy):
        laid = lay([Subsidy(7, **subsidy)], self.dues, APRIL)[0]
        for charge in laid.charges:
            self.assertEqual(recompute(charge.trace), charge.amount)
        paid = {charge.agreement_id: str(-charge.amount) for charge in laid.charges}
        return paid, str(laid.used), str(laid.carried), str(laid.returned)

    def test_services_in_order(self):
        self.assertEqual(
            self.laid(amount=D("35.00"), services=(2, 1), fund_id=9),
            ({12: "30.00", 11: "5.00"}, "35.00", "0.00", "0"),
        )

    def test_what_is_over_is_carried(self):
        self.assertEqual(
            self.laid(amount=D("45.00"), services=(2, 3)),
            ({12: "30.00", 13: "10.01"}, "40.01", "4.99", "0"),
        )

    def test_what_is_over_goes_back(self):
        self.assertEqual(
            self.laid(amount=D("45.00"), services=(2, 3), over="return"),
            ({12: "30.00", 13: "10.01"}, "40.01", "0", "4.99"),
        )

    def test_pro_rata_by_largest_remainder(self):
        # 10.00 over 20.00, 30.00 and 10.01: 3.3327…, 4.9991…, 1.6680…
        self.assertEqual(
            self.laid(amount=D("10.00"), way="pro_rata"),
            ({11: "3.33", 12: "5.00", 13: "1.67"}, "10.00", "0.00", "0"),
        )

    def test_more_than_accrued_where_that_is_so_set(self):
        self.assertEqual(
            self.laid(amount=D("45.00"), services=(2, 3), capped=False),
            ({12: "30.00", 13: "15.00"}, "45.00", "0.00", "0"),
        )

    def test_the_second_takes_what_the_first_left(self):
        first, second = lay([Subsidy(7, D("25.00")), Subsidy(8, D("50.00"))], self.dues, APRIL)
        self.assertEqual([amount for _due, amount in first.shares], [D("20.00"), D("5.00")])
        self.assertEqual([amount for _due, amount in second.shares], [D("25.00"), D("10.01")])
        self.assertEqual(second.carried, D("14.99"))

    def test_a_charge_says_who_pays(self):
        charge = lay([Subsidy(7, D("5.00"), fund_id=9)], self.dues, APRIL)[0].charges[0]
        self.assertEqual(
            (charge.kind, charge.fund_id, charge.source_id, charge.tax_included, charge.taxes),
            ("subsidy", 9, 7, True, ""),
        )
        self.assertEqual(charge.trace["fund"], {"id": 9, "amount": "5.00"})

    def test_nothing_to_pay(self):
        laid = lay([Subsidy(7, D("5.00"), (4,))], self.dues, APRIL)[0]
        self.assertEqual((laid.charges, laid.carried), ((), D("5.00")))

    @quiet
    @given(
        st.decimals("0.01", "9999.99", places=2),
        st.lists(st.decimals("0", "999.99", places=2), min_size=1, max_size=8),
        st.sampled_from(["order", "pro_rata"]),
        st.booleans(),
    )
    def test_nothing_is_lost(self, amount, owed, way, capped):
        dues = [Due(number, each, number, 1) for number, each in enumerate(owed, 1)]
        laid = lay([Subsidy(1, amount, way=way, capped=capped)], dues, APRIL)[0]
        paid = -sum((charge.amount for charge in laid.charges), D(0))
        self.assertEqual(paid, laid.used)
        self.assertEqual(laid.used + laid.carried, amount)
        for due, share in laid.shares:
            self.assertGreater(share, 0)
            if capped:
                self.assertLessEqual(share, due.amount)
        if not capped:
            self.assertEqual(laid.carried, 0)
