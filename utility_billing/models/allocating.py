from collections import namedtuple
from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.utility_base.tools.bulk import copy_columns, draw_ids
from odoo.addons.utility_base.tools.bulk_references import references_checked

from ..engine.covering import ZERO, spread
from .covering_items import Items

TABLE = "utility_payment_allocation"
# of a reconciliation: both its lines, and what they belong to
Partial = namedtuple(
    "Partial",
    "id amount date company_id debit_id debit_account_id debit_payment_id "
    "credit_id credit_account_id credit_service_id credit_payment_id credit_collector_id "
    "credit_move_type credit_is_fund",
)
Row = namedtuple(
    "Row",
    "partial_id line_id item_id company_id account_id partner_id service_id "
    "creditor_partner_id month date kind payment_id collector_id amount",
)


class Allocating(models.AbstractModel):
    """Says of reconciliations which services they cover."""

    _name = "utility.allocating"
    _description = "Allocation of Payments"

    @api.model
    def _allocate(self, partial_ids):
        """Write the allocations of new partial reconciliations, by the policy in force on their
        day. Those that no utility account has a part in have none, and neither has money that
        goes back, nor tax that comes due when it is paid.

        A fixed number of queries, whatever the number of reconciliations.
        """
        partials = self._partials(partial_ids)
        if not partials:
            return
        items = Items(
            self.env,
            {partial.debit_id for partial in partials}
            | {partial.credit_id for partial in partials if not partial.credit_payment_id},
        )
        terms, creditors = self._terms(partials), self._creditors()
        rows = [
            row._replace(creditor_partner_id=creditors.get(row.service_id))
            for partial in partials
            for row in self._rows(partial, items, terms)
        ]
        if not rows:
            return
        columns = dict(zip(Row._fields, map(list, zip(*rows, strict=True)), strict=True))
        columns["id"] = draw_ids(self.env.cr, TABLE, len(rows))
        with references_checked(self.env.cr, TABLE, columns):
            copy_columns(self.env.cr, TABLE, columns)
        self.env["utility.payment.allocation"].invalidate_model()

    def _partials(self, partial_ids):
        if not partial_ids:
            return []
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
            SELECT part.id, part.amount::text, part.max_date, part.company_id,
                   debit.id, COALESCE(debit.utility_account_id, 0),
                   COALESCE(debit.utility_payment_id, 0),
                   credit.id, COALESCE(credit.utility_account_id, 0),
                   COALESCE(credit.utility_service_id, 0), COALESCE(credit.utility_payment_id, 0),
                   COALESCE(payment.collector_id, 0), move.move_type,
                   move.utility_run_id IS NOT NULL AND move.move_type = 'entry'
            FROM account_partial_reconcile part
            JOIN account_move_line debit ON debit.id = part.debit_move_id
            JOIN account_move_line credit ON credit.id = part.credit_move_id
            JOIN account_move move ON move.id = credit.move_id
            LEFT JOIN utility_payment payment ON payment.id = credit.utility_payment_id
            WHERE part.id = ANY(%s)
            AND (debit.utility_account_id IS NOT NULL OR credit.utility_account_id IS NOT NULL)
            AND debit.tax_line_id IS NULL AND credit.tax_line_id IS NULL
            ORDER BY part.id
            """,
                list(partial_ids),
            )
        )
        return [Partial(row[0], Decimal(row[1]), *row[2:]) for row in rows]

    def _terms(self, partials):
        """{(company, day): `Terms`}"""
        policies = self.env["utility.payment.policy"]
        companies = self.env["res.company"]
        return {
            (company_id, day): policies._terms_on(companies.browse(company_id), day)
            for company_id, day in {(partial.company_id, partial.date) for partial in partials}
        }

    def _rows(self, partial, items, terms):
        terms = terms[partial.company_id, partial.date]
        if partial.debit_account_id and not partial.debit_payment_id:
            yield from self._side(partial, items, terms, partial.debit_id, 1)
        if partial.credit_account_id and not partial.credit_payment_id:
            yield from self._side(partial, items, terms, partial.credit_id, -1)

    def _side(self, partial, items, terms, line_id, sign):
        """Rows of what is covered (1), or of what was given and is used up (-1)."""
        line = items.lines[line_id]
        services = {partial.credit_service_id} - {0} if sign > 0 else ()
        rest = partial.amount
        for item, part in spread(partial.amount, items.of(line_id), terms, services):
            items.take(line_id, item, part)
            rest -= part
            yield self._row(partial, line, item.item_id, item.service_id, sign * part)
        if rest != ZERO:
            yield self._row(partial, line, 0, line.service_id, sign * rest)

    def _row(self, partial, line, item_id, service_id, amount):
        return Row(
            partial.id,
            line.id,
            item_id or None,
            partial.company_id,
            line.account_id or None,
            line.partner_id or None,
            service_id or None,
            None,
            line.month,
            partial.date,
            _kind(partial),
            partial.credit_payment_id or None,
            partial.credit_collector_id or None,
            str(amount),
        )

    def _creditors(self):
        """{agency service: its creditor}"""
        return dict(
            self.env.execute_query(
                SQL(
                    "SELECT id, creditor_partner_id FROM utility_service "
                    "WHERE ownership = 'agency' AND creditor_partner_id IS NOT NULL"
                )
            )
        )


def _kind(partial):
    if partial.credit_payment_id:
        return "payment"
    if partial.credit_move_type in ("out_refund", "in_refund"):
        return "refund"
    return "fund" if partial.credit_is_fund else "other"
