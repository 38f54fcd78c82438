from decimal import Decimal

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from ..engine.subsidy import Due, lay
from .relief_common import ReliefCommon

D = Decimal


@freeze_time("2026-03-16 09:00:00")
@tagged("post_install", "-at_install")
class TestSubsidies(ReliefCommon):
    def month(self, text, *amounts):
        """Lay the account's subsidies over a month and keep it: [(paid, carried, returned)]."""
        first = self.day(f"{text}-01")
        subsidies = self.env["utility.subsidy"]._for_accounts(self.account.ids, first)
        dues = [
            Due(service.id, D(amount))
            for service, amount in zip((self.water, self.heat), amounts, strict=False)
        ]
        laid = lay(subsidies.get(self.account.id, ()), dues, (first, first))
        self.env["utility.subsidy"]._store_uses(first, laid)
        return [(str(one.used), str(one.carried), str(one.returned)) for one in laid]

    def test_what_is_left_comes_with_the_next_month(self):
        subsidy = self.make_subsidy(20)
        self.assertEqual(self.month("2026-01", "12.50"), [("12.50", "7.50", "0")])
        self.assertEqual(self.month("2026-02", "30.00"), [("27.50", "0.00", "0")])
        # the month again finds the same
        self.assertEqual(self.month("2026-02", "30.00"), [("27.50", "0.00", "0")])
        self.assertEqual(self.month("2026-11", "30.00"), [("20.00", "0.00", "0")])
        self.assertEqual(subsidy.used_amount, 60)

    def test_what_is_left_of_the_last_month_goes_back(self):
        self.make_subsidy(20, end="2026-02-28")
        self.assertEqual(self.month("2026-01", "12.50"), [("12.50", "7.50", "0")])
        self.assertEqual(self.month("2026-02", "5.00"), [("5.00", "0", "22.50")])
        self.assertEqual(self.month("2026-03", "5.00"), [])

    def test_a_sum_is_used_up(self):
        self.make_subsidy(20, per="sum")
        self.assertEqual(self.month("2026-01", "12.50"), [("12.50", "7.50", "0")])
        self.assertEqual(self.month("2026-02", "30.00"), [("7.50", "0.00", "0")])
        self.assertEqual(self.month("2026-03", "30.00"), [])

    def test_a_corrected_subsidy_goes_on_where_it_stood(self):
        subsidy = self.make_subsidy(20)
        self.month("2026-01", "12.50")
        subsidy._supersede({"amount": 25}, reason="The fund's mistake")
        self.assertEqual(self.month("2026-02", "40.00"), [("32.50", "0.00", "0")])

    def test_services_in_the_order_of_the_list(self):
        self.heat.sequence, self.water.sequence = 1, 2
        self.make_subsidy(30, service_ids=[Command.set((self.water + self.heat).ids)])
        found = self.env["utility.subsidy"]._for_accounts(self.account.ids, self.day("2026-02-20"))
        (fact,) = found[self.account.id]
        self.assertEqual(fact.services, (self.heat.id, self.water.id))
        self.assertEqual(
            (fact.amount, fact.fund_id, fact.name), (D(30), self.fund.id, "Social Fund, 17")
        )

    def test_whole_months_only(self):
        for start, end in (("2026-01-02", False), ("2026-01-01", "2026-02-27")):
            with self.assertRaisesRegex(ValidationError, "whole months"):
                self.make_subsidy(start=start, end=end)
        with self.assertRaisesRegex(ValidationError, "more than 0"):
            self.make_subsidy(0)

    def test_four_queries_for_any_number_of_accounts(self):
        self.make_subsidy()
        self.make_subsidy(account_id=self.account_2.id)
        self.month("2026-01", "5")
        self.env.flush_all()
        for accounts in (self.account, self.account + self.account_2):
            with self.assertQueryCount(4):
                found = self.env["utility.subsidy"]._for_accounts(
                    accounts.ids, self.day("2026-02-01")
                )
            self.assertEqual(set(found), set(accounts.ids))

    def test_who_records(self):
        subsidy = self.make_subsidy()
        subsidy.with_user(self.clerk)._supersede({"amount": 21}, self.day("2026-02-01"))
        uses = self.env["utility.subsidy.use"]
        for user in (self.clerk, self.operator):
            self.assertFalse(uses.with_user(user).has_access("create"))
        with self.assertRaises(AccessError):
            subsidy.with_user(self.make_user("auditor")).void("No right")

    def test_the_timeline_tells_of_it(self):
        self.make_subsidy(20)
        titles = [entry["title"] for entry in self.account.timeline() if entry["key"] == "subsidy"]
        self.assertEqual(
            [title.replace("\xa0", " ") for title in titles],
            ["Social Fund · 20.00 € a month"],
        )
