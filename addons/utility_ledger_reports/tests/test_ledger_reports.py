"""One of each of OCA's reports, on posted bills."""

from odoo.tests import tagged

from odoo.addons.utility_billing.tests.posting_common import PostingCommon


@tagged("post_install", "-at_install")
class TestLedgerReports(PostingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.utility_posting_way = "orm"
        cls.bill = cls.posted_bills()
        cls.accountant = cls.make_user("account.group_account_readonly")

    def wizard(self, report):
        company = self.company.with_user(self.accountant).with_company(self.company)
        action = company._utility_ledger_report(report, "Title")
        wizards = company.env[action["res_model"]].with_context(**action["context"])
        return wizards.create({})

    def shown(self, wizard):
        """Text of the report as people see it."""
        action = wizard._print_report("qweb-html")
        report = self.env["ir.actions.report"].with_user(self.accountant)
        html, _kind = report._render_qweb_html(
            action["report_name"], wizard.ids, data=dict(action["data"])
        )
        return html.decode()

    def test_reports_begin_with_bills(self):
        wizard = self.wizard("general_ledger")
        self.assertEqual(wizard.account_ids, self.receivable)
        self.assertEqual(wizard.account_journal_ids, self.company.utility_bill_journal_id)
        self.assertEqual(str(wizard.date_from), "2026-01-01")
        self.assertEqual(str(wizard.date_to), "2026-02-28")
        self.assertEqual(str(self.wizard("open_items").date_at), "2026-02-28")

    def test_each_shows_the_bill(self):
        for report in ("trial_balance", "general_ledger", "open_items"):
            shown = self.shown(self.wizard(report))
            self.assertIn("121000", shown, report)
            self.assertIn("19.32", shown, report)

    def test_each_is_a_spreadsheet(self):
        for report in ("trial_balance", "general_ledger", "open_items"):
            wizard = self.wizard(report)
            action = wizard._print_report("xlsx")
            content, kind = (
                self.env["ir.actions.report"]
                .with_user(self.accountant)
                ._render_xlsx(action["report_name"], wizard.ids, data=dict(action["data"]))
            )
            self.assertEqual((kind, content[:2]), ("xlsx", b"PK"), report)

    def test_a_partners_statement(self):
        accountant = self.make_user("account.group_account_invoice")
        self.assertTrue(accountant.has_group("partner_statement.group_activity_statement"))
        wizard = (
            self.env["activity.statement.wizard"]
            .with_user(accountant)
            .with_company(self.company)
            .with_context(active_model="res.partner", active_ids=self.jonas.ids)
            .create({"date_start": "2026-01-01", "date_end": "2026-02-28"})
        )
        report = self.env["ir.actions.report"].with_user(accountant)
        html, _kind = report._render_qweb_html(
            "partner_statement.activity_statement",
            self.jonas.ids,
            data=wizard._prepare_statement(),
        )
        self.assertIn(self.bill.name, html.decode())
