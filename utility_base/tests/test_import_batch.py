from unittest.mock import patch

import psycopg2

from odoo.exceptions import AccessError, RedirectWarning, UserError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.queue_job.exception import RetryableJobError
from odoo.addons.queue_job.tests.common import trap_jobs

from ..models import import_batch, import_batch_work
from .import_common import ImportCommon


@tagged("post_install", "-at_install", "utility_import")
class TestImportBatch(ImportCommon):
    """A file on its way: checked, mended, imported once, taken up again, taken back."""

    BAD = (
        "00000175;Payer 91;Kaunas;Laisvės al.;12;91;CW;2026-01-01\n{0};Payer 92;Kaunas;Laisvės "
        "al.;12;92;GAS;2026-01-01\n{1};Payer 93;Kaunas;Laisvės al.;12;93;CW;not a day\n"
    )

    def bad_file(self):
        return self.whole_file(5) + self.BAD.format(self.number(92), self.number(93))

    # -- the usual way ----------------------------------------------------------------------

    def test_check_writes_nothing(self):
        before = self.env["utility.account"].search_count([])
        batch = self.read_file(self.whole_profile(), self.whole_file(5))
        self.assertEqual(batch.state, "validated")
        self.assertEqual((batch.row_count, batch.create_count, batch.bad_count), (5, 5, 0))
        self.assertEqual(self.env["utility.account"].search_count([]), before)
        self.assertEqual(batch.progress, 100)

    def test_import(self):
        batch = self.bring_in(self.whole_profile(), self.whole_file(5))
        self.assertEqual((batch.state, batch.imported_count), ("done", 5))
        account = self.account(self.number(3))
        self.assertEqual(account.partner_id.name, "Payer 3")
        self.assertEqual(account.payer_ids.mapped("partner_id.name"), ["Payer 3"])
        self.assertEqual(account.premise_id.address, "Laisvės al. 12-3, Kaunas")
        self.assertEqual(account.building_id.address, "Laisvės al. 12, Kaunas")
        self.assertEqual(account.agreement_ids.mapped("service_id.code"), ["CW", "HEAT"])
        self.assertEqual(set(account.agreement_ids.mapped("share")), {100.0})
        self.assertEqual(
            account.agreement_ids.service_point_id.mapped("code"),
            [f"{self.number(3)}-CW", f"{self.number(3)}-HEAT"],
        )
        row = self.rows(batch)[2]
        self.assertEqual((row.res_model, row.res_id), ("utility.account", account.id))
        self.assertEqual(row.source["payer"], "Payer 3")
        self.assertEqual(len(row.made["utility.service.agreement"]), 2)

    def test_three_bad_rows_are_mended(self):
        batch = self.read_file(self.whole_profile(), self.bad_file())
        self.assertEqual((batch.good_count, batch.bad_count), (5, 3))
        batch.action_import()
        self.assertEqual((batch.state, batch.imported_count, batch.bad_count), ("partly", 5, 3))
        digit, service, day = self.rows(batch, "invalid")
        self.assertFalse(digit.mend({"number": "00000176"}), "still wrong")
        self.assertTrue(digit.mend({"number": self.number(91)}))
        self.assertTrue(service.mend({"services": "CW"}))
        self.assertTrue(day.mend({"date_open": "15.02.2026"}))
        self.assertEqual((batch.good_count, batch.bad_count), (3, 0))
        batch.action_import()
        self.assertEqual((batch.state, batch.imported_count), ("done", 8))
        self.assertEqual(str(self.account(self.number(93)).date_open), "2026-02-15")
        self.assertEqual(day.source["opened"], "not a day", "the source stays as it was")
        self.assertEqual(day.mended_by, self.env.user)
        with self.assertRaisesRegex(UserError, "is settled"):
            day.mend({"date_open": "2026-01-01"})

    def test_mend_wizard(self):
        batch = self.read_file(self.whole_profile(), self.bad_file())
        rows = self.rows(batch, "invalid")
        wizard = self.env["utility.import.mend.wizard"].browse(rows.action_mend()["res_id"])
        lines = wizard.line_ids.filtered("is_wrong")
        self.assertEqual(lines.mapped("label"), ["Account Number", "Services", "Opened on"])
        self.assertEqual(lines.mapped("source"), ["00000175", "GAS", "not a day"])
        lines[2].value = "2026-01-01"
        numbers = wizard.line_ids.filtered(lambda line: line.field_name == "number")
        numbers.filtered(lambda line: line.row_id == rows[0]).value = self.number(91)
        wizard.action_apply()
        self.assertEqual(rows.mapped("state"), ["valid", "invalid", "valid"])

    def test_rows_left_out(self):
        batch = self.bring_in(self.whole_profile(), self.bad_file())
        bad = self.rows(batch, "invalid")
        with self.assertRaises(ValidationError):
            bad.skip(" ")
        bad.skip("Nobody lives there")
        self.assertEqual(batch.state, "done")
        self.assertEqual(bad.mapped("skipped_by"), self.env.user)
        self.assertEqual(batch.skipped_count, 3)

    def test_profile_mended_and_checked_again(self):
        batch = self.read_file(self.whole_profile(), self.bad_file())
        services = batch.profile_id.column_ids.filtered(lambda c: c.field_name == "services")
        services.lookup_ids = [(0, 0, {"source": "GAS", "target": "CW"})]
        batch.action_check_again()
        self.assertEqual((batch.good_count, batch.bad_count), (6, 2))

    # -- once only --------------------------------------------------------------------------

    def test_same_file_is_recognised(self):
        profile = self.whole_profile()
        first = self.bring_in(profile, self.whole_file(5))
        second = self.upload(profile, self.whole_file(5), "again.csv")
        self.assertEqual(second.same_file_id, first)
        with self.assertRaises(RedirectWarning) as warning:
            second.action_read()
        self.assertIn("5 rows are in", warning.exception.args[0])
        self.assertEqual(warning.exception.args[1]["res_id"], first.id)

    def test_same_file_is_refused_by_the_database(self):
        profile = self.whole_profile()
        self.bring_in(profile, self.whole_file(2))
        second = self.upload(profile, self.whole_file(2))
        with (
            self.assertRaises(psycopg2.errors.UniqueViolation),
            self.env.cr.savepoint(),
            mute_logger("odoo.sql_db"),
        ):
            self.env.cr.execute(
                "UPDATE utility_import_batch SET state = 'staged' WHERE id = %s", [second.id]
            )

    def counts(self):
        models = (
            "utility.account",
            "utility.premise",
            "res.partner",
            "utility.account.payer",
            "utility.service.point",
            "utility.service.agreement",
        )
        return [self.env[model].search_count([]) for model in models]

    def test_same_rows_of_another_file_change_nothing(self):
        profile = self.whole_profile()
        self.bring_in(profile, self.whole_file(5))
        before = self.counts()
        batch = self.read_file(profile, self.whole_file(5) + "\n", "again.csv")
        self.assertEqual((batch.unchanged_count, batch.good_count, batch.bad_count), (5, 0, 0))
        self.assertEqual(self.counts(), before)

    def test_overlapping_files(self):
        profile = self.whole_profile()
        self.bring_in(profile, self.whole_file(5))
        batch = self.bring_in(profile, self.whole_file(5, first=4), "next.csv")
        self.assertEqual((batch.unchanged_count, batch.imported_count), (2, 3))
        building = self.account(self.number(1)).building_id
        self.assertEqual(
            self.env["utility.account"].search_count([("building_id", "=", building.id)]), 8
        )

    def test_other_payer_from_a_day_on(self):
        profile = self.whole_profile(fact_date="2026-03-01")
        self.bring_in(profile, self.whole_file(2))
        changed = self.whole_file(2).replace("Payer 2", "Someone else")
        batch = self.read_file(profile, changed, "changed.csv")
        self.assertEqual((batch.unchanged_count, batch.update_count), (1, 1))
        self.assertEqual(
            self.rows(batch, "valid").reason, "Payer: Payer 2 → Someone else, from 2026-03-01"
        )
        batch.action_import()
        payers = self.account(self.number(2)).payer_ids.sorted("date_start")
        self.assertEqual(
            [(row.partner_id.name, str(row.date_start), str(row.date_end)) for row in payers],
            [("Payer 2", "2026-01-01", "2026-02-28"), ("Someone else", "2026-03-01", "False")],
        )

    # -- jobs -------------------------------------------------------------------------------

    def large(self):
        """Everything counts as large, three rows a slice."""
        target = type(self.env["utility.import.target.whole"])
        for where, name, value in (
            (import_batch, "SMALL_FILE", 0),
            (import_batch_work, "SMALL_COUNT", 0),
            (import_batch_work, "CHECK_SLICE", 3),
            (import_batch_work, "READ_CHUNK", 3),
        ):
            self.patch(where, name, value)
        self.patch(target, "_slice_size", 3)

    def test_large_file_runs_as_jobs(self):
        self.large()
        env = self.env(
            context={
                key: value
                for key, value in self.env.context.items()
                if key != "queue_job__no_delay"
            }
        )
        batch = self.upload(self.whole_profile(), self.whole_file(8)).with_env(env)
        with trap_jobs() as trap:
            batch.action_read()
            trap.assert_jobs_count(1, only=batch._job_work)
            self.assertEqual(batch.state, "reading")
            trap.perform_enqueued_jobs()
        self.assertEqual(batch.state, "checking")
        while batch.state == "checking":
            with trap_jobs():
                batch._job_work()
        self.assertEqual(batch.create_count, 8)
        with trap_jobs() as trap:
            batch.action_import()
            self.assertEqual(trap.enqueued_jobs[0].channel, "root.utility_import")
        with trap_jobs():
            batch._job_work()
        self.assertEqual((batch.imported_count, batch.state), (3, "importing"))
        self.assertEqual(round(batch.progress, 1), 37.5)
        while batch.state == "importing":
            with trap_jobs():
                batch._job_work()
        self.assertEqual((batch.imported_count, batch.state), (8, "done"))

    def test_slice_that_dies_is_taken_up_again(self):
        self.large()
        batch = self.read_file(self.whole_profile(), self.whole_file(8))
        batch.write({"state": "importing"})
        batch._work()
        target = type(self.env["utility.import.target.whole"])
        original = target._make_supplies

        def die(model, items):
            original(model, items)
            raise ConnectionError("the worker was killed")

        with patch.object(target, "_make_supplies", die):
            with self.assertRaises(ConnectionError), self.env.cr.savepoint():
                batch._work()
        self.assertEqual((batch.imported_count, batch.good_count), (3, 5))
        self.assertFalse(self.account(self.number(4)))
        batch.action_resume()
        self.assertEqual((batch.state, batch.imported_count), ("done", 8))
        numbers = (
            self.env["utility.account"]
            .search([("company_id", "=", self.company.id)])
            .mapped("number")
        )
        self.assertEqual(numbers, [self.number(n) for n in range(1, 9)], "no gap, no double")

    def test_resume_when_nothing_died_is_harmless(self):
        batch = self.bring_in(self.whole_profile(), self.whole_file(3))
        batch._job_work()
        self.assertEqual((batch.state, batch.imported_count), ("done", 3))

    def test_batch_in_other_hands_waits(self):
        batch = self.upload(self.whole_profile(), self.whole_file(3))
        batch.state = "reading"
        with patch.object(type(batch), "try_lock_for_update", lambda self, **_kw: self.browse()):
            with self.assertRaises(RetryableJobError):
                batch._job_work()

    def test_problem_of_the_file_in_a_job_is_kept(self):
        self.large()
        batch = self.upload(self.whole_profile(), "account;payer\n1;2\n")
        batch.action_read()
        self.assertEqual(batch.state, "draft")
        self.assertIn("has no column", batch.message)

    def test_row_that_fails_when_written_is_singled_out(self):
        batch = self.read_file(self.whole_profile(), self.whole_file(8))
        other = self.env["utility.service.point"]
        flat = self.bring_in(
            self.whole_profile(name="Other"),
            self.whole_file(1, first=500, services="CW").replace(";12;", ";99;"),
            "other.csv",
        )
        premise = self.env["utility.account"].browse(self.rows(flat).res_id).premise_id
        target = type(self.env["utility.import.target.whole"])
        self.patch(target, "_find_point", lambda self, item, supply, points: None)
        other.create(
            {
                "code": f"{self.number(6)}-HEAT",
                "service_id": self.water.id,
                "premise_id": premise.id,
            }
        )
        batch.action_import()
        self.assertEqual((batch.state, batch.imported_count, batch.bad_count), ("partly", 7, 1))
        row = self.rows(batch, "invalid")
        self.assertEqual(row.number, 7)
        self.assertIn("Another service point of the company has this code", row.reason)
        self.assertFalse(self.account(self.number(6)), "nothing of the bad row is left")

    def test_queries_do_not_grow_with_rows(self):
        profile = self.whole_profile()
        used = []
        for count, first in ((10, 2001), (100, 1), (300, 1001)):
            content = self.whole_file(count, first).replace(";12;", f";{first};")
            batch = self.upload(profile, content, f"{count}.csv")
            batch.state = "reading"
            batch._do_read()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            batch._do_check()
            checked = self.env.cr.sql_log_count - start
            batch.state = "validated"
            batch.write({"state": "importing"})
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            batch._do_import()
            used.append((checked, self.env.cr.sql_log_count - start))
            self.assertEqual(batch.imported_count, count)
        self.assertEqual(used[1], used[2], "the first only fills Odoo's own caches")

    # -- taking back ------------------------------------------------------------------------

    def test_taken_back(self):
        profile = self.whole_profile()
        batch = self.bring_in(profile, self.whole_file(3))
        account = self.account(self.number(2))
        agreements = account.agreement_ids
        with self.assertRaises(UserError):
            batch.undo("")
        batch.undo("Wrong file")
        self.assertEqual(batch.state, "undone")
        self.assertFalse(account.active)
        self.assertFalse(account.premise_id.active)
        self.assertEqual(len(agreements.filtered("voided_at")), 2)
        self.assertIn("Wrong file", agreements[0].void_reason)
        self.assertEqual(set(batch.row_ids.mapped("state")), {"undone"})
        again = self.bring_in(profile, self.whole_file(3), "again.csv")
        self.assertEqual(again.imported_count, 3)
        self.assertTrue(account.active)

    def test_nothing_is_deleted(self):
        batch = self.bring_in(self.whole_profile(), self.whole_file(2))
        with self.assertRaises(UserError):
            batch.row_ids.unlink()
        with self.assertRaises(UserError):
            batch.unlink()
        with self.assertRaises(UserError):
            batch.profile_id.unlink()
        with self.assertRaisesRegex(UserError, "are imported"):
            batch.action_cancel()

    # -- rights -----------------------------------------------------------------------------

    def user(self, group):
        return new_test_user(
            self.env,
            f"import_{group}",
            f"utility_base.group_{group}",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )

    def test_clerk_imports(self):
        batch = self.upload(self.whole_profile(), self.whole_file(3), user=self.user("clerk"))
        batch.action_read()
        batch.action_import()
        self.assertEqual((batch.imported_count, batch.bad_count), (3, 0))
        with self.assertRaises(AccessError):
            batch.profile_id.write({"name": "Mine"})

    def test_meter_engineer_may_not_write_accounts(self):
        engineer = self.user("meter_engineer")
        batch = self.upload(self.whole_profile(), self.whole_file(3), user=engineer)
        batch.action_read()
        with self.assertRaises(AccessError):
            batch.action_import()

    def test_auditor_reads_only(self):
        batch = self.bring_in(self.whole_profile(), self.whole_file(2))
        auditor = self.user("auditor")
        self.assertEqual(len(batch.with_user(auditor).row_ids), 2)
        with self.assertRaises(AccessError):
            batch.with_user(auditor).copy()
        with self.assertRaises(AccessError):
            batch.row_ids.with_user(auditor).write({"reason": "x"})

    def test_who_imports_nothing_sees_no_imports(self):
        batch = self.bring_in(self.whole_profile(), self.whole_file(2))
        for role in ("debt_officer", "lawyer", "manager"):
            with self.assertRaises(AccessError):
                batch.with_user(self.user(role)).read(["file_name"])

    def test_cashier_sees_no_files_about_people(self):
        batch = self.bring_in(self.whole_profile(), self.whole_file(2))
        cashier = self.user("cashier")
        with self.assertRaises(AccessError):
            batch.with_user(cashier).read(["file_name"])
        with self.assertRaises(AccessError):
            batch.row_ids.with_user(cashier).read(["source"])

    def test_own_buildings_only(self):
        self.bring_in(self.whole_profile(), self.whole_file(1))
        clerk = self.user("clerk")
        clerk.utility_building_ids = self.account(self.number(1)).building_id
        content = (
            self.whole_file(2, first=2)
            + self.whole_file(1, first=9).replace(";12;", ";14;").split("\n")[1]
            + "\n"
        )
        batch = self.upload(self.whole_profile(name="Mine"), content, user=clerk)
        batch.action_read()
        batch.action_import()
        self.assertEqual((batch.imported_count, batch.bad_count), (2, 1))
        self.assertFalse(self.account(self.number(9)))

    def test_other_company_sees_nothing(self):
        batch = self.bring_in(self.whole_profile(), self.whole_file(2))
        other = self.env["res.company"].create({"name": "Other Water"})
        clerk = new_test_user(
            self.env,
            "import_other",
            "utility_base.group_clerk",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        rows = (
            self.env["utility.import.row"]
            .with_user(clerk)
            .with_context(allowed_company_ids=other.ids)
        )
        self.assertFalse(rows.search([("batch_id", "=", batch.id)]))
