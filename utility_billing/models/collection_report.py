from odoo import api, fields, models
from odoo.tools import SQL

from .payment_report import BUILDING

BILLS = SQL(
    "move.utility_account_id IS NOT NULL AND move.state = 'posted' "
    "AND move.move_type IN ('out_invoice', 'out_refund')"
)
# a bill's line in the company's currency; a credit note's is below zero
ACCRUED = SQL(
    """ROUND(line.price_total * CASE WHEN move.move_type = 'out_refund' THEN -1 ELSE 1 END
        / COALESCE(NULLIF(move.invoice_currency_rate, 0), 1), currency.decimal_places)"""
)


class CollectionReport(models.Model):
    """What bills accrued against what was collected for them, by service and month.

    Accrued is what bills come to, with tax; collected is what payments covered of it; what funds,
    credit notes and other entries covered stands beside.
    """

    _name = "utility.collection.report"
    _description = "Accrued against Collected"
    _auto = False
    _order = "month desc, id desc"
    _rec_name = "service_id"

    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    month = fields.Date("Billed Month", readonly=True)
    collected_on = fields.Date(
        readonly=True, help="When the money covered it. Of what was accrued: the bill's day."
    )
    kind = fields.Selection(
        [
            ("accrued", "Accrued"),
            ("payment", "Payment"),
            ("fund", "Fund"),
            ("refund", "Credit note"),
            ("other", "Other entry"),
        ],
        readonly=True,
    )
    account_id = fields.Many2one("utility.account", readonly=True)
    building_id = fields.Many2one("utility.premise", readonly=True)
    partner_id = fields.Many2one("res.partner", "Payer", readonly=True)
    service_id = fields.Many2one("utility.service", readonly=True)
    collector_id = fields.Many2one("utility.payment.collector", readonly=True)
    accrued = fields.Monetary(readonly=True)
    collected = fields.Monetary(readonly=True, help="By payments.")
    covered_otherwise = fields.Monetary(
        readonly=True,
        help="Of bills, by funds, credit notes and other entries. Accrued less collected less this "
        "is what is open of bills, where no debts from before were taken over.",
    )
    rate = fields.Float(
        "Collection Rate, %",
        readonly=True,
        aggregator="avg",
        digits=(6, 2),
        help="What payments covered, of a hundred that was accrued.",
    )

    _depends = {
        "account.move": ["invoice_currency_rate", "move_type", "state", "utility_month"],
        "account.move.line": ["price_total", "utility_service_id"],
        "utility.payment.allocation": ["amount", "date", "kind", "month", "service_id"],
    }

    def _read_group_select(self, aggregate_spec, query):
        """The rate of a group is that of its sums."""
        if aggregate_spec != "rate:avg":
            return super()._read_group_select(aggregate_spec, query)
        return SQL(
            "100.0 * SUM(%s) / NULLIF(SUM(%s), 0)",
            self._field_to_sql(self._table, "collected", query),
            self._field_to_sql(self._table, "accrued", query),
        )

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT part.id, part.company_id, company.currency_id, part.month, part.collected_on,
                part.kind, part.account_id, %(building)s AS building_id, part.partner_id,
                part.service_id, part.collector_id, part.accrued,
                CASE WHEN part.kind = 'payment' THEN part.covered ELSE 0 END AS collected,
                CASE WHEN part.kind = 'payment' THEN 0 ELSE part.covered END
                    AS covered_otherwise,
                CASE WHEN part.kind = 'accrued' THEN 0.0 END AS rate
            FROM (%(lines)s UNION ALL %(rests)s UNION ALL %(covered)s) part
            JOIN res_company company ON company.id = part.company_id
            LEFT JOIN utility_account account ON account.id = part.account_id
            LEFT JOIN utility_premise place ON place.id = account.premise_id
            """,
            building=BUILDING,
            lines=self._report_lines(),
            rests=self._report_rests(),
            covered=self._report_covered(),
        )

    @api.model
    def _report_lines(self):
        return SQL(
            """
            SELECT line.id::bigint * 4 AS id, move.company_id,
                date_trunc('month', COALESCE(move.utility_month, move.date))::date AS month,
                move.date AS collected_on, 'accrued' AS kind,
                move.utility_account_id AS account_id, move.partner_id,
                line.utility_service_id AS service_id, NULL::int AS collector_id,
                %(accrued)s AS accrued, 0.0 AS covered
            FROM account_move move
            JOIN account_move_line line ON line.move_id = move.id
                AND line.display_type = 'product'
            JOIN res_company company ON company.id = move.company_id
            JOIN res_currency currency ON currency.id = company.currency_id
            WHERE %(bills)s
            """,
            accrued=ACCRUED,
            bills=BILLS,
        )

    @api.model
    def _report_rests(self):
        """What a bill's total differs by from the sum of its lines: it is rounded as a whole."""
        return SQL(
            """
            SELECT move.id::bigint * 4 + 1, move.company_id,
                date_trunc('month', COALESCE(move.utility_month, move.date))::date, move.date,
                'accrued', move.utility_account_id, move.partner_id, NULL::int, NULL::int,
                move.amount_total_signed - SUM(%(accrued)s), 0.0
            FROM account_move move
            JOIN account_move_line line ON line.move_id = move.id
                AND line.display_type = 'product'
            JOIN res_company company ON company.id = move.company_id
            JOIN res_currency currency ON currency.id = company.currency_id
            WHERE %(bills)s
            GROUP BY move.id HAVING move.amount_total_signed <> SUM(%(accrued)s)
            """,
            accrued=ACCRUED,
            bills=BILLS,
        )

    @api.model
    def _report_covered(self):
        """What payments covered, debts taken over among it; what else covered bills."""
        return SQL(
            """
            SELECT id::bigint * 4 + 2, company_id, month, date, kind, account_id, partner_id,
                service_id, collector_id, 0.0, amount
            FROM utility_payment_allocation part
            WHERE kind = 'payment' OR EXISTS (
                SELECT FROM account_move_line owed JOIN account_move move ON move.id = owed.move_id
                WHERE owed.id = part.line_id AND %s)
            """,
            BILLS,
        )
