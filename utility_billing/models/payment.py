from odoo import api, fields, models
from odoo.exceptions import UserError

STATES = [
    ("new", "New"),
    ("matched", "Matched"),
    ("doubtful", "Doubtful"),
    ("unmatched", "Not Matched"),
    ("registered", "Registered"),
    ("returned", "Returned"),
    ("skipped", "Left out"),
]
OPEN = ("new", "matched", "doubtful", "unmatched")
METHODS = [
    ("reference", "Payment reference"),
    ("bill", "Bill's number"),
    ("number", "Account number"),
    ("text", "Number in the text"),
    ("payer", "Payer seen before"),
    ("name", "Name and address"),
    ("amount", "Open amount"),
    ("hand", "By hand"),
]


class Payment(models.Model):
    """One payment as it came, and what became of it. Never deleted, never lost: what cannot be
    placed waits with a reason."""

    _name = "utility.payment"
    _description = "Payment"
    _inherit = ["mail.thread"]
    _order = "date desc, id desc"
    _check_company_auto = True
    _mail_post_access = "read"

    batch_id = fields.Many2one("utility.payment.batch", "List", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="batch_id.company_id", store=True, precompute=True)
    collector_id = fields.Many2one(
        related="batch_id.collector_id", store=True, precompute=True, index=True
    )
    number = fields.Integer("Line", aggregator=None, help="Its place in the file.")
    date = fields.Date("Paid on", required=True, default=fields.Date.context_today)
    amount = fields.Monetary(required=True)
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
    )
    reference = fields.Char(help="Structured: with check digits, or the account's number.")
    purpose = fields.Char("Text", help="What the payer wrote.")
    payer_name = fields.Char()
    payer_code = fields.Char("Payer's Code")
    payer_iban = fields.Char("Payer's IBAN")
    payer_address = fields.Char("Payer's Address")
    bank_ref = fields.Char("Transaction", help="The bank's or the collector's own number of it.")
    import_row_id = fields.Many2one(
        "utility.import.row", "Row of the File", readonly=True, index="btree_not_null", copy=False
    )
    state = fields.Selection(STATES, required=True, default="new", readonly=True, copy=False)
    reason = fields.Char(readonly=True, copy=False, help="Why it waits, or how it was matched.")
    refusal = fields.Char(
        "Cannot Be Registered",
        readonly=True,
        copy=False,
        help="Why the ledger did not take it when it was last tried.",
    )
    score = fields.Integer(readonly=True, copy=False, aggregator=None, help="From 0 to 100: sure.")
    method = fields.Selection(METHODS, "Matched by", readonly=True, copy=False)
    account_id = fields.Many2one(
        "utility.account", index="btree_not_null", check_company=True, copy=False
    )
    partner_id = fields.Many2one(
        "res.partner",
        "Paid for",
        copy=False,
        help="Whose debt under the account is paid. Empty: that of whoever owes the named bill, "
        "without one today's payer's.",
    )
    bill_id = fields.Many2one(
        "account.move",
        "Named Bill",
        index="btree_not_null",
        copy=False,
        help="The bill that the payer named: the policy may cover it first.",
    )
    part_ids = fields.One2many(
        "utility.payment.part", "payment_id", "Parts", help="Of one payment for several accounts."
    )
    move_id = fields.Many2one(
        "account.move", "Entry", readonly=True, copy=False, index="btree_not_null"
    )
    line_ids = fields.One2many("account.move.line", "utility_payment_id", "Ledger Lines")
    allocation_ids = fields.One2many("utility.payment.allocation", "payment_id", "Covers")
    credit = fields.Monetary(
        "Left over",
        compute="_compute_credit",
        currency_field="company_currency_id",
        help="What no bill has taken up yet.",
    )
    company_currency_id = fields.Many2one(
        "res.currency", "Company Currency", related="company_id.currency_id"
    )

    _amount_not_zero = models.Constraint("CHECK (amount <> 0)", "A payment of nothing is none.")
    _by_batch = models.Index("(batch_id, id)")
    _waiting = models.Index(
        "(company_id, state) WHERE state IN ('new', 'matched', 'doubtful', 'unmatched')"
    )

    @api.depends("collector_id.name", "date", "amount", "currency_id")
    def _compute_display_name(self):
        for payment in self:
            payment.display_name = (
                f"{payment.collector_id.name or ''} {payment.date or ''} {payment.amount:.2f}"
            )

    @api.depends("line_ids.amount_residual")
    def _compute_credit(self):
        # what is owed is the accountants'; what a payment has left over everybody may see
        for payment in self:
            lines = payment.sudo().line_ids.filtered(lambda line: line.utility_account_id)
            payment.credit = -sum(lines.mapped("amount_residual"))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        for payment in self.filtered(
            lambda payment: payment.import_row_id or payment.state in ("registered", "returned")
        ):
            raise UserError(
                self.env._(
                    "%s is kept for the record: leave it out with a reason, or return it.",
                    payment.display_name,
                )
            )

    def _shares(self):
        """What of the payment is for whom.

        :return: [(account, payer or nobody, service or none, amount)]
        """
        self.ensure_one()
        if self.part_ids:
            return [
                (
                    part.account_id,
                    part.partner_id or self._payer_named(part.account_id),
                    part.service_id,
                    part.amount,
                )
                for part in self.part_ids
            ]
        payer = self.partner_id or self._payer_named(self.account_id)
        return [(self.account_id, payer, self.env["utility.service"], self.amount)]

    def _payer_named(self, account):
        """Who owes the named bill, where it is the account's and not today's payer's."""
        nobody = self.env["res.partner"]
        if not self.bill_id:
            return nobody
        # the ledger is the accountants'; of the bill only who owes it is looked at
        bill = self.bill_id.sudo()
        today = account.partner_id.commercial_partner_id
        if bill.utility_account_id != account or bill.commercial_partner_id == today:
            return nobody
        return bill._utility_payer()
