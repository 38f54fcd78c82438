from odoo import api, fields, models
from odoo.tools import SQL

from .payment_batch import SOURCES

BANK_STATES = [
    ("nothing", "Nothing to Receive"),
    ("waiting", "Not Received"),
    ("part", "Received in Part"),
    ("received", "Received"),
    ("other", "Received Otherwise"),
]
# what the list's entries brought upon the clearing account, and what is still on it
STANDING = SQL(
    """
    SELECT move.utility_payment_batch_id AS batch_id, SUM(line.balance) AS due,
        SUM(line.amount_residual) AS outstanding, MIN(line.date) AS first_day,
        SUM(CASE WHEN batch.commission_move_id = move.id OR EXISTS (
            SELECT FROM utility_payment_batch_commission_rel later
            WHERE later.account_move_id = move.id AND later.utility_payment_batch_id = batch.id
        ) THEN -line.balance ELSE 0 END) AS fee
    FROM utility_payment_collector collector
    JOIN account_move_line line ON line.account_id = collector.clearing_account_id
    JOIN account_move move ON move.id = line.move_id
    JOIN utility_payment_batch batch
        ON batch.id = move.utility_payment_batch_id AND batch.collector_id = collector.id
    WHERE line.parent_state = 'posted' AND line.utility_account_id IS NULL
    GROUP BY move.utility_payment_batch_id
    """
)
# what of it was settled with lines in journals of banks
BROUGHT = SQL(
    """
    SELECT part.batch_id, SUM(part.amount) AS received, MAX(part.day) AS received_on
    FROM (
        SELECT move.utility_payment_batch_id AS batch_id, settled.amount,
            other.date AS day, other.journal_id, line.account_id
        FROM account_partial_reconcile settled
        JOIN account_move_line line ON line.id = settled.debit_move_id
        JOIN account_move move ON move.id = line.move_id
        JOIN account_move_line other ON other.id = settled.credit_move_id
        WHERE move.utility_payment_batch_id IS NOT NULL AND line.account_id = ANY(
            SELECT clearing_account_id FROM utility_payment_collector)
        UNION ALL
        SELECT move.utility_payment_batch_id, -settled.amount, other.date, other.journal_id,
            line.account_id
        FROM account_partial_reconcile settled
        JOIN account_move_line line ON line.id = settled.credit_move_id
        JOIN account_move move ON move.id = line.move_id
        JOIN account_move_line other ON other.id = settled.debit_move_id
        WHERE move.utility_payment_batch_id IS NOT NULL AND line.account_id = ANY(
            SELECT clearing_account_id FROM utility_payment_collector)
    ) part
    JOIN account_journal journal ON journal.id = part.journal_id
    WHERE journal.type IN ('bank', 'credit')
    GROUP BY part.batch_id
    """
)


class PaymentControlReport(models.Model):
    """Register of payments: of each list what it states, what was found and registered in it, and
    what of it has come to the bank. The ledger says what came, whoever reconciled it."""

    _name = "utility.payment.control.report"
    _description = "Register of Payments"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "batch_id"

    batch_id = fields.Many2one("utility.payment.batch", "List", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    collector_id = fields.Many2one("utility.payment.collector", readonly=True)
    source = fields.Selection(SOURCES, readonly=True)
    state = fields.Selection(
        selection=lambda self: self.env["utility.payment.batch"]._fields["state"].selection,
        readonly=True,
    )
    date = fields.Date(readonly=True)
    stated_count = fields.Integer("Payments, as Stated", readonly=True)
    stated_amount = fields.Monetary("Sum, as Stated", readonly=True)
    payment_count = fields.Integer("Payments", readonly=True)
    amount = fields.Monetary("Found", readonly=True)
    registered = fields.Monetary(readonly=True, help="What stands in the ledger.")
    commission = fields.Monetary("Commission Booked", readonly=True)
    transferred = fields.Monetary("Transferred, as Stated", readonly=True)
    due = fields.Monetary(
        "To Receive", readonly=True, help="Registered payments less the commission booked."
    )
    received = fields.Monetary("Received at the Bank", readonly=True)
    received_on = fields.Date(readonly=True)
    otherwise = fields.Monetary(
        "Received Otherwise", readonly=True, help="Settled by an entry that is not the bank's."
    )
    outstanding = fields.Monetary("Difference", readonly=True, help="What has not come yet.")
    bank_state = fields.Selection(BANK_STATES, "At the Bank", readonly=True)
    days_outstanding = fields.Integer(
        readonly=True,
        aggregator="max",
        help="From the first entry until the bank brought the rest, or until today.",
    )

    _depends = {
        "utility.payment.batch": ["amount", "collector_id", "commission", "date", "state"],
        "account.move.line": ["amount_residual", "balance", "parent_state", "reconciled"],
        "account.partial.reconcile": ["amount", "credit_move_id", "debit_move_id"],
    }

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT %(columns)s
            FROM utility_payment_batch batch
            JOIN utility_payment_collector collector ON collector.id = batch.collector_id
            JOIN account_account ledger ON ledger.id = collector.clearing_account_id
            JOIN res_company company ON company.id = batch.company_id
            LEFT JOIN (%(standing)s) standing ON standing.batch_id = batch.id
            LEFT JOIN (%(brought)s) brought ON brought.batch_id = batch.id
            WHERE batch.state <> 'cancelled'
            """,
            columns=self._report_columns(),
            standing=STANDING,
            brought=BROUGHT,
        )

    @api.model
    def _report_columns(self):
        return SQL(
            """
            batch.id, batch.id AS batch_id, batch.company_id, company.currency_id,
            batch.collector_id, batch.source, batch.state, batch.date, batch.stated_count,
            batch.stated_amount, batch.payment_count, batch.amount,
            COALESCE(standing.due + standing.fee, 0) AS registered,
            COALESCE(standing.fee, 0) AS commission,
            batch.transferred, COALESCE(standing.due, 0) AS due,
            COALESCE(brought.received, 0) AS received, brought.received_on,
            CASE WHEN ledger.reconcile THEN COALESCE(standing.due, 0)
                - COALESCE(standing.outstanding, 0) - COALESCE(brought.received, 0)
                ELSE 0 END AS otherwise,
            CASE WHEN ledger.reconcile THEN COALESCE(standing.outstanding, 0) ELSE 0 END
                AS outstanding,
            CASE WHEN ledger.reconcile IS NOT TRUE OR COALESCE(standing.due, 0) = 0
                    AND COALESCE(standing.outstanding, 0) = 0 THEN 'nothing'
                WHEN standing.outstanding <> 0 AND standing.outstanding <> standing.due
                    THEN 'part'
                WHEN standing.outstanding <> 0 THEN 'waiting'
                WHEN COALESCE(brought.received, 0) <> standing.due THEN 'other'
                ELSE 'received' END AS bank_state,
            CASE WHEN ledger.reconcile IS NOT TRUE OR standing.first_day IS NULL THEN NULL
                WHEN standing.outstanding = 0 THEN
                    COALESCE(brought.received_on, standing.first_day) - standing.first_day
                ELSE %(today)s - standing.first_day END AS days_outstanding
            """,
            today=fields.Date.context_today(self),
        )

    def action_open_list(self):
        """The list itself, with its payments."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "utility.payment.batch",
            "res_id": self.batch_id.id,
            "view_mode": "form",
        }
