"""Reports: January and February of the house, posted, with all that can happen to an account.

January: 12.345 m³ × 1.23 + 0.79 = 15.97, with 21 % 19.32. Half of the fee is paid by a fund: 0.40,
with 21 % 0.48. In February January's reading is found to be 110 instead of 112.345: 2.345 m³ less,
−2.88. February itself is 10 m³ (110 to 120): 12.30 + 0.79. Together 10.21, with 21 % 12.35.
"""

import base64
import io
from datetime import date

import openpyxl

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from ..tools.workbook import workbook
from .posting_common import PostingCommon


class ReportCommon(PostingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.utility_posting_way = "orm"
        cls.opening_account = cls.make_ledger_account("302900", "Opening", "equity")
        cls.bank_account = cls.make_ledger_account("271000", "Bank", "asset_cash")
        cls.general = cls.env["account.journal"].create(
            {"name": "General", "code": "GEN", "type": "general", "company_id": cls.company.id}
        )
        cls.fund = cls.make_person("Social Fund", is_company=True)
        cls.benefit_kind = cls.env["utility.benefit.kind"].create(
            {
                "name": "Veterans",
                "code": "VET",
                "value": 50,
                "company_id": cls.company.id,
                "component_codes": "fee",
                "fund_partner_id": cls.fund.id,
            }
        )
        cls.jonas.utility_personal_code = "=39001010000"
        cls.env["utility.benefit"].create(
            {
                "kind_id": cls.benefit_kind.id,
                "partner_id": cls.jonas.id,
                "account_id": cls.account.id,
                "date_start": "2026-01-01",
                "document_number": "V-17",
                "company_id": cls.company.id,
            }
        )
        cls.book("2025-12-31", 50, cls.opening_account)
        cls.january = cls.posted_bills()
        reading = cls.env["utility.reading"].search(
            [("register_id", "=", cls.register.id), ("date", "=", "2026-01-31")]
        )
        reading._correct(110, reason="Typed wrong")
        cls.february = cls.posted_bills("2026-02-15")
        cls.book("2026-02-10", -30, cls.bank_account)
        cls.book("2026-02-20", 1.25, cls.opening_account)

    @classmethod
    def book(cls, day, amount, counter):
        """An entry of the general journal: so much more is owed under the account."""
        move = cls.env["account.move"].create(
            {
                "move_type": "entry",
                "journal_id": cls.general.id,
                "company_id": cls.company.id,
                "date": day,
                "line_ids": [
                    Command.create(
                        {
                            "name": "Owed",
                            "account_id": cls.receivable.id,
                            "partner_id": cls.jonas.id,
                            "utility_account_id": cls.account.id,
                            "balance": amount,
                        }
                    ),
                    Command.create(
                        {"name": "Other side", "account_id": counter.id, "balance": -amount}
                    ),
                ],
            }
        )
        move.action_post()
        return move


@tagged("post_install", "-at_install")
class TestTurnover(ReportCommon):
    def turnover(self, first, last, user=None, **vals):
        """{(account number, service): (opening, charged, recalculated, funds, paid, other,
        closing)}"""
        wizard = (
            self.env["utility.turnover"]
            .with_user(user or self.env.user)
            .create({"company_id": self.company.id, "date_from": first, "date_to": last, **vals})
        )
        wizard.action_show()
        self.wizard = wizard
        names = ("opening", "charged", "recalculated", "funds", "paid", "other", "closing")
        return {
            (line.account_id, line.service_id): tuple(round(line[name], 2) for name in names)
            for line in wizard.line_ids
        }

    def test_january(self):
        found = self.turnover("2026-01-01", "2026-01-31")
        row = found.pop((self.account, self.env["utility.service"]))
        self.assertEqual(row, (50.0, 19.32, 0.0, 0.48, 0.0, 0.0, 68.84))
        self.assertFalse(found)
        self.assertEqual(self.account.balance_on("2026-01-31"), 68.84)

    def test_february_goes_on_from_january(self):
        """2.88 less is with tax 3.48 less; 12.30 + 0.79 = 13.09 is the rest of the bill's 12.35."""
        found = self.turnover("2026-02-01", "2026-02-28")
        row = found[self.account, self.env["utility.service"]]
        self.assertEqual(row, (68.84, 15.83, -3.48, 0.48, 30.0, 1.25, 51.96))
        opening, charged, recalculated, funds, paid, other, closing = row
        self.assertEqual(round(opening + charged + recalculated - funds - paid + other, 2), closing)
        self.assertEqual(self.account.balance_on("2026-02-28"), 51.96)
        self.assertEqual(self.account.balance, 51.96)

    def test_by_service_what_is_not_allocated_stands_apart(self):
        found = self.turnover("2026-02-01", "2026-02-28", by_service=True)
        self.assertEqual(
            found,
            {
                (self.account, self.water): (18.84, 15.83, -3.48, 0.48, 0.0, 0.0, 30.71),
                (self.account, self.env["utility.service"]): (
                    50.0,
                    0.0,
                    0.0,
                    0.0,
                    30.0,
                    1.25,
                    21.25,
                ),
            },
        )

    def test_a_credit_note_is_recalculated(self):
        reversal = self.env["account.move.reversal"].create(
            {
                "move_ids": self.february.ids,
                "journal_id": self.february.journal_id.id,
                "date": "2026-02-28",
            }
        )
        reversal.refund_moves()
        credit = self.february.reversal_move_ids
        if credit.state == "draft":
            credit.action_post()
        for by_service in (False, True):
            found = self.turnover("2026-02-01", "2026-02-28", by_service=by_service)
            total = [round(sum(row[place] for row in found.values()), 2) for place in range(7)]
            self.assertEqual(total, [68.84, 15.83, -15.83, 0.48, 30.0, 1.25, 39.61])

    def test_by_service_a_cancelled_bill_comes_to_nothing(self):
        """The lines of February, 15.84 and −3.48 with tax, are taken back, and 0.48 of the fund;
        the bill came to 12.35, a cent less than they."""
        rebill = self.env["utility.rebill"].create(
            {
                "company_id": self.company.id,
                "bill_ids": [Command.set(self.february.ids)],
                "reason": "Wrong",
                "bill_again": False,
            }
        )
        rebill.action_compare()
        rebill.action_cancel_bills()
        found = self.turnover("2026-02-01", "2026-02-28", by_service=True)
        self.assertEqual(
            found[self.account, self.water], (18.84, 12.36, -12.36, 0.0, 0.0, 0.0, 18.84)
        )
        rest = found[self.account, self.env["utility.service"]]
        self.assertEqual(rest, (50.0, -0.01, 0.01, 0.0, 30.0, 1.25, 21.25))

    def test_draft_entries_do_not_count(self):
        self.book("2026-02-21", 7, self.opening_account).button_draft()
        found = self.turnover("2026-02-01", "2026-02-28")
        self.assertEqual(found[self.account, self.env["utility.service"]][-1], 51.96)

    def test_only_accounts_of_own_buildings(self):
        here = self.make_user("manager", buildings=self.house)
        elsewhere = self.make_user("manager", buildings=self.other_house)
        self.assertEqual(len(self.turnover("2026-02-01", "2026-02-28", user=here)), 1)
        self.assertFalse(self.turnover("2026-02-01", "2026-02-28", user=elsewhere))

    def test_the_file_adds_up(self):
        self.account.partner_id.name = "=HYPERLINK(1)"
        self.turnover("2026-02-01", "2026-02-28", by_service=True)
        self.assertIn("/web/content/utility.turnover/", self.wizard.action_export()["url"])
        sheet = openpyxl.load_workbook(io.BytesIO(base64.b64decode(self.wizard.file))).active
        self.assertEqual(sheet.freeze_panes, "A6")
        self.assertEqual(
            [cell.value for cell in sheet[5]][:4], ["Account", "Payer Today", "Premise", "Service"]
        )
        self.assertEqual(sheet["B6"].value, "=HYPERLINK(1)")
        self.assertEqual(sheet["B6"].data_type, "s")
        self.assertEqual(
            [cell.value for cell in sheet[8]][4:], [68.84, 15.83, -3.48, 0.48, 30, 1.25, 51.96]
        )

    def test_nobody_reads_the_balances_that_another_asked_for(self):
        operator = self.make_user("billing_operator")
        self.turnover("2026-02-01", "2026-02-28", user=operator)
        other = self.make_user("clerk")
        with self.assertRaises(AccessError):
            self.wizard.line_ids.with_user(other).read(["closing"])


@tagged("post_install", "-at_install")
class TestChargeReport(ReportCommon):
    def sums(self, model, domain, groups, *measures, user=None):
        rows = (
            self.env[f"utility.{model}.report"]
            .with_user(user or self.env.user)
            ._read_group([("company_id", "=", self.company.id), *domain], groups, measures)
        )
        return [tuple(round(v, 4) if isinstance(v, float) else v for v in row) for row in rows]

    def test_accruals_agree_with_bills(self):
        """Net, tax, gross, the fund's part, the payer's."""
        names = [f"{name}:sum" for name in ("net", "tax", "gross", "fund", "due")]
        self.assertEqual(
            self.sums("charge", [], ["month:month"], *names),
            [
                (date(2026, 1, 1), 15.97, 3.35, 19.32, 0.48, 18.84),
                (date(2026, 2, 1), 10.21, 2.14, 12.35, 0.48, 11.87),
            ],
        )
        self.assertEqual(sum(self.january.mapped("amount_untaxed")), 15.97)
        self.assertEqual(sum(self.february.mapped("amount_total")), 12.35)

    def test_by_what_it_is_told(self):
        charges = self.sums("charge", [("is_correction", "=", True)], [], "net:sum", "quantity:sum")
        self.assertEqual(charges, [(-2.88, -2.345)])
        [(plan, kind, house, gross)] = self.sums(
            "charge",
            [("month", "=", "2026-01-01")],
            ["plan_id", "payer_kind", "building_id"],
            "gross:sum",
        )
        self.assertEqual((plan, kind, house), (self.plan, "individual", self.house))
        self.assertEqual(gross, 19.32)
        consumed = self.sums(
            "charge", [("is_correction", "=", True)], ["consumption_month:month"], "net:sum"
        )
        self.assertEqual(consumed, [(date(2026, 1, 1), -2.88)])

    def test_only_own_buildings_and_companies(self):
        for model in ("charge", "benefit", "consumption"):
            found = [
                self.env[f"utility.{model}.report"]
                .with_user(user)
                .search_count([("company_id", "=", self.company.id)])
                for user in (
                    self.make_user("manager", buildings=self.house),
                    self.make_user("auditor"),
                    self.make_user("manager", buildings=self.other_house),
                )
            ]
            self.assertTrue(found[0], model)
            self.assertEqual(found, [found[0], found[0], 0], model)
        far = self.env["res.company"].create({"name": "Far"})
        stranger = self.make_user("billing_operator", company_id=far.id)
        for model in ("charge", "benefit", "consumption", "run"):
            rows = self.env[f"utility.{model}.report"].with_user(stranger)
            self.assertFalse(rows.with_context(allowed_company_ids=far.ids).search([]), model)
        with self.assertRaises(AccessError):
            self.env["utility.charge.report"].with_user(self.make_user("field_controller")).search(
                []
            )

    def test_consumption_beside_last_year(self):
        """10 m³ in February, corrected by −2.345 of January, in 50 m²; nothing a year later."""
        self.env["utility.attribute.value"].create(
            {
                "attribute_id": self.env.ref("utility_base.attribute_useful_area").id,
                "premise_id": self.flat.id,
                "date_start": "2020-01-01",
                "value_number": 50,
            }
        )
        self.make_run("2027-02-15", with_corrections=False)
        rows = self.sums(
            "consumption",
            [("month", "in", ("2026-02-01", "2027-02-01"))],
            ["month:month", "building_id"],
            "quantity:sum",
            "before:sum",
            "change:avg",
            "per_area:avg",
        )
        self.assertEqual(
            rows,
            [
                (date(2026, 2, 1), self.house, 7.655, 0, False, 0.1531),
                (date(2027, 2, 1), self.house, 0, 7.655, -1, 0),
            ],
        )

    def test_benefits_as_the_fund_asks(self):
        rows = self.env["utility.benefit.report"].search(
            [("company_id", "=", self.company.id), ("month", "=", "2026-01-01")]
        )
        self.assertRecordValues(
            rows,
            [
                {
                    "fund_partner_id": self.fund.id,
                    "benefit_kind_id": self.benefit_kind.id,
                    "person_id": self.jonas.id,
                    "document_number": "V-17",
                    "percent": 50.0,
                    "amount": 0.48,
                }
            ],
        )
        self.assertAlmostEqual(rows.base, 0.79, places=2)

    def test_the_funds_file_has_codes_for_those_who_may_see_them(self):
        for role, expected in (("auditor", "=39001010000"), ("billing_operator", None)):
            wizard = (
                self.env["utility.benefit.statement"]
                .with_user(self.make_user(role))
                .create(
                    {
                        "company_id": self.company.id,
                        "fund_partner_id": self.fund.id,
                        "date_from": "2026-01-01",
                        "date_to": "2026-02-28",
                    }
                )
            )
            self.assertEqual(wizard.fund_ids, self.fund)
            wizard.action_export()
            sheet = openpyxl.load_workbook(io.BytesIO(base64.b64decode(wizard.file))).active
            rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
            head = next(row for row in rows if "Person" in row)
            self.assertEqual("Personal Code" in head, bool(expected))
            self.assertEqual(expected in rows[5], bool(expected))
            self.assertEqual(rows[-1][-1], 0.96)

    def test_run_statistics(self):
        rows = self.env["utility.run.report"].search(
            [("run_id", "=", self.january.utility_run_id.id)], order="stage"
        )
        self.assertEqual(rows.mapped("stage"), ["calculate", "post"])
        self.assertEqual(rows.mapped("account_count"), [1, 1])
        self.assertEqual(rows.mapped("bill_count"), [0, 1])
        self.january.utility_run_id.batch_ids.seconds = 2
        self.january.utility_run_id.posting_ids.seconds = 0.5
        [(speed,)] = self.env["utility.run.report"]._read_group(
            [("id", "in", rows.ids)], [], ["speed:avg"]
        )
        self.assertAlmostEqual(float(speed), 0.8, places=3)


@tagged("post_install", "-at_install")
class TestApprovedReport(PostingCommon):
    def test_an_approved_run_is_told_with_the_tax_it_will_have(self):
        """21 % of 15.18 and of 0.79: 3.19 and 0.17."""
        run = self.approved_run()
        [sums] = self.env["utility.charge.report"]._read_group(
            [("run_id", "=", run.id)], [], ["net:sum", "tax:sum"]
        )
        self.assertEqual([round(float(value), 2) for value in sums], [15.97, 3.36])


@tagged("post_install", "-at_install")
class TestWorkbook(PostingCommon):
    def test_what_looks_like_a_formula_is_text(self):
        content = workbook(
            "A/B: [x]",
            ["note"],
            [("Text", "text", False), ("Money", "money", True), ("Day", "day", False)],
            [("=1+1", 2.5, date(2026, 1, 2)), ("+x", -0.5, None), ("@y", 1, None), ("-z", 0, None)],
            total="Total",
        )
        sheet = openpyxl.load_workbook(io.BytesIO(content)).active
        self.assertEqual(
            [(cell.value, cell.data_type) for cell in sheet["A"][4:9]],
            [("=1+1", "s"), ("+x", "s"), ("@y", "s"), ("-z", "s"), ("Total", "s")],
        )
        self.assertEqual(sheet["B9"].value, 3)
        self.assertEqual(sheet["C5"].value.date(), date(2026, 1, 2))
