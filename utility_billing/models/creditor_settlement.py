from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

STATES = [
    ("draft", "New"),
    ("approved", "Approved"),
    ("posted", "In the Ledger"),
    ("paid", "Paid"),
    ("cancelled", "Cancelled"),
]
# what follows from the buttons
STEPS = frozenset({"state", "move_id", "invoice_id", "approved_by", "approved_at"})
SCOPE = frozenset({"creditor_id", "company_id", "date_from", "date_to", "date"})


class CreditorSettlement(models.Model):
    """What is to be paid to a creditor for whom money was collected: by service and day, less the
    company's own fee. What a settlement took, no other takes; what is returned later lessens the
    next."""

    _name = "utility.creditor.settlement"
    _description = "Settlement with a Creditor"
    _inherit = ["mail.thread"]
    _order = "date_to desc, id desc"
    _check_company_auto = True
    _mail_post_access = "read"

    name = fields.Char(compute="_compute_name", store=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    creditor_id = fields.Many2one(
        "res.partner", required=True, index=True, ondelete="restrict", tracking=True
    )
    date_from = fields.Date(
        "From",
        compute="_compute_date_from",
        store=True,
        readonly=False,
        precompute=True,
        help="What changed on earlier days is taken in, too, and shown apart.",
    )
    date_to = fields.Date(
        "To", required=True, default=lambda self: self._default_date_to(), tracking=True
    )
    date = fields.Date(
        "Booked on", required=True, default=fields.Date.context_today, help="Day of the entry."
    )
    state = fields.Selection(
        STATES,
        compute="_compute_state",
        store=True,
        required=True,
        default="draft",
        copy=False,
        tracking=True,
        index=True,
    )
    line_ids = fields.One2many("utility.creditor.settlement.line", "settlement_id", readonly=True)
    service_ids = fields.One2many(
        "utility.creditor.settlement.service", "settlement_id", readonly=True
    )
    collected = fields.Monetary(compute="_compute_sums", store=True)
    returned = fields.Monetary(
        compute="_compute_sums", store=True, help="Taken back since an earlier settlement."
    )
    fee = fields.Monetary("Own Fee", compute="_compute_sums", store=True, help="Without tax.")
    net = fields.Monetary("For the Creditor", compute="_compute_sums", store=True)
    payable = fields.Monetary(
        "To Be Paid",
        compute="_compute_payable",
        help="Once in the ledger: what the entry says, the fee with its tax taken off if it is "
        "kept back.",
    )
    not_collected = fields.Monetary(
        "Billed, Not Collected Yet", compute="_compute_sums", store=True
    )
    move_id = fields.Many2one("account.move", "Entry", copy=False, index="btree_not_null")
    invoice_id = fields.Many2one(
        "account.move", "Invoice of the Fee", copy=False, index="btree_not_null"
    )
    approved_by = fields.Many2one("res.users", readonly=True, copy=False)
    approved_at = fields.Datetime("Approved on", readonly=True, copy=False)
    note = fields.Text()

    _dates_in_order = models.Constraint(
        "CHECK (date_from IS NULL OR date_from <= date_to)",
        "The last day may not come before the first one.",
    )
    _one_open = models.UniqueIndex(
        "(company_id, creditor_id) WHERE state IN ('draft', 'approved')",
        "The creditor has a settlement that is not in the ledger yet: finish or cancel it first.",
    )

    # -- defaults and computes --------------------------------------------------------------

    @api.model
    def _default_date_to(self):
        """The last day of the month before this one."""
        first = fields.Date.context_today(self).replace(day=1)
        return fields.Date.subtract(first, days=1)

    @api.depends("creditor_id.name", "date_to")
    def _compute_name(self):
        for settlement in self:
            settlement.name = f"{settlement.creditor_id.name or ''} {settlement.date_to or ''}"

    @api.depends("creditor_id", "company_id")
    def _compute_date_from(self):
        """The day after the last settlement, or the first on which anything was collected."""
        for settlement in self.filtered(lambda settlement: settlement.state in (False, "draft")):
            last = self.search(
                [
                    ("creditor_id", "=", settlement.creditor_id.id),
                    ("company_id", "=", settlement.company_id.id),
                    ("state", "in", ("posted", "paid")),
                ],
                order="date_to desc",
                limit=1,
            )
            settlement.date_from = (
                fields.Date.add(last.date_to, days=1) if last else settlement._first_day()
            )

    def _first_day(self):
        first = (
            self.env["utility.payment.allocation"]
            .sudo()
            .search(
                [
                    ("company_id", "=", self.company_id.id),
                    ("creditor_partner_id", "=", self.creditor_id.id),
                    ("date", "<=", self.date_to),
                ],
                order="date",
                limit=1,
            )
        )
        return first.date or (self.date_to and self.date_to.replace(day=1))

    @api.depends("move_id.line_ids.reconciled")
    def _compute_state(self):
        """Paid once the ledger says that nothing of it is open."""
        for settlement in self:
            settlement.state = settlement.state or "draft"
            if settlement.state in ("posted", "paid"):
                owed = settlement._owed_lines()
                is_paid = owed and all(owed.mapped("reconciled"))
                settlement.state = "paid" if is_paid else "posted"

    @api.depends("service_ids.collected", "service_ids.returned", "service_ids.fee")
    def _compute_sums(self):
        for settlement in self:
            rows = settlement.service_ids
            settlement.collected = sum(rows.mapped("collected"))
            settlement.returned = sum(rows.mapped("returned"))
            settlement.fee = sum(rows.mapped("fee"))
            settlement.net = sum(rows.mapped("amount"))
            settlement.not_collected = sum(rows.mapped("not_collected"))

    @api.depends("move_id", "net", "fee")
    def _compute_payable(self):
        for settlement in self:
            lines = settlement._owed_lines()
            settlement.payable = -sum(lines.mapped("balance")) if lines else settlement.net

    def _owed_lines(self):
        """Ledger lines of what is owed to the creditor."""
        return self.sudo().move_id.line_ids.filtered(
            lambda line: line.account_id.account_type == "liability_payable"
        )

    # -- checks and CRUD --------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._refuse_by_hand(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._refuse_by_hand(vals)
        if SCOPE & set(vals):
            for settlement in self.filtered(lambda settlement: settlement.state != "draft"):
                raise UserError(
                    self.env._("%s is approved: take it back to change it.", settlement.name)
                )
        return super().write(vals)

    def _refuse_by_hand(self, vals):
        if STEPS & set(vals) and not self.env.su:
            raise AccessError(self.env._("A settlement goes on by its buttons."))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_draft(self):
        for settlement in self.filtered(lambda settlement: settlement.state != "draft"):
            raise UserError(
                self.env._("%s is kept for the record: cancel it instead.", settlement.name)
            )
