from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Domain
from odoo.tools import format_date

# accounts that are billed again while the user waits
MOST = 3000
BILLS = ("out_invoice", "out_refund")
# what follows from the buttons
STEPS = frozenset({"state", "run_id", "done_by", "done_at", "line_ids", "credit_ids"})
SCOPE = frozenset({"bill_ids", "bill_again", "company_id"})


class Rebill(models.Model):
    """Posted bills are cancelled by credit notes, and their accounts are billed again with what is
    known now. What it comes to is seen before anything is final."""

    _name = "utility.rebill"
    _description = "Cancellation of Bills"
    _inherit = ["mail.thread"]
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char(compute="_compute_name", store=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    reason = fields.Text(help="Why the bills are cancelled; it stands on the credit notes.")
    bill_ids = fields.Many2many(
        "account.move",
        "utility_rebill_move_rel",
        "rebill_id",
        "move_id",
        "Bills to Cancel",
        check_company=True,
        domain="[('move_type', 'in', ('out_invoice', 'out_refund')), ('state', '=', 'posted'), "
        "('utility_run_id', '!=', False), ('utility_cancelled_by_id', '=', False), "
        "('company_id', '=', company_id)]",
        help="Bills of one month. Bills that share charges are cancelled together.",
    )
    account_ids = fields.Many2many(
        "utility.account",
        "utility_rebill_account_rel",
        "rebill_id",
        "account_id",
        "Accounts",
        compute="_compute_account_ids",
        store=True,
    )
    month = fields.Date(compute="_compute_month", store=True, help="First day of it.")
    bill_again = fields.Boolean(
        default=True,
        help="Off: only cancelled. The periods can be billed by a later run.",
    )
    date = fields.Date(
        "Date of Credit Notes",
        compute="_compute_date",
        store=True,
        readonly=False,
        help="Of the new bills too.",
    )
    date_note = fields.Char(compute="_compute_date_note")
    paid_note = fields.Char(compute="_compute_paid_note")
    state = fields.Selection(
        [("draft", "New"), ("compared", "Compared"), ("done", "Cancelled")],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
    )
    line_ids = fields.One2many("utility.rebill.line", "rebill_id", readonly=True, copy=False)
    was = fields.Monetary(compute="_compute_sums")
    due = fields.Monetary("Is", compute="_compute_sums")
    difference = fields.Monetary(compute="_compute_sums")
    held_count = fields.Integer("Held", compute="_compute_sums")
    credit_ids = fields.One2many(
        "account.move", "utility_rebill_id", "Credit Notes", readonly=True, copy=False
    )
    credit_count = fields.Integer("Number of Credit Notes", compute="_compute_counts")
    run_id = fields.Many2one(
        "utility.billing.run", "New Run", readonly=True, copy=False, ondelete="set null"
    )
    run_state = fields.Selection(related="run_id.state", string="New Run Is")
    new_count = fields.Integer("New Bills", compute="_compute_counts")
    done_by = fields.Many2one("res.users", "Cancelled by", readonly=True, copy=False)
    done_at = fields.Datetime("Cancelled on", readonly=True, copy=False)

    # -- computes ---------------------------------------------------------------------------

    @api.depends("bill_ids.name")
    def _compute_name(self):
        for rebill in self:
            names = rebill.bill_ids.mapped("name")
            more = ["…"] if len(names) > 3 else []
            rebill.name = ", ".join([*names[:3], *more]) or self.env._("New cancellation")

    @api.depends("bill_ids")
    def _compute_account_ids(self):
        for rebill in self:
            rebill.account_ids = (
                rebill.bill_ids.utility_account_id | rebill.bill_ids.line_ids.utility_account_id
            )

    @api.depends("bill_ids")
    def _compute_month(self):
        for rebill in self:
            months = rebill.bill_ids.filtered("utility_month").mapped("utility_month")
            rebill.month = max(months, default=False)

    @api.depends("bill_ids")
    def _compute_date(self):
        """The day of the bills, where the ledger and the month are still open; today otherwise."""
        for rebill in self:
            dates = rebill.bill_ids.mapped("date")
            day = max(dates, default=False)
            if day and not rebill._is_open(day):
                day = fields.Date.context_today(rebill)
            rebill.date = day

    @api.depends("date", "bill_ids")
    def _compute_date_note(self):
        for rebill in self:
            locked = [day for day in rebill.bill_ids.mapped("date") if not rebill._is_open(day)]
            rebill.date_note = False
            if locked and rebill.date and rebill.state != "done":
                rebill.date_note = self.env._(
                    "%(day)s, the date of the bills, is locked: the credit notes and the new bills "
                    "are dated %(date)s.",
                    day=format_date(self.env, max(locked)),
                    date=format_date(self.env, rebill.date),
                )

    @api.depends("bill_ids.amount_residual")
    def _compute_paid_note(self):
        for rebill in self:
            paid = sum(
                bill.amount_total - bill.amount_residual
                for bill in rebill.bill_ids
                if bill.move_type == "out_invoice"
            )
            rebill.paid_note = False
            if paid and rebill.state != "done":
                rebill.paid_note = self.env._(
                    "%s of the bills is paid or borne by funds: what was paid becomes the "
                    "accounts’ credit, and covers the new bills.",
                    rebill.currency_id.format(paid),
                )

    @api.depends("line_ids.was", "line_ids.due", "line_ids.message")
    def _compute_sums(self):
        for rebill in self:
            rebill.was = sum(rebill.line_ids.mapped("was"))
            rebill.due = sum(rebill.line_ids.mapped("due"))
            rebill.difference = rebill.due - rebill.was
            rebill.held_count = len(rebill.line_ids.filtered("message").account_id)

    @api.depends("credit_ids", "run_id.bill_count")
    def _compute_counts(self):
        for rebill in self:
            rebill.credit_count = len(rebill.credit_ids.filtered(lambda m: m.move_type in BILLS))
            rebill.new_count = rebill.run_id.bill_count

    def _is_open(self, day):
        """Whether bills may be dated on a day: in the ledger, and in its month."""
        company = self.company_id
        # who cancels need not be an accountant
        journal = company.sudo()._utility_bill_journal()
        return not company.sudo()._get_violated_lock_dates(day, True, journal) and not self.env[
            "utility.billing.period"
        ]._closed_on(company, day)

    # -- CRUD -------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            for vals in vals_list:
                self._refuse_by_hand(vals)
            vals_list = [{**vals, "state": "draft"} for vals in vals_list]
        return super().create(vals_list)

    def write(self, vals):
        if self.env.su:
            return super().write(vals)
        self._refuse_by_hand(vals)
        done = self.filtered(lambda rebill: rebill.state == "done")
        if done and set(vals) & {*SCOPE, "date", "reason"}:
            raise UserError(self.env._("%s is done and stays as it is.", done[0].name))
        result = super().write(vals)
        if SCOPE & set(vals):
            # what was compared was something else; its lines are the engine's
            self.sudo().write({"state": "draft", "line_ids": [Command.clear()]})
        return result

    def _refuse_by_hand(self, vals):
        if STEPS & set(vals):
            raise AccessError(self.env._("A cancellation goes on by its buttons."))

    @api.ondelete(at_uninstall=False)
    def _unlink_unless_done(self):
        for rebill in self:
            if rebill.state == "done":
                raise UserError(self.env._("%s is kept for the record.", rebill.name))

    # -- beginning --------------------------------------------------------------------------

    @api.model
    def _begin(self, bills):
        """A new cancellation of bills, to be looked at.

        :return: action that opens it
        """
        bills = bills.filtered(lambda move: move.move_type in BILLS and move.utility_run_id)
        if not bills:
            raise UserError(self.env._("Choose bills that a billing run has posted."))
        rebill = self.create(
            {
                "company_id": bills.company_id[:1].id,
                "bill_ids": [Command.set(bills.ids)],
            }
        )
        return rebill._action_open()

    def _action_open(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Cancel and Bill Again"),
            "res_model": "utility.rebill",
            "res_id": self.id,
            "view_mode": "form",
        }

    # -- buttons ----------------------------------------------------------------------------

    def action_compare(self):
        """Show what the accounts were charged and what they would be; nothing is changed."""
        self.ensure_one()
        self.check_access("write")
        self._refuse_unless_draft()
        lines = self._compare()
        # a comparison is the engine's word
        self.sudo().write(
            {
                "state": "compared",
                "line_ids": [Command.clear(), *(Command.create(vals) for vals in lines)],
            }
        )
        return True

    def action_cancel_bills(self):
        """Cancel the bills for good, and calculate the new run, which waits to be approved.

        :raise UserError: what has to be unwound or mended before
        """
        self.ensure_one()
        self.check_access("write")
        if not self.try_lock_for_update():
            raise UserError(self.env._("Somebody else works on %s.", self.name))
        self._refuse_unless_draft()
        if self.state != "compared":
            raise UserError(self.env._("Compare first: see what the bills will come to."))
        if not (self.reason or "").strip():
            raise UserError(self.env._("Say why the bills are cancelled."))
        held = self.line_ids.filtered("message")
        if held and self.bill_again:
            raise UserError(
                self.env._(
                    "Account %(account)s could not be billed again: %(why)s Mend that, or cancel "
                    "without billing again.",
                    account=held[0].account_id.number,
                    why=held[0].message,
                )
            )
        self._cancel()
        return True

    def action_post_again(self):
        """Approve and post the new run."""
        self.ensure_one()
        self.run_id._approve_and_post()
        return True

    def _refuse_unless_draft(self):
        if self.state == "done":
            raise UserError(self.env._("%s is done and stays as it is.", self.name))

    def action_open_credits(self):
        return self._action_moves(
            self.env._("Credit Notes"), Domain("utility_rebill_id", "=", self.id)
        )

    def action_open_run(self):
        self.ensure_one()
        return self.run_id._action_open_form()

    def action_open_new(self):
        return self._action_moves(
            self.env._("New Bills"),
            Domain("utility_run_id", "=", self.run_id.id) & Domain("move_type", "in", BILLS),
        )

    def _action_moves(self, name, domain):
        self.ensure_one()
        return self.env["account.move"]._action_utility_bills(domain, name)
