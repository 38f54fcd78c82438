"""Reports on payments: by service, control of receipt, unplaced money, collection, statement."""

import base64
import io

import openpyxl

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .payment_correction_common import PaymentCorrectionCommon


@tagged("post_install", "-at_install")
class TestPaymentReports(PaymentCorrectionCommon):
    """Jonas is billed 60 for Wet and 40 for Waste on 1 February and pays 110 on the 20th; Ona is
    billed 20 for Waste and pays 5; 7 more came from nobody that is known."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bill = cls.make_bill(cls.flat_account, (cls.wet, 60), (cls.waste, 40))
        cls.other_bill = cls.make_bill(cls.other_account, (cls.waste, 20))
        cls.bank.commission_percent = 1
        cls.list = cls.make_batch(
            (cls.flat_account, 110),
            (cls.other_account, 5),
            (None, 7, {"payer_name": "=cmd|'/c calc'!A1", "reason": "Nobody is named so"}),
            stated_count=3,
            stated_amount=122,
        )
        cls.list.action_register()
        cls.env.flush_all()
        cls.reader = cls.make_user("reader")

    def rows(self, model, *names, domain=()):
        """Rows of a report as tuples, names of records for records, in any order."""
        self.env.flush_all()
        found = (
            self.env[model]
            .with_user(self.reader)
            .search([("company_id", "=", self.company.id), *domain])
        )

        def value(row, name):
            content = row[name]
            if isinstance(content, float):
                return round(content, 2)
            return content if not hasattr(content, "_name") else content.display_name or ""

        return sorted(tuple(value(row, name) for name in names) for row in found)

    def total(self, model, measure, *domain):
        self.env.flush_all()
        domain = [("company_id", "=", self.company.id), *domain]
        return round(self.env[model]._read_group(domain, [], [f"{measure}:sum"])[0][0] or 0, 2)

    # -- by service -------------------------------------------------------------------------

    def test_payments_by_service(self):
        self.assertEqual(
            self.rows("utility.payment.report", "kind", "service_id", "amount"),
            [
                ("covers", self.waste.display_name, 5),
                ("covers", self.waste.display_name, 40),
                ("covers", self.wet.display_name, 60),
                ("credit", "", 10),
            ],
        )

    def test_payments_are_allocations_and_credit(self):
        allocations = self.env["utility.payment.allocation"].search(
            [("company_id", "=", self.company.id), ("payment_id", "!=", False)]
        )
        report = "utility.payment.report"
        self.assertEqual(
            self.total(report, "amount", ("kind", "=", "covers")),
            sum(allocations.mapped("amount")),
        )
        self.assertEqual(self.total(report, "amount"), 115)

    def test_only_own_buildings(self):
        reader = self.make_user("reader", self.house)
        self.reader = reader
        house = self.rows("utility.payment.report", "amount")
        self.reader = self.make_user("reader", self.other_house)
        self.assertEqual((len(house), self.rows("utility.payment.report", "amount")), (4, []))

    # -- register ---------------------------------------------------------------------------

    def test_the_register_of_payments(self):
        self.assertEqual(
            self.rows(
                "utility.payment.control.report",
                "stated_amount",
                "amount",
                "registered",
                "commission",
                "due",
                "received",
                "outstanding",
                "days_outstanding",
                "bank_state",
            ),
            [(122, 122, 115, 0, 115, 0, 115, 24, "waiting")],
        )

    def test_commission_lessens_what_is_to_be_received(self):
        self.list.payment_ids.filtered(
            lambda row: row.state == "unmatched"
        ).account_id = self.other_account
        waiting = self.list.payment_ids.filtered(lambda row: row.state != "registered")
        waiting.action_register()
        self.assertEqual(
            self.rows(
                "utility.payment.control.report", "registered", "commission", "due", "outstanding"
            ),
            [(122, 1.22, 120.78, 120.78)],
        )

    def test_brought_by_a_bank_journal(self):
        giro = self.make_ledger_account("271000", "Bank", "asset_cash")
        journal = self.env["account.journal"].create(
            {
                "name": "Giro",
                "code": "GIRO",
                "type": "bank",
                "company_id": self.company.id,
                "default_account_id": giro.id,
            }
        )
        entry = self.env["account.move"].create(
            {
                "journal_id": journal.id,
                "date": "2026-03-02",
                "line_ids": [
                    Command.create({"account_id": giro.id, "balance": 100}),
                    Command.create({"account_id": self.clearing.id, "balance": -100}),
                ],
            }
        )
        entry.action_post()
        (entry | self.list.move_ids).line_ids.filtered(
            lambda line: line.account_id == self.clearing
        ).reconcile()
        self.list.invalidate_recordset()
        self.assertEqual(
            (self.list.bank_state, self.list.bank_received, self.list.bank_outstanding),
            ("part", 100, 15),
        )
        self.assertEqual(str(self.list.bank_received_on), "2026-03-02")
        found = self.env["utility.payment.batch"].search(
            [("bank_state", "in", ("waiting", "part")), ("company_id", "=", self.company.id)]
        )
        self.assertEqual(found, self.list)

    # -- unplaced ---------------------------------------------------------------------------

    def test_unplaced_money(self):
        self.assertEqual(
            self.rows("utility.payment.unplaced.report", "kind", "age", "age_group", "amount"),
            [("credit", 24, "month", 10), ("unmatched", 24, "month", 7)],
        )

    # -- collection -------------------------------------------------------------------------

    def test_accrued_against_collected(self):
        groups = self.env["utility.collection.report"]._read_group(
            [("company_id", "=", self.company.id)],
            ["month:month", "service_id"],
            ["accrued:sum", "collected:sum", "rate:avg"],
        )
        self.assertEqual(
            sorted(
                (str(month), service.name, *(round(float(value), 2) for value in values))
                for month, service, *values in groups
            ),
            [("2026-02-01", "Waste", 60, 45, 75), ("2026-02-01", "Wet", 60, 60, 100)],
        )

    def test_accrued_is_the_sum_of_bills(self):
        self.make_bill(self.flat_account, (self.wet, 10), kind="out_refund", date="2026-03-01")
        bills = self.bill | self.other_bill
        self.assertEqual(
            self.total("utility.collection.report", "accrued"),
            sum(bills.mapped("amount_total_signed")) - 10,
        )

    def test_covered_is_the_sum_of_allocations(self):
        refund = self.make_bill(self.other_account, (self.waste, 4), kind="out_refund")
        (self.owed(refund) | self.owed(self.other_bill)).reconcile()
        allocations = self.env["utility.payment.allocation"].search(
            [("company_id", "=", self.company.id)]
        )
        self.assertIn("refund", allocations.mapped("kind"))
        report = "utility.collection.report"
        self.assertEqual(
            self.total(report, "collected") + self.total(report, "covered_otherwise"),
            round(sum(allocations.mapped("amount")), 2),
        )

    # -- statement --------------------------------------------------------------------------

    def statement(self, account=None, **vals):
        vals = {"date_from": "2026-02-10", "date_to": "2026-02-28", **vals}
        account = account or self.flat_account
        statements = self.env["utility.account.statement"].with_user(self.make_user("clerk"))
        return statements.create({"account_id": account.id, **vals})

    def test_the_statement_of_an_account(self):
        statement = self.statement(date_from="2026-02-01")
        self.assertEqual(
            [statement[name] for name in ("opening", "charged", "paid", "other", "closing")],
            [0, 100, 110, 0, -10],
        )
        self.assertEqual(
            [
                (str(row["date"]), row["what"], row["debit"], row["credit"], row["balance"])
                for row in statement._entries()
            ],
            [
                ("2026-02-01", "Bill", 100, 0, 100),
                ("2026-02-20", "Payment, Swedbank", 0, 110, -10),
            ],
        )
        self.assertEqual(statement.closing, self.flat_account.balance)

    def test_the_button_of_the_account(self):
        clerk = self.make_user("clerk")
        action = self.flat_account.with_user(clerk).action_statement()
        statement = self.env[action["res_model"]].with_user(clerk).browse(action["res_id"])
        self.assertEqual(statement.account_id, self.flat_account)
        self.assertEqual(statement.closing, -10)

    def test_what_was_before_is_the_opening(self):
        statement = self.statement()
        self.assertEqual((statement.opening, statement.charged), (100, 0))
        self.assertEqual([row["balance"] for row in statement._entries()], [-10])

    def test_the_statement_by_service(self):
        statement = self.statement(date_from="2026-02-01", by_service=True)
        rows = {
            line.service_name: (line.charged, line.paid, line.closing)
            for line in statement._services()
        }
        self.assertEqual(
            rows, {"Wet": (60, 60, 0), "Waste": (40, 40, 0), "Not allocated": (0, 10, -10)}
        )

    def test_the_statement_is_printed(self):
        statement = self.statement(date_from="2026-02-01", by_service=True)
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "utility_billing.report_account_statement", statement.ids
        )
        for words in ("Payment, Swedbank", "By Service", self.flat_account.number):
            self.assertIn(words, html.decode())

    def test_the_statement_as_a_file(self):
        self.bank.name = "=HYPERLINK(1)"
        statement = self.statement(date_from="2026-02-01")
        statement.action_export()
        sheet = openpyxl.load_workbook(io.BytesIO(base64.b64decode(statement.file))).active
        rows = [tuple(cell.value for cell in row) for row in sheet.iter_rows(min_row=6)]
        self.assertEqual([row[3:6] for row in rows][1:3], [(100, 0, 100), (0, 110, -10)])
        self.assertEqual(rows[3][3:5], (100, 110))
        self.assertTrue(all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row))
        statement.by_service = True
        statement.action_export()
        sheet = openpyxl.load_workbook(io.BytesIO(base64.b64decode(statement.file))).active
        self.assertIn("Wet", [row[0].value for row in sheet.iter_rows()])

    def test_a_statement_is_only_of_accounts_one_may_see(self):
        reader = self.make_user("reader", self.other_house)
        statements = self.env["utility.account.statement"].with_user(reader)
        statement = statements.create(
            {
                "account_id": self.flat_account.id,
                "date_from": "2026-02-01",
                "date_to": "2026-02-28",
            }
        )
        with self.assertRaises(AccessError):
            statement._entries()

    def test_days_in_their_order(self):
        with self.assertRaisesRegex(ValidationError, "last day"):
            self.statement(date_from="2026-03-01")
