"""Registered payments are corrected: returned, moved, refunded, placed anew."""

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .payment_correction_common import PaymentCorrectionCommon


@tagged("post_install", "-at_install")
class TestPaymentReturn(PaymentCorrectionCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bill = cls.make_bill(cls.flat_account, (cls.wet, 30), (cls.warm, 70))

    def test_what_a_returned_payment_covered_is_open_again(self):
        payment = self.pay((self.flat_account, 110))
        self.assertEqual((self.bill.payment_state, payment.credit), ("paid", 10))
        correction = payment._return("Insufficient funds", "2026-03-10")
        self.assertEqual(payment.state, "returned")
        self.assertEqual(payment.reason, "Insufficient funds")
        self.assertEqual((self.bill.payment_state, self.bill.amount_residual), ("not_paid", 100))
        self.assertFalse(payment.allocation_ids)
        self.assertEqual(payment.credit, 0)
        self.assertEqual(self.flat_account.balance, 100)
        self.assertLedger(
            correction.move_id,
            ("121000", "Jonas Petraitis", 110),
            ("272000", False, -110),
        )
        self.assertEqual(str(correction.move_id.date), "2026-03-10")
        self.assertTrue(all(payment.line_ids.mapped("reconciled")))
        self.assertHistory(
            correction,
            (self.bill.name, "Wet", 30, 0),
            (self.bill.name, "Warm", 70, 0),
            ("", "", 10, 0),
        )
        self.assertEqual(correction.done_by, self.env.user)

    def test_a_return_is_undone(self):
        payment = self.pay((self.flat_account, 110))
        correction = payment._return("Wrong line", "2026-03-10")
        correction.action_undo()
        self.assertEqual((payment.state, correction.state), ("registered", "undone"))
        self.assertEqual((self.bill.payment_state, payment.credit), ("paid", 10))
        self.assertCovers(payment, ("Warm", 70), ("Wet", 30))
        self.assertEqual(
            sum((correction.move_id | correction.undo_move_id).line_ids.mapped("balance")), 0
        )
        clearing = (correction.move_id | correction.undo_move_id).line_ids.filtered(
            lambda line: line.account_id == self.clearing
        )
        self.assertEqual(clearing.mapped("reconciled"), [True, True])

    def test_a_returned_payment_is_not_returned_twice(self):
        payment = self.pay((self.flat_account, 110))
        payment._return("Once")
        with self.assertRaisesRegex(UserError, "nothing to correct"):
            payment._return("Twice")

    def test_one_part_of_a_split_payment_is_returned(self):
        other_bill = self.make_bill(self.other_account, (self.wet, 40))
        payment = self.pay(
            (
                None,
                140,
                {
                    "state": "matched",
                    "part_ids": [
                        Command.create({"account_id": self.flat_account.id, "amount": 100}),
                        Command.create({"account_id": self.other_account.id, "amount": 40}),
                    ],
                },
            )
        )
        self.correct("return", payment, part_id=payment.part_ids[1].id)
        self.assertEqual(payment.state, "registered")
        self.assertEqual(other_bill.amount_residual, 40)
        self.assertEqual(self.bill.amount_residual, 0)
        self.assertCovers(payment, ("Warm", 70), ("Wet", 30))
        payment._return("The rest, too")
        self.assertEqual((payment.state, self.bill.amount_residual), ("returned", 100))

    def test_a_locked_day_is_refused(self):
        payment = self.pay((self.flat_account, 100))
        self.company.fiscalyear_lock_date = "2026-03-10"
        with self.assertRaisesRegex(UserError, "is locked in the ledger"):
            payment._return("Late", "2026-03-10")
        payment._return("Late", "2026-03-11")
        self.assertEqual(payment.state, "returned")

    def test_a_reason_is_asked_for(self):
        payment = self.pay((self.flat_account, 100))
        with self.assertRaisesRegex(UserError, "say why"):
            payment._return("  ")

    def test_an_accountants_reversal_is_a_return(self):
        bill = self.make_bill(self.other_account, (self.wet, 40))
        payments = self.pay((self.flat_account, 110), (self.other_account, 15))
        entry = payments.move_id
        reversal = entry._reverse_moves([{"date": "2026-03-01"}], cancel=True)
        self.assertEqual(payments.mapped("state"), ["returned", "returned"])
        self.assertEqual(payments.mapped("credit"), [0, 0])
        self.assertFalse(payments.allocation_ids)
        self.assertEqual((self.bill.amount_residual, bill.amount_residual), (100, 40))
        self.assertEqual(self.flat_account.balance, 100)
        reversal._reverse_moves([{"date": "2026-03-02"}], cancel=True)
        self.assertEqual(payments.mapped("state"), ["registered", "registered"])
        self.assertEqual(payments.mapped("credit"), [110, 15])

    def test_a_line_below_zero_takes_back_what_it_names(self):
        payment = self.pay((self.flat_account, 110))
        values = {"takes_back_id": payment.id, "purpose": "MD06", "state": "matched"}
        wrong = self.make_batch((self.flat_account, -100, values), collector=self.bank)
        with self.assertRaisesRegex(UserError, "return a part of it by hand"):
            wrong.payment_ids.action_register()
        batch = self.make_batch((self.flat_account, -110, {**values, "date": "2026-03-05"}))
        batch.payment_ids.action_register()
        self.assertEqual((payment.state, payment.reason), ("returned", "MD06"))
        self.assertEqual(batch.payment_ids.state, "registered")
        self.assertEqual(str(batch.payment_ids.move_id.date), "2026-03-05")
        self.assertEqual(self.bill.amount_residual, 100)

    def test_a_reader_returns_nothing(self):
        payment = self.pay((self.flat_account, 100))
        auditor = self.make_user("auditor")
        with self.assertRaises(AccessError):
            payment.with_user(auditor)._return("Would like to")

    def test_a_cashier_returns(self):
        payment = self.pay((self.flat_account, 100)).with_user(self.make_user("cashier"))
        correction = payment._return("Voided receipt", "2026-03-10")
        self.assertEqual((payment.state, correction.state), ("returned", "done"))
        with self.assertRaises(AccessError):
            correction.state = "draft"
        with self.assertRaisesRegex(UserError, "is applied"):
            correction.amount = 5
        with self.assertRaisesRegex(UserError, "is applied"):
            correction.line_ids.after = 5
        with self.assertRaisesRegex(UserError, "kept for the record"):
            correction.unlink()


@tagged("post_install", "-at_install")
class TestPaymentReturnByOdoo(TestPaymentReturn):
    """The same, reconciled one by one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.utility_payment_way = "orm"


@tagged("post_install", "-at_install")
class TestPaymentTransfer(PaymentCorrectionCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bill = cls.make_bill(cls.flat_account, (cls.wet, 30), (cls.warm, 70))
        cls.other_bill = cls.make_bill(cls.other_account, (cls.wet, 40), (cls.waste, 20))
        cls.payment = cls.pay((cls.flat_account, 110))

    def move(self, *targets):
        """A transfer to (account, amount)."""
        return self.correct(
            "transfer",
            self.payment,
            target_ids=[
                Command.create({"account_id": account.id, "amount": amount})
                for account, amount in targets
            ],
        )

    def test_a_payment_for_the_wrong_flat_is_moved(self):
        correction = self.move((self.other_account, 110))
        self.assertEqual((self.bill.amount_residual, self.other_bill.amount_residual), (100, 0))
        self.assertCovers(self.payment, ("Wet", 40), ("Waste", 20))
        self.assertEqual(self.payment.credit, 50)
        self.assertEqual((self.flat_account.balance, self.other_account.balance), (100, -50))
        self.assertLedger(
            correction.move_id,
            ("121000", "Jonas Petraitis", 110),
            ("121000", "Ona Kazlauskienė", -110),
        )
        self.assertHistory(
            correction,
            (self.bill.name, "Wet", 30, 0),
            (self.bill.name, "Warm", 70, 0),
            (self.other_bill.name, "Wet", 0, 40),
            (self.other_bill.name, "Waste", 0, 20),
            ("", "", 10, 0),
            ("", "", 0, 50),
        )

    def test_a_part_is_moved_what_is_left_over_first(self):
        self.move((self.other_account, 25))
        self.assertEqual((self.bill.amount_residual, self.other_bill.amount_residual), (15, 35))
        self.assertEqual(self.payment.credit, 0)
        self.assertEqual(sum(self.payment.allocation_ids.mapped("amount")), 110)

    def test_to_several_accounts(self):
        third = self.make_account(self.flat_3, self.tomas)
        self.move((self.other_account, 60), (third, 20))
        self.assertEqual(self.other_bill.payment_state, "paid")
        self.assertEqual(third.balance, -20)
        self.assertEqual(self.bill.amount_residual, 70)

    def test_no_more_than_there_is(self):
        with self.assertRaisesRegex(UserError, "move no more than that"):
            self.move((self.other_account, 110.01))
        with self.assertRaisesRegex(UserError, "choose another one"):
            self.move((self.flat_account, 10))
        with self.assertRaisesRegex(UserError, "to which account"):
            self.move()

    def test_a_transfer_is_undone(self):
        correction = self.move((self.other_account, 110))
        correction.action_undo()
        self.assertEqual((self.bill.payment_state, self.other_bill.amount_residual), ("paid", 60))
        self.assertEqual(self.payment.credit, 10)
        self.assertEqual((self.flat_account.balance, self.other_account.balance), (-10, 60))

    def test_a_moved_payment_is_returned_from_where_it_stands(self):
        self.move((self.other_account, 60))
        self.payment._return("Taken back")
        self.assertEqual((self.bill.amount_residual, self.other_bill.amount_residual), (100, 60))
        self.assertEqual((self.payment.state, self.payment.credit), ("returned", 0))
        self.assertTrue(all(self.payment.line_ids.mapped("reconciled")))

    def test_an_accountant_reverses_what_was_moved_in_order(self):
        correction = self.move((self.other_account, 60))
        with self.assertRaisesRegex(UserError, "was moved on by “Transfer to another account"):
            self.payment.move_id._reverse_moves([{"date": "2026-03-12"}], cancel=True)
        correction.move_id._reverse_moves([{"date": "2026-03-12"}], cancel=True)
        self.assertEqual((correction.state, self.payment.state), ("undone", "registered"))
        self.assertEqual((self.bill.amount_residual, self.other_bill.amount_residual), (50, 60))
        self.assertEqual(self.payment.credit, 60)

    def test_what_went_on_is_not_undone(self):
        third = self.make_account(self.flat_3, self.tomas)
        first = self.move((self.other_account, 110))
        second = self.correct(
            "transfer",
            self.payment,
            account_id=self.other_account.id,
            target_ids=[Command.create({"account_id": third.id, "amount": 110})],
        )
        with self.assertRaisesRegex(UserError, "undo its later corrections first"):
            first.action_undo()
        second.action_undo()
        first.action_undo()
        self.assertEqual(self.bill.payment_state, "paid")


@tagged("post_install", "-at_install")
class TestPaymentRefund(PaymentCorrectionCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bill = cls.make_bill(cls.flat_account, (cls.wet, 30), (cls.warm, 70))
        cls.payment = cls.pay((cls.flat_account, 110))

    def test_what_is_left_over_is_owed_to_the_payer(self):
        correction = self.correct("refund", account_id=self.flat_account.id)
        self.assertEqual(correction.amount, 10)
        self.assertLedger(
            correction.move_id,
            ("121000", "Jonas Petraitis", 10),
            ("443000", "Jonas Petraitis", -10),
        )
        self.assertEqual((self.flat_account.balance, self.payment.credit), (0, 0))
        self.assertEqual(self.bill.payment_state, "paid")
        self.assertHistory(correction, ("", "", 10, 0))

    def test_the_cash_desk_pays_it_out(self):
        correction = self.correct("refund", self.payment, collector_id=self.bank.id, amount=4)
        self.assertLedger(
            correction.move_id,
            ("121000", "Jonas Petraitis", 4),
            ("272000", "Jonas Petraitis", -4),
        )
        self.assertEqual(self.payment.credit, 6)

    def test_no_more_than_is_left_over(self):
        with self.assertRaisesRegex(UserError, "has 10.00 left over"):
            self.correct("refund", account_id=self.flat_account.id, amount=10.01)

    def test_a_refund_is_undone_unless_it_is_paid(self):
        correction = self.correct("refund", account_id=self.flat_account.id)
        correction.action_undo()
        self.assertEqual((self.flat_account.balance, self.payment.credit), (-10, 10))
        again = self.correct("refund", account_id=self.flat_account.id)
        owed = again.move_id.line_ids.filtered(lambda line: line.account_id == self.payable)
        paid = self.env["account.move"].create(
            {
                "journal_id": self.bank._journal().id,
                "line_ids": [
                    Command.create(
                        {
                            "account_id": self.payable.id,
                            "partner_id": self.jonas.id,
                            "balance": 10,
                        }
                    ),
                    Command.create({"account_id": self.clearing.id, "balance": -10}),
                ],
            }
        )
        paid.action_post()
        (owed | paid.line_ids.filtered(lambda line: line.account_id == self.payable)).reconcile()
        with self.assertRaisesRegex(UserError, "is reconciled with the bank"):
            again.action_undo()

    def test_what_was_refunded_is_not_taken_back(self):
        self.correct("refund", self.payment)
        with self.assertRaisesRegex(UserError, "was refunded in part"):
            self.payment._return("The bank wants it all")

    def test_a_credit_note_is_refunded_too(self):
        self.make_bill(self.other_account, (self.wet, 25), kind="out_refund")
        correction = self.correct("refund", account_id=self.other_account.id)
        self.assertEqual((correction.amount, self.other_account.balance), (25, 0))

    def test_closed_accounts_with_credit_are_proposed(self):
        accounts = self.env["utility.account"]
        self.assertNotIn(self.flat_account, accounts._closed_with_credit())
        self.flat_account.agreement_ids._close("2026-02-28")
        self.flat_account.date_close = "2026-03-01"
        self.assertEqual(accounts._closed_with_credit(), self.flat_account)
        self.flat_account.action_propose_refunds()
        proposed = self.env["utility.payment.correction"].search(
            [("account_id", "=", self.flat_account.id)]
        )
        self.assertEqual((proposed.kind, proposed.state, proposed.amount), ("refund", "draft", 10))


@tagged("post_install", "-at_install")
class TestPaymentReallocation(PaymentCorrectionCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.old = cls.make_bill(cls.flat_account, (cls.wet, 30), (cls.warm, 70))
        cls.new = cls.make_bill(cls.flat_account, (cls.wet, 50), date="2026-02-15")
        cls.payment = cls.pay((cls.flat_account, 60))

    def draft(self, **vals):
        return self.env["utility.payment.correction"].create(
            {
                "kind": "reallocation",
                "payment_id": self.payment.id,
                "reason": "The payer meant the other bill",
                **vals,
            }
        )

    def test_by_the_policy_of_a_day(self):
        self.assertCovers(self.payment, ("Warm", 42), ("Wet", 18))
        self.env["utility.payment.policy"].create(
            {
                "name": "Newest first",
                "date_start": "2026-03-15",
                "first": "newest",
                "company_id": self.company.id,
            }
        )
        correction = self.draft(policy_day="2026-03-15")
        correction.action_apply()
        self.assertEqual((self.old.amount_residual, self.new.amount_residual), (90, 0))
        self.assertCovers(self.payment, ("Wet", 50), ("Warm", 7), ("Wet", 3))
        self.assertHistory(
            correction,
            (self.old.name, "Wet", 18, 3),
            (self.old.name, "Warm", 42, 7),
            (self.new.name, "Wet", 0, 50),
        )
        self.assertFalse(correction.move_id)
        correction.action_undo()
        self.assertCovers(self.payment, ("Warm", 42), ("Wet", 18))
        self.assertEqual((self.old.amount_residual, self.new.amount_residual), (40, 50))

    def test_what_is_proposed_is_seen_before(self):
        correction = self.draft(manner="hand")
        correction.action_propose()
        self.assertEqual(
            sorted(
                (row.bill_id.name, row.service_id.name, row.open_amount, row.before, row.after)
                for row in correction.line_ids
            ),
            [
                (self.old.name, "Warm", 70, 42, 42),
                (self.old.name, "Wet", 30, 18, 18),
                (self.new.name, "Wet", 50, 0, 0),
            ],
        )
        self.assertCovers(self.payment, ("Warm", 42), ("Wet", 18))

    def test_by_hand_service_by_service(self):
        correction = self.draft(manner="hand")
        correction.action_propose()
        for row in correction.line_ids:
            row.after = 30 if row.service_id == self.wet else 0
        correction.action_apply()
        self.assertCovers(self.payment, ("Wet", 30), ("Wet", 30))
        self.assertEqual((self.old.amount_residual, self.new.amount_residual), (70, 20))
        self.assertHistory(
            correction,
            (self.old.name, "Wet", 18, 30),
            (self.old.name, "Warm", 42, 0),
            (self.new.name, "Wet", 0, 30),
        )
        self.assertEqual(self.payment.credit, 0)

    def test_no_more_than_is_open_or_paid(self):
        correction = self.draft(manner="hand")
        correction.action_propose()
        correction.line_ids.after = 25
        with self.assertRaisesRegex(UserError, "75.00 is to be covered, 60.00 stands"):
            correction.action_apply()
        correction.line_ids.after = 0
        correction.line_ids.filtered(lambda row: row.before == 18).after = 31
        with self.assertRaisesRegex(UserError, "only 30.00 can be covered"):
            correction.action_apply()
