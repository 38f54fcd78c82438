from odoo.exceptions import AccessError
from odoo.tests import tagged

from .rate_common import RateCommon


@tagged("post_install", "-at_install")
class TestRateAccess(RateCommon):
    def test_who_approves(self):
        version = self.make_version(self.schedule, "2026-01-01", {"price": 1})
        for role in ("clerk", "manager", "auditor"):
            with self.assertRaises(AccessError):
                version.with_user(self.make_user(role)).action_approve()
        version.with_user(self.make_user("billing_operator")).action_approve()
        self.assertEqual(version.state, "approved")
        with self.assertRaises(AccessError):
            version.with_user(self.make_user("clerk"))._withdraw("Because")

    def test_tariffs_of_another_company_are_not_seen(self):
        other = self.env["res.company"].create({"name": "Other"})
        user = self.make_user("billing_operator", company_id=other.id)
        self.make_version(self.schedule, "2026-01-01", {"lines": [{"price": 1}]})
        for model in ("plan", "schedule", "version", "component", "line"):
            records = self.env[f"utility.rate.{model}"].with_user(user).with_company(other)
            self.assertFalse(records.with_context(allowed_company_ids=other.ids).search([]))

    def test_another_building_s_own_price_is_not_seen(self):
        own = self.make_schedule(self.plan, self.water, account_id=self.account.id)
        self.make_version(own, "2026-01-01", {"lines": [{"price": 1}]})
        schedules = self.env["utility.rate.schedule"]
        lines = self.env["utility.rate.line"]
        for building, count in ((self.house, 1), (self.other_house, 0)):
            user = self.make_user("manager", building)
            self.assertEqual(schedules.with_user(user).search_count([("id", "=", own.id)]), count)
            self.assertEqual(lines.with_user(user).search_count([]), count)
            self.assertIn(self.schedule, schedules.with_user(user).search([]))
