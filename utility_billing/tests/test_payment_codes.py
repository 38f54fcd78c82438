"""Payment references and codes on bills against published cases."""

from decimal import Decimal
from itertools import count

from odoo.fields import Command
from odoo.tests import BaseCase, tagged

from ..engine import payment_codes as codes
from . import vector_documents, vectors
from .posting_common import PostingCommon

D = Decimal
LT = codes.Payment("UAB Šiluma", "LT121000011101001000", D("19.32"), reference="RF18539007547034")


@tagged("post_install", "-at_install")
class TestPaymentCodes(BaseCase):
    def assertExpected(self, case, found):
        self.assertEqual({key: found.get(key) for key in case["expected"]}, case["expected"])

    def test_published_references(self):
        cases = vectors.cases("creditor_reference")
        self.assertGreaterEqual(len(cases), 24)
        for case_id, case in cases.items():
            with self.subTest(case_id):
                self.assertExpected(case, vector_documents.reference(case["inputs"]))

    def test_published_payloads(self):
        cases = vectors.cases("payment_qr")
        self.assertGreaterEqual(len(cases), 19)
        for case_id, case in cases.items():
            with self.subTest(case_id):
                adapter = vector_documents.adapter_of(case)
                self.assertTrue(adapter, "no adapter takes the case")
                self.assertExpected(case, adapter(case["inputs"]))

    def test_a_reference_with_check_digits_stands_alone(self):
        self.assertEqual(
            codes.epc(LT).split("\n"),
            [
                "BCD",
                "002",
                "1",
                "SCT",
                "",
                "UAB Šiluma",
                "LT121000011101001000",
                "EUR19.32",
                "",
                "RF18539007547034",
            ],
        )

    def test_another_reference_is_text(self):
        payment = codes.Payment("A", LT.iban, D(5), reference="12344")
        self.assertEqual(codes.epc(payment).split("\n")[9:], ["", "12344"])

    def test_what_is_too_long_is_refused(self):
        long = codes.Payment("Ž" * 70, LT.iban, D(5), text="Ž" * 140)
        with self.assertRaisesRegex(codes.UnfitPayment, "bytes"):
            codes.epc(long)

    def test_a_mistyped_account_is_refused(self):
        for scheme in ("epc", "swiss"):
            with self.subTest(scheme), self.assertRaises(codes.UnfitPayment):
                codes.payload(scheme, codes.Payment("A", "LT131000011101001000", D(5)))

    def test_another_currency_is_refused(self):
        with self.assertRaises(codes.UnfitPayment):
            codes.epc(codes.Payment("A", LT.iban, D(5), currency="UAH"))

    def test_a_payload_in_roubles_reads_back(self):
        payment = codes.Payment(
            "ООО Вода|Тепло",
            "40702810900000000001",
            D("4567.89"),
            "RUB",
            bic="044525225",
            bank="ПАО БАНК",
            text="За услуги",
            account="00012",
        )
        text = codes.gost(payment)
        values, encoding = codes.gost_values(text)
        self.assertEqual(encoding, "utf-8")
        self.assertEqual(
            (values["name"], values["sum"], values["persacc"]),
            ("ООО Вода|Тепло", "456789", "00012"),
        )

    def test_a_barcode_holds_account_and_amount(self):
        self.assertEqual(codes.barcode("AB-0001", D("19.32")), "AB00010000001932")


@tagged("post_install", "-at_install")
class TestInvoiceTotals(PostingCommon):
    """Published totals of e-invoices: Odoo's tax engine computes them, the bill shows them.

    Odoo's discounts and surcharges of a whole document are lines of it, so allowances and charges
    are put in as lines.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.tax_calculation_rounding_method = "round_globally"
        cls.env["decimal.precision"].search([("name", "=", "Product Price")]).digits = 6
        cls.numbers = count(1)

    def totals(self, *lines):
        """(amount per line, net, VAT by rate, total) of a posted bill of (quantity, price, rate);
        the texts of the bill must say the same."""
        taxes = {rate: self.tax_of(rate) for _quantity, _price, rate in lines}
        move = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.jonas.id,
                "utility_account_id": self.account.id,
                "journal_id": self.company._utility_bill_journal().id,
                "invoice_date": "2026-03-16",
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": f"Line {number}",
                            "quantity": float(quantity),
                            "price_unit": float(price),
                            "account_id": self.revenue.id,
                            "tax_ids": [Command.set(taxes[rate].ids)],
                        }
                    )
                    for number, (quantity, price, rate) in enumerate(lines, 1)
                ],
            }
        )
        move.action_post()
        content = self.env["utility.bill.document"]._contents(move)[0]
        said = {row.name: D(row.amount.replace(",", "")) for row in content.totals}
        self.assertEqual(said["Net"], D(str(move.amount_untaxed)))
        self.assertEqual(said["Charged in total"], D(str(move.amount_total)))
        by_rate = {row.name.split()[1]: D(row.amount.replace(",", "")) for row in content.taxes}
        net = [D(row.net.replace(",", "")) for row in content.charges]
        return net, said["Net"], by_rate, said["Charged in total"]

    def tax_of(self, rate):
        tax = self.make_tax(float(rate), name=f"VAT {rate} % {next(self.numbers)}")
        self.give_tax_account(tax)
        return tax

    def case(self, case_id):
        case = vectors.cases("einvoice_totals")[case_id]
        return case["inputs"], case["expected"]

    def test_all_published_cases_are_here(self):
        told = {"EIN-01", "EIN-02", "EIN-05", "EIN-06", "EIN-09"}
        self.assertEqual(set(vectors.cases("einvoice_totals")), told)

    def test_bills_of_quantities_and_prices(self):
        """EIN-01 is a bill of a grid: prices of a year are divided by twelve."""
        for case_id in ("EIN-01", "EIN-05"):
            with self.subTest(case_id):
                inputs, expected = self.case(case_id)
                rate = inputs["vat_percent"]
                lines, net, taxes, total = self.totals(
                    *(
                        (D(line["q"]), D(line["price"]) / D(line.get("base", "1")), rate)
                        for line in inputs["lines"]
                    )
                )
                self.assertEqual(lines, [D(text) for text in expected.get("line_amounts", [net])])
                self.assertEqual(net, D(expected["net"]))
                self.assertEqual(taxes, {rate: D(expected["vat"])})
                self.assertEqual(total, D(expected["total"]))

    def test_vat_is_of_the_group_not_of_the_line(self):
        """EIN-02: lines are put to the two rates so that the groups have the published bases."""
        inputs, expected = self.case("EIN-02")
        small = inputs["vat_groups"][1]
        amounts = [D(text) for text in inputs["line_amounts"]]
        picked = lines_of(amounts, D(small["base"]))
        rates = [small["percent"] if n in picked else "6" for n in range(len(amounts))]
        _lines, net, taxes, total = self.totals(
            *(
                (1 if amount > 0 else -1, abs(amount), rate)
                for amount, rate in zip(amounts, rates, strict=True)
            )
        )
        self.assertEqual(net, D(expected["net"]))
        self.assertEqual([taxes["6"], taxes["21"]], [D(t) for t in expected["vat_by_group"]])
        self.assertEqual(total, D(expected["total"]))

    def test_charges_and_allowances(self):
        """EIN-06 and EIN-09; the latter's VAT of 1550 is 25 % of 5000 and 15 % of 2000."""
        inputs, expected = self.case("EIN-06")
        rate = inputs["vat_percent"]
        _lines, net, taxes, total = self.totals(
            (7, 400, rate), (-3, 500, rate), (1, inputs["charge"], rate)
        )
        self.assertEqual((net, total), (D(expected["exclusive"]), D(expected["payable"])))
        self.assertEqual(taxes, {rate: D(expected["vat"])})
        inputs, expected = self.case("EIN-09")
        first, second, third = inputs["lines"]
        _lines, net, taxes, total = self.totals(
            (1, first, "25"),
            (1, second, "15"),
            (1, third, "25"),
            (1, inputs["charge"], "25"),
            (-1, inputs["allowance"], "25"),
        )
        self.assertEqual((net, total), (D(expected["exclusive"]), D(expected["payable"])))
        self.assertEqual(sum(taxes.values()), D(inputs["vat"]))


def lines_of(amounts, wanted):
    """Places of amounts that add up to `wanted`."""
    found = {D(0): ()}
    for place, amount in enumerate(amounts):
        for total, places in list(found.items()):
            found.setdefault(total + amount, (*places, place))
    return found[wanted]
