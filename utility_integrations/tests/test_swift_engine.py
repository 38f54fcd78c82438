from odoo.tests import BaseCase, tagged

from ..engine import swift
from ..engine.errors import FormatError
from . import format_kit as kit


@tagged("utility_formats")
class TestSwiftEngine(BaseCase):
    """MT940 and MT942, as banks write them."""

    def rows_of(self, text):
        return kit.read_all(swift.read, text)

    def lines(self, text):
        return [cells for _number, cells, _problem in self.rows_of(text)[0]]

    def test_a_year_that_turns(self):
        found = self.lines(
            kit.mt940(":61:2512310101C10,00NTRFX", ":61:2601011231C100,NTRFX", ":61:260101C1,NTRFX")
        )
        self.assertEqual(
            [(line["value_date"], line["date"], line["amount"]) for line in found],
            [
                ("2025-12-31", "2026-01-01", "10.00"),
                ("2026-01-01", "2025-12-31", "100"),
                ("2026-01-01", "2026-01-01", "1"),
            ],
        )

    def test_days_that_do_not_exist(self):
        found = self.lines(kit.mt940(":61:2602300230C10,NTRFX", ":61:2604311399C10,NTRFX"))
        self.assertEqual(
            [(line["value_date"], line["date"]) for line in found],
            [("2026-02-28", "2026-02-28"), ("2026-04-30", "2026-04-30")],
        )

    def test_marks_of_reversals(self):
        found = self.lines(
            kit.mt940(
                ":61:260316C1,NTRFX",
                ":61:260316D2,NTRFX",
                ":61:260316RC3,NTRFX",
                ":61:260316RD4,NTRFX",
            )
        )
        self.assertEqual(
            [(line["amount"], line["direction"], line["is_return"]) for line in found],
            [
                ("1", "credit", "no"),
                ("2", "debit", "no"),
                ("3", "debit", "yes"),
                ("4", "credit", "yes"),
            ],
        )

    def test_lines_without_a_type_stay_apart(self):
        found = self.lines(kit.mt940(":61:260316C1,", ":61:260316C2,", ":61:260316C3,"))
        self.assertEqual([line["amount"] for line in found], ["1", "2", "3"])

    def test_a_line_that_cannot_be_read_stays(self):
        rows, summary = self.rows_of(
            kit.mt940(":61:260316C1,NTRFX", ":61:damaged on its way", ":61:261316C2,NTRFX")
        )
        self.assertEqual(
            [(cells["purpose"], problem and problem[0]) for _n, cells, problem in rows],
            [("", None), ("damaged on its way", "mt940_line"), ("261316C2,NTRFX", "mt940_line")],
        )
        self.assertEqual(summary.totals()["amount"], 1)

    def test_text_in_numbers(self):
        (line,) = self.lines(
            kit.mt940(
                ":61:2603160316C50,5NTRFNONREF//BANK7",
                ":86:166?00GUTSCHRIFT?20EREF+E2E-1?21SVWZ+Rechnung 501?223354?30PBNKDEFF",
                "?31DE42100100100043921105?32Richter Renate",
            )
        )
        self.assertEqual(
            [
                line[name]
                for name in ("end_to_end", "purpose", "payer_name", "payer_iban", "bank_ref")
            ],
            ["E2E-1", "Rechnung 5013354", "Richter Renate", "DE42100100100043921105", "BANK7"],
        )

    def test_text_in_codes(self):
        plain, counterparty, structured = self.lines(
            kit.mt940(
                ":61:2603160316C25,NTRFNONREF",
                ":86:/TRTP/SEPA/IBAN/NL91ABNA0417164300/BIC/ABNANL2A/NAME/JAN JA",
                "NSEN/REMI/Invoice 5013354/EREF/E2E-1",
                ":61:2603160316C5,NTRFNONREF",
                ":86:/EREF/NOTPROVIDED//CNTP/NL32INGB0000012345/INGBNL2A/J. de Vries///REMI/USTD//",
                "Water March/",
                ":61:2603160316C6,NTRFNONREF",
                ":86:/REMI/STRD/CUR/RF18539007547034/",
            )
        )
        self.assertEqual(
            (plain["payer_name"], plain["payer_iban"], plain["purpose"], plain["end_to_end"]),
            ("JAN JANSEN", "NL91ABNA0417164300", "Invoice 5013354", "E2E-1"),
        )
        self.assertEqual(
            (counterparty["payer_name"], counterparty["payer_iban"], counterparty["purpose"]),
            ("J. de Vries", "NL32INGB0000012345", "Water March"),
        )
        self.assertEqual(
            (counterparty["end_to_end"], structured["reference"]), ("", "RF18539007547034")
        )

    def test_a_note_of_the_statement_is_no_text_of_its_last_line(self):
        (line,) = self.lines(
            kit.mt940(
                ":61:260316C5,NTRFX", ":86:Water", tail=(":62F:C260316EUR105,00", ":86:2 entries")
            )
        )
        self.assertEqual(line["purpose"], "Water")

    def test_pages_are_one_chain(self):
        text = kit.mt940(":61:260316C5,NTRFX", tail=(":62M:C260316EUR105,00",)) + kit.mt940(
            ":61:260316D1,NTRFX",
            head=(":60M:C260316EUR105,00",),
            tail=(":62F:C260316EUR104,00",),
        )
        _rows, summary = self.rows_of(text)
        self.assertEqual(summary.problems(), [])
        self.assertEqual((summary.totals()["opening"], summary.totals()["closing"]), (100, 104))

    def test_interim_report(self):
        text = kit.mt940(
            ":61:260316C5,NTRFX",
            head=(":34F:EURD0,", ":34F:EURC0,", ":13D:2603161200+0200"),
            tail=(":90D:0EUR0,", ":90C:1EUR6,"),
        )
        rows, summary = self.rows_of(text)
        self.assertEqual((len(rows), rows[0][1]["currency"]), (1, "EUR"))
        self.assertEqual(
            [(code, details["stated"]) for code, details in summary.problems()],
            [("stated_credit", 6)],
        )

    def test_without_a_reference_and_without_an_end(self):
        rows, summary = self.rows_of(kit.sample("statement_details.sta").decode())
        self.assertEqual([cells["payer_name"] for _n, cells, _p in rows], ["Peter Pan"])
        rows, summary = self.rows_of(kit.sample("missing_crlf_at_end.sta").decode())
        self.assertEqual((rows, str(summary.totals()["closing"])), ([], "42570.04"))

    def test_what_is_no_statement(self):
        for text, code in (
            ("date;amount\n", "not_mt940"),
            ("", "not_mt940"),
            (kit.mt940(head=(":60F:nonsense",)), "mt940_field"),
        ):
            with self.assertRaises(FormatError) as caught:
                self.rows_of(text)
            self.assertEqual(caught.exception.code, code)
