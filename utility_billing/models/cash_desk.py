from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

# coins and notes, in the unit of the currency; others: those of the euro
DENOMINATIONS = {
    "EUR": "200 100 50 20 10 5 2 1 0.50 0.20 0.10 0.05 0.02 0.01",
    "UAH": "1000 500 200 100 50 20 10 5 2 1 0.50",
    "USD": "100 50 20 10 5 2 1 0.25 0.10 0.05 0.01",
}
CASHIERS = "utility_base.group_cashier"


class CashDesk(models.Model):
    """A place where money is taken over the counter: its drawer is a cash account of the ledger,
    its card terminal a collector of its own."""

    _name = "utility.cash.desk"
    _description = "Cash Desk"
    _inherit = ["mail.thread"]
    _order = "sequence, name"
    _check_company_auto = True

    name = fields.Char(required=True, tracking=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    address = fields.Char(help="Printed on receipts.")
    collector_id = fields.Many2one(
        "utility.payment.collector",
        "Cash",
        required=True,
        check_company=True,
        domain="[('kind', '=', 'desk')]",
        ondelete="restrict",
        tracking=True,
        help="Its clearing account is the drawer: what is in it is on the account.",
    )
    card_collector_id = fields.Many2one(
        "utility.payment.collector",
        "Card Terminal",
        check_company=True,
        domain="[('kind', '=', 'terminal')]",
        ondelete="restrict",
        tracking=True,
        help="Empty: no cards are taken here.",
    )
    user_ids = fields.Many2many(
        "res.users",
        string="Cashiers",
        help="Who may work here. Empty: every cashier of the company.",
    )
    bank_account_id = fields.Many2one(
        "account.account",
        "On the Way to the Bank",
        check_company=True,
        domain="[('reconcile', '=', True), ('account_type', '=', 'asset_current')]",
        default=lambda self: self.env.company.transfer_account_id,
        help="Cash handed to the bank stands here until the bank statement brings it.",
    )
    paid_out_account_id = fields.Many2one(
        "account.account",
        "Paid out",
        check_company=True,
        help="What cash paid out of the drawer is booked on.",
    )
    difference_account_id = fields.Many2one(
        "account.account",
        "Over and Short",
        check_company=True,
        tracking=True,
        help="What the drawer holds more, or less, than it should is booked here.",
    )
    cash_rounding_id = fields.Many2one(
        "account.cash.rounding",
        "Rounding of Cash",
        help="Where the smallest coins are out of use: cash is taken in what is left of them. The "
        "difference is booked at the close on the rounding's profit or loss account. Empty: cash "
        "is taken to the cent, as cards are.",
    )
    denominations = fields.Char(
        default=lambda self: DENOMINATIONS.get(
            self.env.company.currency_id.name, DENOMINATIONS["EUR"]
        ),
        required=True,
        help="Notes and coins that are counted, with spaces between them.",
    )
    receipt_prefix = fields.Char(help="Stands before the number of a receipt.")
    receipt_width = fields.Integer(default=80, required=True, help="In mm.")
    receipt_note = fields.Text("Foot of Receipts", translate=True)
    prints_at_once = fields.Boolean(
        "Print at Once", default=True, help="A receipt is printed as soon as money is taken."
    )
    last_receipt = fields.Integer(readonly=True, copy=False, aggregator=None)
    shift_ids = fields.One2many("utility.cash.shift", "desk_id", "Shifts")
    shift_id = fields.Many2one("utility.cash.shift", "Open Shift", compute="_compute_shift_id")

    _collector_once = models.UniqueIndex(
        "(collector_id)", "Each cash desk has a drawer of its own."
    )
    _width_of_paper = models.Constraint(
        "CHECK (receipt_width BETWEEN 48 AND 210)", "Receipts are 48 to 210 mm wide."
    )

    @api.depends("shift_ids.state")
    def _compute_shift_id(self):
        for desk in self:
            desk.shift_id = desk.shift_ids.filtered(lambda shift: shift.state != "closed")[:1]

    @api.constrains("denominations")
    def _check_denominations(self):
        for desk in self:
            values = desk._denominations()
            if not values or any(value <= 0 for value in values):
                raise ValidationError(
                    self.env._(
                        "%s: write notes and coins as figures with spaces between them, as "
                        "“10 5 2 1 0.50”.",
                        desk.name,
                    )
                )

    @api.constrains("collector_id", "card_collector_id")
    def _check_collectors(self):
        for desk in self:
            if desk.collector_id.kind != "desk":
                raise ValidationError(
                    self.env._(
                        "%(desk)s: “%(collector)s” is no cash desk; choose a collector of that "
                        "kind.",
                        desk=desk.name,
                        collector=desk.collector_id.name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_unused(self):
        for desk in self.filtered("shift_ids"):
            raise UserError(
                self.env._("%s has had shifts: archive it instead of deleting it.", desk.name)
            )

    def _denominations(self):
        """Notes and coins, largest first; empty where what is written cannot be read."""
        try:
            values = {float(word) for word in (self.denominations or "").split()}
        except ValueError:
            return []
        return sorted(values, reverse=True)

    def _rounding(self, means, amount):
        """What is taken more, or less, than an amount because of the coins in use."""
        if means != "cash" or not self.cash_rounding_id:
            return 0.0
        return self.cash_rounding_id.compute_difference(self.currency_id, amount)

    def _is_for(self, user):
        """Whether the user may work at the desk."""
        return not self.user_ids or user in self.user_ids

    def _lock(self):
        """Let no other money be taken at the desk until this transaction ends."""
        self.ensure_one()
        # whoever comes second is tried again by Odoo: nothing for the log
        self.env.cr.execute(
            SQL("SELECT id FROM utility_cash_desk WHERE id = %s FOR UPDATE", self.id),
            log_exceptions=False,
        )

    def _next_receipt(self):
        """The next number, of a desk that is locked: so there is no gap."""
        self.last_receipt += 1
        self.flush_recordset(["last_receipt"])
        return self.last_receipt

    def action_open_desk(self):
        self.ensure_one()
        return {
            **self.env["ir.actions.client"]._for_xml_id("utility_billing.cash_desk_action"),
            "params": {"desk_id": self.id},
        }
