"""Which accounts a run bills, how far it is, and a rest in the middle."""

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import BillingCommon
from .posting_common import PostingCommon


class FeesCommon(BillingCommon):
    """The account of flat 1 with water (15.97 in January), those of flats 2 and 3 with a fee of 2 a
    month; flat 3 pays by the quarter."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        service = cls.make_service("MT", kind="maintenance", is_quantified=False)
        schedule = cls.make_schedule(cls.plan, service)
        cls.make_version(schedule, "2025-01-01", {"code": "fee", "kind": "fixed", "price": 2})
        cls.second = cls.make_account(cls.flat_2, cls.ona)
        cls.third = cls.make_account(cls.flat_3, cls.tomas)
        cls.quarterly = cls.env["utility.billing.cycle"].create(
            {"name": "Quarter", "months": 3, "first_month": 1}
        )
        for account, flat, cycle in (
            (cls.second, cls.flat_2, cls.monthly),
            (cls.third, cls.flat_3, cls.quarterly),
        ):
            point = cls.make_point(service, flat, f"MT-{flat.name}")
            cls.make_agreement(account, point, billing_cycle_id=cycle.id)
        cls.everybody = cls.account | cls.second | cls.third

    def new_run(self, month="2026-01-15", **vals):
        return self.env["utility.billing.run"].create(
            {"month": month, "company_id": self.company.id, **vals}
        )

    def as_jobs(self):
        """Runs of two accounts and more are worked on as jobs, an account each."""
        for name in ("accounts_at_once", "batch_accounts"):
            self.env["ir.config_parameter"].set_param(f"utility_billing.{name}", "1")


@tagged("post_install", "-at_install")
class TestRunScope(FeesCommon):
    def billed(self, run):
        run.action_calculate()
        return run.charge_ids.account_id

    def test_a_filter(self):
        run = self.new_run(account_domain="[('number', '=', '%s')]" % self.second.number)
        self.assertEqual(run.account_count, 1)
        self.assertIn("chosen accounts", run.name)
        self.assertEqual(self.billed(run), self.second)

    def test_a_filter_within_places(self):
        domain = "[('partner_id', '=', %s)]" % self.ona.id
        run = self.new_run(account_domain=domain, premise_ids=[fields.Command.set(self.flat_3.ids)])
        with self.assertRaisesRegex(UserError, "no accounts like that"):
            run.action_calculate()
        run.premise_ids = self.house
        self.assertEqual(self.billed(run), self.second)

    def test_a_filter_that_nobody_can_read(self):
        for text in ("[(", "[('no_such_field', '=', 1)]", "import os"):
            with self.assertRaises(ValidationError):
                self.new_run(account_domain=text)

    def test_a_cycle(self):
        """What is paid by the quarter is due in March."""
        run = self.new_run("2026-03-15", cycle_ids=[fields.Command.set(self.quarterly.ids)])
        self.assertEqual(self.billed(run), self.third)
        self.assertEqual(run.amount, 6)
        both = self.new_run(
            cycle_ids=[fields.Command.set((self.monthly | self.quarterly).ids)],
            account_ids=[fields.Command.set(self.everybody.ids)],
        )
        self.assertEqual(self.billed(both), self.account | self.second)

    def test_the_scope_is_closed_once_calculated(self):
        run = self.make_run()
        for vals in ({"account_domain": "[]"}, {"cycle_ids": False}):
            with self.assertRaises(UserError):
                run.write(vals)

    def test_runs_beside_are_told(self):
        run = self.new_run(premise_ids=[fields.Command.set(self.house.ids)])
        same = self.new_run(account_ids=[fields.Command.set(self.second.ids)])
        self.new_run("2026-02-15", account_ids=[fields.Command.set(self.second.ids)])
        self.new_run(account_ids=[fields.Command.set(self.make_account(self.shop).ids)])
        self.assertEqual(run.overlap_ids, same)
        same.service_ids = self.water
        run.service_ids = self.second.agreement_ids.service_id
        self.assertFalse(run.overlap_ids)
        run.service_ids = False
        self.assertTrue(run.overlap_ids)
        same.action_calculate()
        self.assertEqual(run.overlap_ids, same)

    def test_just_an_account_or_a_building(self):
        for records, count in ((self.second, 1), (self.house, 3)):
            action = records.action_bill()
            run = (
                self.env["utility.billing.run"]
                .with_context(**action["context"])
                .create({"month": "2026-01-01", "company_id": self.company.id})
            )
            self.assertEqual(run.account_count, count)
        with self.assertRaises(AccessError):
            self.house.with_user(self.make_user("auditor")).action_bill()

    def test_against_the_month_and_the_year_before(self):
        """A year before the meter stood still: 0.79 of fee."""
        self.calculate_usage("2025-01-01", "2025-01-31")
        self.approved_run("2025-01-15")
        self.company.utility_billing_start = "2026-01-01"
        self.approved_run()
        total = self.make_run("2026-02-15").total_ids
        self.assertRecordValues(
            total, [{"amount": 10.21, "before_amount": 15.97, "year_amount": 0}]
        )
        self.assertEqual(total.change, -36.1)
        january = self.env["utility.billing.run.total"].search(
            [("month", "=", "2026-01-15"), ("run_id.company_id", "=", self.company.id)]
        )
        self.assertEqual(january.year_amount, 0.79)
        group = january.run_id.total_chart["groups"][0]
        self.assertEqual((group["label"], group["values"]), ("Cold water", [15.97, 0, 0.79]))


@tagged("post_install", "-at_install")
class TestRest(FeesCommon, PostingCommon):
    def begun(self):
        self.as_jobs()
        run = self.new_run(account_ids=[fields.Command.set((self.account | self.second).ids)])
        run.action_calculate()
        return run

    def progress(self, run):
        info = run.progress_info()
        return info["state"], info["done"], info["total"], info["percent"], info["paused"]

    def test_how_far_it_is(self):
        run = self.begun()
        self.assertEqual(self.progress(run), ("calculating", 0, 2, 0, False))
        self.assertIsNone(run.progress_info()["seconds_left"])
        run.batch_ids[0]._job_calculate()
        run.sudo().started_at = fields.Datetime.subtract(fields.Datetime.now(), seconds=20)
        info = run.progress_info()
        self.assertEqual((info["percent"], info["per_second"]), (50, 0.05))
        self.assertEqual(info["seconds_left"], 20)
        run.batch_ids[1]._job_calculate()
        run._job_finish()
        self.assertEqual(self.progress(run), ("review", 2, 2, 100, False))
        with self.assertQueryCount(4):
            self.env.invalidate_all()
            run.progress_info()

    def test_a_rest(self):
        run = self.begun()
        first, second = run.batch_ids
        first._job_calculate()
        run.action_pause()
        second._job_calculate()
        self.assertEqual((second.state, self.progress(run)[1:]), ("todo", (1, 2, 50, True)))
        run._cron_resume()
        second._job_calculate()
        self.assertEqual(second.state, "todo", "the cron does not end a rest")
        run.sudo().paused_at = fields.Datetime.subtract(fields.Datetime.now(), seconds=30)
        run.action_resume()
        self.assertFalse(run.paused_at)
        self.assertEqual(run.paused_seconds, 30)
        second._job_calculate()
        run._job_finish()
        self.assertEqual((run.state, run.amount), ("review", 17.97))
        with self.assertRaises(UserError):
            run.action_pause()

    def test_thrown_away_during_a_rest(self):
        run = self.begun()
        run.action_pause()
        run.action_discard()
        self.assertEqual((run.state, run.paused_at), ("draft", False))

    def test_only_operators_pause(self):
        run = self.begun()
        with self.assertRaises(AccessError):
            run.with_user(self.make_user("auditor")).action_pause()
        self.assertEqual(run.with_user(self.make_user("auditor")).progress_info()["total"], 2)
        with self.assertRaises(AccessError):
            run.with_user(self.make_user("field_controller")).progress_info()
        with self.assertRaises(AccessError):
            run.with_user(self.make_user("billing_operator")).paused_at = False

    def test_posting_rests_and_is_not_cancelled(self):
        self.company.utility_posting_way = "orm"
        self.second.agreement_ids.service_id.income_account_id = self.revenue
        run = self.approved_run(accounts=self.account | self.second)
        self.as_jobs()
        accounts = run._accounts_to_post()
        run._prepare_ledger()
        run.sudo().write({**run._beginning(), "state": "posting"})
        postings = self.env["utility.billing.posting"].create(run._prepare_postings(accounts))
        postings[0]._job_calculate()
        run.action_pause()
        postings[1]._job_calculate()
        self.assertEqual(self.progress(run), ("posting", 1, 2, 50, True))
        with self.assertRaisesRegex(UserError, "cancel and rebill"):
            run.action_cancel()
        run.action_resume()
        postings[1]._job_calculate()
        run._job_finish()
        self.assertEqual((run.state, run.bill_count), ("posted", 2))
        self.assertEqual(sorted(run.move_ids.mapped("name")), ["UB/2026/00001", "UB/2026/00002"])
