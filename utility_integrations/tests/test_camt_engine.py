from decimal import Decimal

from odoo.tests import BaseCase, tagged

from ..engine import camt
from ..engine.errors import FormatError
from . import format_kit as kit

LAUGHS = b"""<?xml version="1.0"?>
<!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol1 "&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;">
<!ENTITY lol2 "&lol1;&lol1;&lol1;&lol1;&lol1;&lol1;&lol1;&lol1;&lol1;&lol1;">]>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt>&lol2;"""


@tagged("utility_formats")
class TestCamtEngine(BaseCase):
    """ISO 20022: what stands in the file and what becomes of it."""

    def rows_of(self, content):
        return kit.read_all(camt.read, content)

    def lines(self, content):
        return [cells for _number, cells, _problem in self.rows_of(content)[0]]

    def assertRefused(self, code, content):
        with self.assertRaises(FormatError) as caught:
            self.rows_of(content)
        self.assertEqual(caught.exception.code, code)

    def test_every_kind_and_version(self):
        for kind, versions in (
            ("052", ("01", "02", "04", "06", "08")),
            ("053", ("02", "03", "04", "08", "10")),
            ("054", ("02", "04", "08")),
        ):
            for version in versions:
                status = "<Cd>BOOK</Cd>" if version >= "08" else "BOOK"
                found = self.lines(
                    kit.camt(
                        kit.entry("12.30", kit.detail("12.30"), status=status),
                        kind=kind,
                        version=version,
                    )
                )
                self.assertEqual(
                    [(line["amount"], line["status"], line["account_iban"]) for line in found],
                    [("12.30", "BOOK", "LT121000011101001000")],
                    f"camt.{kind}.001.{version}",
                )

    def test_a_payment_as_columns(self):
        (line,) = self.lines(
            kit.camt(
                kit.entry(
                    "12.30",
                    kit.detail("12.30", text="Už vandenį", reference="RF18539007547034"),
                    more="<RvslInd>false</RvslInd>",
                )
            )
        )
        self.assertEqual(
            {name: value for name, value in line.items() if value},
            {
                "date": "2026-03-16",
                "value_date": "2026-03-17",
                "amount": "12.30",
                "currency": "EUR",
                "direction": "credit",
                "reference": "RF18539007547034",
                "reference_kind": "SCOR",
                "purpose": "Už vandenį",
                "payer_name": "Jonas Jonaitis",
                "payer_code": "33309240064",
                "payer_iban": "LT601010012345678901",
                "bank_ref": "BANK1",
                "account_iban": "LT121000011101001000",
                "statement": "S1",
                "entry": "1",
                "status": "BOOK",
                "is_return": "no",
            },
        )

    def test_one_entry_of_many_payments(self):
        rows, summary = self.rows_of(
            kit.camt(
                kit.entry(
                    "30.00",
                    kit.detail(
                        "10.00", reference="210000000003139471430009017", kind="<Prtry>QRR</Prtry>"
                    ),
                    kit.detail("20.00", name="Ona"),
                ),
                balances=("100.00", "130.00"),
            )
        )
        self.assertEqual(
            [
                (n, c["amount"], c["reference_kind"], c["payer_name"], c["entry"])
                for n, c, _p in rows
            ],
            [(1, "10.00", "QRR", "Jonas Jonaitis", "1"), (2, "20.00", "", "Ona", "1")],
        )
        self.assertEqual(summary.problems(), [])
        self.assertEqual(summary.totals()["count"], 2)

    def test_payments_that_are_not_what_was_booked(self):
        rows, summary = self.rows_of(
            kit.camt(
                kit.entry("30.00", kit.detail("10.00"), kit.detail("19.00")),
                balances=("100.00", "130.00"),
            )
        )
        self.assertEqual([problem for _n, _c, problem in rows], [None, None])
        ((code, details),) = summary.problems()
        self.assertEqual((code, details["total"], details["details"]), ("entry_sum", 30, 29))

    def test_a_payment_without_an_amount_of_its_own(self):
        rows, _summary = self.rows_of(
            kit.camt(kit.entry("30.00", kit.detail("10.00"), kit.detail()))
        )
        self.assertEqual(
            [problem and problem[0] for _n, _c, problem in rows], [None, "no_own_amount"]
        )
        (line,) = self.lines(kit.camt(kit.entry("30.00", kit.detail())))
        self.assertEqual(line["amount"], "30.00", "alone, it is the entry's")

    def test_signs_and_returns(self):
        back = "<RtrInf><Rsn><Cd>AC04</Cd></Rsn><AddtlInf>Account closed</AddtlInf></RtrInf>"
        out, reversal, returned = self.lines(
            kit.camt(
                kit.entry("5.00", sign="DBIT", info="Bank's fee"),
                kit.entry("7.00", kit.detail("7.00"), sign="DBIT", more="<RvslInd>true</RvslInd>"),
                kit.entry("8.00", kit.detail("8.00", more=back)),
            )
        )
        self.assertEqual(
            (out["direction"], out["is_return"], out["purpose"]), ("debit", "no", "Bank's fee")
        )
        self.assertEqual((reversal["direction"], reversal["is_return"]), ("debit", "yes"))
        self.assertEqual(
            (returned["direction"], returned["is_return"], returned["return_reason"]),
            ("credit", "yes", "AC04 Account closed"),
        )

    def test_what_is_not_booked_is_no_payment_yet(self):
        rows, summary = self.rows_of(
            kit.camt(
                kit.entry("5.00", kit.detail("5.00"), status="<Cd>PDNG</Cd>"),
                kit.entry("6.00", kit.detail("6.00")),
                balances=("100.00", "106.00"),
            )
        )
        self.assertEqual([problem and problem[0] for _n, _c, problem in rows], ["not_booked", None])
        self.assertEqual(summary.problems(), [])

    def test_balances_that_do_not_add_up_are_told(self):
        _rows, summary = self.rows_of(kit.camt(kit.entry("5.00"), balances=("100.00", "104.00")))
        ((code, details),) = summary.problems()
        self.assertEqual((code, details["difference"]), ("balance", Decimal("-1.00")))

    def test_totals_that_the_bank_states(self):
        stated = (
            "<TxsSummry><TtlNtries><NbOfNtries>3</NbOfNtries></TtlNtries>"
            "<TtlCdtNtries><Sum>9.00</Sum></TtlCdtNtries></TxsSummry>"
        )
        _rows, summary = self.rows_of(kit.camt(kit.entry("5.00"), balances=None, summary=stated))
        self.assertEqual(
            [(code, details["stated"], details["read"]) for code, details in summary.problems()],
            [("stated_credit", 9, 5), ("stated_entries", 3, 1)],
        )
        self.assertEqual(summary.totals()["amount"], 9)

    def test_the_other_side_is_never_ourselves(self):
        own = kit.detail("8.00").replace("LT601010012345678901", kit.OWN_IBAN)
        own = own.replace("</RltdPties>", "<Cdtr><Nm>Vandenys</Nm></Cdtr></RltdPties>")
        (line,) = self.lines(kit.camt(kit.entry("8.00", own)))
        self.assertEqual((line["payer_name"], line["payer_iban"]), ("Vandenys", ""))

    def test_several_files_in_a_zip(self):
        rows, summary = self.rows_of(
            kit.zipped(
                a_xml=kit.camt(kit.entry("5.00"), balances=("100.00", "105.00")),
                b_xml=kit.camt(kit.entry("6.00"), balances=("105.00", "111.00"), number="S2"),
                letter_pdf=b"%PDF-1.4",
            )
        )
        self.assertEqual(
            [(n, c["statement"], c["amount"]) for n, c, _p in rows],
            [(1, "S1", "5.00"), (2, "S2", "6.00")],
        )
        self.assertEqual([code for code, _details in summary.problems()], ["zip_other"])
        self.assertEqual(summary.totals()["closing"], 111)

    def test_statements_that_do_not_follow_each_other(self):
        _rows, summary = self.rows_of(
            kit.zipped(
                a_xml=kit.camt(balances=("100.00", "100.00")),
                b_xml=kit.camt(balances=("110.00", "110.00"), number="S2"),
            )
        )
        self.assertEqual([code for code, _details in summary.problems()], ["chain"])

    def test_files_that_are_refused(self):
        whole = kit.camt(kit.entry("5.00", kit.detail("5.00", text="Žąsis")))
        outside = whole.replace(
            b"<Document", b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><Document'
        )
        for code, content in (
            ("doctype", LAUGHS),
            ("doctype", outside),
            ("truncated", whole[: len(whole) // 2]),
            ("truncated", whole[:-5]),
            ("xml_encoding", whole.decode().encode("windows-1257")),
            ("no_statement", kit.no_statement()),
            ("not_camt", b'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"/>'),
            ("not_camt", b"<html><body>Session expired</body></html>"),
            ("not_xml", b"date;amount\n2026-03-16;5\n"),
            ("not_xml", b""),
            ("bad_xml", whole.replace(b"</Sts>", b"</Stz>")),
            ("bad_zip", kit.zipped(a_xml=whole)[:-40]),
            ("zip_empty", kit.zipped(a_pdf=b"%PDF")),
        ):
            with self.subTest(code=code, content=content[:40]):
                self.assertRefused(code, content)

    def test_a_zip_bomb_is_not_unpacked(self):
        whole = kit.camt(kit.entry("5.00"))
        blown = whole.replace(b"</GrpHdr>", b"</GrpHdr>" + b" " * 80 * 1024 * 1024)
        self.assertRefused("zip_bomb", kit.zipped(a_xml=blown))
