"""What bills say, and that many are loaded at the price of one."""

from odoo.fields import Command
from odoo.tests import tagged

from .document_common import CREDITOR_IBAN, IBAN, DocumentCommon


@tagged("post_install", "-at_install")
class TestBillDocument(DocumentCommon):
    def test_a_bill_says_who_what_and_how_much(self):
        content = self.content(self.posted_bills())
        self.assertEqual((content.title, content.number), ("Payment Notice", "UB/2026/00001"))
        self.assertEqual(content.payer.name, "Jonas Petraitis")
        self.assertEqual(content.payer.lines[0], "Savanorių pr. 12-1")
        self.assertEqual(content.issuer.name, "Kaunas Utilities")
        self.assertEqual(content.issuer.code, "304000000")
        facts = dict(content.facts)
        self.assertEqual(facts["Account"], self.account.number)
        self.assertEqual(facts["Address"], "Savanorių pr. 12-1, Kaunas")
        self.assertEqual(facts["Period"], "January 2026 (01/01/2026 – 01/31/2026)")
        (row,) = content.charges
        self.assertEqual((row.name, row.quantity, row.unit), ("Cold water", "12.345", "m³"))
        self.assertEqual((row.price, row.net), ("1.2936", "15.97"))
        self.assertEqual((row.tax_rate, row.tax, row.gross), ("21", "3.35", "19.32"))
        self.assertEqual(
            row.explanation,
            [
                "Water: 12.345 m³ (meter A100: 100.000 on 12/31/2025 → 112.345 on 01/31/2026) "
                "× 1.23 = 15.18",
                "Meter fee: 0.79 a month = 0.79",
            ],
        )
        self.assertEqual(self.rows(content.taxes), [("VAT 21 %", "3.35")])
        self.assertEqual(content.taxes[0].note, "15.97")
        self.assertEqual(
            self.rows(content.totals),
            [("Net", "15.97"), ("VAT", "3.35"), ("Charged in total", "19.32")],
        )
        self.assertEqual(
            (content.to_pay_caption, content.to_pay, content.due),
            ("To pay", "19.32\N{NO-BREAK SPACE}€", "02/15/2026"),
        )

    def test_readings_stand_with_their_meter(self):
        (row,) = self.content(self.posted_bills()).meters
        self.assertEqual((row.service, row.meter), ("Cold water", "A100"))
        self.assertEqual((row.start_date, row.start), ("12/31/2025", "100.000"))
        self.assertEqual((row.end_date, row.end), ("01/31/2026", "112.345"))
        self.assertEqual((row.quantity, row.unit, row.how), ("12.345", "m³", "measured"))

    def test_the_number_of_queries_does_not_grow(self):
        accounts = self.env["utility.account"].union(
            *(self.make_customer(f"Payer {number}", number) for number in range(1, 7))
        )
        moves = self.posted_bills(accounts=accounts).sorted("name")
        self.assertEqual(len(moves), 6)
        self.documents._contents(moves[:1])
        counts = []
        for some in (moves[:2], moves):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            contents = self.documents._contents(some)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])
        self.assertLess(counts[0], 45)
        self.assertEqual([content.move_id for content in contents], moves.ids)
        self.assertEqual([content.charges[0].quantity for content in contents], list("123456"))

    def test_payments_lead_from_the_bill_before_to_this_one(self):
        self.posted_bills()
        self.pay(15.00)
        content = self.content(self.posted_bills("2026-02-10"))
        self.assertEqual(
            self.rows(content.balance),
            [
                ("Asked for by the bill before", "19.32"),
                ("Paid on 02/10/2026", "−15.00"),
                ("Owed before this bill", "4.32"),
                ("This bill", "12.35"),
                ("To pay", "16.67\N{NO-BREAK SPACE}€"),
            ],
        )

    def test_a_contact_owes_what_stands_under_its_company(self):
        self.jonas.parent_id = self.make_person("UAB Kvartalas", is_company=True)
        first = self.posted_bills()
        self.assertEqual(first.line_ids.partner_id, self.jonas.parent_id)
        bill = self.posted_bills("2026-02-10")
        self.assertEqual((bill.partner_id, bill.utility_balance_before), (self.jonas, 19.32))
        self.assertEqual(
            self.rows(self.content(bill).balance),
            [
                ("Asked for by the bill before", "19.32"),
                ("Owed before this bill", "19.32"),
                ("This bill", "12.35"),
                ("To pay", "31.67\N{NO-BREAK SPACE}€"),
            ],
        )
        self.assertEqual(self.account.payer_balance, 31.67)

    def test_what_was_paid_late_is_on_the_next_bill(self):
        """The bill keeps what was known when it was made."""
        first = self.posted_bills()
        self.pay(19.32)
        self.assertEqual(self.content(first).to_pay, "19.32\N{NO-BREAK SPACE}€")

    def test_many_payments_are_one_row(self):
        self.posted_bills()
        for day in ("2026-02-02", "2026-02-04", "2026-02-06", "2026-02-08"):
            self.pay(5.00, day)
        content = self.content(self.posted_bills("2026-02-10"))
        row = content.balance[1]
        self.assertEqual((row.name, row.amount), ("Payments received (4)", "−20.00"))
        self.assertEqual(row.note, "02/02/2026 – 02/08/2026")
        self.assertEqual(content.balance[2].name, "Overpaid before this bill")
        self.assertEqual(content.to_pay, "11.67\N{NO-BREAK SPACE}€")

    def test_somebody_in_credit_has_nothing_to_pay(self):
        self.posted_bills()
        self.pay(100.00)
        content = self.content(self.posted_bills("2026-02-10"))
        self.assertEqual(content.to_pay_caption, "In your favour")
        self.assertEqual(content.to_pay, "68.33\N{NO-BREAK SPACE}€")
        self.assertFalse(content.payments)
        self.assertFalse(content.due)

    def test_the_account_says_the_language(self):
        self.env["res.lang"]._activate_lang("uk_UA")
        self.env["res.lang"]._activate_lang("lt_LT")
        self.water.with_context(lang="uk_UA").name = "Холодна вода"
        self.jonas.lang = "lt_LT"
        bill = self.posted_bills()
        self.assertEqual(self.content(bill).lang, "lt_LT")
        self.account.lang = "uk_UA"
        content = self.content(bill)
        self.assertEqual((content.lang, content.charges[0].name), ("uk_UA", "Холодна вода"))
        self.assertEqual(content.charges[0].quantity, "12,345")
        self.assertEqual(content.to_pay, "19,32\N{NO-BREAK SPACE}€")
        self.assertIn("січень 2026", dict(content.facts)[content.captions["period"]])

    def test_the_bill_goes_where_the_payer_wants_it(self):
        son = self.make_person("Petras Petraitis", street="Laisvės al. 5", city="Kaunas")
        self.account.delivery_partner_id = son
        payer = self.content(self.posted_bills()).payer
        self.assertEqual(payer.name, "Jonas Petraitis")
        self.assertEqual(payer.lines[:2], ["Petras Petraitis", "Laisvės al. 5"])

    def test_money_for_another_goes_to_his_account(self):
        """Heat of 10.00 is the creditor's: the company gets 19.32 of 29.32."""
        self.make_agency_service()
        content = self.content(self.posted_bills())
        own, heat = content.payments
        self.assertEqual((own.account, own.amount), (IBAN, "19.32\N{NO-BREAK SPACE}€"))
        self.assertEqual((heat.creditor, heat.account), ("AB Šiluma", CREDITOR_IBAN))
        self.assertEqual(heat.amount, "10.00\N{NO-BREAK SPACE}€")
        self.assertIn(f"AB Šiluma\n{CREDITOR_IBAN}\nEUR10.00", heat.qr)

    def test_what_was_overpaid_lessens_both_parts(self):
        """25.00 paid too much: of 29.32 only 4.32 are asked for, all of it for the heat."""
        self.make_agency_service()
        self.pay(25.00, "2026-01-05")
        (heat,) = self.content(self.posted_bills()).payments
        self.assertEqual((heat.account, heat.amount), (CREDITOR_IBAN, "4.32\N{NO-BREAK SPACE}€"))

    def test_the_code_follows_the_setting(self):
        bill = self.posted_bills()
        reference = bill.payment_reference
        (payment,) = self.content(bill).payments
        self.assertEqual(
            payment.qr.split("\n"),
            ["BCD", "002", "1", "SCT", "", "Kaunas Utilities", IBAN, "EUR19.32", "", reference],
        )
        self.assertEqual(payment.reference.replace(" ", ""), reference)
        self.assertEqual(payment.barcode, f"{self.account.number}0000001932")
        self.company.write({"utility_bill_qr": "none", "utility_bill_barcode": False})
        (payment,) = self.content(bill).payments
        self.assertEqual((payment.qr, payment.barcode), ("", ""))

    def test_without_a_bank_account_there_is_no_code(self):
        self.bank.acc_number = "123-456"
        (payment,) = self.content(self.posted_bills()).payments
        self.assertEqual((payment.account, payment.qr), ("123-456", ""))

    def test_a_corrected_month_stands_apart_with_its_reason(self):
        """1.000 m³ less in January: 1.23 and its VAT of 0.26 come back."""
        self.posted_bills()
        reading = self.register.reading_ids.filtered(lambda row: str(row.date) == "2026-01-31")
        reading._correct(111.345, reason="Misread")
        self.calculate_usage("2026-01-01", "2026-01-31")
        self.calculate_usage("2026-02-01", "2026-02-28")
        content = self.content(self.posted_bills("2026-02-10"))
        regular, correction = content.charges
        self.assertEqual(regular.group, "")
        self.assertEqual(correction.group, "Corrections of past months")
        self.assertEqual(correction.name, "Cold water, 01/01/2026 – 01/31/2026")
        self.assertEqual((correction.net, correction.gross), ("−1.23", "−1.49"))
        self.assertTrue(correction.explanation[0].startswith("Why: "))

    def test_what_a_fund_pays_lessens_the_bill(self):
        self.grant_half()
        content = self.content(self.posted_bills())
        (row,) = content.benefits
        self.assertEqual(row.name, "Cold water, paid by Social Fund")
        self.assertTrue(row.amount.startswith("−"))
        paid = content.balance[-2]
        self.assertEqual((paid.name, paid.amount), ("Benefits and subsidies", row.amount))
        self.assertEqual(content.totals[-1].amount, "19.32")

    def test_a_collective_bill_is_told_member_by_member(self):
        board = self.make_person("Namo bendrija", is_company=True)
        collective = self.make_account(False, board, kind="collective")
        second = self.make_customer("Second", 3)
        (self.account | second).bill_to_account_id = collective
        bill = self.posted_bills(accounts=self.account | second)
        content = self.content(bill)
        self.assertEqual(content.title, "VAT Invoice")
        self.assertEqual(
            [caption for caption, _rows in content.groups()],
            [
                f"{self.account.number}, Savanorių pr. 12-1, Kaunas",
                f"{second.number}, {second.address}",
            ],
        )
        self.assertEqual([row.quantity for row in content.charges], ["12.345", "3"])

    def test_a_credit_note_is_in_the_payers_favour(self):
        bill = self.posted_bills()
        wizard = self.env["account.move.reversal"].with_context(
            active_model="account.move", active_ids=bill.ids
        )
        wizard = wizard.create({"journal_id": bill.journal_id.id, "reason": "Wrong"})
        wizard.refund_moves()
        note = wizard.new_move_ids
        note.action_post()
        content = self.content(note)
        self.assertEqual((content.title, content.layout), ("Credit Note", "credit"))
        self.assertEqual(dict(content.facts)["Corrects"], bill.name)
        self.assertEqual(content.charges[0].gross, "−19.32")
        self.assertEqual(content.to_pay_caption, "In your favour")
        self.assertEqual(content.to_pay, "19.32\N{NO-BREAK SPACE}€")
        self.assertFalse(content.payments)

    def test_a_bill_made_by_hand_is_told_from_its_lines(self):
        move = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.jonas.id,
                "utility_account_id": self.account.id,
                "journal_id": self.company._utility_bill_journal().id,
                "invoice_date": "2026-03-01",
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": "Sealing of a meter",
                            "quantity": 2,
                            "price_unit": 12.5,
                            "account_id": self.revenue.id,
                            "tax_ids": [Command.set(self.vat.ids)],
                        }
                    )
                ],
            }
        )
        content = self.content(move)
        (row,) = content.charges
        self.assertEqual((row.name, row.quantity, row.price), ("Sealing of a meter", "2", "12.50"))
        self.assertEqual((row.net, row.tax, row.gross), ("25.00", "5.25", "30.25"))
        self.assertEqual(content.to_pay, "30.25\N{NO-BREAK SPACE}€")
        self.assertFalse(content.balance)

    def test_the_chart_has_thirteen_months(self):
        (chart,) = self.content(self.posted_bills("2026-02-10")).charts
        self.assertEqual((chart.service, chart.unit, len(chart.bars)), ("Cold water", "m³", 13))
        self.assertEqual(chart.bars[-2:], [("01", 12.345), ("02", 7.655)])
        self.assertEqual(chart.bars[0], ("02", None))

    def test_the_printed_bill_reads_as_the_content_says(self):
        """All texts are on the paper, and a scanner reads what the bill asks for."""
        self.jonas.name = "Žydrūnas Ąčęėįšųūž Щербакова Їжак Ґанок"
        bill = self.posted_bills()
        content = self.content(bill)
        pdf = self.documents._pdf(bill)[bill.id]
        text = " ".join(self.text_of(pdf).split())
        for wanted in (
            content.payer.name,
            content.number,
            "Cold water",
            "19.32",
            "Meter fee: 0.79 a month = 0.79",
            "112.345",
            "Page 1 of 1",
            content.payments[0].reference,
        ):
            self.assertIn(wanted, text)
        self.assertEqual(
            set(self.codes_in(pdf)), {content.payments[0].qr, content.payments[0].barcode}
        )

    def test_the_ledger_prints_our_bill(self):
        """Odoo's own report prints bills as bills, other invoices as ever."""
        bill = self.posted_bills()
        other = bill.copy({"utility_account_id": False, "invoice_date": "2026-01-31"})
        other.line_ids.utility_account_id = False
        other.action_post()
        reports = self.env["ir.actions.report"]
        streams = reports._render_qweb_pdf_prepare_streams(
            "account.report_invoice_with_payments", {}, res_ids=[bill.id, other.id]
        )
        ours, theirs = (
            " ".join(self.text_of(streams[move.id]["stream"].getvalue()).split())
            for move in (bill, other)
        )
        self.assertIn("Payment Notice", ours)
        self.assertNotIn("Payment Notice", theirs)
        html = reports._render_qweb_html("account.report_invoice", bill.ids)[0]
        self.assertIn("Payment Notice", html.decode())

    def test_twelve_lines_stay_on_a_page(self):
        for number in range(11):
            service = self.make_service(f"S{number}", name=f"Service {number}", kind="other")
            service.income_account_id = self.revenue
            self.make_agreement(self.account, self.make_point(service, self.flat, f"P{number}"))
            self.make_version(
                self.make_schedule(self.plan, service),
                "2025-01-01",
                {"code": "fee", "name": "Monthly fee", "kind": "fixed", "price": 1 + number},
            )
        bill = self.posted_bills()
        self.assertEqual(len(self.content(bill).charges), 12)
        text = self.text_of(self.documents._pdf(bill)[bill.id])
        self.assertIn("Page 1 of 1", " ".join(text.split()))
