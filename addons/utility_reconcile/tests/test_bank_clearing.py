"""A bank statement clears what collectors have taken in."""

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.utility_billing.tests.payment_common import PaymentCommon

IBAN = "LT12 1000 0111 0100 1000"


@tagged("post_install", "-at_install")
class TestBankClearing(PaymentCommon):
    """The post takes 19.32 from flat 1 and keeps 2 % of it: 0.39."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bill = cls.posted_bills()[0]
        cls.payer_account = cls.bill.utility_account_id
        cls.giro = cls.make_ledger_account("271000", "Bank", "asset_cash")
        cls.suspense = cls.make_ledger_account("271900", "Suspense", "asset_current")
        cls.journal = cls.env["account.journal"].create(
            {
                "name": "Giro",
                "code": "GIRO",
                "type": "bank",
                "company_id": cls.company.id,
                "default_account_id": cls.giro.id,
                "suspense_account_id": cls.suspense.id,
            }
        )
        cls.post_office = cls.env["res.partner"].create({"name": "Lietuvos paštas"})
        cls.post = cls.make_collector(
            "Post",
            kind="post",
            iban=IBAN,
            partner_id=cls.post_office.id,
            commission_percent=2,
        )

    def statement(self, *lines, **context):
        """Lines of a bank statement: (amount, {values})."""
        context.setdefault("_test_account_reconcile_oca", True)
        return (
            self.env["account.bank.statement.line"]
            .with_context(**context)
            .with_company(self.company)
            .create(
                [
                    {
                        "journal_id": self.journal.id,
                        "date": "2026-02-22",
                        "amount": amount,
                        "payment_ref": "Transfer",
                        **more,
                    }
                    for amount, more in lines
                ]
            )
        )

    def transfer(self, amount, **vals):
        return self.statement((amount, {"account_number": IBAN, **vals}))

    def paid_list(self, amount=19.32, **vals):
        return self.pay((self.payer_account, amount), collector=self.post, **vals).batch_id

    def assertBank(self, payments, state, received, outstanding):
        payments.invalidate_recordset()
        self.assertEqual(
            (
                payments.bank_state,
                round(payments.bank_received, 2),
                round(payments.bank_outstanding, 2),
            ),
            (state, received, outstanding),
        )

    def test_the_transfer_clears_the_list(self):
        payments = self.paid_list()
        self.assertBank(payments, "waiting", 0, 18.93)
        line = self.transfer(18.93)
        self.assertTrue(line.is_reconciled)
        self.assertEqual(line.utility_collector_id, self.post)
        self.assertLedger(
            line.move_id,
            ("271000", False, 18.93),
            ("272000", self.post_office.name, -19.32),
            ("272000", self.post_office.name, 0.39),
        )
        self.assertBank(payments, "received", 18.93, 0)
        self.assertEqual(str(payments.bank_received_on), "2026-02-22")
        self.assertEqual(payments._bank_lines(), line)
        cleared = self.env["account.move.line"].search([("account_id", "=", self.clearing.id)])
        self.assertTrue(all(cleared.mapped("reconciled")))

    def test_by_partner_and_by_name(self):
        for sign in ({"partner_id": self.post_office.id}, {"partner_name": "LIETUVOS  PAŠTAS"}):
            payments = self.paid_list(5)
            line = self.statement((4.90, sign))
            self.assertTrue(line.is_reconciled, sign)
            self.assertBank(payments, "received", 4.90, 0)

    def test_undone_it_is_not_received(self):
        payments = self.paid_list()
        line = self.transfer(18.93)
        line.unreconcile_bank_line()
        self.assertFalse(line.is_reconciled)
        self.assertBank(payments, "waiting", 0, 18.93)
        with self.assertRaisesRegex(UserError, "No transfer of Post"):
            payments.action_look_at_bank()
        line.action_clear_collectors()
        self.assertBank(payments, "received", 18.93, 0)

    def test_a_doubtful_one_is_proposed(self):
        payments = self.paid_list()
        line = self.transfer(18.50)
        self.assertFalse(line.is_reconciled)
        self.assertBank(payments, "waiting", 0, 18.93)
        rows = line.reconcile_data_info["data"]
        self.assertEqual(
            [(row["kind"], round(row["amount"], 2)) for row in rows],
            [
                ("liquidity", 18.50),
                ("other", -19.32),
                ("other", 0.39),
                ("suspense", 0.43),
            ],
        )

    def test_proposals_are_taken_up_on_the_screen(self):
        payments = self.paid_list()
        line = self.statement((18.93, {"partner_name": "Somebody"}))
        self.assertFalse(line.is_reconciled)
        self.assertTrue(line.can_reconcile)
        line.reconcile_bank_line()
        self.assertBank(payments, "received", 18.93, 0)

    def test_commission_is_booked_by_the_transfer(self):
        self.post.commission_account_id = False
        payments = self.paid_list()
        self.assertFalse(payments.commission_move_id)
        self.post.commission_account_id = self.commissions
        line = self.transfer(18.93)
        self.assertTrue(line.is_reconciled)
        self.assertLedger(
            payments.commission_move_id,
            ("625000", self.post_office.name, 0.39),
            ("272000", self.post_office.name, -0.39),
        )
        self.assertBank(payments, "received", 18.93, 0)

    def test_a_transfer_that_came_before_the_last_payment_was_placed(self):
        payments = self.make_batch(
            (self.payer_account, 10), (None, 9.32), collector=self.post, stated_amount=19.32
        )
        payments.action_register()
        self.assertEqual(payments.state, "review")
        line = self.transfer(18.93)
        self.assertFalse(line.is_reconciled)
        waiting = payments.payment_ids.filtered(lambda row: row.state == "unmatched")
        waiting.account_id = self.payer_account
        waiting.action_register()
        self.assertEqual(payments.state, "done")
        self.assertTrue(line.is_reconciled)
        self.assertBank(payments, "received", 18.93, 0)

    def test_the_banks_own_file_beside_its_statement(self):
        payments = self.pay(
            (self.payer_account, 5, {"bank_ref": "A1"}),
            (self.payer_account, 5, {"bank_ref": "A2"}),
            (self.payer_account, 4, {"payer_iban": "LT99 1"}),
        )
        lines = self.statement(
            (5, {"ref": "A2", "date": "2026-02-20"}),
            (5, {"unique_import_id": f"LT-{self.journal.id}-A1", "date": "2026-02-20"}),
            (4, {"account_number": "LT991", "date": "2026-02-21"}),
        )
        self.assertEqual(lines.mapped("is_reconciled"), [True] * 3)
        self.assertEqual(
            lines.mapped("utility_bank_payment_id"), payments[1] | payments[0] | payments[2]
        )
        self.assertBank(payments.batch_id, "received", 14, 0)
        lines[0].action_undo_reconciliation()
        self.assertFalse(lines[0].utility_bank_payment_id)
        self.assertBank(payments.batch_id, "part", 9, 5)

    def test_received_otherwise(self):
        payments = self.paid_list()
        other = self.env["account.move"].create(
            {
                "journal_id": self.company._utility_payment_journal().id,
                "date": "2026-02-25",
                "line_ids": [
                    Command.create({"account_id": self.clearing.id, "balance": -18.93}),
                    Command.create({"account_id": self.revenue.id, "balance": 18.93}),
                ],
            }
        )
        other.action_post()
        lines = (payments.move_ids | payments.commission_move_id | other).line_ids
        lines.filtered(lambda line: line.account_id == self.clearing).reconcile()
        self.assertBank(payments, "other", 0, 0)
        found = self.env["utility.payment.batch"].search(
            [("bank_state", "=", "other"), ("company_id", "=", self.company.id)]
        )
        self.assertEqual(found, payments)

    def test_other_bank_accounts_are_left_to_oca(self):
        self.env["utility.payment.collector"].search(
            [("company_id", "=", self.company.id)]
        ).bank_journal_ids = self.journal.copy({"code": "GIR2"})
        payments = self.paid_list()
        line = self.transfer(18.93)
        self.assertFalse(line.utility_collector_id)
        self.assertBank(payments, "waiting", 0, 18.93)

    def test_no_search_by_parts_of_texts(self):
        """A fixed number of queries to find what a thousand lines bring."""
        self.paid_list()
        few = self.statement(*((7 + n, {}) for n in range(5)), _test_account_reconcile_oca=False)
        many = self.statement(*((30 + n, {}) for n in range(50)), _test_account_reconcile_oca=False)
        clearing = self.env["utility.clearing"]
        counts = []
        for lines in (few, many):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            clearing._find(lines)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])
        self.assertLess(counts[1], 30)

    def test_bulk_registration_goes_on(self):
        """The modules of the reconciliation screen do not slow registration down."""
        payments = self.make_batch((self.payer_account, 10))
        payments.action_register()
        self.assertEqual(payments.slice_ids.mapped("way"), ["bulk"])

    def test_an_accountant_clears(self):
        self.paid_list()
        accountant = self.make_user("account.group_account_user")
        accountant.group_ids |= self.env.ref("utility_base.group_reader")
        line = self.statement((18.93, {"partner_name": "X"}), _test_account_reconcile_oca=False)
        line.account_number = IBAN
        line.with_user(accountant).action_clear_collectors()
        self.assertTrue(line.is_reconciled)
