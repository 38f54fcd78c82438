from odoo import api, fields, models
from odoo.tools import SQL

from .payment import STATES
from .staged_payments import STAGED

KINDS = [
    *(
        (state, label)
        for state, label in STATES
        if state not in ("registered", "returned", "skipped")
    ),
    ("credit", "Credit"),
    ("staged", "Line of a File"),
]
AGES = [
    ("week", "Up to 7 days"),
    ("month", "8 to 30 days"),
    ("quarter", "31 to 90 days"),
    ("old", "Over 90 days"),
]


class PaymentUnplacedReport(models.Model):
    """Money that is in no bill: payments that are not placed, lines of files that are not payments
    yet, and credits of accounts."""

    _name = "utility.payment.unplaced.report"
    _description = "Unplaced Money"
    _auto = False
    _order = "date, id"
    _rec_name = "payment_id"

    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    kind = fields.Selection(KINDS, "What It Is", readonly=True)
    reason = fields.Char(readonly=True, help="Why the payment waits; of a credit: where from.")
    date = fields.Date("Since", readonly=True)
    age = fields.Integer("Days", readonly=True, aggregator="max")
    age_group = fields.Selection(AGES, "Age", readonly=True)
    payment_id = fields.Many2one("utility.payment", readonly=True)
    collector_id = fields.Many2one("utility.payment.collector", readonly=True)
    move_id = fields.Many2one("account.move", "Entry", readonly=True)
    account_id = fields.Many2one("utility.account", readonly=True)
    partner_id = fields.Many2one("res.partner", "Payer", readonly=True)
    payer_name = fields.Char(readonly=True, help="As it came.")
    amount = fields.Monetary(readonly=True)
    import_row_id = fields.Many2one("utility.import.row", "Row of the File", readonly=True)

    _depends = {
        "utility.payment": ["account_id", "amount", "date", "reason", "refusal", "state"],
        "account.move.line": ["amount_residual", "parent_state", "reconciled"],
        "utility.import.row": ["parsed", "problem_fields", "reason", "state"],
    }

    @property
    def _table_query(self):
        today = fields.Date.context_today(self)
        return SQL(
            """
            SELECT part.*, %(today)s - part.date AS age,
                CASE WHEN %(today)s - part.date <= 7 THEN 'week'
                    WHEN %(today)s - part.date <= 30 THEN 'month'
                    WHEN %(today)s - part.date <= 90 THEN 'quarter' ELSE 'old' END AS age_group
            FROM (%(waiting)s UNION ALL %(credits)s UNION ALL %(staged)s) part
            """,
            today=today,
            waiting=self._report_waiting(),
            credits=self._report_credits(),
            staged=self._report_staged(),
        )

    @api.model
    def _report_waiting(self):
        return SQL(
            """
            SELECT payment.id::bigint * 3 AS id, payment.company_id, payment.currency_id,
                payment.state AS kind,
                COALESCE(payment.refusal, payment.reason) AS reason, payment.date,
                payment.id AS payment_id,
                payment.collector_id, NULL::int AS move_id, payment.account_id,
                payment.partner_id, payment.payer_name, payment.amount,
                NULL::int AS import_row_id
            FROM utility_payment payment
            JOIN utility_payment_batch batch ON batch.id = payment.batch_id
            WHERE batch.state <> 'cancelled'
                AND payment.state IN ('new', 'matched', 'doubtful', 'unmatched')
            """
        )

    @api.model
    def _report_credits(self):
        return SQL(
            """
            SELECT line.id::bigint * 3 + 1, line.company_id, company.currency_id, 'credit',
                line.name, line.date, line.utility_payment_id, payment.collector_id, line.move_id,
                line.utility_account_id, line.partner_id, payment.payer_name,
                -line.amount_residual, NULL
            FROM account_move_line line
            JOIN res_company company ON company.id = line.company_id
            JOIN account_account ledger ON ledger.id = line.account_id
                AND ledger.account_type = 'asset_receivable'
            LEFT JOIN utility_payment payment ON payment.id = line.utility_payment_id
            WHERE line.utility_account_id IS NOT NULL AND line.parent_state = 'posted'
                AND line.reconciled IS NOT TRUE AND line.amount_residual < 0
            """
        )

    @api.model
    def _report_staged(self):
        return SQL(
            """
            SELECT line.id::bigint * 3 + 2, line.company_id, line.currency_id, 'staged',
                line.reason, line.date, NULL, line.collector_id, NULL, NULL, NULL,
                line.payer_name, line.amount, line.id
            FROM (%s) line
            """,
            STAGED,
        )

    def action_open(self):
        """The payment to be placed, the file's line to be mended, or the account with the
        credit."""
        self.ensure_one()
        names = {"credit": "account_id", "staged": "import_row_id"}
        record = self[names.get(self.kind, "payment_id")]
        return {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "view_mode": "form",
        }
