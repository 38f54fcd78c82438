from odoo import fields, models
from odoo.tools import SQL


class ImportBatch(models.Model):
    """Equal rows of a file told apart, and what the file states about itself compared."""

    _inherit = "utility.import.batch"

    stated = fields.Json("Totals Stated by the File", readonly=True, copy=False)
    totals_problem = fields.Char(
        "Totals Differ",
        readonly=True,
        copy=False,
        help="What the rows come to otherwise than the file itself states.",
    )

    def _compare_totals(self):
        """Say where the rows differ from the totals that the file states; no reason to stop."""
        words = self._run_target()._differing_totals(self, self.stated or {})
        self.totals_problem = " ".join(words) or False

    def _has_equal_rows(self):
        """Whether rows have the same key: a quick look, since nearly all files have none."""
        self._flush_rows()
        return bool(
            self.env.execute_query(
                SQL(
                    "SELECT 1 FROM utility_import_row WHERE batch_id = %s AND key_hash IS NOT NULL "
                    "GROUP BY key_hash HAVING count(*) > 1 LIMIT 1",
                    self.id,
                )
            )
        )

    def _number_equal_rows(self):
        """Give rows of equal keys their place among their like; those that have one keep it. What
        had its effect by another file is recognised even where it cannot be read now."""
        if not self._run_target()._numbers_equal_rows:
            return
        if self._has_equal_rows():
            self._tell_equal_rows_apart()
        words = self.env._("Recorded already, mended, by the row of")
        self._mark_known_rows("invalid", f"{words}: <file>, <row>")

    def _tell_equal_rows_apart(self):
        self.env.cr.execute(
            SQL(
                """
            UPDATE utility_import_row r
            SET key_hash = same.key || '/' || (same.last + same.place - 1)
            FROM (
                SELECT id, key, place, max(had) OVER (PARTITION BY key) AS last
                FROM (
                    SELECT id, split_part(key_hash, '/', 1) AS key,
                           COALESCE(NULLIF(split_part(key_hash, '/', 2), '')::int, 1) AS had,
                           row_number() OVER (
                               PARTITION BY key_hash
                               ORDER BY (state IN ('new', 'valid', 'invalid')), number, id
                           ) AS place
                    FROM utility_import_row
                    WHERE batch_id = %(batch)s AND key_hash IS NOT NULL
                ) row
            ) same
            WHERE r.id = same.id AND same.place > 1
            """,
                batch=self.id,
            )
        )
