"""What was collected for a creditor, and how he gets it."""

from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .payment_correction_common import PaymentCorrectionCommon


@tagged("post_install", "-at_install")
class TestAgency(PaymentCorrectionCommon):
    """Waste is collected for the Waste Company: 40 billed to flat 1, 20 to flat 2."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bill = cls.make_bill(cls.flat_account, (cls.wet, 60), (cls.waste, 40))
        cls.other_bill = cls.make_bill(cls.other_account, (cls.waste, 20))
        cls.product = cls.env["product.product"].create(
            {
                "name": "Collecting",
                "type": "service",
                "property_account_income_id": cls.revenue.id,
                "taxes_id": [Command.set(cls.vat.ids)],
            }
        )

    def agree(self, **vals):
        return self.env["utility.creditor.agreement"].create(
            {
                "company_id": self.company.id,
                "creditor_id": self.creditor.id,
                "date_start": "2026-01-01",
                "product_id": self.product.id,
                **vals,
            }
        )

    def settle(self, date_to="2026-02-28", **vals):
        settlement = self.env["utility.creditor.settlement"].create(
            {
                "company_id": self.company.id,
                "creditor_id": self.creditor.id,
                "date_from": "2026-02-01",
                "date_to": date_to,
                "date": "2026-03-02",
                **vals,
            }
        )
        settlement.action_count()
        return settlement

    def posted(self, **vals):
        settlement = self.settle(**vals)
        settlement.action_approve()
        settlement.action_post()
        return settlement

    def days(self, settlement):
        return [
            (line.service_id.name, str(line.date), line.collected, line.returned, line.is_late)
            for line in settlement.line_ids.sorted("date")
        ]

    def test_what_was_collected_by_service_and_day(self):
        self.pay((self.flat_account, 50), (self.other_account, 20))
        self.env.flush_all()
        rows = self.env["utility.agency.report"]._read_group(
            [("creditor_id", "=", self.creditor.id)], ["service_id", "date:day"], ["amount:sum"]
        )
        self.assertEqual(
            [(service.name, str(day), amount) for service, day, amount in rows],
            [("Waste", "2026-02-20", 40.0)],
        )

    def test_a_settlement_takes_it_and_the_ledger_owes_it(self):
        self.pay((self.flat_account, 50), (self.other_account, 15))
        settlement = self.settle()
        self.assertEqual(self.days(settlement), [("Waste", "2026-02-20", 35, 0, False)])
        self.assertEqual((settlement.collected, settlement.net), (35, 35))
        self.assertEqual(settlement.not_collected, 25)
        settlement.action_approve()
        settlement.action_post()
        self.assertLedger(
            settlement.move_id,
            ("240100", "Waste Company", 35),
            ("443000", "Waste Company", -35),
        )
        self.assertFalse(settlement.invoice_id)
        self.assertEqual((settlement.state, settlement.payable), ("posted", 35))

    def test_it_is_paid_once_odoo_has_paid_it(self):
        self.pay((self.flat_account, 50))
        settlement = self.posted()
        owed = settlement._owed_lines()
        paid = self.env["account.move"].create(
            {
                "journal_id": self.bank._journal().id,
                "line_ids": [
                    Command.create(
                        {
                            "account_id": self.payable.id,
                            "partner_id": self.creditor.id,
                            "balance": 20,
                        }
                    ),
                    Command.create({"account_id": self.clearing.id, "balance": -20}),
                ],
            }
        )
        paid.action_post()
        lines = owed | paid.line_ids.filtered(lambda line: line.account_id == self.payable)
        lines.reconcile()
        self.assertEqual(settlement.state, "paid")
        with self.assertRaisesRegex(UserError, "cannot be done now"):
            settlement.action_cancel()
        lines.remove_move_reconcile()
        self.assertEqual(settlement.state, "posted")

    def test_nothing_is_taken_twice(self):
        self.pay((self.flat_account, 50))
        self.posted()
        self.pay((self.other_account, 20), date="2026-03-05")
        second = self.settle("2026-03-31")
        self.assertEqual(self.days(second), [("Waste", "2026-02-20", 20, 0, False)])
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(UniqueViolation),
            self.env.cr.savepoint(),
        ):
            self.settle("2026-03-31")

    def test_what_is_returned_later_lessens_the_next(self):
        first = self.pay((self.flat_account, 50))
        self.posted()
        first._return("Insufficient funds", "2026-03-10")
        bill = self.make_bill(self.other_account, (self.waste, 30), date="2026-03-01")
        self.pay((self.other_account, 50, {"date": "2026-03-12"}), date_booked="2026-03-12")
        self.assertEqual(bill.payment_state, "paid")
        second = self.posted(date_to="2026-03-31", date_from="2026-03-01")
        self.assertEqual(
            self.days(second),
            [
                ("Waste", "2026-02-20", 0, -20, True),
                ("Waste", "2026-03-12", 50, 0, False),
            ],
        )
        self.assertEqual((second.collected, second.returned, second.net), (50, -20, 30))
        self.assertEqual(second.payable, 30)

    def test_the_fee_is_invoiced_and_kept_back(self):
        """5 % of 60.00 = 3.00, with tax 3.63; the creditor gets 56.37."""
        self.agree(percent=5)
        self.pay((self.flat_account, 100), (self.other_account, 20))
        settlement = self.posted()
        self.assertEqual(settlement.fee, 3)
        invoice = settlement.invoice_id
        self.assertEqual((invoice.amount_untaxed, invoice.amount_total), (3, 3.63))
        self.assertEqual((invoice.partner_id, invoice.payment_state), (self.creditor, "paid"))
        self.assertLedger(
            settlement.move_id,
            ("240100", "Waste Company", 60),
            ("121000", "Waste Company", -3.63),
            ("443000", "Waste Company", -56.37),
        )
        self.assertAlmostEqual(settlement.payable, 56.37)

    def test_or_the_creditor_pays_it(self):
        self.agree(percent=5, fixed=2, way="invoiced")
        self.pay((self.flat_account, 100), (self.other_account, 20))
        settlement = self.posted()
        self.assertEqual((settlement.fee, settlement.payable), (5, 60))
        self.assertEqual(settlement.invoice_id.payment_state, "not_paid")

    def test_a_service_may_have_an_agreement_of_its_own(self):
        self.agree(percent=5)
        self.agree(percent=10, service_id=self.waste.id, date_start="2026-02-20")
        self.pay((self.flat_account, 50, {"date": "2026-02-19"}))
        self.pay((self.other_account, 20))
        self.assertEqual(self.settle().fee, 3)

    def test_payments_after_the_count_are_counted_again(self):
        self.pay((self.flat_account, 50))
        settlement = self.settle()
        self.pay((self.other_account, 20))
        with self.assertRaisesRegex(UserError, "count again"):
            settlement.action_approve()
        settlement.action_count()
        settlement.action_approve()
        self.assertEqual(settlement.net, 40)

    def test_a_cancelled_one_gives_back_what_it_took(self):
        self.agree(percent=5)
        self.pay((self.flat_account, 100))
        settlement = self.posted()
        settlement.action_cancel()
        self.assertEqual(settlement.state, "cancelled")
        self.assertEqual(
            sum(
                self.env["account.move.line"]
                .search(
                    [
                        ("partner_id", "=", self.creditor.id),
                        ("account_id", "=", self.payable.id),
                    ]
                )
                .mapped("balance")
            ),
            0,
        )
        self.assertEqual(settlement.invoice_id.payment_state, "reversed")
        self.assertEqual(self.settle().net, 40)

    def test_a_locked_day_is_refused(self):
        self.pay((self.flat_account, 50))
        settlement = self.settle()
        settlement.action_approve()
        self.company.fiscalyear_lock_date = "2026-03-10"
        with self.assertRaisesRegex(UserError, "is locked in the ledger"):
            settlement.action_post()

    def test_who_may(self):
        self.pay((self.flat_account, 50))
        settlement = self.settle()
        operator = self.make_user("billing_operator")
        with self.assertRaises(AccessError):
            settlement.with_user(self.make_user("cashier")).action_approve()
        with self.assertRaises(AccessError):
            settlement.with_user(operator).state = "posted"
        settlement.with_user(operator).action_approve()
        settlement.with_user(operator).action_post()
        self.assertEqual(settlement.state, "posted")
        tied = self.make_user("manager", buildings=self.house)
        self.assertFalse(self.env["utility.creditor.settlement"].with_user(tied).search([]))

    def test_the_statement_is_printed(self):
        self.pay((self.flat_account, 50), (self.other_account, 20))
        settlement = self.posted()
        text = (
            self.env["ir.actions.report"]
            ._render_qweb_html("utility_billing.report_creditor_settlement", settlement.ids)[0]
            .decode()
        )
        self.assertIn("Waste Company", text)
        self.assertIn("40.00", text)
        self.assertIn("02/20/2026", text)
