import base64
import io

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.utility_billing.tests.payment_common import PaymentCommon

from . import format_kit as kit


@tagged("post_install", "-at_install", "utility_formats")
class TestBankStatements(PaymentCommon):
    """The file of the payments as Odoo's bank statement."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids |= cls.env.ref("account.group_account_user")
        cls.company.account_journal_suspense_account_id = cls.make_ledger_account(
            "279000", "Suspense", "asset_current"
        )
        cls.journal = cls.make_journal("BNK9", kit.OWN_IBAN)

    @classmethod
    def make_journal(cls, code, iban):
        bank = cls.env["res.partner.bank"].create(
            {"acc_number": iban, "partner_id": cls.company.partner_id.id}
        )
        account = cls.make_ledger_account(f"2710{code[-1]}", f"Bank {code}", "asset_cash")
        return cls.env["account.journal"].create(
            {
                "name": f"Bank {code}",
                "code": code,
                "type": "bank",
                "company_id": cls.company.id,
                "bank_account_id": bank.id,
                "default_account_id": account.id,
                "currency_id": cls.env.ref("base.EUR").id,
            }
        )

    @classmethod
    def make_profile(cls, reader, **values):
        profile = cls.env["utility.import.profile"].create(
            {
                "name": f"Statement {reader}",
                "target": "payments",
                "reader": reader,
                "company_id": cls.company.id,
                "collector_id": cls.bank.id,
                "statement_journal_id": cls.journal.id,
                **values,
            }
        )
        profile._guess_bank_columns()
        return profile

    def read_file(self, content, reader="camt", name="statement.xml", **values):
        batch = self.env["utility.import.batch"].create(
            {
                "profile_id": self.make_profile(reader, **values).id,
                "file": base64.b64encode(content),
                "file_name": name,
            }
        )
        batch.action_read()
        return batch

    def lines(self, batch):
        return [
            (line.amount, line.payment_ref, line.partner_name)
            for line in batch.statement_ids.line_ids.sorted("sequence")
        ]

    def statement_file(self, number="S1"):
        return kit.camt(
            kit.entry(
                "30.00", kit.detail("10.00", text="Flat 1"), kit.detail("20.00", text="Flat 2")
            ),
            kit.entry("4.00", sign="DBIT", info="Fee"),
            kit.entry("9.00", kit.detail("9.00"), status="<Cd>PDNG</Cd>"),
            balances=("100.00", "126.00"),
            number=number,
        )

    def test_camt(self):
        batch = self.read_file(self.statement_file())
        batch.action_make_statement()
        (statement,) = batch.statement_ids
        self.assertEqual(statement.journal_id, self.journal)
        self.assertEqual((statement.balance_start, statement.balance_end_real), (100, 126))
        self.assertEqual([amount for amount, _ref, _name in self.lines(batch)], [10, 20, -4])
        self.assertEqual(self.lines(batch)[0][2], "Jonas Jonaitis")
        self.assertFalse(batch.can_be_statement, "once is enough")

    def test_the_same_statement_in_another_file_brings_nothing(self):
        self.read_file(self.statement_file()).action_make_statement()
        again = self.read_file(
            self.statement_file().replace(b"</Document>", b"<!-- again --></Document>")
        )
        with self.assertRaisesRegex(UserError, "in the bank statements already"):
            again.action_make_statement()
        self.assertFalse(again.statement_ids)

    def test_equal_lines_are_as_many(self):
        batch = self.read_file(
            kit.camt(
                kit.entry("5.00", kit.detail("5.00")),
                kit.entry("5.00", kit.detail("5.00")),
                balances=("100.00", "110.00"),
            )
        )
        batch.action_make_statement()
        self.assertEqual([amount for amount, _ref, _name in self.lines(batch)], [5, 5])

    def test_several_files_in_a_zip(self):
        batch = self.read_file(
            kit.zipped(a_xml=self.statement_file("S1"), b_xml=self.statement_file("S2")),
            name="month.zip",
        )
        batch.action_make_statement()
        self.assertEqual(batch.statement_count, 2)

    def test_mt940(self):
        text = kit.mt940(
            ":61:2603160316C30,50NTRFNONREF//B1",
            ":86:/NAME/Jonas/REMI/Flat 1/",
            ":61:2603160316D4,NMSCNONREF",
            ":86:Fee",
            tail=(":62F:C260316EUR126,50",),
        )
        batch = self.read_file(text.encode(), "mt940", "statement.sta")
        batch.action_make_statement()
        (statement,) = batch.statement_ids
        self.assertEqual((statement.balance_start, statement.balance_end_real), (100, 126.5))
        self.assertEqual(self.lines(batch), [(30.5, "Flat 1", "Jonas"), (-4, "Fee", False)])
        again = self.read_file((text + "\r\n").encode(), "mt940", "again.sta")
        with self.assertRaisesRegex(UserError, "in the bank statements already"):
            again.action_make_statement()

    def test_through_the_journals_own_import(self):
        wizard = self.env["account.statement.import"].with_company(self.company)
        content = self.statement_file()
        wizard.create(
            {"statement_file": base64.b64encode(content), "statement_filename": "a.xml"}
        ).import_file_button()
        with self.assertRaisesRegex(UserError, "in the bank statements already"):
            self.read_file(content).action_make_statement()

    def test_several_accounts_each_in_its_journal(self):
        other = "LT647044001231465456"
        journal = self.make_journal("BNK8", other)
        second = kit.camt(kit.entry("7.00"), number="S2", balances=None).replace(
            kit.OWN_IBAN.encode(), other.encode()
        )
        body = second[second.index(b"<Stmt>") : second.index(b"</BkToCstmrStmt>")]
        both = self.statement_file().replace(b"</BkToCstmrStmt>", body + b"</BkToCstmrStmt>")
        result = (
            self.env["account.statement.import"]
            .with_company(self.company)
            .create({"statement_file": base64.b64encode(both), "statement_filename": "a.xml"})
            ._import_file()
        )
        statements = self.env["account.bank.statement"].browse(result["statement_ids"])
        self.assertEqual(statements.journal_id, self.journal | journal)

    def test_files_made_to_harm_are_refused_here_too(self):
        parser = self.env["account.statement.import.camt.parser"]
        whole = self.statement_file()
        bomb = whole.replace(b"<Document", b'<!DOCTYPE d [<!ENTITY x "x">]><Document')
        for content, words in (
            (bomb, "document type of its own"),
            (whole[:-30], "cut off"),
            (whole.replace(b"camt.053", b"pain.001"), "another kind"),
        ):
            with self.assertRaisesRegex(UserError, words):
                parser.parse(content)

    def test_another_companys_journal_is_not_taken(self):
        other = self.env["res.company"].create({"name": "Other bank customer"})
        self.env.user.company_ids |= other
        bank = self.env["res.partner.bank"].create(
            {"acc_number": "LT647044001231465456", "partner_id": other.partner_id.id}
        )
        self.env["account.journal"].with_company(other).create(
            {
                "name": "Theirs",
                "code": "BNK7",
                "type": "bank",
                "company_id": other.id,
                "bank_account_id": bank.id,
            }
        )
        own = self.make_journal("BNK8", "LT647044001231465456")
        content = self.statement_file().replace(kit.OWN_IBAN.encode(), b"LT647044001231465456")
        batch = self.read_file(content, statement_journal_id=own.id)
        batch.action_make_statement()
        self.assertEqual(batch.statement_ids.journal_id, own)

    def test_only_with_a_journal(self):
        batch = self.read_file(self.statement_file(), statement_journal_id=False)
        self.assertFalse(batch.can_be_statement)
        with self.assertRaisesRegex(UserError, "choose the bank journal"):
            batch.action_make_statement()

    def test_a_workbook_is_no_bank_statement(self):
        batch = self.env["utility.import.batch"].create(
            {
                "profile_id": self.make_profile("csv").id,
                "file": base64.b64encode(io.BytesIO(b"date;amount\n").read()),
                "file_name": "a.csv",
            }
        )
        with self.assertRaisesRegex(UserError, "no bank statement"):
            batch.action_make_statement()
