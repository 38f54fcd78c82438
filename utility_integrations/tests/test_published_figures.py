from decimal import Decimal
from itertools import count

from stdnum.iso7064 import mod_97_10
from stdnum.lt import asmens, pvm
from stdnum.ru import inn, ogrn
from stdnum.ua import edrpou, rntrc

from odoo.tests import BaseCase, tagged

from odoo.addons.utility_metering.tests import vectors

from ..engine import camt, client_bank, litas, swift
from . import format_kit as kit

# read by the profiles of Lietuvos paštas and Swedbank in utility_billing; written by direct debits
ELSEWHERE = {"PAY-30", "PAY-31", "PAY-40"}
REAL = {
    "PAY-05": "camt053.v2.multi.statement.xml",
    "PAY-07": "camt054.v4.xml",
    "PAY-11": "ing.sta",
    "PAY-13": "abnamro.sta",
}
IDENTIFIERS = {
    "LT personal code": asmens,
    "LT VAT": pvm,
    "RU INN": inn,
    "RU OGRN": ogrn,
    "UA EDRPOU": edrpou,
    "UA RNTRC": rntrc,
}


@tagged("utility_formats")
class TestPublishedFigures(BaseCase):
    """Published figures of payment files: of the files themselves where they are here, else of
    files written anew with the same figures."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cases = vectors.cases("payment_files", kit.VECTORS)

    def expected(self, number):
        return self.cases[number]["expected"]

    def assertFigures(self, number, rows, summary):
        expected = self.expected(number)
        found = kit.figures(rows, summary)
        for name in ("transactions", "sum", "opening", "closing", "balance_consistent"):
            if name in expected:
                wanted = expected[name]
                wanted = Decimal(wanted) if isinstance(wanted, str) else wanted
                self.assertEqual(found[name], wanted, f"{number}: {name}")

    def test_every_case_has_its_test(self):
        own = {
            name[5:].upper().replace("_", "-") for name in dir(self) if name.startswith("test_pay")
        }
        self.assertEqual(set(self.cases) - ELSEWHERE, own)

    def test_pay_01(self):
        expected = self.expected("PAY-01")
        first, second = expected["references"]
        rows, summary = kit.read_all(
            camt.read,
            kit.camt(
                kit.entry(
                    "3483.00",
                    kit.detail("2187.00", reference=first, kind="<Prtry>ISR Reference</Prtry>"),
                    kit.detail("1296.00", reference=second, kind="<Prtry>ISR Reference</Prtry>"),
                    status="BOOK",
                ),
                version="04",
                balances=(expected["opening"], expected["closing"]),
            ),
        )
        self.assertFigures("PAY-01", rows, summary)
        self.assertEqual([cells["reference"] for _n, cells, _p in rows], expected["references"])
        self.assertEqual((len(rows), summary.statements[0].entry_count), (2, expected["entries"]))

    def test_pay_03(self):
        balances = (self.expected("PAY-03")["opening"], self.expected("PAY-03")["closing"])
        rows, summary = kit.read_all(camt.read, kit.camt(version="02", balances=balances))
        self.assertFigures("PAY-03", rows, summary)
        self.assertEqual(rows, [])

    def test_pay_05(self):
        _rows, summary = kit.read_all(camt.read, kit.sample(REAL["PAY-05"]))
        self.assertEqual(
            [
                {
                    "opening": str(each.opening),
                    "credit": str(each.credit),
                    "debit": str(each.debit),
                    "closing": str(each.closing),
                }
                for each in summary.statements
            ],
            self.expected("PAY-05")["statements"],
        )
        self.assertEqual(summary.problems(), [], "they follow each other")

    def test_pay_07(self):
        rows, summary = kit.read_all(camt.read, kit.sample(REAL["PAY-07"]))
        expected = self.expected("PAY-07")
        self.assertEqual(len(rows), expected["transactions"])
        self.assertEqual(summary.statements[0].entry_count, expected["entries"])
        self.assertEqual(summary.statements[0].debit, Decimal(expected["debit"]))
        found = [cells["reference"] for _n, cells, _p in rows]
        self.assertEqual(found[:2], expected["first_references"])

    def test_pay_10(self):
        lines = []
        for amount in ("2402", "3460", "3575"):
            lines += [f":61:1710111011DF{amount},00S   X", ":NS:01526715", "15ERGO Versicherung AG"]
        text = kit.mt940(
            *lines,
            head=(":60F:C171011HUF627311,30",),
            tail=(":62F:C171011HUF617874,30", ":64:C171011HUF617874,30"),
            account="1966315302010001",
        )
        self.assertFigures("PAY-10", *kit.read_all(swift.read, text))

    def test_pay_11(self):
        self.assertFigures("PAY-11", *kit.read_all(swift.read, kit.sample(REAL["PAY-11"]).decode()))

    def test_pay_13(self):
        self.assertFigures("PAY-13", *kit.read_all(swift.read, kit.sample(REAL["PAY-13"]).decode()))

    def test_pay_14(self):
        amounts = ["C12000,", *("C25,00",) * 14, "D22,70"]
        text = kit.mt940(
            *(f":61:2603160316{amount}NTRFX" for amount in amounts),
            head=(":60F:C260315EUR40000,00",),
            tail=(":62F:C260316EUR50040,00",),
        )
        self.assertFigures("PAY-14", *kit.read_all(swift.read, text))

    def test_pay_16(self):
        text = kit.mt940(
            ":61:110101D15,70NTRFX",
            ":61:110101D700,NTRFX",
            head=(":60F:C110101EUR4975,09",),
            tail=(":62F:C110101EUR4370,79",),
        )
        self.assertFigures("PAY-16", *kit.read_all(swift.read, text))

    def russian_file(self):
        expected = self.expected("PAY-20")
        ours, theirs = "40702810801500116391", "40817810009980084396"
        coming = {"ПлательщикСчет": theirs, "ПолучательСчет": ours, "ДатаПоступило": "18.04.2022"}
        going = {"ПлательщикСчет": ours, "ПолучательСчет": theirs, "ДатаСписано": "18.04.2022"}
        numbers = count(1)
        documents = [
            {"Номер": str(next(numbers)), "Дата": "18.04.2022", "Сумма": amount, **way, **more}
            for amount, way, more in (
                ("700", going, {}),
                (
                    self.expected("PAY-21")["amount"],
                    coming,
                    {"Код": "50133547364", "НазначениеПлатежа": "ЛС: 50133547364", "Номер": "6032"},
                ),
                ("1166.98", coming, {}),
                ("14000", going, {}),
            )
        ]
        section = {
            "НачальныйОстаток": expected["opening"],
            "ВсегоПоступило": expected["credit_turnover"],
            "ВсегоСписано": expected["debit_turnover"],
            "КонечныйОстаток": expected["closing"],
        }
        return kit.read_all(client_bank.read, kit.client_bank(*documents, sections=(section,)))

    def test_pay_20(self):
        rows, summary = self.russian_file()
        self.assertFigures("PAY-20", rows, summary)
        self.assertEqual(len(rows), self.expected("PAY-20")["documents"])
        self.assertEqual(
            [code for code, _details in summary.problems()],
            ["stated_credit", "stated_debit"],
            "the file is an extract",
        )

    def test_pay_21(self):
        rows, _summary = self.russian_file()
        (cells,) = (cells for _n, cells, _p in rows if cells["entry"] == "6032")
        expected = self.expected("PAY-21")
        self.assertEqual(
            (cells["direction"], cells["amount"], cells["reference"]),
            ("credit", expected["amount"], expected["code"]),
        )
        self.assertIn(expected["personal_account"], cells["purpose"])

    def test_pay_33(self):
        expected = self.expected("PAY-33")
        changes = (-100, -2500, 15000, -9000, -10092, -6000, -5000)
        days = ("20120101", "20120110", "20120115", "20120201", "20120220", "20120301", "20120304")
        numbers = count(int(expected["first_id"]))
        rows, summary = kit.read_all(
            litas.read,
            kit.litas(
                *(
                    (day, abs(cents), "D" if cents < 0 else "C", next(numbers), "", "")
                    for day, cents in zip(days, changes, strict=True)
                ),
                opening=25175,
                closing=7483,
                currency=expected["currency"],
            ),
        )
        first = rows[0][1]
        self.assertEqual(
            (f"-{first['amount']}", first["bank_ref"], first["currency"], len(rows)),
            (
                expected["first_amount"],
                expected["first_id"],
                expected["currency"],
                expected["lines"],
            ),
        )
        statement = summary.statements[0]
        self.assertEqual(
            (str(statement.opening), str(statement.closing), statement.number),
            (expected["start_balance"], expected["end_balance"], expected["start_date"]),
        )
        self.assertEqual(summary.problems(), [])

    def test_accounts_and_identifiers(self):
        cases = vectors.cases("iban_and_ids", kit.VECTORS)
        self.assertGreaterEqual(len(cases), 3)
        for number, case in cases.items():
            inputs, expected = case["inputs"], case["expected"]
            with self.subTest(number):
                if "iban" in inputs:
                    iban = inputs["iban"]
                    found = mod_97_10.is_valid(iban[4:] + iban[:4])
                    self.assertEqual(found, expected["mod97_valid"])
                else:
                    found = IDENTIFIERS[inputs["kind"]].is_valid(inputs["value"])
                    self.assertEqual(found, expected["valid"])
