"""Lists with payments in another currency are summed in the company's."""

from odoo.tests import tagged

from .payment_import_common import PaymentImportCommon


@tagged("post_install", "-at_install", "utility_import")
class TestPaymentCurrencies(PaymentImportCommon):
    """A euro is 2 dollars until the end of February, 4 from March on."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dollar = cls.env.ref("base.USD")
        cls.dollar.active = True
        cls.dollar.rate_ids.unlink()
        cls.env["res.currency.rate"].create(
            [
                {
                    "currency_id": cls.dollar.id,
                    "company_id": cls.company.id,
                    "name": day,
                    "rate": rate,
                }
                for day, rate in (("2026-01-01", 2), ("2026-03-01", 4))
            ]
        )

    def test_a_list_is_summed_in_the_companys_currency(self):
        dollars = {"currency_id": self.dollar.id}
        self.bank.commission_percent = 10
        payments = self.make_batch(
            (self.account, 5),
            (self.account, 10, dollars),
            (self.account, 10, {**dollars, "date": "2026-03-02"}),
        )
        self.assertEqual((payments.amount, payments.payment_count), (12.5, 3))
        self.assertEqual(payments.typed_amount, 12.5)
        payments.action_register()
        self.assertEqual(payments.state, "done")
        self.assertEqual(payments.commission_booked, 1.25)

    def file(self, *lines):
        number = self.account.number
        return self.read_lines(
            *(
                f"2026-03-10;{amount};{currency};;{number};;;{place}"
                for place, (amount, currency) in enumerate(lines)
            )
        )

    def sums(self, batch):
        sums = batch._run_target()._sums_of_rows(batch)
        return float(sums["amount"]), int(sums["count"]), sums["currency"].name

    def test_a_file_in_one_currency_is_summed_in_it(self):
        self.assertEqual(self.sums(self.file((10, "USD"), (6, "usd"))), (16, 2, "USD"))

    def test_a_file_in_two_is_summed_in_the_companys(self):
        self.assertEqual(self.sums(self.file((10, "USD"), (6, ""), (1, "EUR"))), (9.5, 3, "EUR"))

    def test_what_a_file_in_dollars_states(self):
        batch = self.file((10, "USD"), (6, "USD"))
        batch.stated = {"count": "2", "amount": "16", "commission": "2"}
        batch.action_import()
        self.assertFalse(batch.totals_problem)
        payments = batch.payment_batch_ids
        self.assertEqual(
            (payments.stated_amount, payments.amount, payments.difference, payments.commission),
            (4, 4, 0, 0.5),
        )
