"""What of a group of services is covered first: its own setting, or the policy's."""

from datetime import date
from decimal import Decimal

from odoo.fields import Command
from odoo.tests import BaseCase, tagged

from ..engine.covering import OpenItem, Terms, cover
from .payment_correction_common import PaymentCorrectionCommon

D = Decimal
WET, WARM = 1, 2
ITEMS = [
    OpenItem(line, 10 * line + service, service, date(2026, line, 1), D(30))
    for line in (1, 2)
    for service in (WET, WARM)
]


@tagged("post_install", "-at_install")
class TestFirstOfServices(BaseCase):
    """Bills of January and February, 30 of Wet and 30 of Warm each."""

    def covered(self, amount, **terms):
        return cover(D(amount), ITEMS, Terms(by="service", ranks={WET: 0, WARM: 1}, **terms))

    def test_as_the_policy_says(self):
        self.assertEqual(self.covered(30), {1: D(30)})
        self.assertEqual(self.covered(90), {1: D(60), 2: D(30)})
        self.assertEqual(self.covered(30, first="newest"), {2: D(30)})

    def test_of_one_service_otherwise(self):
        firsts = {WARM: "newest"}
        self.assertEqual(self.covered(30, firsts=firsts), {1: D(30)})
        self.assertEqual(self.covered(90, firsts=firsts), {1: D(30), 2: D(60)})
        firsts = {WET: "oldest"}
        self.assertEqual(self.covered(30, first="newest", firsts=firsts), {1: D(30)})
        self.assertEqual(self.covered(90, first="newest", firsts=firsts), {1: D(30), 2: D(60)})


@tagged("post_install", "-at_install")
class TestPaymentPolicyGroups(PaymentCorrectionCommon):
    """The same in the ledger: 90 of 120."""

    def left(self, by, first):
        self.env["utility.payment.policy"].create(
            {
                "company_id": self.company.id,
                "date_start": "2026-01-01",
                "by": by,
                "group_ids": [
                    Command.create({"service_ids": [Command.set(self.wet.ids)]}),
                    Command.create({"service_ids": [Command.set(self.warm.ids)], "first": first}),
                ],
            }
        )
        bills = [
            self.make_bill(self.flat_account, (self.wet, 30), (self.warm, 30), date=day)
            for day in ("2026-01-31", "2026-02-01")
        ]
        self.pay((self.flat_account, 90))
        return [bill.amount_residual for bill in bills]

    def test_the_newest_of_one_group(self):
        self.assertEqual(self.left("service", "newest"), [30, 0])

    def test_as_the_policy_says(self):
        self.assertEqual(self.left("service", False), [0, 30])

    def test_bill_after_bill_there_is_one_order(self):
        self.assertEqual(self.left("age", "newest"), [0, 30])
