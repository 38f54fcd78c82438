"""The phases of an import: reading, checking, writing; each in slices that stand alone.

What makes the work safe to repeat is the rows' state, not the job: a slice locks the batch, takes
the next rows in the state it is for, and changes them in the same transaction as all that it
writes. A killed worker leaves its slice undone; the next run takes it up.
"""

from itertools import chain

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, mute_logger, split_every

from odoo.addons.queue_job.exception import RetryableJobError

from ..tools.bulk import copy_rows
from ..tools.garbage import uncollected
from ..tools.import_expression import ExpressionError
from ..tools.import_item import CREATE, UPDATE, ImportItem
from ..tools.import_json import dumps
from ..tools.import_mapping import clean_cells
from .import_batch import PHASES

SMALL_COUNT = 200
READ_CHUNK = 5000
CHECK_SLICE = 5000
TURN = "utility_base.import_turn"
ROW_COLUMNS = (
    "batch_id",
    "number",
    "wave",
    "source",
    "parsed",
    "state",
    "reason",
    "source_problem",
    "problem_fields",
    "key_hash",
    "skip_reason",
    "action",
)
STATE, ACTION = ROW_COLUMNS.index("state"), ROW_COLUMNS.index("action")


class ImportBatch(models.Model):
    _inherit = "utility.import.batch"

    # -- jobs -------------------------------------------------------------------------------

    @api.model
    def _small_count(self):
        """Fewer rows than this are worked at once, more as jobs."""
        return SMALL_COUNT

    def _begin(self, state, small):
        self.write({"state": state, "message": False, **self._from_the_start()})
        if not small:
            self._enqueue()
            return
        while self._work():
            pass

    def _enqueue(self):
        self.ensure_one()
        self.with_delay(
            channel="root.utility_import",
            description=self.name,
            identity_key=f"utility.import.batch,{self.id},{self.state}",
        )._job_work()

    def _job_work(self):
        """One slice of the batch's present phase, then a job for the next.

        :raise RetryableJobError: another worker has the batch
        """
        if not self.try_lock_for_update(allow_referencing=True):
            raise RetryableJobError("another worker has this import", seconds=10, ignore_retry=True)
        if self.state not in PHASES:
            return
        state = self.state
        try:
            with self.env.cr.savepoint():
                more = self._work()
        except UserError as error:
            self._halt(state, str(error))
            return
        if more:
            self._enqueue()

    def _work(self):
        """One slice; whether there is more to do. What it looked up is forgotten afterwards, so
        that a long file takes no more memory than a short one."""
        more = getattr(self, PHASES[self.state])()
        self.env.flush_all()
        self.env.invalidate_all()
        return more

    def _halt(self, state, message):
        """The whole file, not a row, has a problem: say so and go back a step."""
        before = {"reading": "draft", "checking": "staged", "importing": "validated"}
        self.write({"state": before[state], "message": message})

    @api.model
    def _cron_resume(self):
        """Batches whose jobs were lost with a server; a job too many finds nothing to do."""
        for batch in self.search([("state", "in", list(PHASES))]):
            user = batch.import_user_id or batch.create_uid
            batch.with_user(user)._enqueue()

    # -- reading ----------------------------------------------------------------------------

    def _do_read(self):
        """Stage the file's rows, all or none.

        :raise UserError: the file cannot be read as the profile says
        """
        profile = self.profile_id
        self._refuse_other_format()
        self._run_target()._refuse_settings(profile)
        rows = profile._read_rows(self._content())
        first = next(rows, None)
        if first is None:
            raise UserError(
                self.env._("%s has no rows below its header: choose another file.", self.file_name)
            )
        headers = list(first[1])
        mapping = profile._mapping(headers)
        target = self._run_target()
        choice = profile._row_choice()
        count = 0
        for chunk in split_every(READ_CHUNK, chain([first], rows)):
            with uncollected():
                staged = self._staged(target, mapping, chunk, choice)
                copy_rows(self.env.cr, "utility_import_row", ROW_COLUMNS, staged)
            count += len(staged)
        self.write(
            {
                **self._from_the_start(),
                "headers": headers,
                "row_count": count,
                "state": "checking",
                "stated": {**choice.stated, **profile._stated_by_reader(self._content())},
            }
        )
        self._number_equal_rows()
        if target._plans_rows_alone and target._once:
            words = self.env._(
                "Recorded already by row %(number)s of %(file)s", number="<row>", file="<file>"
            )
            self._mark_known_rows("valid", words)
        return True

    def _refuse_other_format(self):
        readers = self.profile_id._import_readers()
        extension = (self.file_name or "").rpartition(".")[2].lower()
        own = readers[self.profile_id.reader]
        others = [other["label"] for other in readers.values() if extension in other["extensions"]]
        if others and extension not in own["extensions"]:
            raise UserError(
                self.env._(
                    "%(file)s looks like “%(other)s”, the profile “%(profile)s” reads “%(own)s”. "
                    "Choose another profile or file.",
                    file=self.file_name,
                    other=others[0],
                    profile=self.profile_id.name,
                    own=own["label"],
                )
            )

    def _staged(self, target, mapping, rows, choice):
        """Values of `ROW_COLUMNS` of some rows of the file. Where a target needs nothing but the
        row itself to judge it, what is plainly good is so at once; the rest is checked later."""
        staged, items = [], []
        for row in rows:
            values, parsed = self._stage(target, mapping, row, choice)
            if target._plans_rows_alone and values[STATE] == "new":
                items.append(ImportItem(len(staged), row[0], parsed))
            staged.append(values)
        if items:
            target._plan(self, items)
        for item in items:
            if item.is_good and item.action in (CREATE, UPDATE) and not item.changes:
                staged[item.id][STATE], staged[item.id][ACTION] = "valid", item.action
        return staged

    def _stage(self, target, mapping, row, choice):
        """(values of `ROW_COLUMNS`, what the row says) of a row of the file."""
        number, cells, problem = row
        cells, faults = clean_cells(cells, self.env)
        if problem:
            faults = [problem, *faults]
        try:
            left_out = choice.why_left_out(cells)
        except ExpressionError as error:
            left_out = None
            faults.append(self.env._("the profile's formula of rows fails: %s", error))
        if left_out:
            values = [self.id, number, 0, dumps(cells), "{}", "skipped", *[None] * 4, left_out]
            return [*values, None], {}
        parsed, problems = mapping.read_row(cells)
        reasons = [*faults, *(words for _name, words in problems)]
        values = [
            self.id,
            number,
            0,
            dumps(cells),
            dumps(parsed),
            "invalid" if reasons else "new",
            "; ".join(reasons) or None,
            "; ".join(faults) or None,
            dumps([name for name, _words in problems]) if problems else None,
            target._row_key(self.profile_id, parsed),
            None,
            None,
        ]
        return values, parsed

    def _reread_rows(self):
        """Read what is not imported anew from its source; what was mended by hand stays so."""
        self._refuse_unless("staged", "validated", "partly", "done")
        mapping = self._mapping_of_batch()
        target = self._run_target()
        open_rows = self.env["utility.import.row"].search(
            [
                ("batch_id", "=", self.id),
                ("state", "in", ("new", "valid", "invalid")),
            ]
        )
        for rows in split_every(READ_CHUNK, open_rows.ids, open_rows.browse):
            for row in rows:
                row._read_again(mapping, target)
            rows.flush_recordset()
            rows.invalidate_recordset()
        self._number_equal_rows()

    # -- checking ---------------------------------------------------------------------------

    def _do_check(self):
        """Plan a slice of the new rows; after the last, put the file's rows in order."""
        items = self._next_items("new", CHECK_SLICE)
        if items:
            with uncollected():
                self._plan_items(items)
                self._save(items, "valid")
            return True
        self._refuse_rows_twice()
        self._order_rows()
        self._compare_totals()
        settled = {"state": "validated"}
        if self.imported_count:
            settled["state"] = "partly" if self.bad_count or self.good_count else "done"
        self.write(settled)
        return False

    def _plan_items(self, items):
        target = self._run_target()
        target._plan(self, items)
        if target._once:
            self._mark_known(items)

    def _check_rows(self, rows):
        """Plan rows that were mended."""
        target = self._run_target()
        items = []
        for row in rows.filtered(lambda row: row.state == "new"):
            if not target._numbers_equal_rows:
                row.key_hash = target._row_key(self.profile_id, row.parsed or {})
            items.append(row._item())
        self._plan_items(items)
        self._save(items, "valid")
        self._refuse_rows_twice()
        self._compare_totals()

    def _refuse_rows_twice(self):
        """Rows of the file that speak of the same thing as one before them."""
        target = self._run_target()
        if not (target._one_row_each or target._once) or not self._has_equal_rows():
            return
        self.env.cr.execute(
            SQL(
                """
            UPDATE utility_import_row r SET state = 'invalid', reason = %(reason)s || twice.first
            FROM (
                SELECT id, first_value(number) OVER same AS first, row_number() OVER same AS place
                FROM utility_import_row
                WHERE batch_id = %(batch)s AND state IN ('valid', 'imported', 'unchanged')
                WINDOW same AS (
                    PARTITION BY key_hash ORDER BY (state = 'valid'), number
                )
            ) twice
            WHERE r.id = twice.id AND twice.place > 1 AND r.state = 'valid'
            """,
                batch=self.id,
                reason=self.env._(
                    "The file says this twice. Leave this row out, or mend what tells them apart. "
                    "The other is row "
                ),
            )
        )
        self._forget_rows()

    def _order_rows(self):
        """Let rows wait for those they stand below."""
        waves, refused = self._run_target()._waves(self)
        if waves:
            self.env.cr.execute(
                SQL(
                    "UPDATE utility_import_row r SET wave = v.wave "
                    "FROM unnest(%s::int[], %s::int[]) AS v (id, wave) WHERE r.id = v.id",
                    list(waves),
                    list(waves.values()),
                )
            )
        if refused:
            self.env.cr.execute(
                SQL(
                    "UPDATE utility_import_row r SET state = 'invalid', reason = v.reason "
                    "FROM unnest(%s::int[], %s::text[]) AS v (id, reason) WHERE r.id = v.id",
                    list(refused),
                    list(refused.values()),
                )
            )
        self._forget_rows()

    # -- writing ----------------------------------------------------------------------------

    def _do_import(self):
        """Write a slice of the good rows; one that fails is singled out, the others go in."""
        self._take_turn()
        target = self._run_target()
        target._check_rights()
        items = self._next_items("valid", target._slice_size)
        if items:
            with uncollected():
                self._write_items(target, items)
                self._save(items, "imported")
        if len(items) == target._slice_size:
            return True
        self._finish()
        return False

    def _take_turn(self):
        """One slice is written at a time, also by several servers: two files that bring the same
        new street would make it twice. Who comes second while the first is at work fails with a
        serialization error and is tried again with fresh eyes."""
        self.env.cr.execute(
            SQL("UPDATE ir_config_parameter SET value = %s WHERE key = %s", str(self.id), TURN)
        )
        if not self.env.cr.rowcount:
            # the parameter is the suite's own; the importer may not write others
            self.env["ir.config_parameter"].sudo().set_param(TURN, str(self.id))

    def _write_items(self, target, items):
        try:
            with self.env.cr.savepoint(), mute_logger("odoo.sql_db"):
                self._plan_items(items)
                target._write(
                    self,
                    [item for item in items if item.is_good and item.action in (CREATE, UPDATE)],
                )
                self.env.flush_all()
        except (UserError, psycopg2.IntegrityError, psycopg2.DataError) as error:
            for item in items:
                item.reset()
            if len(items) == 1:
                items[0].fail(self._words_of(error))
                return
            middle = len(items) // 2
            self._write_items(target, items[:middle])
            self._write_items(target, items[middle:])

    def _words_of(self, error):
        if isinstance(error, UserError):
            return str(error)
        table = error.diag.table_name
        model = next(
            (name for name, model in self.env.registry.items() if model._table == table), "base"
        )
        return self.env[model]._sql_error_to_message(error)

    def _finish(self):
        self._flush_rows()
        counts = self._counts().get(self.id, {})
        left = sum(sum(counts.get(state, {}).values()) for state in ("invalid", "valid", "new"))
        self.write(
            {
                "state": "partly" if left else "done",
                "import_ended_at": fields.Datetime.now(),
            }
        )
        self.message_post(
            body=self.env._(
                "%(imported)s rows imported, %(unchanged)s said nothing new, %(bad)s are bad, "
                "%(skipped)s were left out.",
                imported=self.imported_count,
                unchanged=self.unchanged_count,
                bad=self.bad_count,
                skipped=self.skipped_count,
            )
        )

    def _settle(self):
        """A batch whose last bad rows were left out or mended is done."""
        for batch in self.filtered(lambda batch: batch.state == "partly"):
            if not (batch.bad_count or batch.good_count or batch.new_count):
                batch.state = "done"
