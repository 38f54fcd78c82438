from odoo.tests import tagged

from .common import UtilityLedgerCommon


@tagged("post_install", "-at_install")
class TestBalance(UtilityLedgerCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.second = cls.make_account(cls.flat_2, cls.ona)
        cls.bill = cls.post_entry(
            "2026-01-31",
            [
                (cls.account, cls.jonas, 100.10),
                (cls.second, cls.ona, 40),
            ],
        )

    def test_one_entry_carries_several_accounts(self):
        self.assertEqual(self.account.balance, 100.10)
        self.assertEqual(self.second.balance, 40)
        self.assertFalse(self.bill.utility_account_id)

    def test_drafts_do_not_count(self):
        self.post_entry("2026-02-28", [(self.account, self.jonas, 55)], post=False)
        self.assertEqual(self.account.balance, 100.10)
        self.assertEqual(self.account.balance_on("2026-03-31"), 100.10)

    def test_as_of_a_day(self):
        self.post_entry("2026-02-28", [(self.account, self.jonas, 20)])
        paid = self.post_entry("2026-03-05", [(self.account, self.jonas, -70.10)])
        for day, owed in (
            ("2026-01-30", 0),
            ("2026-01-31", 100.10),
            ("2026-02-28", 120.10),
            ("2026-03-04", 120.10),
            ("2026-03-05", 50),
            (None, 50),
        ):
            self.assertEqual(self.account.balance_on(day), owed, day)
        (self._line(self.bill, self.account) | self._line(paid, self.account)).reconcile()
        for day, owed in (("2026-02-28", 120.10), ("2026-03-04", 120.10), ("2026-03-05", 50)):
            self.assertEqual(self.account.balance_on(day), owed, f"{day}, reconciled")
        self.account.invalidate_recordset()
        self.assertEqual(self.account.with_context(balance_date="2026-02-01").balance, 100.10)
        self.assertEqual(self.account.balance, 50)

    def test_as_of_today_agrees_with_now_whatever_it_was_reconciled_with(self):
        """A payment that was posted without the account covers its bill all the same."""
        payment = self.post_entry(
            "2026-02-10",
            [
                (self.env["utility.account"], self.jonas, -100.10),
            ],
        )
        credit = payment.line_ids.filtered(lambda line: line.account_id == self.receivable)
        (self._line(self.bill, self.account) | credit).reconcile()
        self.assertEqual(self.account.balance_on(), 0)
        self.assertEqual(self.account.balance_on("2026-03-16"), 0)
        self.assertEqual(self.account.balance_on("2026-02-09"), 100.10)

    def test_by_payer(self):
        self.account._change_payer(self.ona, self.day("2026-02-15"))
        self.post_entry("2026-02-28", [(self.account, self.ona, 30)])
        self.assertEqual(self.account.balance, 130.10)
        self.assertEqual(self.account.payer_balance, 30)

    def test_a_contact_owes_under_its_company(self):
        company = self.env["res.partner"].create({"name": "UAB Kvartalas", "is_company": True})
        contact = self.env["res.partner"].create({"name": "Buhalterija", "parent_id": company.id})
        self.account._change_payer(contact, self.day("2026-02-15"))
        self.post_entry("2026-02-28", [(self.account, company, 30)])
        self.assertEqual(self.account.payer_balance, 30)

    def test_overpaid_is_negative(self):
        self.post_entry("2026-02-10", [(self.second, self.ona, -45.5)])
        self.assertEqual(self.second.balance, -5.5)

    def test_list_of_accounts_needs_the_same_number_of_queries(self):
        accounts = self.account | self.second
        many = accounts | self.env["utility.account"].create(
            [
                {
                    "premise_id": self.flat_3.id,
                    "partner_id": self.ona.id,
                    "company_id": self.company.id,
                }
                for _number in range(40)
            ]
        )
        counts = []
        for records in (accounts, many):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            records.mapped("balance")
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])

    def test_invoice_lines_start_under_the_invoice_account(self):
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.jonas.id,
                "invoice_date": "2026-03-01",
                "journal_id": self.sale_journal.id,
                "utility_account_id": self.account.id,
                "invoice_line_ids": [
                    (
                        0,
                        0,
                        {
                            "name": "Cold water",
                            "quantity": 3,
                            "price_unit": 2,
                            "tax_ids": [],
                            "account_id": self.income.id,
                        },
                    )
                ],
            }
        )
        invoice.action_post()
        self.assertEqual(invoice.line_ids.utility_account_id, self.account)
        self.assertEqual(len(invoice.line_ids.filtered("utility_account_id")), 2)
        self.assertEqual(self.account.balance, 106.10)

    def _line(self, move, account):
        return move.line_ids.filtered(lambda line: line.utility_account_id == account)
