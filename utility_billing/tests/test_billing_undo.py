from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import BillingCommon


@tagged("post_install", "-at_install")
class TestBillingUndo(BillingCommon):
    """Runs that are cancelled: what they did to others' claims, subsidies and documents goes with
    them."""

    def make_subsidy(self, amount=20, **vals):
        return self.env["utility.subsidy"].create(
            {
                "account_id": self.account.id,
                "company_id": self.company.id,
                "fund_partner_id": self.make_person("Municipality", is_company=True).id,
                "amount": amount,
                "register_number": "S-1",
                "date_start": "2026-01-01",
                "date_end": "2026-12-31",
                **vals,
            }
        )

    def make_fee(self, code, price, account=None):
        """A service with a monthly fee only, taken by the account; its tariff."""
        account = account or self.account
        service = self.make_service(code, kind="maintenance", is_quantified=False)
        schedule = self.make_schedule(self.plan, service)
        self.make_version(schedule, "2025-01-01", {"code": "fee", "kind": "fixed", "price": price})
        self.make_agreement(account, self.make_point(service, account.premise_id, f"{code}-1"))
        return service

    def subsidies(self, run):
        return run.charge_ids.filtered(lambda charge: charge.kind == "subsidy").mapped("amount")

    def test_a_correction_that_was_cancelled_comes_again(self):
        with self.at("2026-03-17 09:00:00"):
            self.approved_run()
        with self.at("2026-03-18 09:00:00"):
            self.account.agreement_ids._supersede({"share": 50}, reason="Half of the house")
        with self.at("2026-03-19 09:00:00"):
            first = self.approved_run("2026-02-15")
            corrected = sum(first.charge_ids.filtered("is_correction").mapped("amount"))
            self.assertAlmostEqual(corrected, -7.98, 2)
            first.action_cancel()
        with self.at("2026-03-20 09:00:00"):
            again = self.approved_run("2026-02-15")
            corrected = sum(again.charge_ids.filtered("is_correction").mapped("amount"))
            self.assertAlmostEqual(corrected, -7.98, 2)
        with self.at("2026-03-21 09:00:00"):
            self.assertFalse(self.make_run("2026-02-15").charge_ids)

    def test_what_another_run_used_of_a_subsidy_stays_used(self):
        fee = self.make_fee("MT", 30)
        subsidy = self.make_subsidy(per="sum", service_ids=[(6, 0, self.water.ids)])
        self.approved_run(service_ids=[(6, 0, self.water.ids)])
        other = self.approved_run(service_ids=[(6, 0, fee.ids)])
        self.assertEqual(subsidy.used_amount, 19.32)
        other.action_cancel()
        self.assertEqual(subsidy.used_amount, 19.32)
        # 20 less 19.32
        self.assertEqual(self.subsidies(self.make_run("2026-02-15")), [-0.68])

    def test_a_run_of_some_services_leaves_the_rest_of_a_subsidy(self):
        fee = self.make_fee("MT", 30)
        subsidy = self.make_subsidy(over="return")
        water = self.approved_run(service_ids=[(6, 0, self.water.ids)])
        self.assertEqual(self.subsidies(water), [-19.32])
        first = self.make_run(service_ids=[(6, 0, fee.ids)])
        second = self.make_run(service_ids=[(6, 0, fee.ids)])
        self.assertEqual(self.subsidies(first), [-0.68])
        self.assertEqual(self.subsidies(second), [-0.68])
        first.action_approve()
        self.assertEqual((subsidy.used_amount, subsidy.use_ids.returned), (20, 0))
        with self.assertRaises(UserError):
            second.action_approve()

    def test_two_runs_do_not_use_the_same_rest_of_a_subsidy(self):
        one, two = self.make_fee("M1", 30), self.make_fee("M2", 30)
        subsidy = self.make_subsidy()
        self.approved_run(service_ids=[(6, 0, self.water.ids)])
        first, second = (self.make_run(service_ids=[(6, 0, fee.ids)]) for fee in (one, two))
        first.action_approve()
        with self.assertRaisesRegex(UserError, "Calculate it again"):
            second.action_approve()
        second.action_calculate()
        self.assertEqual(self.subsidies(second), [])
        second.action_approve()
        self.assertEqual(subsidy.used_amount, 20)

    def test_months_that_are_billed_later_have_their_subsidy(self):
        self.company.utility_billing_start = "2026-01-01"
        subsidy = self.make_subsidy()
        run = self.approved_run("2026-02-15")
        # (15.97 + 10.21) with 21 %: 31.68 of two months' 40
        self.assertEqual(self.subsidies(run), [-31.68])
        self.assertEqual((subsidy.use_ids.available, subsidy.use_ids.carried), (40, 8.32))
        fee = self.make_fee("MT", 30)
        january = self.make_run(service_ids=[(6, 0, fee.ids)])
        self.assertEqual(january.charge_ids.mapped("amount"), [30])
        run.action_cancel()
        self.assertEqual(self.subsidies(self.make_run("2026-02-15")), [-31.68, -8.32])

    def test_a_run_whose_document_was_taken_back_is_not_cancelled(self):
        manual = self.env["utility.adjustment"].create(
            {
                "kind": "manual",
                "account_id": self.account.id,
                "company_id": self.company.id,
                "service_id": self.water.id,
                "amount": 12.5,
                "reason": "Agreed with the customer",
                "date": "2026-01-20",
            }
        )
        manual.action_submit()
        manual.with_user(self.make_user("billing_operator")).action_approve()
        january = self.approved_run()
        manual._cancel("Not agreed after all")
        february = self.approved_run("2026-02-15")
        self.assertIn(-12.5, february.charge_ids.mapped("amount"))
        with self.assertRaisesRegex(UserError, "cancel the later run first"):
            january.action_cancel()
        february.action_cancel()
        january.action_cancel()
        self.assertNotIn("manual", self.make_run("2026-02-15").charge_ids.mapped("kind"))

    def test_totals_follow_an_account_that_is_rated_again(self):
        service = self.make_service("MT", kind="maintenance", is_quantified=False)
        self.make_agreement(self.account, self.make_point(service, self.flat, "MT-1"))
        run = self.make_run()
        self.assertFalse(run.total_ids)
        self.make_version(
            self.make_schedule(self.plan, service),
            "2025-01-01",
            {"code": "fee", "kind": "fixed", "price": 30},
        )
        run.problem_ids.action_recalculate()
        self.assertEqual(run.total_ids.mapped("amount"), [15.97, 30])

    def test_a_job_of_a_discarded_run_does_nothing(self):
        run = self.make_run()
        batch = run.batch_ids
        run.action_discard()
        self.assertIsNone(batch._job_calculate())
        run.unlink()
        self.assertIsNone(run._job_finish())
