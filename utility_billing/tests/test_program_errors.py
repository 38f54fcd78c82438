"""An error that nobody foresaw stops its account, or its batch, and nobody else's."""

from unittest.mock import patch

from odoo.exceptions import RedirectWarning
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models import rating
from ..models.billing_run_documents import BillingRun
from ..models.posting import Posting
from .posting_common import PostingCommon

LOGGER = "odoo.addons.utility_base.tools.failing"


@tagged("post_install", "-at_install")
class TestProgramErrors(PostingCommon):
    """Jonas' account is billed 15.97; three others pay 3.00 a month for the care of the house."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.care = cls.make_service(
            "CARE", kind="maintenance", is_quantified=False, income_account_id=cls.revenue.id
        )
        cls.make_version(
            cls.make_schedule(cls.plan, cls.care),
            "2025-01-01",
            {"code": "care", "kind": "fixed", "price": 3},
        )
        cls.others = cls.env["utility.account"].concat(*map(cls._make_neighbour, range(10, 13)))
        cls.accounts = cls.account + cls.others

    @classmethod
    def _make_neighbour(cls, number):
        flat = cls.make_premise("flat", str(number), cls.entrance)
        account = cls.make_account(flat, cls.ona)
        cls.make_agreement(account, cls.make_point(cls.care, flat, f"CARE-{number}"))
        return account

    def amounts(self, run):
        return [
            round(
                sum(
                    run.charge_ids.filtered(lambda c, a=account: c.account_id == a).mapped("amount")
                ),
                2,
            )
            for account in self.accounts
        ]

    def test_a_supply_that_the_program_cannot_rate_is_held(self):
        rate = rating.rate

        def broken(facts):
            if facts.account_id == self.account.id:
                raise KeyError("zone")
            return rate(facts)

        with patch.object(rating, "rate", broken), mute_logger(LOGGER):
            run = self.make_run(accounts=self.accounts)
        self.assertEqual((run.state, run.held_count), ("review", 1))
        self.assertEqual(self.amounts(run), [0, 3, 3, 3])
        self.assertEqual(run.problem_ids.account_id, self.account)
        self.assertIn("An error in the program: KeyError('zone')", run.problem_ids.message)
        run.problem_ids.action_recalculate()
        self.assertEqual(self.amounts(run), [15.97, 3, 3, 3])
        self.assertFalse(run.held_count)

    def test_an_account_for_which_a_batch_fails_is_held(self):
        prepare, wrong = BillingRun._prepare_documents, self.others[1]

        def broken(run, accounts, *args):
            if wrong in accounts:
                raise ZeroDivisionError("nobody lives there")
            return prepare(run, accounts, *args)

        with patch.object(BillingRun, "_prepare_documents", broken), mute_logger(LOGGER):
            run = self.make_run(accounts=self.accounts)
            self.assertEqual((run.state, run.batch_ids.state), ("review", "done"))
            self.assertEqual(self.amounts(run), [15.97, 3, 0, 3])
            self.assertEqual((run.held_count, run.batch_ids.held_count), (1, 1))
            self.assertIn("nobody lives there", run.problem_ids.message)
            run.problem_ids.action_recalculate()
            self.assertEqual(run.problem_ids.account_id, wrong, "it fails again")
        run.problem_ids.action_recalculate()
        self.assertEqual(self.amounts(run), [15.97, 3, 3, 3])
        run.action_approve()
        self.assertEqual(len(self.post(run)), 4)

    def test_a_posting_batch_that_the_program_cannot_post_says_so(self):
        run = self.approved_run(accounts=self.accounts)
        run = run.with_context(queue_job__no_delay=True)
        with (
            patch.object(Posting, "_post_batch", side_effect=KeyError("mould")),
            mute_logger(LOGGER),
        ):
            run.action_post()
        self.assertEqual(
            (run.state, run.posting_ids.state, run.failed_count), ("posting", "failed", 1)
        )
        self.assertIn("An error in the program: KeyError('mould')", run.posting_ids.message)
        asked = RedirectWarning("Set the accounts up.", 1, "Set up")
        with patch.object(Posting, "_post_batch", side_effect=asked):
            run.action_post_failed()
        self.assertEqual(run.posting_ids.message, "Set the accounts up.")
        run.action_post_failed()
        self.assertEqual((run.state, run.bill_count), ("posted", 4))
