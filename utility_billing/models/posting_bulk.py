import io
import logging
from collections import Counter, defaultdict

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.tools import SQL, ormcache

from odoo.addons.utility_base.tools.bulk import draw_ids
from odoo.addons.utility_base.tools.bulk_references import references_checked

from .posting_learning import moulds_for
from .posting_ledger import LedgerFacts
from .posting_moulds import ANALYTIC, LINE, MOVE
from .posting_rows import NULL, BillRows, Ids
from .posting_strangers import dependants, strangers_of

_logger = logging.getLogger(__name__)


class Posting(models.AbstractModel):
    """Posting in bulk: the rows that Odoo would write, by one COPY a table."""

    _inherit = "utility.posting"

    @api.model
    def _why_not_bulk(self, facts, prepared):
        """In words, what asks for Odoo itself; False when nothing does."""
        return strangers_of(facts, prepared)

    @ormcache()
    def _dependants(self):
        return dependants(self.env)

    @api.model
    def _post_bulk(self, facts, prepared, batch):
        """:return: ([`PostedBill`] in the order of `prepared`, why some were posted one by one)"""
        ledger = LedgerFacts(facts)
        plain = [bill for bill in prepared if ledger.is_plain(bill)]
        bills = [BillRows(bill, ledger) for bill in plain]
        moulds, reason = moulds_for(self, ledger, bills)
        if reason:
            return self._post_orm(facts, prepared, batch), reason
        posted = dict(zip(map(id, plain), self._write(ledger, bills, moulds), strict=True))
        others = [bill for bill in prepared if id(bill) not in posted]
        if others:
            reason = self.env._(
                "%(count)s bills have taxes that only Odoo can calculate.", count=len(others)
            )
            done = self._post_orm(facts, others, batch)
            posted.update(zip(map(id, others), done, strict=True))
        return [posted[id(bill)] for bill in prepared], reason

    def _write(self, ledger, bills, moulds):
        """Write the bills' rows, and count their payers as customers."""
        if not bills:
            return []
        cr = self.env.cr
        lines = sum(len(bill.lines) for bill in bills)
        analytic = sum(bool(line.analytic) for bill in bills for line in bill.products)
        ids = Ids(
            iter(draw_ids(cr, MOVE, len(bills))),
            iter(draw_ids(cr, LINE, lines)),
            iter(draw_ids(cr, ANALYTIC, analytic) if analytic else ()),
        )
        posted, rows = zip(*(bill.rows(moulds, ids, ledger.log) for bill in bills), strict=True)
        some = moulds[bills[0].kind]
        copy_lines(cr, MOVE, some.columns, [row.move for row in rows])
        some = moulds[bills[0].lines[0].kind]
        copy_lines(cr, LINE, some.columns, [line for row in rows for line in row.lines])
        copy_links(cr, [link for row in rows for link in row.links])
        if analytic:
            some = next(mould for kind, mould in moulds.items() if kind[0] == "analytic")
            copy_lines(cr, ANALYTIC, some.columns, [line for row in rows for line in row.analytic])
        ledger.env.invalidate_all()
        self._count_customers(ledger, bills)
        return posted

    def _count_customers(self, ledger, bills):
        """As Odoo does: who is none yet is one at once, others after the transaction."""
        new, known = {}, Counter()
        for payer, number in Counter(bill.payer for bill in bills).items():
            for partner in payer | payer.commercial_partner_id:
                if partner.customer_rank or partner.id in new:
                    known[partner.id] += number
                else:
                    new[partner.id] = number
        partners = ledger.env["res.partner"].browse(new)
        for number, group in partners.grouped(lambda partner: new[partner.id]).items():
            group.customer_rank = number
        ledger.env.flush_all()
        if known:
            self.env.cr.postcommit.add(lambda: self._count_known_customers(known))

    def _count_known_customers(self, counts):
        """What Odoo does one by one: in a transaction of its own, and given up where another one
        counts the same customer.

        :param counts: {partner id: bills}
        """
        try:
            with self.env.registry.cursor() as cr:
                cr.execute(
                    SQL(
                        """
                        WITH counted AS (
                            SELECT partner.id, more.number FROM res_partner partner
                            JOIN unnest(%s::int[], %s::int[]) more (id, number)
                                ON more.id = partner.id
                            ORDER BY partner.id FOR NO KEY UPDATE OF partner SKIP LOCKED
                        )
                        UPDATE res_partner partner
                        SET customer_rank = COALESCE(customer_rank, 0) + counted.number,
                            write_uid = %s, write_date = %s
                        FROM counted WHERE counted.id = partner.id
                        """,
                        list(counts),
                        list(counts.values()),
                        self.env.uid,
                        fields.Datetime.now(),
                    ),
                    log_exceptions=False,
                )
        except OperationalError:
            _logger.debug("Customers are being counted by somebody else")


def copy_lines(cr, table, columns, rows):
    """Write rows of texts with one COPY; what they refer to is locked once."""
    names = ", ".join(f'"{column}"' for column in columns)
    text = "\n".join(map("\t".join, rows)) + "\n"
    with references_checked(cr, table, Referred(columns, rows)):
        cr.copy_expert(f"COPY {table} ({names}) FROM STDIN", io.StringIO(text))


class Referred:
    """Columns of rows of texts as `references_checked` asks for them: {column: ids}."""

    def __init__(self, columns, rows):
        self.places, self.rows = {name: place for place, name in enumerate(columns)}, rows

    def get(self, column):
        if column not in self.places:
            return None
        place = self.places[column]
        return {int(value) for value in {row[place] for row in self.rows} - {NULL}}


def copy_links(cr, links):
    """:param links: [(`Link`, line id, other id)]"""
    tables = defaultdict(list)
    for link, line_id, other_id in links:
        tables[link].append((str(line_id), str(other_id)))
    for link, rows in tables.items():
        copy_lines(cr, link.table, (link.column, link.other), rows)
