from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

from .account_move_line_standing import exact
from .posting_facts import QUIET

KINDS = [
    ("return", "Return"),
    ("transfer", "Transfer to another account"),
    ("refund", "Refund to the payer"),
    ("reallocation", "Covering again"),
]
STATES = [("draft", "New"), ("done", "Done"), ("undone", "Undone")]
# what a correction was about stays as it was applied
FIXED = frozenset(
    {
        "account_id",
        "amount",
        "collector_id",
        "date",
        "kind",
        "manner",
        "part_id",
        "payment_id",
        "policy_day",
        "target_ids",
    }
)
# what follows from the buttons
STEPS = frozenset(
    {"state", "move_id", "undo_move_id", "done_by", "done_at", "undone_by", "undone_at"}
)


class PaymentCorrection(models.Model):
    """What became of a registered payment afterwards: who, when, why, and with which entry."""

    _name = "utility.payment.correction"
    _description = "Correction of a Payment"
    _inherit = ["mail.thread"]
    _order = "id desc"
    _check_company_auto = True
    _mail_post_access = "read"

    kind = fields.Selection(KINDS, required=True, default="return", index=True)
    state = fields.Selection(
        STATES, required=True, default="draft", readonly=True, copy=False, tracking=True, index=True
    )
    company_id = fields.Many2one(
        "res.company", compute="_compute_company_id", store=True, precompute=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    payment_id = fields.Many2one(
        "utility.payment",
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
        domain="[('state', '=', 'registered')]",
    )
    part_id = fields.Many2one(
        "utility.payment.part",
        ondelete="restrict",
        domain="[('payment_id', '=', payment_id)]",
        help="Empty: the whole payment.",
    )
    account_id = fields.Many2one(
        "utility.account",
        compute="_compute_account_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
        help="Under which the money stands.",
    )
    date = fields.Date(
        "Booked on", required=True, default=fields.Date.context_today, help="Day of the entry."
    )
    amount = fields.Monetary(compute="_compute_amount", store=True, readonly=False)
    available = fields.Monetary(
        "Can Be Moved",
        compute="_compute_available",
        help="What of the money stands under the account still; to be refunded, what is left over.",
    )
    reason = fields.Char(help="Why: the bank's words, or one's own.")
    move_id = fields.Many2one(
        "account.move", "Entry", readonly=True, copy=False, index="btree_not_null"
    )
    undo_move_id = fields.Many2one("account.move", "Entry of the Undoing", readonly=True)
    line_ids = fields.One2many(
        "utility.payment.correction.line", "correction_id", "Before and After", copy=False
    )
    done_by = fields.Many2one("res.users", readonly=True, copy=False)
    done_at = fields.Datetime("Done on", readonly=True, copy=False)
    undone_by = fields.Many2one("res.users", readonly=True, copy=False)
    undone_at = fields.Datetime("Undone on", readonly=True, copy=False)

    _has_subject = models.Constraint(
        "CHECK (payment_id IS NOT NULL OR kind = 'refund')",
        "Choose the payment that is corrected.",
    )

    # -- computes ---------------------------------------------------------------------------

    @api.depends("kind", "payment_id", "account_id.number")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for correction in self:
            what = correction.payment_id.display_name or correction.account_id.number or ""
            correction.display_name = f"{kinds.get(correction.kind, '')}: {what}"

    @api.depends("payment_id", "account_id")
    def _compute_company_id(self):
        for correction in self:
            correction.company_id = (
                correction.payment_id.company_id
                or correction.account_id.company_id
                or self.env.company
            )

    @api.depends("payment_id", "part_id")
    def _compute_account_id(self):
        for correction in self:
            payment = correction.payment_id
            if payment or correction.part_id:
                correction.account_id = (
                    correction.part_id.account_id
                    or payment.account_id
                    or payment.part_ids.account_id[:1]
                )

    @api.depends("kind", "payment_id", "part_id", "account_id")
    def _compute_amount(self):
        """The whole of what can be moved, unless it is told."""
        for correction in self:
            if correction.state == "draft":
                correction.amount = float(sum(correction._sources().values()))

    @api.depends("kind", "payment_id", "part_id", "account_id", "state")
    def _compute_available(self):
        for correction in self:
            correction.available = float(sum(correction._sources().values()))

    # -- checks and CRUD --------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._refuse_steps(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._refuse_steps(vals)
        if FIXED & set(vals):
            self._refuse_applied()
        return super().write(vals)

    def _refuse_steps(self, vals):
        """:raise AccessError: what only the buttons may set is written by hand"""
        if STEPS & set(vals) and not self.env.su:
            raise AccessError(
                self.env._("How far a correction is follows from its buttons: use them.")
            )

    def _refuse_applied(self):
        for correction in self.filtered(lambda correction: correction.state != "draft"):
            raise UserError(
                self.env._(
                    "%s is applied: undo it, and record another one.", correction.display_name
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_draft(self):
        for correction in self.filtered(lambda correction: correction.state != "draft"):
            raise UserError(
                self.env._("%s is kept for the record: undo it instead.", correction.display_name)
            )

    # -- actions ----------------------------------------------------------------------------

    def action_apply(self):
        self.check_access("write")
        self.payment_id.check_access("write")
        for correction in self:
            correction._apply()
        return True

    def _action_open(self, name):
        action = {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": self._name,
            "view_mode": "list,form",
            "domain": [("id", "in", self.ids)],
        }
        return action | {"view_mode": "form", "res_id": self.id} if len(self) == 1 else action

    def _apply(self):
        self.ensure_one()
        if self.state != "draft":
            raise UserError(self.env._("%s is applied already.", self.display_name))
        self._refuse_unfit()
        # the ledger is written for the cashier, who need not be an accountant
        work = self.sudo().with_company(self.company_id).with_context(**QUIET)
        work._lock()
        before = work._covered()
        move = getattr(work, f"_apply_{self.kind}")()
        work._keep_history(before)
        work.write(
            {
                "state": "done",
                "move_id": move.id,
                "done_by": self.env.uid,
                "done_at": fields.Datetime.now(),
            }
        )

    def _lock(self):
        """Wait for whoever moves the same money; nobody applies a correction twice."""
        self.lock_for_update()
        self.payment_id._lock_ledger()

    def _refuse_unfit(self):
        payment = self.payment_id
        if not (self.reason or "").strip():
            raise UserError(self.env._("%s: say why.", self.display_name))
        if payment and payment.state != "registered":
            raise UserError(
                self.env._(
                    "%s is not in the ledger, or was returned: there is nothing to correct.",
                    payment.display_name,
                )
            )
        if self.kind != "reallocation":
            self._refuse_locked(self.date)

    def _refuse_locked(self, day):
        """:raise UserError: the ledger takes no entry of that day"""
        self.company_id.sudo()._utility_refuse_locked(day, self._journal())

    # -- money ------------------------------------------------------------------------------

    def _sources(self):
        """Where the money is taken from.

        :return: {ledger line: Decimal in company currency}
        """
        self.ensure_one()
        if self.state != "draft":
            return {}
        return getattr(self, f"_sources_{self.kind}")()

    def _of_account(self, standing):
        return {
            line: amount
            for line, amount in standing.items()
            if line.utility_account_id == self.account_id
        }

    def _wanted(self):
        return exact(self.amount)

    # -- entries ----------------------------------------------------------------------------

    def _journal(self):
        collector = self.sudo().payment_id.collector_id
        return collector._journal() if collector else self._payment_journal()

    def _payment_journal(self):
        return self.company_id.sudo()._utility_payment_journal()

    def _book(self, lines, day=None):
        """Post an entry, and reconcile lines of it with others.

        :param lines: [(values, [(line to reconcile with, Decimal)])]
        :return: the entry
        """
        day = day or self.date
        move = self.env["account.move"].create(
            {
                "move_type": "entry",
                "journal_id": self._journal().id,
                "company_id": self.company_id.id,
                "date": day,
                "ref": f"{self.display_name} ({self.reason})",
                "line_ids": [
                    Command.create({"date_maturity": day, **vals, "sequence": place})
                    for place, (vals, _others) in enumerate(lines)
                ],
            }
        )
        move._post(soft=False)
        pairs = []
        for line, (_vals, others) in zip(
            move.line_ids.sorted(lambda line: (line.sequence, line.id)), lines, strict=True
        ):
            for other, amount in others:
                debit, credit = (line, other) if line.balance > 0 else (other, line)
                pairs.append((debit.id, credit.id, amount))
        self.env["utility.reconciling"]._reconcile(self.company_id, pairs)
        return move

    def _prepare_opposite(self, line, amount):
        """Values of a line that takes up a part of another."""
        balance = float(amount) if line.balance < 0 else -float(amount)
        share = balance / line.balance
        return {
            "name": self.reason,
            "account_id": line.account_id.id,
            "partner_id": line.partner_id.id,
            "currency_id": line.currency_id.id,
            "balance": balance,
            "amount_currency": line.currency_id.round(line.amount_currency * share),
            "utility_account_id": line.utility_account_id.id,
            "utility_service_id": line.utility_service_id.id,
            "utility_payment_id": line.utility_payment_id.id,
        }

    def _prepare_taken(self, amounts):
        """Lines that take money away from where it stands: see `_book`."""
        return [
            (self._prepare_opposite(line, amount), [(line, amount)])
            for line, amount in amounts.items()
        ]

    def _prepare_counterpart(self, ledger_account, partner, lines):
        """A line that balances others, in their currency."""
        currencies = {vals["currency_id"] for vals, _others in lines}
        own = self.company_id.currency_id.id
        balance = -sum(vals["balance"] for vals, _others in lines)
        foreign = -sum(vals["amount_currency"] for vals, _others in lines)
        return {
            "name": self.reason,
            "account_id": ledger_account.id,
            "partner_id": partner.id,
            "currency_id": currencies.pop() if len(currencies) == 1 else own,
            "balance": balance,
            "amount_currency": foreign if len({*currencies, own}) <= 2 else balance,
        }
