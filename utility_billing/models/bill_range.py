from odoo import api, fields, models
from odoo.sql_db import Cursor


class BillRange(models.Model):
    """Numbers kept for a posting batch: it takes them whenever it comes to be posted, so that
    a batch that was broken off leaves no gap."""

    _name = "utility.bill.range"
    _description = "Range of Bill Numbers"
    _order = "counter_id, first"

    counter_id = fields.Many2one(
        "utility.bill.counter", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="counter_id.company_id", store=True, index=True)
    posting_id = fields.Many2one(
        "utility.billing.posting",
        "Posting Batch",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    first = fields.Integer("From", required=True, readonly=True)
    count = fields.Integer("Numbers", required=True, readonly=True)
    last = fields.Integer("To", compute="_compute_last")
    state = fields.Selection(
        [("taken", "Given to a Batch"), ("free", "Came back")],
        required=True,
        readonly=True,
        default="taken",
    )

    @api.depends("first", "count")
    def _compute_last(self):
        for part in self:
            part.last = part.first + part.count - 1

    @api.depends("counter_id.key", "first", "count")
    def _compute_display_name(self):
        for part in self:
            part.display_name = f"{part.counter_id.key}: {part.first}–{part.last}"

    @api.model
    def _numbers(self, posting, journal, key, count):
        """So many numbers for a batch, kept for it whatever becomes of its transaction; of a batch
        that nobody else sees yet, they come and go with it.

        :param key: a name of the journal with 0 in the number's place
        :return: [number]
        """
        # while modules are installed, their tables are this transaction's alone
        if self.env.registry.ready:
            with self.env.registry.cursor() as cr:
                _let_workers_queue(cr)
                ranges = self.with_env(self.env(cr=cr)).sudo()
                seen = journal.with_env(ranges.env)
                if posting.with_env(ranges.env).exists() and seen.exists():
                    return ranges._reserve(posting.id, seen, key, count)
        return self.sudo()._reserve(posting.id, journal, key, count)

    def _reserve(self, posting_id, journal, key, count):
        counter = self.env["utility.bill.counter"]._for(journal, key)
        kept = self.search(
            [
                ("posting_id", "=", posting_id),
                ("counter_id", "=", counter.id),
                ("state", "=", "taken"),
            ],
            order="first",
        )
        missing = count - sum(kept.mapped("count"))
        if missing > 0:
            kept += self.create(
                [
                    {
                        "counter_id": counter.id,
                        "posting_id": posting_id,
                        "first": first,
                        "count": number,
                    }
                    for first, number in counter._take(missing)
                ]
            )
        kept = kept.sorted("first")
        numbers = [number for part in kept for number in range(part.first, part.last + 1)]
        kept._give_back_beyond(count)
        return numbers[:count]

    def _give_back_beyond(self, count):
        """A batch that came to fewer bills than before needs fewer numbers."""
        for part in self:
            keep = min(count, part.count)
            count -= keep
            if keep < part.count:
                part.copy(
                    {
                        "first": part.first + keep,
                        "count": part.count - keep,
                        "state": "free",
                        "posting_id": False,
                    }
                )
                part._shorten(keep)

    def _posted(self, posting):
        """The batch has its bills: numbers that it kept for other names, as of a year that the
        bills are not dated in any more, go to whoever asks next."""
        moves = self.env["account.move"]
        prefixes = {
            prefix
            for (prefix,) in moves._read_group(
                [("utility_posting_id", "=", posting.id)], ["sequence_prefix"]
            )
        }
        spare = self.filtered(
            lambda part: moves._utility_split(part.counter_id.key)[0] not in prefixes
        )
        spare.write({"state": "free", "posting_id": False})

    def _shorten(self, count):
        if count:
            self.count = count
        else:
            self.unlink()

    def _cut(self, count):
        """The first numbers are taken away."""
        if count < self.count:
            self.write({"first": self.first + count, "count": self.count - count})
        else:
            self.unlink()


def _let_workers_queue(cr):
    """Who asks for numbers while another takes some waits for him and goes on from there; he would
    fail, and begin his batch again, if his transaction kept to what was there at its start."""
    # that of a test is no transaction of its own
    if isinstance(cr, Cursor):
        cr.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
