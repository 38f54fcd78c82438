from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .payment import OPEN

SOURCES = [
    ("file", "From a file"),
    ("typed", "Typed"),
    ("desk", "Cash desk"),
    ("online", "Online"),
]


class PaymentBatch(models.Model):
    """A list of payments from one collector: matched with accounts, then registered."""

    _name = "utility.payment.batch"
    _description = "List of Payments"
    _inherit = ["utility.run.mixin", "mail.thread"]
    _order = "date desc, id desc"
    _check_company_auto = True
    _working_states = ("matching", "registering")
    _channel = "root.utility_payment"

    name = fields.Char(compute="_compute_name", store=True, readonly=False, precompute=True)
    collector_id = fields.Many2one(
        "utility.payment.collector",
        required=True,
        index=True,
        check_company=True,
        ondelete="restrict",
        tracking=True,
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one("res.currency", related="company_id.currency_id")
    date = fields.Date(required=True, default=fields.Date.context_today, index=True)
    date_booked = fields.Date(
        "Booked on", help="Day of the entries. Empty: the day on which each payment was made."
    )
    source = fields.Selection(SOURCES, required=True, default="typed", readonly=True)
    state = fields.Selection(
        [
            ("draft", "New"),
            ("matching", "Matching"),
            ("review", "To Review"),
            ("registering", "Registering"),
            ("done", "Registered"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
    )
    import_batch_id = fields.Many2one(
        "utility.import.batch", "Import", readonly=True, copy=False, index="btree_not_null"
    )
    payment_ids = fields.One2many("utility.payment", "batch_id", "Payments")
    slice_ids = fields.One2many("utility.payment.slice", "batch_id", readonly=True)
    stated_count = fields.Integer(
        "Payments, as Stated", help="As the file or the list says itself."
    )
    stated_amount = fields.Monetary("Sum, as Stated")
    commission = fields.Monetary(help="What the collector keeps of the sum.")
    transferred = fields.Monetary(help="As the bank statement or the list has it.")
    payment_count = fields.Integer("Payments in the List", compute="_compute_sums", store=True)
    amount = fields.Monetary("Sum", compute="_compute_sums", store=True)
    open_count = fields.Integer("To Be Placed", compute="_compute_sums", store=True)
    difference = fields.Monetary(
        compute="_compute_difference",
        help="What the sum of the payments differs by from what the list states.",
    )
    move_ids = fields.One2many("account.move", "utility_payment_batch_id", "Entries", readonly=True)
    commission_move_id = fields.Many2one("account.move", "Entry of the Commission", readonly=True)

    _import_once = models.UniqueIndex(
        "(import_batch_id) WHERE import_batch_id IS NOT NULL", "A file is one list of payments."
    )

    @api.depends("collector_id.name", "date")
    def _compute_name(self):
        for batch in self:
            batch.name = f"{batch.collector_id.name or ''} {batch.date or ''}".strip()

    @api.depends(
        "payment_ids.amount", "payment_ids.currency_id", "payment_ids.date", "payment_ids.state"
    )
    def _compute_sums(self):
        for batch, sums in self._sums_by_state():
            counted = [found for state, found in sums.items() if state != "skipped"]
            batch.payment_count = sum(count for count, _amount in counted)
            batch.amount = sum(amount for _count, amount in counted)
            batch.open_count = sum(sums[state][0] for state in OPEN if state in sums)

    def _sums_by_state(self):
        """[(batch, {state: (payments, their sum in the company's currency)})]"""
        found = defaultdict(lambda: defaultdict(lambda: (0, 0.0)))
        for batch, state, currency, day, count, amount in self.env["utility.payment"]._read_group(
            [("batch_id", "in", self.ids)],
            ["batch_id", "state", "currency_id", "date:day"],
            ["__count", "amount:sum"],
        ):
            known, total = found[batch][state]
            total += batch._in_own_currency(amount, currency, day)
            found[batch][state] = known + count, batch.currency_id.round(total)
        return [(batch, found[batch._origin]) for batch in self]

    def _in_own_currency(self, amount, currency, day):
        """An amount in the company's currency, at the rate of a day."""
        return currency._convert(amount, self.currency_id, self.company_id, day or self.date)

    def _payments_in(self, states, least_score=0):
        """The list's payments in some states, not read yet."""
        domain = Domain("batch_id", "=", self.id) & Domain("state", "in", states)
        if least_score:
            domain &= Domain("score", ">=", least_score)
        return self.env["utility.payment"].search(domain, order="id")

    @api.depends("amount", "stated_amount", "payment_count", "stated_count")
    def _compute_difference(self):
        for batch in self:
            stated = batch.stated_amount or batch.stated_count
            batch.difference = batch.amount - batch.stated_amount if stated else 0

    @api.ondelete(at_uninstall=False)
    def _unlink_except_new(self):
        for batch in self.filtered(lambda batch: batch.state != "draft" or batch.import_batch_id):
            raise UserError(
                self.env._("%s is kept for the record: cancel it instead.", batch.display_name)
            )

    # -- stages -----------------------------------------------------------------------------

    def _slices(self):
        return self.slice_ids.filtered(lambda part: part.stage == self.state)

    def _conclude(self):
        """After matching, sure payments are registered; what is left waits for a person."""
        self.ensure_one()
        if self.state == "matching":
            self.state = "review"
            self._register_sure()
        else:
            self._finish_registering()

    def _settled_state(self):
        return "review" if self.open_count else "done"
