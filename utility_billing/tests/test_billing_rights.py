from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .allocation_common import AllocationCommon
from .common import BillingCommon


@tagged("post_install", "-at_install")
class TestBillingRights(BillingCommon):
    """What is decided by buttons is decided by nobody else, and by those only who may."""

    def held(self):
        service = self.make_service("MT", kind="maintenance", is_quantified=False)
        self.make_agreement(self.account, self.make_point(service, self.flat, "MT-1"))
        return self.make_run()

    def test_who_only_reads_does_not_rate(self):
        run = self.held()
        for role in ("auditor", "clerk", "manager"):
            user = self.make_user(role)
            with self.assertRaises(AccessError):
                run.problem_ids.with_user(user).action_recalculate()
            with self.assertRaises(AccessError):
                run.with_user(user).action_resume()
        run.problem_ids.with_user(self.make_user("billing_operator")).action_recalculate()

    def test_an_adjustment_is_not_made_approved(self):
        clerk = self.make_user("clerk")
        adjustment = (
            self.env["utility.adjustment"]
            .with_user(clerk)
            .with_context(default_state="approved", default_approved_at="2026-01-01 00:00:00")
            .create(
                {
                    "kind": "manual",
                    "account_id": self.account.id,
                    "company_id": self.company.id,
                    "service_id": self.water.id,
                    "amount": -1000,
                    "reason": "For me",
                }
            )
        )
        self.assertEqual((adjustment.state, adjustment.approved_at), ("draft", False))

    def test_a_version_is_not_made_approved(self):
        operator = self.make_user("billing_operator")
        version = (
            self.env["utility.rate.version"]
            .with_user(operator)
            .with_context(default_state="approved", default_voided_at="2026-01-01 00:00:00")
            .create({"schedule_id": self.schedule.id, "date_start": "2026-06-01"})
        )
        self.assertEqual((version.state, version.voided_at), ("draft", False))

    def test_a_run_is_not_made_approved(self):
        operator = self.make_user("billing_operator")
        runs = self.env["utility.billing.run"].with_user(operator)
        run = runs.with_context(default_state="approved").create({"month": "2026-01-01"})
        self.assertEqual(run.state, "draft")
        with self.assertRaises(AccessError):
            runs.create({"month": "2026-01-01", "state": "approved"})

    def test_an_amount_is_what_quantity_and_price_come_to(self):
        """Else the limit would look at one amount and the charge be another one."""
        with self.assertRaises(UserError):
            self.env["utility.adjustment"].create(
                {
                    "kind": "manual",
                    "account_id": self.account.id,
                    "company_id": self.company.id,
                    "service_id": self.water.id,
                    "by_quantity": True,
                    "quantity": 1000,
                    "price": 100,
                    "amount": 0.01,
                    "reason": "Small",
                }
            )


@tagged("post_install", "-at_install")
class TestSharingRights(AllocationCommon):
    def test_a_sharing_is_not_decided_by_hand(self):
        sharing = self.share(self.assign()).with_user(self.make_user("billing_operator"))
        for vals in ({"state": "cancelled"}, {"total": 5}, {"proof": {}}, {"approved_at": False}):
            with self.assertRaises(AccessError):
                sharing.write(vals)
        sharing.action_approve()
        self.assertEqual((sharing.state, sharing.approved_by_id), ("approved", sharing.env.user))
        sharing.action_back()
        sharing.write({"name": "Heat, mended"})
        sharing.action_cancel()
        self.assertEqual(sharing.state, "cancelled")
