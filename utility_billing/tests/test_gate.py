"""Between calculation and approval: what checks find, and how people decide on it."""

from datetime import date

from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError, RedirectWarning, UserError
from odoo.tests import tagged
from odoo.tools.misc import mute_logger

from .common import BillingCommon
from .posting_common import PostingCommon


class GateCommon(BillingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.checks = cls.env["utility.billing.check"]

    def check(self, kind, **vals):
        """The ready-made check of a kind, changed where said."""
        check = self.env.ref(f"utility_billing.billing_check_{kind}")
        check.write(vals)
        return check

    def found(self, run, kind=None):
        exceptions = run.exception_ids
        if kind:
            exceptions = exceptions.filtered(lambda exception: exception.kind == kind)
        return exceptions

    def reprice(self, start, price):
        return self.make_version(
            self.schedule,
            start,
            {"code": "water", "name": "Water", "kind": "unit", "price": price},
            {"code": "fee", "name": "Meter fee", "kind": "fixed", "price": 0.79},
        )

    def fee_account(self, payer=None, price=2, start="2020-01-01", end=False, **vals):
        """An account of flat 2 that pays a fee a month."""
        service = self.make_service("MT", kind="maintenance", is_quantified=False)
        schedule = self.make_schedule(self.plan, service)
        self.make_version(schedule, "2025-01-01", {"code": "fee", "kind": "fixed", "price": price})
        account = self.make_account(self.flat_2, payer, **vals)
        self.make_agreement(account, self.make_point(service, self.flat_2, "MT-2"), start, end)
        return account


@tagged("post_install", "-at_install")
class TestChecks(GateCommon):
    """Each check finds what it is for, and nothing in a usual month."""

    def test_a_usual_month_has_no_exceptions(self):
        self.approved_run()
        self.assertFalse(self.make_run("2026-02-10").exception_ids)

    def test_the_first_month_of_all_has_no_first_bills(self):
        self.assertFalse(self.make_run().exception_ids)

    def test_much_more_than_usual(self):
        """7.655 m³ × 12.30 = 94.16, and 0.79; 15.97 in January."""
        self.approved_run()
        self.reprice("2026-02-01", 12.3)
        found = self.make_run("2026-02-10").exception_ids
        self.assertRecordValues(
            found, [{"kind": "high", "state": "open", "amount": 94.95, "average_amount": 15.97}]
        )
        for words in ("94.95", "5.9 times", "15.97", "in which they were (1)"):
            self.assertIn(words, found.message)

    def test_a_service_is_compared_with_itself(self):
        """100.00 a month of a service that was never billed before are nothing unusual."""
        self.approved_run()
        service = self.make_service("MT", kind="maintenance", is_quantified=False)
        schedule = self.make_schedule(self.plan, service)
        self.make_version(schedule, "2025-01-01", {"code": "fee", "kind": "fixed", "price": 100})
        point = self.make_point(service, self.account.premise_id, "MT-1")
        self.make_agreement(self.account, point, "2026-02-01")
        run = self.make_run("2026-02-10")
        self.assertAlmostEqual(sum(run.charge_ids.mapped("amount")), 110.21)
        self.assertFalse(self.found(run, "high"))

    def test_a_small_difference_does_not_matter(self):
        self.approved_run()
        self.reprice("2026-02-01", 12.3)
        self.check("high", amount_limit=80)
        self.assertFalse(self.make_run("2026-02-10").exception_ids)

    def test_much_less_than_usual(self):
        """7.655 m³ × 0.10 = 0.77, and 0.79; a third of 15.97 is 5.32."""
        self.approved_run()
        self.reprice("2026-02-01", 0.1)
        found = self.make_run("2026-02-10").exception_ids
        self.assertRecordValues(found, [{"kind": "low", "amount": 1.56, "average_amount": 15.97}])
        self.assertIn("10 %", found.message)

    def test_above_a_limit(self):
        self.check("above", amount_limit=15.96)
        self.assertEqual(self.make_run().exception_ids.kind, "above")
        self.check("above", amount_limit=15.97)
        self.assertFalse(self.make_run().exception_ids)

    def test_nothing_to_pay_and_less_than_nothing(self):
        free = self.fee_account(self.ona, price=0)
        run = self.make_run(accounts=self.account | free)
        self.assertEqual((run.exception_ids.kind, run.exception_ids.account_id), ("zero", free))
        self.approve_adjustment(-20)
        self.assertEqual(self.make_run().exception_ids.kind, "negative")

    def approve_adjustment(self, amount):
        self.company.utility_approval_limit = 100
        adjustment = self.env["utility.adjustment"].create(
            {
                "kind": "manual",
                "account_id": self.account.id,
                "company_id": self.company.id,
                "service_id": self.water.id,
                "amount": amount,
                "reason": "Agreed",
                "date": "2026-01-10",
            }
        )
        adjustment.action_submit()

    def test_not_read_and_estimated(self):
        """March has no reading yet; 3 m³ are agreed for want of one."""
        self.make_rule("missing", "agreed")
        self.env["utility.agreed.quantity"].create(
            {"service_point_id": self.point.id, "quantity": 3, "date_start": "2025-01-01"}
        )
        self.calculate_usage("2026-03-01", "2026-03-31")
        for kind in ("no_readings", "estimated"):
            self.check(kind, months=2)
        self.assertFalse(self.make_run("2026-03-10").exception_ids)
        for kind in ("no_readings", "estimated"):
            self.check(kind, months=1)
        found = self.make_run("2026-03-10").exception_ids
        self.assertEqual(found.mapped("kind"), ["no_readings", "estimated"])
        self.assertIn("CW-1: not read since 02/28/2026", found[0].message)
        self.assertIn("CW-1: estimated 1 periods", found[1].message)

    def test_usage_where_nobody_lives(self):
        self.ownership._close(date(2025, 12, 31))
        found = self.make_run().exception_ids
        self.assertEqual(found.kind, "empty")
        self.assertIn("Cold water is used, though nobody", found.message)

    def test_a_new_payer(self):
        self.account._change_payer(self.ona, date(2026, 1, 16))
        found = self.make_run().exception_ids
        self.assertEqual(found.kind, "payer_changed")
        self.assertIn("Since 01/16/2026 Ona", found.message)
        self.assertFalse(self.make_run("2026-02-10").exception_ids - found)

    def test_first_and_final_bill(self):
        self.approved_run()
        other = self.fee_account(
            self.ona,
            start="2026-02-02",
            end="2026-02-20",
            date_open="2026-02-02",
            date_close="2026-02-20",
        )
        run = self.make_run("2026-02-10", self.account | other)
        self.assertEqual(run.exception_ids.mapped("kind"), ["first", "final"])
        self.assertEqual(run.exception_ids.account_id, other)

    def test_what_could_not_be_rated_is_held_until_it_is_mended(self):
        area = self.env.ref("utility_base.attribute_heated_area")
        service = self.make_service("MT", kind="maintenance", is_quantified=False)
        self.make_version(
            self.make_schedule(self.plan, service),
            "2025-01-01",
            {"code": "upkeep", "kind": "attribute", "attribute_id": area.id, "price": 0.35},
        )
        self.make_agreement(self.account, self.make_point(service, self.flat, "MT-1"))
        run = self.make_run()
        found = run.exception_ids
        self.assertRecordValues(found, [{"kind": "unrated", "state": "held", "amount": 0}])
        self.assertEqual(found.problem_ids, run.problem_ids)
        self.assertIn("is not known on", found.message)
        with self.assertRaisesRegex(UserError, "mend what is missing"):
            found.action_release()
        self.make_value(area, self.flat, 40)
        found.action_recalculate()
        self.assertEqual(found.state, "mended")
        # 40 m² × 0.35
        self.assertEqual(run.amount, 29.97)

    def test_a_company_goes_by_its_own_check(self):
        self.check("above", amount_limit=1)
        own = self.checks.create(
            {
                "name": "Great",
                "kind": "above",
                "amount_limit": 15,
                "level": "blocking",
                "company_id": self.company.id,
            }
        )
        run = self.make_run()
        self.assertEqual(run.exception_ids.check_id, own)
        own.active = False
        self.assertFalse(self.make_run().exception_ids)

    def test_limits_make_sense(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(CheckViolation):
            self.check("high", factor=1)


@tagged("post_install", "-at_install")
class TestDecisions(GateCommon):
    """Two accounts: the first has 15.97 in January, the second a fee of 2."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.ref("utility_billing.billing_check_above").amount_limit = 10

    def setUp(self):
        super().setUp()
        self.other = self.fee_account(self.ona)
        self.run_ = self.make_run(accounts=self.account | self.other)
        self.great = self.run_.exception_ids

    def test_release_and_undo(self):
        self.great.action_release()
        self.assertEqual(
            (self.great.state, self.great.decided_by, self.great.account_id),
            ("released", self.env.user, self.account),
        )
        self.assertEqual(self.run_.undecided_count, 0)
        self.great.action_reopen()
        self.assertRecordValues(self.great, [{"state": "open", "decided_by": False}])
        self.assertEqual(self.run_.undecided_count, 1)

    def test_a_held_account_is_not_billed(self):
        self.great.action_hold()
        self.assertEqual(self.run_.amount, 2)
        self.assertEqual(self.run_.total_ids.amount, 2)
        self.assertEqual(self.run_.kept_out_count, 1)
        self.assertNotIn(self.account.id, [row[0] for row in self.run_.batch_ids.rated])
        self.run_.action_approve()
        claims = self.env["utility.charge.claim"].search([("run_id", "=", self.run_.id)])
        self.assertEqual(claims.account_id, self.other)
        self.assertEqual(self.great.state, "held")
        later = self.make_run("2026-02-10")
        self.assertEqual(later.amount, 26.18, "15.97 of January, and 10.21")

    def test_a_held_account_is_taken_in_again(self):
        self.great.action_hold()
        with self.assertRaisesRegex(UserError, "held out of the run"):
            self.great.action_recalculate()
        self.great.action_reopen()
        self.assertEqual((self.great.state, self.run_.amount), ("open", 17.97))
        self.great.action_hold()
        self.great.action_release()
        self.assertEqual((self.great.state, self.run_.amount), ("released", 17.97))
        self.run_.action_approve()
        self.assertEqual(set(self.run_.charge_ids.mapped("state")), {"approved"})

    def test_decisions_outlive_calculating_again(self):
        self.great.action_hold()
        self.run_.action_calculate()
        self.assertEqual((self.great.state, self.run_.amount), ("held", 2))
        self.great.action_reopen()
        self.great.action_release()
        self.run_.action_calculate()
        self.assertEqual((self.great.state, self.run_.amount), ("released", 17.97))

    def test_a_decision_holds_as_long_as_the_figures_do(self):
        self.great.action_release()
        self.reprice("2026-01-20", 2)
        self.great.action_recalculate()
        self.assertEqual(self.great.state, "open")
        self.assertGreater(self.great.amount, 15.97)

    def test_what_is_corrected_is_mended(self):
        self.great.check_id.amount_limit = 16
        self.great.action_recalculate()
        self.assertEqual(self.great.state, "mended")
        self.great.check_id.amount_limit = 10
        self.great.action_recalculate()
        self.assertEqual(self.great.state, "open", "it is as before")

    def test_approval_releases_what_only_asks(self):
        self.run_.action_approve()
        self.assertRecordValues(
            self.great, [{"state": "released", "note": "Released by approving the run."}]
        )
        with self.assertRaisesRegex(UserError, "not to be reviewed"):
            self.great.action_hold()

    def test_what_stops_approval_stops_it(self):
        nobody = self.make_account(self.flat_3)
        self.make_agreement(
            nobody, self.make_point(self.other.agreement_ids.service_id, self.flat_3, "MT-3")
        )
        run = self.make_run(accounts=self.other | nobody)
        found = self.found(run, "no_payer")
        self.assertEqual((found.account_id, run.blocking_count), (nobody, 1))
        with self.assertRaisesRegex(RedirectWarning, "1 exceptions"):
            run.action_approve()
        self.assertEqual(run.state, "review")
        found.action_hold()
        run.action_approve()
        self.assertEqual((run.state, run.amount), ("approved", 2))

    def test_throwing_away_removes_exceptions(self):
        self.run_.action_discard()
        self.assertFalse(self.great.exists())

    def test_only_operators_decide_and_by_buttons_only(self):
        for role in ("auditor", "clerk", "manager"):
            mine = self.great.with_user(self.make_user(role))
            self.assertTrue(mine.message)
            for action in ("action_release", "action_hold", "action_recalculate", "action_reopen"):
                with self.assertRaises(AccessError):
                    getattr(mine, action)()
        operator = self.great.with_user(self.make_user("billing_operator"))
        with self.assertRaises(AccessError):
            operator.write({"state": "released"})
        operator.note = "Asked by telephone"
        operator.action_hold()
        self.assertEqual(operator.decided_by, operator.env.user)
        operator.action_reopen()
        operator.run_id.action_approve()

    def test_the_account_is_shown_then_and_now(self):
        self.great.action_release()
        self.run_.action_approve()
        self.reprice("2026-02-01", 12.3)
        found = self.found(self.make_run("2026-02-10"), "high")
        history = found.history
        self.assertEqual([group["values"] for group in history["groups"][-2:]], [[15.97], [94.95]])
        (row,) = history["rows"]
        self.assertEqual(row[0], "Cold water")
        for text, figure in zip(row[1:], ("15.97", "94.95", "78.98"), strict=True):
            self.assertIn(figure, text)


@tagged("post_install", "-at_install")
class TestHeldAccountsArePostedByNobody(GateCommon, PostingCommon):
    def test_a_bill_for_the_others_only(self):
        self.company.utility_posting_way = "orm"
        self.env.ref("utility_billing.billing_check_above").amount_limit = 10
        other = self.fee_account(self.ona)
        other.agreement_ids.service_id.income_account_id = self.revenue
        run = self.make_run(accounts=self.account | other)
        run.exception_ids.action_hold()
        run.action_approve()
        bills = self.post(run)
        self.assertEqual(bills.utility_account_id, other)
        self.assertEqual(bills.amount_untaxed, 2)
