from odoo import api, fields, models
from odoo.exceptions import ValidationError

KINDS = [
    ("bank", "Bank"),
    ("post", "Post"),
    ("terminal", "Terminals"),
    ("shop", "Shops"),
    ("desk", "Cash desk"),
    ("online", "Card and online"),
    ("court", "Court and bailiffs"),
    ("other", "Other"),
]


class PaymentCollector(models.Model):
    """Who takes money in for the company: a bank, the post, shops, its own cash desk. What he has
    taken stands on his clearing account until the bank statement brings it."""

    _name = "utility.payment.collector"
    _description = "Payment Collector"
    _inherit = ["mail.thread"]
    _order = "sequence, name"
    _check_company_auto = True

    name = fields.Char(required=True, tracking=True)
    code = fields.Char(help="Short name in reports and files.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    kind = fields.Selection(KINDS, required=True, default="bank")
    partner_id = fields.Many2one("res.partner", help="Whose commission it is.")
    iban = fields.Char(
        "Pays from",
        help="Account from which the collector's transfers come: the bank statement's line is "
        "recognised by it.",
    )
    journal_id = fields.Many2one(
        "account.journal",
        check_company=True,
        domain="[('type', '=', 'general')]",
        help="Where payments are booked. Empty: the company's journal of payments.",
    )
    clearing_account_id = fields.Many2one(
        "account.account",
        check_company=True,
        required=True,
        default=lambda self: self.env.company.transfer_account_id,
        domain="['|', '&', ('reconcile', '=', True), ('account_type', '=', 'asset_current'), "
        "('account_type', '=', 'asset_cash')]",
        tracking=True,
        help="What the collector has taken and not paid over yet. It is reconciled with the bank "
        "statement. Of a cash desk: the drawer, an account of cash.",
    )
    commission_account_id = fields.Many2one(
        "account.account",
        check_company=True,
        domain="[('account_type', 'in', ('expense', 'expense_direct_cost'))]",
    )
    commission_percent = fields.Float(digits=(6, 4), tracking=True)
    commission_fixed = fields.Monetary(
        "Commission a Payment", tracking=True, help="Added to the per cent, for each payment."
    )
    commission_deducted = fields.Boolean(
        "Commission Is Kept Back",
        default=True,
        help="The transfer is less than what was paid, by the commission. Otherwise the collector "
        "sends an invoice for it.",
    )
    batch_ids = fields.One2many("utility.payment.batch", "collector_id", "Lists of Payments")
    note = fields.Text()

    _commission_positive = models.Constraint(
        "CHECK (commission_percent BETWEEN 0 AND 100 AND commission_fixed >= 0)",
        "A commission is from 0 to 100 per cent, and not below zero.",
    )

    @api.constrains("clearing_account_id", "kind")
    def _check_clearing_account(self):
        for collector in self:
            account = collector.clearing_account_id
            if collector.kind == "desk" and account.account_type == "asset_cash":
                continue
            if not account.reconcile:
                raise ValidationError(
                    self.env._(
                        "%s: allow reconciliation on the clearing account, so that the bank "
                        "statement can clear it.",
                        collector.name,
                    )
                )

    def _journal(self):
        self.ensure_one()
        return self.journal_id or self.company_id._utility_payment_journal()

    def _commission_of(self, amount, count):
        """What the collector keeps of so many payments."""
        self.ensure_one()
        return self.currency_id.round(
            amount * self.commission_percent / 100.0 + self.commission_fixed * count
        )
