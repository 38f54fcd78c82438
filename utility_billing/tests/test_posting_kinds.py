"""Bills of all kinds: with a fund's part, below zero, of collectives, of agency services."""

from odoo.tests import tagged

from .test_posting_bulk import BulkCommon


@tagged("post_install", "-at_install")
class TestKindsOfBills(BulkCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.water_2, cls.heat, cls.light, cls.care, cls.waste, cls.savings = cls.many
        cls.state = cls.make_person("State Fund")

    def run_of(self, *charges, month="2026-01-01"):
        """A run with made-up charges: (account, service, amount, {values})."""
        run = (
            self.env["utility.billing.run"]
            .sudo()
            .create({"month": month, "company_id": self.company.id, "state": "approved"})
        )
        self.make_charges(
            run,
            [
                (
                    account,
                    service,
                    {"quantity": 0, "amount": amount, "tax_key": str(self.vat.id), **vals},
                )
                for account, service, amount, vals in charges
            ],
        )
        run.action_post()
        self.assertEqual(run.posting_ids.mapped("message"), [False])
        self.assertIn(run.posting_ids.way, ("bulk", False))
        self.assertFalse(run.posting_ids.fallback_reason)
        return run

    def bills(self, run):
        return run.move_ids.filtered(lambda move: move.is_invoice()).sorted("name")

    def test_what_a_fund_pays_is_an_entry_of_its_own(self):
        """100.00 + 21 % = 121.00; the fund pays half of it."""
        benefit = {"kind": "benefit", "fund_partner_id": self.state.id, "fund_amount": 50}
        run = self.run_of(
            (self.account, self.water_2, 100, {}), (self.account, self.water_2, -50, benefit)
        )
        bill = self.bills(run)
        self.assertEqual((bill.amount_total, bill.amount_residual), (121.0, 60.5))
        self.assertEqual(self.account.balance, 60.5)
        entry = run.move_ids - bill
        self.assertLedger(
            entry, ("121000", "Jonas Petraitis", -60.5), ("121000", "State Fund", 60.5)
        )
        charges = run.charge_ids.sorted("id")
        self.assertEqual(charges[0].move_line_id, bill.invoice_line_ids)
        self.assertEqual(charges[1].move_line_id.move_id, entry)
        self.assertEqual(set(charges.mapped("state")), {"posted"})

    def test_a_benefit_that_the_company_bears_lessens_the_bill(self):
        benefit = {"kind": "benefit", "fund_partner_id": self.state.id, "fund_amount": 30}
        run = self.run_of(
            (self.account, self.water_2, 100, {}), (self.account, self.water_2, -50, benefit)
        )
        bill = self.bills(run)
        self.assertEqual((bill.amount_untaxed, bill.amount_total), (80, 96.8))
        self.assertEqual(bill.amount_residual, 60.5)

    def test_a_bill_below_zero_is_a_credit_note(self):
        run = self.run_of((self.account, self.water_2, -10, {"is_correction": True}))
        note = self.bills(run)
        self.assertEqual((note.move_type, note.amount_total), ("out_refund", 12.1))
        self.assertEqual(self.account.balance, -12.1)
        self.assertIn("correction of 01/01/2026", note.invoice_line_ids.name)

    def test_or_it_is_carried_to_the_next_bill(self):
        self.company.utility_negative_bills = "carry"
        run = self.run_of((self.account, self.water_2, -10, {"is_correction": True}))
        self.assertEqual((run.state, run.bill_count), ("posted", 0))
        self.assertEqual(run.charge_ids.mapped("state"), ["approved"])
        after = self.run_of((self.account, self.water_2, 30, {}), month="2026-02-01")
        bill = self.bills(after)
        self.assertEqual(bill.amount_untaxed, 20)
        self.assertEqual(run.charge_ids.move_line_id.move_id, bill)
        self.assertEqual((run | after).charge_ids.mapped("state"), ["posted", "posted"])

    def test_a_bill_of_less_than_the_smallest_waits_too(self):
        self.company.utility_smallest_bill = 5
        run = self.run_of(
            (self.account, self.water_2, 2, {}), (self.accounts[1], self.care, 10, {})
        )
        self.assertEqual((run.state, self.bills(run).amount_total), ("posted", 12.1))
        after = self.run_of((self.account, self.water_2, 2, {}), month="2026-02-01")
        self.assertFalse(self.bills(after), "4.84 with tax")
        third = self.run_of((self.account, self.water_2, 0.5, {}), month="2026-03-01")
        self.assertEqual(self.bills(third).amount_total, 5.45)
        self.assertEqual((after | third).charge_ids.mapped("state"), ["posted", "posted"])

    def test_a_last_bill_is_never_too_small(self):
        self.company.utility_smallest_bill = 5
        self.account.agreement_ids._close(self.day("2026-01-31"))
        self.account.date_close = "2026-01-31"
        run = self.run_of((self.account, self.water_2, 2, {}))
        self.assertEqual(self.bills(run).amount_total, 2.42)

    def test_what_is_collected_for_another_is_owed_to_him(self):
        run = self.run_of(
            (self.account, self.waste, 5.5, {"tax_key": ""}), (self.account, self.care, 10, {})
        )
        self.assertLedger(
            self.bills(run),
            ("121000", "Jonas Petraitis", 17.6),
            ("240100", "Jonas Petraitis", -5.5),
            ("251000", "Jonas Petraitis", -2.1),
            ("400000", "Jonas Petraitis", -10.0),
        )

    def test_a_collective_gets_one_bill_for_its_members(self):
        collective = self.make_account(self.house, self.ona, kind="collective")
        members = self.accounts[:2]
        members.bill_to_account_id = collective
        run = self.run_of(*((member, self.care, 10, {}) for member in members))
        bill = self.bills(run)
        self.assertEqual((bill.partner_id, bill.amount_total), (self.ona, 24.2))
        self.assertEqual(bill.invoice_line_ids.utility_account_id, members)
        self.assertEqual(collective.balance, 24.2)
        self.assertEqual(sum(members.mapped("balance")), 0)
        self.assertIn(members[0].number, bill.invoice_line_ids[0].name)

    def test_a_price_that_includes_the_tax_is_what_is_paid(self):
        run = self.run_of(
            (self.account, self.care, 10, {"tax_included": True}),
            (self.account, self.light, 3.33, {"tax_included": True}),
        )
        bill = self.bills(run)
        self.assertEqual((bill.amount_total, bill.amount_tax), (13.33, 2.31))
        self.assertEqual(sum(run.charge_ids.mapped("tax_amount")), 2.31)

    def test_taxes_come_back_to_the_charges_to_the_cent(self):
        run = self.run_of(*((self.account, self.care, 0.07, {}) for _number in range(7)))
        bill = self.bills(run)
        self.assertEqual((bill.amount_untaxed, bill.amount_tax), (0.49, 0.1))
        self.assertEqual(
            sorted(run.charge_ids.mapped("tax_amount")), [0.01, 0.01, 0.01, 0.01, 0.02, 0.02, 0.02]
        )

    def test_a_month_without_money_makes_no_bill(self):
        run = self.run_of((self.account, self.care, 0, {}))
        self.assertEqual((run.state, run.bill_count), ("posted", 0))
        self.assertEqual(run.charge_ids.mapped("state"), ["posted"])

    def test_an_account_without_payer_is_said(self):
        run = (
            self.env["utility.billing.run"]
            .sudo()
            .create({"month": "2026-01-01", "company_id": self.company.id, "state": "approved"})
        )
        self.make_charges(
            run, [(self.account, self.care, {"amount": 5, "quantity": 1, "partner_id": False})]
        )
        run.action_post()
        self.assertEqual(run.state, "posting")
        self.assertEqual(
            run.posting_ids.message,
            f"Account {self.account.number} has no payer: record who pays.",
        )

    def test_references_of_bills_and_accounts(self):
        run = self.run_of((self.account, self.care, 10, {}))
        self.assertTrue(self.bills(run).payment_reference.startswith("RF"))
        self.assertTrue(self.bills(run).payment_reference.endswith(self.account.number))
        self.company.write({"utility_reference_of": "bill", "utility_reference_scheme": "kid10"})
        run = self.run_of((self.account, self.care, 10, {}), month="2026-02-01")
        self.assertEqual(self.bills(run).payment_reference, "2026000022")

    def test_bills_are_dated_as_the_company_wishes(self):
        self.company.utility_bill_dating = "posting"
        run = self.run_of((self.account, self.care, 10, {}))
        self.assertEqual(str(self.bills(run).invoice_date), "2026-03-16")
