"""The rows of a file, set-wise: the next of them, what became of them, those that are known."""

from odoo import fields, models
from odoo.tools import SQL

from ..tools.import_item import UNCHANGED, ImportItem
from ..tools.import_json import dumps


class ImportBatch(models.Model):
    _inherit = "utility.import.batch"

    done_wave = fields.Integer(readonly=True, copy=False)
    done_number = fields.Integer(
        readonly=True, copy=False, help="Up to this row of the wave the present phase has come."
    )

    def _from_the_start(self):
        return {"done_wave": 0, "done_number": 0}

    def _next_items(self, state, limit):
        """The next rows in a state, from where the slice before came to; at the end once more from
        the start, since a row may have been mended meanwhile."""
        self._flush_rows()
        rows = self._rows_after(self.done_wave, self.done_number, state, limit)
        if len(rows) < limit and (self.done_wave or self.done_number):
            rows = self._rows_after(0, 0, state, limit)
        if rows:
            wave, number = rows[-1][-1], rows[-1][1]
            self.write({"done_wave": wave, "done_number": number})
        return [ImportItem(*row) for *row, _wave in rows]

    def _rows_after(self, wave, number, state, limit):
        return self.env.execute_query(
            SQL(
                """
            SELECT id, number, parsed, key_hash, wave FROM utility_import_row
            WHERE batch_id = %s AND state = %s AND (wave, number) >= (%s, %s)
            ORDER BY wave, number LIMIT %s FOR UPDATE
            """,
                self.id,
                state,
                wave,
                number,
                limit,
            )
        )

    def _save(self, items, good_state):
        """Keep what became of the items, by one query."""
        once = self._run_target()._once
        if not items:
            return
        columns = zip(*(self._outcome(item, good_state, once) for item in items), strict=True)
        self._flush_rows()
        self.env.cr.execute(
            SQL(
                """
            UPDATE utility_import_row r
            SET state = v.state, action = v.action, reason = v.reason, res_model = v.res_model,
                res_id = v.res_id, made = v.made::jsonb, effect_key = v.effect_key,
                problem_fields = v.problem_fields::jsonb, skip_reason = v.skip_reason
            FROM unnest(%s::int[], %s::text[], %s::text[], %s::text[], %s::text[], %s::int[],
                        %s::text[], %s::text[], %s::text[], %s::text[])
                AS v (id, state, action, reason, res_model, res_id, made, effect_key,
                      problem_fields, skip_reason)
            WHERE r.id = v.id
            """,
                *(list(column) for column in columns),
            )
        )
        self._forget_rows()

    def _outcome(self, item, good_state, once):
        if not item.is_good:
            state = "invalid"
        elif item.left_out:
            state = "skipped"
        else:
            state = "unchanged" if item.action == UNCHANGED else good_state
        return (
            item.id,
            state,
            item.action if item.is_good else None,
            item.reason or "; ".join(item.changes) or None,
            item.res_model,
            item.res_id,
            dumps(item.made) if item.made else None,
            item.key_hash if once and state == "imported" else None,
            dumps(item.faulty) if item.faulty else None,
            item.left_out,
        )

    def _flush_rows(self):
        self.env["utility.import.row"].flush_model()

    def _forget_rows(self):
        self.env["utility.import.row"].invalidate_model(flush=False)
        self.invalidate_recordset()

    def _mark_known(self, items):
        """Rows that had their effect once, in this file or another."""
        found = self.env.execute_query(
            SQL(
                """
            SELECT r.effect_key, r.number, b.file_name
            FROM utility_import_row r JOIN utility_import_batch b ON b.id = r.batch_id
            WHERE r.effect_key = ANY(%s)
            """,
                [item.key_hash for item in items],
            )
        )
        known = {key: (number, name) for key, number, name in found}
        mended = self._run_target()._numbers_equal_rows
        for item in items:
            # what is known by what the file says was mended there, if it is bad here
            if item.key_hash in known and (item.is_good or mended) and not item.left_out:
                number, name = known[item.key_hash]
                item.reset()
                item.action = UNCHANGED
                item.changes = [
                    self.env._(
                        "Recorded already by row %(number)s of %(file)s", number=number, file=name
                    )
                ]

    def _mark_known_rows(self, state, words):
        """As `_mark_known`, of all rows in a state at once.

        :param words: with <row> and <file> in the place of where it was recorded
        """
        self.env.cr.execute(
            SQL(
                """
            UPDATE utility_import_row r
            SET state = 'unchanged', action = 'unchanged', problem_fields = NULL,
                reason = replace(replace(%(words)s, '<row>', known.number::text), '<file>',
                    b.file_name)
            FROM utility_import_row known JOIN utility_import_batch b ON b.id = known.batch_id
            WHERE r.batch_id = %(batch)s AND r.state = %(state)s AND known.effect_key = r.key_hash
            """,
                batch=self.id,
                state=state,
                words=words,
            )
        )
        self._forget_rows()
