from odoo import api, fields, models
from odoo.tools import SQL

from .payment_control_report import BANK_STATES


class PaymentBatch(models.Model):
    """What of a list has come to the bank, as the ledger says."""

    _inherit = "utility.payment.batch"

    bank_state = fields.Selection(
        BANK_STATES, "At the Bank", compute="_compute_bank", search="_search_bank_state"
    )
    bank_due = fields.Monetary(
        "To Receive",
        compute="_compute_bank",
        help="Registered payments less the commission that is booked.",
    )
    bank_received = fields.Monetary("Received at the Bank", compute="_compute_bank")
    bank_received_on = fields.Date("Received on", compute="_compute_bank")
    bank_outstanding = fields.Monetary(
        "Not Received Yet",
        compute="_compute_bank",
        help="What still stands on the clearing account.",
    )

    @api.depends("state", "commission_move_id", "commission_more_ids")
    def _compute_bank(self):
        self.env.flush_all()
        # what came to the bank is the accountants'; that it came everybody may see who pays in
        rows = self.env["utility.payment.control.report"].sudo().search([("id", "in", self.ids)])
        told = {row.id: row for row in rows}
        for batch in self:
            row = told.get(batch._origin.id)
            batch.bank_state = row.bank_state if row else "nothing"
            batch.bank_due = row.due if row else 0.0
            batch.bank_received = row.received if row else 0.0
            batch.bank_received_on = row.received_on if row else False
            batch.bank_outstanding = row.outstanding if row else 0.0

    @api.model
    def _search_bank_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        rows = (
            self.env["utility.payment.control.report"]
            .sudo()
            ._search([("bank_state", "in", list(value))])
        )
        return [("id", "in", rows)]

    def _bank_lines(self):
        """Lines of bank statements that brought something of the lists."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
            SELECT DISTINCT bank.statement_line_id
            FROM account_move entry
            JOIN account_move_line line ON line.move_id = entry.id
            JOIN utility_payment_batch batch ON batch.id = entry.utility_payment_batch_id
            JOIN utility_payment_collector collector ON collector.id = batch.collector_id
                AND collector.clearing_account_id = line.account_id
            JOIN account_partial_reconcile settled
                ON line.id IN (settled.debit_move_id, settled.credit_move_id)
            JOIN account_move_line other
                ON other.id IN (settled.debit_move_id, settled.credit_move_id)
            JOIN account_move bank ON bank.id = other.move_id
            WHERE batch.id = ANY(%s) AND bank.statement_line_id IS NOT NULL
            """,
                self.ids,
            )
        )
        return self.env["account.bank.statement.line"].browse(sorted(row[0] for row in rows))

    def action_open_bank_lines(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Bank Lines of %s", self.name),
            "res_model": "account.bank.statement.line",
            "view_mode": "list",
            "domain": [("id", "in", self._bank_lines().ids)],
        }
