from odoo.tests import HttpCase, tagged

from .cash_common import CashCommon


@tagged("post_install", "-at_install")
class TestCashTour(CashCommon, HttpCase):
    def test_a_cashiers_day(self):
        self.payer_account.partner_id.name = "Jonas Petraitis"
        self.cashier.password = "a cashier's password"
        self.start_tour(
            "/odoo/utility-cash-desk", "utility_billing.cash_desk", login=self.cashier.login
        )
        shift = self.desk.shift_ids
        self.assertEqual(
            [(row.receipt_name, row.amount, row.given, row.is_void) for row in shift.payment_ids],
            [("K1-2", 7.5, 7.5, True), ("K1-1", 10, 50, False)],
        )
        self.assertEqual(
            (shift.state, shift.cash, shift.expected, shift.difference, shift.left),
            ("closed", 10, 110, -5, 5),
        )
        self.assertAlmostEqual(self.payer_account.balance, self.bill.amount_total - 10)
        path = f"/report/pdf/utility_billing.cash_shift/{shift.id}"
        self.authenticate(self.cashier.login, "a cashier's password")
        self.assertTrue(self.url_open(path).content.startswith(b"%PDF"))
