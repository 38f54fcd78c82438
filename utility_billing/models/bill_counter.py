from odoo import api, fields, models
from odoo.tools import SQL


class BillCounter(models.Model):
    """The last number given out in a journal of bills; numbers that came back are given first."""

    _name = "utility.bill.counter"
    _description = "Counter of Bill Numbers"
    _rec_name = "key"

    journal_id = fields.Many2one(
        "account.journal", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="journal_id.company_id", store=True, index=True)
    key = fields.Char(
        "Numbers Like", required=True, readonly=True, help="A number of it with 0 in its place."
    )
    last = fields.Integer("Last Number", required=True, readonly=True)
    range_ids = fields.One2many("utility.bill.range", "counter_id", "Ranges")

    _key_unique = models.Constraint(
        "UNIQUE (journal_id, key)", "The journal has a counter for such numbers already."
    )

    @api.model
    def _next(self, journal, key):
        """One number for a bill made by hand. Others wait until it is saved or given up."""
        counter = self._for(journal, key)
        [(first, _count)] = counter._take(1)
        return first

    @api.model
    def _for(self, journal, key):
        """The journal's counter for names like `key`, begun after the last one that is used."""
        self.env.flush_all()
        [(counter_id,)] = self.env.execute_query(
            SQL(
                """
            INSERT INTO utility_bill_counter AS counter (
                journal_id, company_id, key, last, create_uid, create_date, write_uid, write_date)
            SELECT %(journal)s, %(company)s, %(key)s, COALESCE(max(sequence_number), 0),
                   %(uid)s, %(now)s, %(uid)s, %(now)s
            FROM account_move WHERE journal_id = %(journal)s AND sequence_prefix = %(prefix)s
            ON CONFLICT (journal_id, key)
            DO UPDATE SET last = GREATEST(counter.last, EXCLUDED.last)
            RETURNING id
            """,
                journal=journal.id,
                company=journal.company_id.id,
                key=key,
                prefix=self.env["account.move"]._utility_split(key)[0],
                uid=self.env.uid,
                now=fields.Datetime.now(),
            )
        )
        self.invalidate_model(["last"])
        return self.sudo().browse(counter_id)

    def _take(self, count):
        """[(first, how many)]: numbers that came back, then fresh ones."""
        self.ensure_one()
        taken = self._take_free(count)
        missing = count - sum(number for _first, number in taken)
        if missing:
            [(last,)] = self.env.execute_query(
                SQL(
                    "UPDATE utility_bill_counter SET last = last + %s WHERE id = %s RETURNING last",
                    missing,
                    self.id,
                )
            )
            taken.append((last - missing + 1, missing))
            self.invalidate_recordset(["last"])
        return taken

    def _take_free(self, count):
        taken = []
        free = self.range_ids.filtered(lambda part: part.state == "free").sorted("first")
        for part in free.try_lock_for_update():
            number = min(count, part.count)
            if not number:
                break
            taken.append((part.first, number))
            part._cut(number)
            count -= number
        return taken
