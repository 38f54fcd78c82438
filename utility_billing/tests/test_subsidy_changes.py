from odoo.exceptions import UserError
from odoo.tests import tagged

from ..engine.recompute import recompute
from .common import BillingCommon


@tagged("post_install", "-at_install")
class TestSubsidyChanges(BillingCommon):
    """January comes to 19.32 with tax, February to 12.35. A subsidy that changes after a month was
    billed brings the difference; one that is billed again is not spent twice."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.fund = cls.make_person("Municipality", is_company=True)

    def make_subsidy(self, amount=20, **vals):
        return self.env["utility.subsidy"].create(
            {
                "account_id": self.account.id,
                "company_id": self.company.id,
                "fund_partner_id": self.fund.id,
                "amount": amount,
                "register_number": "S-1",
                "date_start": "2026-01-01",
                "date_end": "2026-12-31",
                **vals,
            }
        )

    def make_fee(self, start="2026-01-01", price=30):
        """Upkeep of 30 a month, not taxed, that the account takes from a day on."""
        service = self.make_service("MT", kind="maintenance", is_quantified=False)
        schedule = self.make_schedule(self.plan, service)
        self.make_version(schedule, "2025-01-01", {"code": "fee", "kind": "fixed", "price": price})
        self.make_agreement(self.account, self.make_point(service, self.flat, "MT-1"), start)
        return service

    def make_correction(self, amount, day="2026-01-20"):
        correction = self.env["utility.adjustment"].create(
            {
                "kind": "manual",
                "account_id": self.account.id,
                "company_id": self.company.id,
                "service_id": self.water.id,
                "amount": amount,
                "tax_ids": [(5,)],
                "reason": "Agreed with the customer",
                "date": day,
            }
        )
        correction.action_submit()
        correction.with_user(self.make_user("billing_operator")).action_approve()

    def subsidies(self, run):
        """[(first day of the month it is for, amount, the fund's part, correction)]"""
        charges = run.charge_ids.filtered(lambda charge: charge.kind == "subsidy")
        for charge in charges:
            self.assertEqual(float(recompute(charge.trace)), charge.amount)
            self.assertTrue(charge.explanation)
        return [
            (str(charge.period_start), charge.amount, charge.fund_amount, charge.is_correction)
            for charge in charges.sorted(lambda charge: (charge.period_start, charge.id))
        ]

    def uses(self, subsidy):
        """[(available, used, carried, returned)] by month"""
        rows = self.env["utility.subsidy.use"].search(
            [("subsidy_id", "=", subsidy.id)], order="month"
        )
        return [(row.available, row.used, row.carried, row.returned) for row in rows]

    # -- what changed after it was billed ---------------------------------------------------

    def test_it_is_seen_before_it_comes(self):
        subsidy = self.make_subsidy()
        self.approved_run()
        subsidy._supersede({"amount": 12}, reason="The fund's mistake")
        preview = self.env["utility.correction.preview"].create({"account_id": self.account.id})
        self.assertEqual((preview.was, preview.due, preview.difference), (-19.32, -12, 7.32))
        line = preview.line_ids
        self.assertEqual((str(line.date_start), str(line.date_end)), ("2026-01-01", "2026-01-31"))
        self.assertIn("Subsidy: ", line.reason)
        self.assertEqual(
            [row[:2] for row in self.subsidies(self.make_run("2026-02-15")) if row[3]],
            [("2026-01-01", 7.32)],
        )

    def test_what_was_voided_is_taken_back(self):
        subsidy = self.make_subsidy()
        self.approved_run()
        subsidy._void("Granted to somebody else")
        february = self.make_run("2026-02-15")
        self.assertEqual(self.subsidies(february), [("2026-01-01", 19.32, -19.32, True)])
        back = february.charge_ids.filtered(lambda charge: charge.kind == "subsidy")
        self.assertIn("Municipality", back.reason)
        self.assertEqual(back.source_id, subsidy.id)
        february.action_approve()
        self.assertEqual(self.uses(subsidy), [])
        self.assertFalse(self.make_run("2026-02-15").charge_ids)

    def test_what_ended_before_a_billed_month_is_taken_back(self):
        subsidy = self.make_subsidy(10, date_end=False)
        self.approved_run()
        self.assertEqual(
            self.subsidies(self.approved_run("2026-02-15")), [("2026-02-01", -10, 10, False)]
        )
        subsidy._close("2026-01-31")
        again = self.make_run("2026-02-15")
        self.assertEqual(self.subsidies(again), [("2026-02-01", 10, -10, True)])
        again.action_approve()
        self.assertEqual(self.uses(subsidy), [(10, 10, 0, 0)])
        self.assertFalse(self.make_run("2026-02-15").charge_ids)

    def test_what_was_raised_brings_the_difference(self):
        subsidy = self.make_subsidy(10)
        self.approved_run()
        raised = subsidy._supersede({"amount": 15}, reason="The fund's mistake")
        february = self.approved_run("2026-02-15")
        self.assertEqual(
            self.subsidies(february),
            [("2026-01-01", -5, 5, True), ("2026-02-01", -12.35, 12.35, False)],
        )
        self.assertEqual(self.uses(raised), [(15, 15, 0, 0), (15, 12.35, 2.65, 0)])
        self.assertEqual((subsidy.used_amount, raised.used_amount), (0, 27.35))

    def test_what_is_left_is_raised_with_it(self):
        """January uses 19.32 of 20 or of 25: nothing to correct, but 5 more for February."""
        self.make_fee("2026-02-01")
        subsidy = self.make_subsidy()
        self.approved_run()
        raised = subsidy._supersede({"amount": 25}, reason="The fund's mistake")
        february = self.approved_run("2026-02-15")
        # of 12.35 for water and 30 for upkeep: 25 + 5.68
        self.assertEqual(
            self.subsidies(february),
            [("2026-02-01", -12.35, 12.35, False), ("2026-02-01", -18.33, 18.33, False)],
        )
        self.assertEqual(self.uses(raised), [(25, 19.32, 5.68, 0), (30.68, 30.68, 0, 0)])

    def test_another_fund_is_charged_anew(self):
        other = self.make_person("State Fund", is_company=True)
        subsidy = self.make_subsidy(10, over="return")
        self.approved_run()
        subsidy._supersede({"fund_partner_id": other.id}, reason="Paid by the state")
        february = self.make_run("2026-02-15")
        paid = {
            (charge.fund_partner_id, str(charge.period_start)): charge.fund_amount
            for charge in february.charge_ids.filtered(lambda charge: charge.kind == "subsidy")
        }
        self.assertEqual(
            paid,
            {
                (other, "2026-01-01"): 10,
                (self.fund, "2026-01-01"): -10,
                (other, "2026-02-01"): 10,
            },
        )

    def test_what_was_granted_late_is_laid_over_what_was_billed(self):
        self.approved_run()
        subsidy = self.make_subsidy()
        february = self.approved_run("2026-02-15")
        self.assertEqual(
            self.subsidies(february),
            [("2026-01-01", -19.32, 19.32, True), ("2026-02-01", -12.35, 12.35, False)],
        )
        self.assertEqual(self.uses(subsidy), [(20, 19.32, 0.68, 0), (20.68, 12.35, 8.33, 0)])

    def test_a_run_of_one_service_leaves_it_to_the_next_of_all(self):
        fee = self.make_fee()
        subsidy = self.make_subsidy(10)
        self.approved_run()
        subsidy._void("Granted to somebody else")
        self.assertEqual(
            self.subsidies(self.approved_run("2026-02-15", service_ids=[(6, 0, fee.ids)])), []
        )
        february = self.make_run("2026-02-15")
        self.assertEqual(self.subsidies(february), [("2026-01-01", 10, -10, True)])

    def test_without_corrections_nothing_is_taken_back(self):
        subsidy = self.make_subsidy(10)
        self.approved_run()
        subsidy._void("Granted to somebody else")
        self.assertEqual(self.subsidies(self.make_run("2026-02-15", with_corrections=False)), [])

    # -- undo -------------------------------------------------------------------------------

    def test_a_correction_that_was_cancelled_comes_again(self):
        subsidy = self.make_subsidy(10)
        with self.at("2026-03-17 09:00:00"):
            january = self.approved_run()
        with self.at("2026-03-18 09:00:00"):
            raised = subsidy._supersede({"amount": 15}, reason="The fund's mistake")
        both = [("2026-01-01", -5, 5, True), ("2026-02-01", -12.35, 12.35, False)]
        with self.at("2026-03-19 09:00:00"):
            february = self.approved_run("2026-02-15")
            self.assertEqual(self.subsidies(february), both)
            with self.assertRaisesRegex(UserError, "cancel the later run first"):
                january.action_cancel()
            february.action_cancel()
            self.assertEqual(self.uses(raised), [(15, 10, 5, 0)])
        with self.at("2026-03-20 09:00:00"):
            february = self.approved_run("2026-02-15")
            self.assertEqual(self.subsidies(february), both)
        with self.at("2026-03-21 09:00:00"):
            self.assertFalse(self.make_run("2026-02-15").charge_ids)
            february.action_cancel()
            january.action_cancel()
            self.assertEqual(self.uses(raised), [])

    def test_two_runs_do_not_take_the_same_back(self):
        subsidy = self.make_subsidy(10)
        self.approved_run()
        subsidy._void("Granted to somebody else")
        first, second = self.make_run("2026-02-15"), self.make_run("2026-01-15")
        self.assertEqual(self.subsidies(second), [("2026-01-01", 10, -10, True)])
        first.action_approve()
        with self.assertRaisesRegex(UserError, "Calculate it again"):
            second.action_approve()

    # -- never twice ------------------------------------------------------------------------

    def test_a_sum_is_not_spent_twice(self):
        """Of a sum of 20 January used 19.32 and February 0.68; January is billed again, now 29.32,
        and finds no more than it had."""
        subsidy = self.make_subsidy(per="sum")
        january = self.approved_run()
        february = self.approved_run("2026-02-15")
        self.assertEqual(self.subsidies(february), [("2026-02-01", -0.68, 0.68, False)])
        january.action_cancel()
        self.assertEqual(self.uses(subsidy), [(20, 0.68, 19.32, 0)])
        self.make_correction(10)
        again = self.approved_run()
        self.assertEqual(self.subsidies(again), [("2026-01-01", -19.32, 19.32, False)])
        self.assertEqual(subsidy.used_amount, 20)
        self.assertEqual(self.uses(subsidy)[1], (0.68, 0.68, 0, 0))

    def test_what_a_later_month_left_may_be_used(self):
        """Of a sum of 40 January used 19.32, February 12.35: 8.33 are left, and January needs 10
        more."""
        subsidy = self.make_subsidy(40, per="sum")
        january = self.approved_run()
        self.approved_run("2026-02-15")
        self.assertEqual(self.uses(subsidy)[1], (20.68, 12.35, 8.33, 0))
        january.action_cancel()
        self.make_correction(10)
        self.assertEqual(
            self.subsidies(self.approved_run()), [("2026-01-01", -27.65, 27.65, False)]
        )
        self.assertEqual(self.uses(subsidy)[1], (12.35, 12.35, 0, 0))
        self.assertEqual(subsidy.used_amount, 40)

    def test_what_was_carried_on_is_not_spent_twice(self):
        """20 a month: January left 0.68, which February used with its own."""
        self.make_fee("2026-02-01")
        subsidy = self.make_subsidy()
        january = self.approved_run()
        february = self.approved_run("2026-02-15")
        self.assertEqual(sum(row[1] for row in self.subsidies(february)), -20.68)
        january.action_cancel()
        self.make_correction(10)
        again = self.approved_run()
        self.assertEqual(self.subsidies(again), [("2026-01-01", -19.32, 19.32, False)])
        self.assertEqual(subsidy.used_amount, 40)

    def test_a_second_run_of_the_month_leaves_what_the_next_one_took(self):
        self.make_fee("2026-02-01")
        subsidy = self.make_subsidy()
        self.approved_run()
        self.approved_run("2026-02-15")
        self.make_correction(10)
        self.assertEqual(self.subsidies(self.approved_run()), [])
        self.assertEqual(subsidy.used_amount, 40)
