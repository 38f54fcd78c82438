"""Finding what the database would refuse, to say it in words."""

from collections import defaultdict

from odoo import fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL, format_date

from ..tools.dates import overlaps, peak_sum


class DatedOverlap(models.AbstractModel):
    _inherit = "utility.dated.mixin"

    def _one_at_a_time(self, records):
        """Whoever else adds up shares of the same records now must begin again.

        Their rows are written unchanged: of two transactions that do so, PostgreSQL lets only one
        pass, and Odoo repeats the other, which then sees what the first has recorded.
        """
        if records:
            self.env.execute_query(
                SQL(
                    """
                UPDATE %(table)s SET id = id WHERE id IN (
                    SELECT id FROM %(table)s WHERE id IN %(ids)s ORDER BY id FOR NO KEY UPDATE
                ) RETURNING 1
                """,
                    table=SQL.identifier(records._table),
                    ids=tuple(records.ids),
                )
            )

    def _beyond_whole(self, subject, domain=Domain.TRUE):
        """Where the shares of live facts add up to more than 100 % on some day.

        :param subject: the many2one field whose records are shared
        :param domain: which facts take part, besides being live
        :return: list of (record, sum in words, day in words), the first such day with the peak
        """
        records = self[subject]
        self._one_at_a_time(records)
        facts = self.sudo().search(
            Domain(subject, "in", records.ids) & Domain("voided_at", "=", False) & domain
        )
        shares = defaultdict(list)
        for fact in facts:
            shares[fact[subject]].append((fact.date_start, fact.date_end, fact.share))
        peaks = [(record, *peak_sum(periods)) for record, periods in shares.items()]
        return [
            (record, f"{total:g}", format_date(self.env, day))
            for record, total, day in peaks
            if total > 100.0001
        ]

    def _refuse_overlaps(self, vals_list):
        """Find, with one query, what the database would refuse, to say it in words."""
        by_key = defaultdict(list)
        for vals in vals_list:
            start, end = (
                fields.Date.to_date(vals.get(name)) for name in ("date_start", "date_end")
            )
            key = tuple(vals.get(name) or None for name in self._whole_key())
            if any(overlaps(start, end, *other) for other in by_key[key]):
                raise ValidationError(
                    self.env._(
                        "%(what)s: two of the new facts overlap in time.",
                        what=self._vals_label(vals),
                    )
                )
            by_key[key].append((start, end))
        rows = [(*key, *period) for key, periods in by_key.items() for period in periods]
        found = self._find_overlap(rows) if rows and self._fact_key else None
        if found:
            vals, other = found
            raise ValidationError(
                self.env._(
                    "%(what)s overlaps with what is on record: %(other)s. "
                    "End that one first, or correct it.",
                    what=self._vals_period_label(vals),
                    other=other._fact_label(),
                )
            )

    def _find_overlap(self, rows):
        """The first of `rows` (key, start, end) that a live fact overlaps, and that fact."""
        names = self._whole_key()
        same = [SQL("fact.%(c)s = new.%(c)s", c=SQL.identifier(name)) for name in self._fact_key]
        same += [
            SQL("COALESCE(fact.%(c)s, 0) = COALESCE(new.%(c)s, 0)", c=SQL.identifier(name))
            for name in self._fact_key_optional
        ]
        columns = SQL(", ").join(
            SQL.identifier(name) for name in (*names, "date_start", "date_end")
        )
        found = self.env.execute_query(
            SQL(
                """
            SELECT fact.id, %(columns)s FROM (VALUES %(rows)s) AS new (%(plain)s)
            JOIN %(table)s fact ON %(same)s AND fact.voided_at IS NULL
                AND daterange(fact.date_start, fact.date_end, '[]')
                 && daterange(new.date_start, new.date_end, '[]')
            LIMIT 1
            """,
                columns=SQL(", ").join(
                    SQL("new.%s", SQL.identifier(name))
                    for name in (*names, "date_start", "date_end")
                ),
                rows=SQL(", ").join(self._typed_row(row) for row in rows),
                plain=columns,
                table=SQL.identifier(self._table),
                same=SQL(" AND ").join(same),
            )
        )
        if not found:
            return None
        fact_id, *values = found[0]
        vals = dict(zip((*names, "date_start", "date_end"), values, strict=True))
        return vals, self.sudo().browse(fact_id)

    def _typed_row(self, row):
        *key, start, end = row
        cells = [
            SQL("%s::int", value)
            if self._fields[name].type in ("many2one", "integer")
            else SQL("%s::varchar", value)
            for name, value in zip(self._whole_key(), key, strict=True)
        ]
        return SQL(
            "(%s)", SQL(", ").join([*cells, SQL("%s::date", start), SQL("%s::date", end or None)])
        )
