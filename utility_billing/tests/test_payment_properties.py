"""Whatever happens to bills and payments, no money is lost and none is doubled."""

from contextlib import closing
from datetime import date
from decimal import Decimal
from operator import itemgetter
from types import SimpleNamespace

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .payment_correction_common import PaymentCorrectionCommon

# how long an example takes says nothing on a machine that others use; a ledger is too slow to look
# for the shortest example that fails: the steps are printed instead
quiet = settings(
    max_examples=20,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
cents = st.integers(1, 9_999).map(lambda amount: amount / 100)
who = st.integers(0, 1)
which = st.integers(0, 3)
service = st.integers(0, 3)
bill = st.tuples(
    st.sampled_from(["bill", "bill_and_credit"]),
    who,
    st.lists(st.tuples(service, cents), min_size=1, max_size=3),
)
payment = st.tuples(st.just("pay_one"), who, cents, st.none() | service)
step = st.one_of(
    bill,
    payment,
    st.tuples(st.just("pay_named"), which, cents),
    st.tuples(st.just("split"), cents, cents, service),
    st.tuples(st.just("note"), who, service, cents),
    st.tuples(st.just("give_back"), which),
    st.tuples(st.just("move"), which, cents),
    st.tuples(st.just("refund"), which),
    st.tuples(st.just("cover_again"), which, st.sampled_from(["2026-03-15", "2026-03-16"])),
    st.tuples(st.just("undo"), which),
    st.tuples(st.just("unreconcile"), which),
    st.tuples(st.just("reconcile"), which, which),
    st.tuples(st.just("reverse"), which),
    st.tuples(st.just("use_credit"), who),
)
policy = st.fixed_dictionaries(
    {
        "first": st.sampled_from(["oldest", "newest"]),
        "by": st.sampled_from(["age", "service"]),
        "late_fee": st.sampled_from(["same", "first", "last"]),
        "named_first": st.booleans(),
        "credit_covers": st.sampled_from(["all", "groups"]),
        "ranked": st.lists(st.tuples(service, st.booleans()), unique_by=itemgetter(0), max_size=4),
    }
)
# one for payments of 20 February, one for what is done today
policies = st.tuples(policy, policy)


class Refused(UserError):
    """A step that cannot be taken now."""

    def __init__(self):
        super().__init__("")


def exact(amount):
    return Decimal(str(round(amount, 2)))


@tagged("post_install", "-at_install")
class TestPaymentProperties(PaymentCorrectionCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.fee = cls.make_service(
            "FEE", name="Late fee", kind="late_fee", income_account_id=cls.revenue.id
        )
        cls.services = (cls.wet, cls.warm, cls.waste, cls.fee)
        cls.both = (cls.flat_account, cls.other_account)

    @quiet
    @given(st.tuples(bill, payment), st.lists(step, min_size=2, max_size=9), policies)
    def test_allocations_and_credit_are_the_money_that_came_in(self, first, steps, terms):
        self.play([*first, *steps], terms)

    @settings(quiet, max_examples=10)
    @given(st.tuples(bill, payment), st.lists(step, min_size=2, max_size=9), policies)
    def test_and_so_it_is_one_by_one(self, first, steps, terms):
        self.company.utility_payment_way = "orm"
        self.play([*first, *steps], terms)

    def play(self, steps, terms):
        with closing(self.env.cr.savepoint()):
            for day, vals in zip(("2026-01-01", "2026-03-16"), terms, strict=True):
                self.make_policy(day, **vals)
            self.bills = self.env["account.move"]
            self.payments = self.env["utility.payment"]
            for name, *values in steps:
                try:
                    with self.env.cr.savepoint():
                        getattr(self, name)(*values)
                except UserError:
                    # what is refused has left no trace
                    self.env.invalidate_all()
                self.check()
        self.env.invalidate_all()

    def make_policy(self, day, ranked, **vals):
        self.env["utility.payment.policy"].create(
            {
                "date_start": day,
                "company_id": self.company.id,
                "group_ids": [
                    Command.create(
                        {
                            "service_ids": [Command.set(self.services[place].ids)],
                            "covered_by_credit": by_credit,
                        }
                    )
                    for place, by_credit in ranked
                ],
                **vals,
            }
        )

    def one(self, records, place):
        if not records:
            raise Refused
        return records.sorted("id")[place % len(records)]

    # -- what may happen --------------------------------------------------------------------

    def bill(self, account, lines):
        self.bills |= self.make_bill(
            self.both[account], *((self.services[place], amount) for place, amount in lines)
        )

    def bill_and_credit(self, account, lines):
        """As a run posts it: what is left over under the account covers it at once."""
        self.bill(account, lines)
        billed = SimpleNamespace(bill=SimpleNamespace(account_id=self.both[account].id))
        facts = SimpleNamespace(env=self.env, company=self.company, date=date(2026, 3, 16))
        self.env["utility.posting"]._cover_by_credit(facts, [billed])

    def pay_named(self, place, amount):
        billed = self.one(self.bills, place)
        self.payments |= self.pay((billed.utility_account_id, amount, {"bill_id": billed.id}))

    def note(self, account, place, amount):
        self.bills |= self.make_bill(
            self.both[account], (self.services[place], amount), kind="out_refund"
        )

    def pay_parts(self, *parts):
        amount = round(sum(part[1] for part in parts), 2)
        commands = [
            Command.create({"account_id": account.id, "amount": part, "service_id": served.id})
            for account, part, served in parts
        ]
        self.payments |= self.pay((None, amount, {"state": "matched", "part_ids": commands}))

    def pay_one(self, account, amount, place):
        if place is None:
            self.payments |= self.pay((self.both[account], amount))
        else:
            self.pay_parts((self.both[account], amount, self.services[place]))

    def split(self, one, other, place):
        served = self.services[place]
        self.pay_parts((self.both[0], one, served), (self.both[1], other, served.browse()))

    def give_back(self, place):
        self.one(self.payments, place)._return("As it happens")

    def move(self, place, amount):
        moved = self.one(self.payments, place)
        standing = moved._standing()
        source = next(iter(standing)).utility_account_id if standing else self.both[0]
        target = self.both[source == self.both[0]]
        self.correct(
            "transfer",
            moved,
            account_id=source.id,
            target_ids=[Command.create({"account_id": target.id, "amount": amount})],
        )

    def refund(self, place):
        self.correct("refund", self.one(self.payments, place))

    def cover_again(self, place, day):
        self.correct("reallocation", self.one(self.payments, place), policy_day=day)

    def undo(self, place):
        done = self.env["utility.payment.correction"].search(
            [("state", "=", "done"), ("payment_id", "in", self.payments.ids)]
        )
        self.one(done, place).action_undo()

    def unreconcile(self, place):
        self.one(self.payments, place).move_id.line_ids.remove_move_reconcile()

    def reconcile(self, paid, billed):
        lines = self.one(self.payments, paid).line_ids | self.owed(self.one(self.bills, billed))
        lines.filtered(lambda line: not line.reconciled).reconcile()

    def reverse(self, place):
        entry = self.one(self.payments, place).move_id
        if entry.reversal_move_ids:
            raise Refused
        entry._reverse_moves([{"date": "2026-03-16"}], cancel=True)

    def use_credit(self, account):
        self.both[account].action_cover_by_credit()

    # -- what must be -----------------------------------------------------------------------

    def check(self):
        self.env.flush_all()
        self.env.invalidate_all()
        for paid in self.payments:
            rows = paid.allocation_ids
            self.assertEqual(
                sum(exact(row.amount) for row in rows) + exact(paid.credit),
                self.money_in(paid),
                paid.state,
            )
            self.assertGreaterEqual(exact(paid.credit), 0)
            self.assertTrue(all(row.amount > 0 and row.kind == "payment" for row in rows))
        for billed in self.bills:
            self.check_bill(billed)
        owed = sum(exact(billed.amount_total_signed) for billed in self.bills)
        money = sum(map(self.money_in, self.payments))
        self.assertEqual(sum(exact(account.balance) for account in self.both), owed - money)

    def money_in(self, paid):
        """What of a payment stays, from the clearing account's side of the ledger."""
        if paid.state == "returned":
            return Decimal(0)
        refunds = self.env["utility.payment.correction"].search(
            [("payment_id", "=", paid.id), ("kind", "=", "refund"), ("state", "=", "done")]
        )
        return exact(paid.amount) - sum(exact(refund.amount) for refund in refunds)

    def check_bill(self, billed):
        owed = self.owed(billed)
        rows = owed.utility_allocation_ids
        covered = sum((abs(exact(row.amount)) for row in rows), Decimal(0))
        self.assertEqual(exact(billed.amount_residual), exact(billed.amount_total) - covered)
        self.assertGreaterEqual(exact(billed.amount_residual), 0)
        for line in billed.invoice_line_ids:
            of_line = [abs(exact(row.amount)) for row in rows if row.item_id == line]
            self.assertLessEqual(sum(of_line), exact(line.price_total))
        self.assertFalse(rows.filtered(lambda row: not row.item_id))
