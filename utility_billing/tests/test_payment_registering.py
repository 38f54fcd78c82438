"""Payments in the ledger: what they cover, and what is left over."""

from odoo.tests import tagged

from .payment_common import PaymentCommon


@tagged("post_install", "-at_install")
class TestPaymentRegistering(PaymentCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bills = cls.posted_bills()
        cls.bill = cls.bills[0]
        cls.payer_account = cls.bill.utility_account_id

    def test_a_payment_pays_a_bill(self):
        total = self.bill.amount_total
        payment = self.pay((self.payer_account, total))
        self.assertEqual(payment.state, "registered")
        self.assertEqual(self.bill.payment_state, "paid")
        self.assertEqual(self.bill.amount_residual, 0)
        self.assertAlmostEqual(sum(payment.allocation_ids.mapped("amount")), total)
        self.assertEqual(payment.credit, 0)
        self.assertEqual(payment.batch_id.state, "done")
        self.assertLedger(
            payment.move_id,
            ("121000", self.bill.partner_id.name, -total),
            ("272000", False, total),
        )

    def test_part_of_a_bill_goes_to_its_services_in_proportion(self):
        payment = self.pay((self.payer_account, 10))
        self.assertEqual(self.bill.payment_state, "partial")
        self.assertAlmostEqual(self.bill.amount_residual, self.bill.amount_total - 10)
        self.assertAlmostEqual(sum(payment.allocation_ids.mapped("amount")), 10)
        lines = self.bill.invoice_line_ids.filtered(lambda line: line.price_total > 0)
        self.assertEqual(set(payment.allocation_ids.item_id.ids), set(lines.ids))

    def test_what_is_over_is_credit(self):
        payment = self.pay((self.payer_account, self.bill.amount_total + 5))
        self.assertAlmostEqual(payment.credit, 5)
        self.assertAlmostEqual(self.payer_account.balance, -5)

    def test_unreconciled_by_hand_it_is_credit_again(self):
        payment = self.pay((self.payer_account, 10))
        payment.line_ids.remove_move_reconcile()
        self.assertFalse(payment.allocation_ids)
        self.assertAlmostEqual(payment.credit, 10)

    def test_reconciled_by_hand_it_is_allocated(self):
        owed = self.bill.line_ids.filtered(lambda line: line.display_type == "payment_term")
        payment = self.pay((self.payer_account, 10))
        payment.line_ids.remove_move_reconcile()
        (owed | payment.line_ids).reconcile()
        self.assertAlmostEqual(sum(payment.allocation_ids.mapped("amount")), 10)


@tagged("post_install", "-at_install")
class TestPaymentRegisteringByOdoo(TestPaymentRegistering):
    """The same one by one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.utility_payment_way = "orm"
