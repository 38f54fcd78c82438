import io
import zipfile
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.queue_job.tests.common import trap_jobs

from ..models import print_run
from .drawing_kit import pages
from .printing_common import PrintingCommon


@tagged("post_install", "-at_install")
class TestPrintRun(PrintingCommon):
    """Bills by the thousand: chosen, ordered, printed part by part."""

    def print_without_font(self, run):
        """Print, on a server that has no font."""
        fonts = patch.object(
            self.env.registry["utility.bill.printing"], "_fonts", side_effect=UserError("No font")
        )
        with fonts:
            run.action_print()

    # -- which bills, in what order ---------------------------------------------------------

    def test_the_route(self):
        """Flat 2 comes before flat 10; who gets bills by e-mail is left out."""
        run = self.printed()
        self.assertEqual((run.state, run.printed_count), ("done", 4))
        self.assertEqual(
            self.accounts_of(run), [self.account, self.second, self.tenth, self.neighbour]
        )
        found = pages(run.part_ids.attachment_id.raw)
        self.assertEqual(len(found), 4)
        for page, name in zip(
            found, ("Jonas Petraitis", "Antrasis", "Dešimtas", "Kaimynas"), strict=True
        ):
            self.assertIn(name, page)
            self.assertIn("Page 1 of 1", page)

    def test_other_orders(self):
        by_code = self.printed(order="postcode", account_ids=self.set_command(self.paper))
        self.assertEqual(self.accounts_of(by_code)[:3], [self.neighbour, self.tenth, self.second])
        by_number = self.printed(order="account", not_printed=False)
        self.assertEqual(
            self.accounts_of(by_number), [self.account, self.tenth, self.neighbour, self.second]
        )

    def test_bills_are_chosen_by_place_and_run(self):
        run = self.make_print(premise_ids=self.set_command(self.house))
        self.assertEqual(run.bill_count, 3)
        run.on_paper = False
        run.premise_ids = self.street
        self.assertEqual(run.bill_count, 1)
        run.premise_ids = False
        run.month = "2026-02-10"
        self.assertEqual(run.bill_count, 0)
        run.month = "2026-01-10"
        self.assertEqual(run.bill_count, 5)
        run.billing_run_id = self.bills.utility_run_id
        self.assertEqual(run.bill_count, 5)

    def test_a_printed_bill_is_not_printed_twice(self):
        self.printed(premise_ids=self.set_command(self.house))
        bill = self.bill_of(self.second)
        self.assertEqual(bill.utility_printed_at, fields.Datetime.now())
        self.assertEqual(bill.utility_print_line_ids.printed_by, self.env.user)
        printed = self.env["account.move"].search([("utility_printed_at", "!=", False)])
        self.assertEqual(printed & self.bills, self.bills - self.unprinted())
        rest = self.printed()
        self.assertEqual(self.accounts_of(rest), [self.neighbour])
        with self.assertRaisesRegex(UserError, "no bills like that"):
            self.make_print().action_print()

    def unprinted(self):
        return self.bill_of(self.neighbour) | self.bill_of(self.villa)

    def test_bills_chosen_in_their_list(self):
        """They are printed whatever was before, and however they are delivered."""
        self.printed()
        run = self.choose(self.bill_of(self.villa) | self.bill_of(self.second))
        self.assertEqual((run.chosen_count, run.bill_count), (2, 2))
        run.action_print()
        self.assertEqual(self.accounts_of(run), [self.villa, self.second])
        with self.assertRaisesRegex(UserError, "Choose posted bills"):
            self.env["account.move"].action_utility_print()

    def test_a_billing_run_leads_to_its_printing(self):
        billing = self.bills.utility_run_id
        first = billing.action_print_bills()["res_id"]
        self.assertEqual(billing.action_print_bills()["res_id"], first)
        run = self.env["utility.print.run"].browse(first)
        self.assertEqual((run.billing_run_id, run.bill_count), (billing, 4))
        run.action_print()
        self.assertNotEqual(billing.action_print_bills()["res_id"], first)

    # -- files ------------------------------------------------------------------------------

    def test_parts(self):
        run = self.printed(part_size=3)
        self.assertEqual(run.part_ids.mapped("bill_count"), [3, 1])
        self.assertEqual(run.part_ids.mapped("page_count"), [3, 1])
        self.assertEqual(run.part_ids[1].first_bill, self.bill_of(self.neighbour).name)
        self.assertEqual([len(pages(part.attachment_id.raw)) for part in run.part_ids], [3, 1])
        self.assertIn(
            str(run.part_ids[1].attachment_id.id), run.part_ids[1].action_download()["url"]
        )

    def test_a_file_a_bill_in_an_archive(self):
        part = self.printed(output="zip").part_ids
        self.assertEqual(part.attachment_id.mimetype, "application/zip")
        with zipfile.ZipFile(io.BytesIO(part.attachment_id.raw)) as archive:
            names = archive.namelist()
            self.assertEqual(
                names[1], f"00002_{self.bill_of(self.second).name}.pdf".replace("/", "-")
            )
            self.assertEqual(len(names), 4)
            self.assertIn("Antrasis", pages(archive.read(names[1]))[0])

    def test_a_file_on_each_bill(self):
        run = self.printed(output="bills")
        files = self.env["ir.attachment"].search(
            [("res_model", "=", "account.move"), ("res_id", "in", self.bills.ids)]
        )
        self.assertEqual(len(files), 4)
        self.assertFalse(run.part_ids.attachment_id)
        mine = files.filtered(lambda file: file.res_id == self.bill_of(self.tenth).id)
        self.assertIn("Dešimtas", pages(mine.raw)[0])
        run.action_print_again()
        self.assertEqual(len(files.search([("id", "in", files.ids)])), 4)

    def test_printed_again_it_says_the_same(self):
        """Also after the payer has another name and the file was removed."""
        run = self.printed()
        before = run.part_ids.attachment_id.raw
        self.second.partner_id.name = "Kitas"
        run.part_ids.attachment_id.unlink()
        with self.assertRaisesRegex(UserError, "Print it again"):
            run.part_ids.action_download()
        run.action_print_again()
        self.assertEqual(run.part_ids.attachment_id.raw, before)
        self.assertIn("4 bills on 4 pages", run.message_ids[0].body)

    def test_old_files_are_removed(self):
        part = self.printed().part_ids
        part.attachment_id.flush_recordset()
        self.env["utility.print.part"]._gc_files()
        self.assertTrue(part.attachment_id)
        day = fields.Datetime.now() - timedelta(days=61)
        self.env.cr.execute(
            "UPDATE ir_attachment SET create_date = %s WHERE id = %s", (day, part.attachment_id.id)
        )
        self.env.invalidate_all()
        self.company.utility_print_days = 0
        self.env["utility.print.part"]._gc_files()
        self.assertTrue(part.attachment_id)
        self.company.utility_print_days = 60
        self.env["utility.print.part"]._gc_files()
        self.assertFalse(part.attachment_id)

    # -- work in parts ----------------------------------------------------------------------

    def test_what_failed_is_mended_and_printed(self):
        run = self.make_print(part_size=3)
        self.print_without_font(run)
        self.assertEqual((run.state, run.failed_count), ("failed", 2))
        self.assertEqual(run.part_ids.mapped("message"), ["No font", "No font"])
        self.assertFalse(self.bills.filtered("utility_printed_at"))
        run.action_print_failed()
        self.assertEqual((run.state, run.printed_count, run.failed_count), ("done", 4, 0))
        self.assertFalse(run.part_ids[0].message)

    def test_much_is_printed_by_jobs(self):
        """A job that comes twice finds nothing to do; what a server left is taken up."""
        env = self.env(context={**self.env.context, "queue_job__no_delay": False})
        run = self.make_print(part_size=2).with_env(env)
        with patch.object(print_run, "SECONDS_AT_ONCE", 0), trap_jobs() as trap:
            run.action_print()
            trap.assert_jobs_count(2)
            self.assertEqual(trap.enqueued_jobs[0].channel, "root.utility_printing")
        self.assertEqual(run.state, "calculating")
        with trap_jobs():
            run.part_ids[0]._job_calculate()
        self.assertEqual((run.printed_count, run.progress), (2, 50.0))
        file = run.part_ids[0].attachment_id
        with trap_jobs() as trap:
            run.action_resume()
            trap.assert_jobs_count(1, only=run.part_ids[1]._job_calculate)
            trap.perform_enqueued_jobs()
        with trap_jobs():
            run.part_ids[0]._job_calculate()
        self.assertEqual(run.part_ids[0].attachment_id, file)
        run._job_finish()
        self.assertEqual((run.state, run.printed_count), ("done", 4))

    def test_a_stopped_run_prints_no_more(self):
        env = self.env(context={**self.env.context, "queue_job__no_delay": False})
        run = self.make_print(part_size=2).with_env(env)
        with patch.object(print_run, "SECONDS_AT_ONCE", 0), trap_jobs():
            run.action_print()
            run.part_ids[0]._job_calculate()
            run.action_cancel()
            run.part_ids[1]._job_calculate()
        self.assertEqual((run.state, run.printed_count), ("cancelled", 2))
        with self.assertRaisesRegex(UserError, "kept for the record"):
            run.unlink()
        run.with_env(self.env).action_print_again()
        self.assertEqual((run.state, run.printed_count), ("done", 4))

    def test_the_number_of_queries_does_not_grow(self):
        """Four bills take as many queries as two, save those of the file."""
        printing = self.env["utility.bill.printing"]
        counts = []
        for accounts in (self.villa, self.account | self.second, self.tenth | self.neighbour):
            moves = self.bills.filtered(lambda bill: bill.utility_account_id in accounts)  # noqa: B023
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            printing._as_one(moves, "x")
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(abs(counts[2] - counts[1]), 8, counts)

    # -- what takes longer ------------------------------------------------------------------

    def test_the_screen_says_what_a_changed_layout_costs(self):
        run = self.make_print()
        self.assertEqual((run.bill_count, run.reported_count), (4, 0))
        self.assertRegex(run.expectation, r"^4 bills are drawn directly: about \d+ s\.$")
        layout = self.env.ref("utility_billing.bill_layout_notice")
        layout.payer_kind = "individual"
        layout.action_copy_template()
        self.account.kind = "legal"
        run.invalidate_recordset()
        self.assertEqual(run.reported_count, 3)
        self.assertIn("3 of them have a layout that was changed", run.expectation)

    def test_changed_layouts_are_printed_at_their_place(self):
        """A view of the users' own stands among drawn bills, in the order of the pile."""
        layout = self.env.ref("utility_billing.bill_layout_notice")
        layout.payer_kind = "individual"
        layout.action_copy_template()
        layout.arch = '<t><p>Our own: <t t-out="bill.payer.name"/></p></t>'
        self.second.kind = self.neighbour.kind = "legal"
        run = self.make_print()
        self.assertEqual(run.reported_count, 2)
        run.with_context(force_report_rendering=True).action_print()
        self.assertEqual(run.state, "done", run.part_ids.message)
        found = pages(run.part_ids.attachment_id.raw)
        self.assertEqual(["Our own" in page for page in found], [True, False, True, False])
        self.assertIn("Dešimtas", found[2])
        self.assertEqual(run.part_ids.reported_count, 2)

    # -- rights -----------------------------------------------------------------------------

    def test_who_may_print(self):
        """An operator need not be an accountant; who reads does not print."""
        operator = self.make_user("billing_operator")
        run = self.make_print().with_user(operator)
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual((run.chosen_count, run.bill_count), (0, 4))
        run.action_print()
        self.assertEqual(run.run_user_id, operator)
        self.assertTrue(run.part_ids.attachment_id.raw.startswith(b"%PDF"))
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual((run.name, run.bill_count), ("All bills", 4))
        for role in ("auditor", "clerk", "manager"):
            with self.assertRaises(AccessError):
                self.make_print().with_user(self.make_user(role)).action_print()
        with self.assertRaises(AccessError):
            run.write({"state": "draft"})

    def test_who_is_tied_to_a_building_prints_its_bills(self):
        operator = self.make_user("billing_operator", buildings=self.other_house)
        runs = self.env["utility.print.run"].with_user(operator)
        run = runs.create({"company_id": self.company.id})
        self.assertEqual(run.bill_count, 1)
        run.action_print()
        self.assertEqual(self.accounts_of(run), [self.neighbour])
        others = self.printed(not_printed=False)
        self.assertEqual(runs.search([]), run)
        with self.assertRaises(AccessError):
            others.part_ids.with_user(operator).read(["bill_count"])

    def test_a_run_that_is_begun_is_not_changed(self):
        run = self.printed()
        with self.assertRaises(UserError):
            run.part_size = 7
        with self.assertRaises(UserError):
            run.action_print()
