"""Lines of files that are no payments yet are seen among the money that is not placed."""

from odoo.tests import tagged

from .payment_import_common import PaymentImportCommon


@tagged("post_install", "-at_install", "utility_import")
class TestPaymentStaged(PaymentImportCommon):
    """Of a file of March one line is registered, two are bad: one in roubles of a planet, one that
    took 3.00 back on a day to come."""

    def setUp(self):
        super().setUp()
        self.batch = self.bring_in(
            f"2026-03-10;5.00;;;{self.account.number};;;1",
            "2026-03-11;7.00;ZZZ;;A;;Ona;2",
            "2026-04-30;-3.00;;;A;;Jonas;3",
        )

    def all_came_today(self):
        """The database's clock is not the tests'."""
        self.env.flush_all()
        self.env.cr.execute("UPDATE utility_import_batch SET create_date = '2026-03-16'")
        self.env.invalidate_all()

    def staged(self):
        self.all_came_today()
        rows = self.env["utility.payment.unplaced.report"].search(
            [("company_id", "=", self.company.id), ("kind", "=", "staged")], order="amount"
        )
        return rows

    def check_of(self, month):
        self.all_came_today()
        period = self.env["utility.billing.period"]._for(self.company, self.day(month))
        check = period.check_ids.filtered(lambda check: check.code == "staged")
        check.invalidate_recordset()
        return check

    def test_the_list_says_so(self):
        payments = self.batch.payment_batch_ids
        self.assertEqual((payments.state, payments.staged_count), ("done", 2))
        action = payments.action_open_staged()
        self.assertIn(("batch_id", "=", self.batch.id), action["domain"])
        self.assertFalse(self.make_batch().staged_count)

    def test_they_are_unplaced_money(self):
        rows = self.staged()
        self.assertEqual(
            [(row.amount, str(row.date), row.payer_name, row.currency_id.name) for row in rows],
            [(-3, "2026-03-16", "Jonas", "EUR"), (7, "2026-03-11", "Ona", "EUR")],
        )
        self.assertIn("ZZZ", rows[1].reason)
        self.assertEqual(rows.collector_id, self.post_office)
        action = rows[1].action_open()
        self.assertEqual(
            (action["res_model"], action["res_id"]),
            ("utility.import.row", self.rows(self.batch)[1].id),
        )

    def test_what_cannot_be_read_is_there_too(self):
        self.bring_in("2026-02-31;x;;;A;;;9")
        self.assertIn((0, "2026-03-16"), [(row.amount, str(row.date)) for row in self.staged()])

    def test_a_file_that_waits_to_be_imported(self):
        self.read_lines(f"2026-03-12;9.00;;;{self.account.number};;;7")
        self.assertIn(9, self.staged().mapped("amount"))

    def test_a_month_is_not_in_order_while_they_wait(self):
        self.assertEqual(
            (self.check_of("2026-02-01").count, self.check_of("2026-02-01").is_ok), (0, True)
        )
        point = self.check_of("2026-03-01")
        self.assertEqual((point.count, point.is_ok), (2, False))
        self.assertEqual(point.message, "Mend these lines and import them, or leave them out.")
        self.assertEqual(
            self.env["utility.import.row"].search(point.action_open()["domain"]),
            self.rows(self.batch, "invalid"),
        )
        period = point.period_id.with_user(self.make_user("billing_operator"))
        self.assertEqual(period.action_close()["res_model"], "utility.billing.period.decision")

    def test_mended_or_left_out_they_are_gone(self):
        one, other = self.rows(self.batch, "invalid")
        self.assertTrue(one.mend({"currency": "EUR"}))
        other.skip("Not ours")
        self.assertEqual(self.staged().mapped("amount"), [7])
        self.batch.action_import()
        self.assertFalse(self.staged())
        self.assertEqual(self.check_of("2026-03-01").count, 0)
        self.assertEqual(self.batch.payment_batch_ids.staged_count, 0)
