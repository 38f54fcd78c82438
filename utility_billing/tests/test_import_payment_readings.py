"""Meter readings that come with payments, and the ready profiles of post and bank."""

from pathlib import Path

from odoo.tests import tagged

from . import vectors
from .payment_import_common import PaymentImportCommon

SAMPLES = Path(__file__).resolve().parents[2].parent / "shared" / "samples" / "other"
POST = (
    "90001\t2026.03.09\tLT357300010133333333\t{number}\t\tVardenė Pavardenė\t\t11\t108.00\tEUR\t"
    "2566074\t2026.03.10\t{readings}\n"
)
SWEDBANK = """LT357300010133333333,10,2026-03-01,,Opening balance,100.00,EUR,K,,AS,,
LT357300010133333333,20,2026-03-04,Vardenė Pavardenė | AGBLLT2X | LT154010042403333333,\
ZZZ 3333333/ / / / / / / / ,9.00,EUR,K,2026030133333331,MK,,
LT357300010133333333,20,2026-03-04,Ona Ąžuolė | 43333333333 | 43333333333 | CBVILT2X | \
LT277044000163333333,/ / / / / / / / ,108.00,EUR,K,2026030133333332,MK,,
"LT357300010133333333","20","2026-03-05","BIUDŽETINĖ ĮSTAIGA ""KAŽKOKIA"" | 300033333 | \
300033333 | AGBLLT2X | LT124010042403333333","Pagal 2026.02.01/ZZZ-10.50/ / / / / / / / ",\
"10.50","EUR","K","2026030133333333","MK","","3030"
LT357300010133333333,20,2026-03-05,Tiekėjas | AGBLLT2X | LT154010042403333339,Sąskaita/ / / ,\
20.00,EUR,D,2026030133333334,MK,,
LT357300010133333333,82,2026-03-05,,Turnover,127.50,EUR,K,,K2,,
LT357300010133333333,82,2026-03-05,,Turnover,20.00,EUR,D,,K2,,
LT357300010133333333,86,2026-03-05,,Closing balance,207.50,EUR,K,,LS,,
"""


@tagged("post_install", "-at_install", "utility_import")
class TestImportPaymentReadings(PaymentImportCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.post, cls.swedbank = (
            cls.env.ref(f"utility_billing.import_profile_{name}").copy(
                {"company_id": cls.company.id, "collector_id": collector.id}
            )
            for name, collector in (("lietuvos_pastas", cls.post_office), ("swedbank_lt", cls.bank))
        )

    def register_file(self, *rows):
        """A register of the post: (code, reading texts to, from, to, from, …)."""
        text = "".join(
            POST.format(number=number, readings="\t".join([*readings, *[""] * 12][:12]) + "\t")
            for number, *readings in rows
        )
        return text.encode("windows-1257")

    def bring_register(self, *rows):
        batch = self.read_file(self.register_file(*rows), self.post, "90001_260309.txt")
        batch.action_import()
        return batch

    # -- readings ---------------------------------------------------------------------------

    def test_reading_comes_with_its_payment(self):
        batch = self.bring_register((self.account.number, "127.5", "120"))
        payment = self.payments(batch)
        self.assertEqual((payment.amount, payment.state), (108, "registered"))
        readings = batch.readings_import_ids
        self.assertEqual((readings.state, readings.imported_count), ("done", 1))
        self.assertEqual(readings.file_name, "90001_260309-readings.csv")
        reading = self.register.reading_ids.filtered(lambda row: str(row.date) == "2026-03-09")
        self.assertEqual((reading.value, reading.state), (127.5, "accepted"))
        self.assertEqual(reading.service_point_id, self.point)
        self.assertIn("from 120", reading.note)
        self.assertEqual(batch.unsettled_readings_count, 0)
        self.assertEqual(batch.action_open_readings_imports()["res_id"], readings.id)

    def test_held_reading_loses_no_payment(self):
        batch = self.bring_register((self.account.number, "90", "80"))
        self.assertEqual(self.payments(batch).state, "registered")
        reading = self.register.reading_ids.filtered(lambda row: str(row.date) == "2026-03-09")
        self.assertEqual((reading.value, reading.state), (90, "held"))
        self.assertEqual(batch.unsettled_readings_count, 1)

    def test_reading_of_no_meter_waits(self):
        batch = self.bring_register((self.account.number, "127.5", "120", "5", "4"), ("77", "9"))
        self.assertEqual(
            [payment.state for payment in self.payments(batch)], ["registered", "unmatched"]
        )
        readings = batch.readings_import_ids
        self.assertEqual((readings.state, readings.imported_count), ("partly", 1))
        second, stranger = self.rows(readings, "invalid")
        self.assertIn("name the account's service, or the meter", second.reason)
        self.assertIn("no account has the number “77”", stranger.reason)
        self.assertEqual(batch.unsettled_readings_count, 2)
        self.assertTrue(stranger.mend({"number": self.account.number, "serial": "A100"}) is False)

    def test_unreadable_reading_waits_without_its_payment(self):
        batch = self.bring_register((self.account.number, "12x", "1"))
        self.assertEqual(self.payments(batch).state, "registered")
        bad = self.rows(batch.readings_import_ids, "invalid")
        self.assertIn("“12x” is no number", bad.reason)
        self.assertTrue(bad.mend({"value": "125"}))

    def test_readings_of_mended_lines_follow_once(self):
        content = self.register_file((self.account.number, "127.5"), (self.account.number, "128"))
        batch = self.read_file(content.replace(b"108.00\tEUR", b"108.00\tZZZ", 1), self.post)
        batch.action_import()
        self.assertEqual(batch.readings_import_ids.row_ids.mapped("parsed")[0]["value"], 128)
        self.rows(batch, "invalid").mend({"currency": "EUR", "date": "2026-03-08"})
        batch.action_import()
        self.assertEqual(len(batch.readings_import_ids), 2)
        self.assertEqual(batch.readings_import_ids.row_ids.mapped("state"), ["imported"] * 2)
        self.assertEqual(self.post.readings_profile_id.target, "readings")

    def test_the_payments_account_is_the_readings(self):
        """A register may name accounts by references with check digits."""

        def match_by_reference(payments, _part):
            payments.write({"account_id": self.account.id, "state": "matched", "score": 100})
            return {}

        self.patch(self.registry["utility.payment"], "_slice_matching", match_by_reference)
        batch = self.bring_register(("RF18 1000 01", "127.5", "120"))
        self.assertEqual(self.payments(batch).state, "registered")
        readings = batch.readings_import_ids
        self.assertEqual((readings.state, readings.imported_count), ("done", 1))
        self.assertEqual(readings.row_ids.parsed["number"], self.account.number)
        reading = self.register.reading_ids.filtered(lambda row: str(row.date) == "2026-03-09")
        self.assertEqual((reading.value, reading.service_point_id), (127.5, self.point))

    def test_readings_wait_for_the_accounts(self):
        """Of a long register accounts are found by jobs: readings follow them."""
        self.env["ir.config_parameter"].set_param("utility_billing.payments_at_once", "1")
        env = self.env
        self.env = env(context={**env.context, "queue_job__no_delay": False})
        batch = self.bring_register((self.account.number, "127.5"), (self.account.number, "128"))
        self.env = env
        batch = batch.with_env(env)
        payments = batch.payment_batch_ids
        self.assertEqual((payments.state, batch.readings_import_count), ("matching", 0))
        payments.slice_ids._job_calculate()
        payments._job_finish()
        self.assertEqual(batch.readings_import_ids.row_count, 2)

    def test_operator_who_may_not_read_meters(self):
        operator = self.make_user("billing_operator")
        batch = self.upload(self.register_file((self.account.number, "127.5")), self.post)
        batch = batch.with_user(operator)
        batch.action_read()
        batch.action_import()
        self.assertEqual(batch.readings_import_ids.imported_count, 1)

    # -- ready profiles ---------------------------------------------------------------------

    def test_post_register(self):
        rows = [("NCHQT66",), ("M4PEHG6",)]
        content = self.register_file(*rows) + self.register_file(("SHORT",)).replace(
            b"\t" * 13, b""
        )
        batch = self.read_file(content, self.post, "90001_260309.txt")
        batch.action_import()
        payments = self.payments(batch)
        self.assertEqual(payments.mapped("reference"), ["NCHQT66", "M4PEHG6", "SHORT"])
        self.assertEqual(
            (payments[0].payer_name, str(payments[0].date)), ("Vardenė Pavardenė", "2026-03-09")
        )
        self.assertEqual(
            self.rows(batch)[0].parsed["transfer_number"], "2566074", "the bank's transfer"
        )
        self.assertFalse(batch.readings_import_ids)

    def test_post_sample(self):
        sample = SAMPLES / "lietuvos-pastas.txt"
        if not sample.exists():
            self.skipTest("the shared samples are not here")
        expected = vectors.cases("payment_files")["PAY-30"]["expected"]
        batch = self.read_file(sample.read_bytes(), self.post, sample.name)
        batch.action_import()
        payments = self.payments(batch)
        self.assertEqual(len(payments), expected["rows"])
        self.assertEqual(payments.mapped("reference"), expected["codes"])
        self.assertEqual(
            [f"{amount:.2f}" for amount in payments.mapped("amount")], expected["amounts"]
        )
        self.assertEqual(f"{batch.payment_batch_ids.amount:.2f}", expected["total"])
        self.assertEqual(payments[1].payer_address, "Mokyklos g. 22, Marijampolė")

    def test_swedbank_statement(self):
        batch = self.read_file(SWEDBANK.encode("windows-1257"), self.swedbank, "swed.csv")
        batch.action_import()
        self.assertEqual(
            self.rows(batch).mapped("state"),
            ["skipped", *["imported"] * 3, *["skipped"] * 4],
        )
        one, two, three = self.payments(batch)
        self.assertEqual(
            (one.payer_name, one.payer_code, one.payer_iban, one.purpose, one.amount),
            ("Vardenė Pavardenė", False, "LT154010042403333333", "ZZZ 3333333", 9),
        )
        self.assertEqual(
            (two.payer_name, two.payer_code, two.payer_iban, two.purpose),
            ("Ona Ąžuolė", "43333333333", "LT277044000163333333", False),
        )
        self.assertEqual(
            (three.payer_name, three.purpose, three.bank_ref),
            ('BIUDŽETINĖ ĮSTAIGA "KAŽKOKIA"', "Pagal 2026.02.01/ZZZ-10.50", "2026030133333333"),
        )
        self.assertFalse(batch.totals_problem)
        self.assertEqual(batch.payment_batch_ids.opening_balance, 100)
        self.assertEqual(batch.payment_batch_ids.closing_balance, 207.5)

    def test_swedbank_that_does_not_balance(self):
        content = SWEDBANK.replace("207.50", "207.00").encode("windows-1257")
        batch = self.read_file(content, self.swedbank, "swed.csv")
        self.assertEqual(
            batch.totals_problem,
            "The opening balance 100.00 with what came in and went out makes 207.50; the file "
            "states a closing balance of 207.00.",
        )

    def test_swedbank_sample(self):
        sample = SAMPLES / "swedbank-lt.csv"
        if not sample.exists():
            self.skipTest("the shared samples are not here")
        self.post_office.iban = "LT72 7044 0600 0333 3333"
        batch = self.read_file(sample.read_bytes(), self.swedbank, sample.name)
        batch.action_import()
        payments = self.payments(batch)
        self.assertEqual(payments.mapped("amount"), [9, 283.5, 108, 256.5, 41.62, 10.5, 10, 10.5])
        self.assertEqual(len(self.rows(batch, "skipped")), 5)
        self.assertIn("the file states 21392.11, its lines add up to 1067.04", batch.totals_problem)
