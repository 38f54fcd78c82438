"""Long registers: what is judged while it is read, and slices that go on from where they were."""

from odoo.tests import tagged

from .payment_import_common import HEADER, PaymentImportCommon


@tagged("post_install", "-at_install", "utility_import")
class TestImportPaymentSlices(PaymentImportCommon):
    def staged(self, *lines):
        """A file of such lines, read and not checked yet."""
        batch = self.upload("\n".join([HEADER, *lines, ""]))
        batch.state = "reading"
        batch._work()
        self.assertEqual(batch.state, "checking")
        return batch

    def test_what_is_plainly_good_is_so_once_it_is_read(self):
        known = self.bring_in("2026-03-10;5;;;A;;;1")
        batch = self.staged(
            "2026-03-10;5;;;A;;;1",
            "2026-03-10;6;;;A;;;2",
            "2026-03-10;0;;;A;;;3",
            "2026-03-10;7;;debit;A;;;4",
            "2026-03-10;x;;;A;;;5",
        )
        self.assertEqual(
            [(row.state, row.action) for row in self.rows(batch)],
            [
                ("unchanged", "unchanged"),
                ("valid", "create"),
                ("new", False),
                ("new", False),
                ("invalid", False),
            ],
        )
        self.assertEqual(
            self.rows(batch)[0].reason,
            f"Recorded already by row {self.rows(known).number} of register.csv",
        )
        while batch._work():
            pass
        self.assertEqual(
            self.rows(batch).mapped("state"),
            ["unchanged", "valid", "invalid", "skipped", "invalid"],
        )
        self.assertEqual(batch.state, "validated")

    def test_a_row_that_is_mended_behind_the_slices(self):
        self.patch(self.registry["utility.import.target.payment"], "_slice_size", 2)
        batch = self.read_lines(
            "2026-03-10;5;ZZZ;;A;;;1",
            *(f"2026-03-10;{place};;;A;;;{place}" for place in range(6, 10)),
        )
        batch.state = "importing"
        self.assertTrue(batch._work())
        self.assertEqual(batch.imported_count, 2)
        self.assertTrue(self.rows(batch, "invalid").mend({"currency": "EUR"}))
        while batch._work():
            pass
        self.assertEqual((batch.state, batch.imported_count), ("done", 5))
        self.assertEqual(sorted(self.payments(batch).mapped("amount")), [5, 6, 7, 8, 9])
