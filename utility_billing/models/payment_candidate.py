from odoo import api, fields, models
from odoo.tools import format_amount

from .payment import METHODS


class PaymentCandidate(models.Model):
    """An account that a payment may be for, and why."""

    _name = "utility.payment.candidate"
    _description = "Candidate for a Payment"
    _order = "payment_id, score desc, id"
    _rec_name = "account_id"

    payment_id = fields.Many2one("utility.payment", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True)
    account_id = fields.Many2one("utility.account", required=True, ondelete="cascade")
    bill_id = fields.Many2one("account.move", ondelete="set null")
    takes_back_id = fields.Many2one("utility.payment", ondelete="cascade")
    score = fields.Integer(aggregator=None)
    method = fields.Selection(METHODS, "Matched by")
    evidence = fields.Text(help="Why it may be this account.")
    partner_id = fields.Many2one(related="account_id.partner_id")
    payer_id = fields.Many2one(
        "res.partner", "Paid for", help="The former payer whose debt may be paid; empty: today's."
    )
    address = fields.Char(related="account_id.address")
    currency_id = fields.Many2one(related="account_id.currency_id")
    owed = fields.Monetary(compute="_compute_owed")
    open_bills = fields.Text(compute="_compute_owed")
    is_exact = fields.Boolean(
        compute="_compute_owed", help="The payment is exactly what is owed, or what one bill is."
    )

    @api.depends("account_id")
    def _compute_owed(self):
        bills = self._open_bills()
        for candidate in self:
            account = candidate.account_id
            candidate.owed = account.balance
            found = bills.get(account, ())
            candidate.open_bills = "\n".join(
                f"{name}: {format_amount(self.env, left, candidate.currency_id)}"
                for name, left in found[:4]
            )
            sums = [candidate.owed, *(left for _name, left in found)]
            candidate.is_exact = any(
                not candidate.currency_id.compare_amounts(candidate.payment_id.amount, each)
                for each in sums
            )

    def _open_bills(self):
        """{account: [(number, open)]}, the newest first"""
        found = {}
        # whoever places payments sees what they may cover, without reading the ledger
        for bill in (
            self.env["account.move"]
            .sudo()
            .search(
                [
                    ("utility_account_id", "in", self.account_id.ids),
                    ("state", "=", "posted"),
                    ("move_type", "=", "out_invoice"),
                    ("amount_residual", ">", 0),
                ],
                order="invoice_date desc, id desc",
            )
        ):
            found.setdefault(bill.utility_account_id, []).append((bill.name, bill.amount_residual))
        return found

    def action_choose(self):
        """This is the account: the payment is placed on it."""
        self.ensure_one()
        self.payment_id._place(
            {
                "account_id": self.account_id._owing_account().id,
                "partner_id": self.payer_id.id,
                "bill_id": self.bill_id.id,
                "takes_back_id": self.takes_back_id.id,
            }
        )
        return True
