from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain


class ReconciliationAct(models.TransientModel):
    """What a supplier and a payer agree that was charged, paid and is owed: both sign it."""

    _name = "utility.reconciliation.act"
    _description = "Reconciliation Act"
    _inherit = ["utility.statement.mixin"]
    # anybody who reads may ask; nothing of it stays
    _is_question = True

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one("res.partner", "Payer", required=True)
    account_ids = fields.Many2many(
        "utility.account",
        "utility_reconciliation_act_account_rel",
        "act_id",
        "account_id",
        "Accounts",
        required=True,
        compute="_compute_account_ids",
        compute_sudo=False,
        store=True,
        readonly=False,
        precompute=True,
        domain="[('company_id', '=', company_id)]",
        help="All that the payer pays or paid for, unless you choose some.",
    )
    date_from = fields.Date(
        "From",
        required=True,
        default=lambda self: fields.Date.start_of(fields.Date.context_today(self), "year"),
    )
    date_to = fields.Date("To", required=True, default=fields.Date.context_today)
    opening = fields.Monetary("Owed at the Start", compute="_compute_sums")
    debit = fields.Monetary("Charged", compute="_compute_sums")
    credit = fields.Monetary("Paid", compute="_compute_sums")
    closing = fields.Monetary("Owed at the End", compute="_compute_sums")

    @api.depends("partner_id", "company_id")
    def _compute_account_ids(self):
        for act in self:
            if act.account_ids:
                continue
            # a former payer too; whose accounts the user may see, says the search below
            payers = (
                self.env["utility.account.payer"]
                .sudo()
                .search([("partner_id", "=", act.partner_id.id or 0), ("voided_at", "=", False)])
            )
            act.account_ids = self.env["utility.account"].search(
                [("id", "in", payers.account_id.ids), ("company_id", "=", act.company_id.id)]
            )

    @api.depends("partner_id", "account_ids", "date_from", "date_to")
    def _compute_sums(self):
        for act in self:
            rows = act._entries() if act.partner_id and act.account_ids else []
            act.opening = act._owed_before()
            act.debit = sum(row["debit"] for row in rows)
            act.credit = sum(row["credit"] for row in rows)
            act.closing = act.opening + act.debit - act.credit

    @api.constrains("date_from", "date_to")
    def _check_dates(self):
        for act in self:
            if act.date_to < act.date_from:
                raise ValidationError(
                    self.env._("The last day of the act may not come before the first one.")
                )

    # -- the ledger -------------------------------------------------------------------------

    def _domain(self):
        accounts = self.account_ids._origin
        return (
            Domain("utility_account_id", "in", accounts.ids)
            & Domain("partner_id", "=", self.partner_id.commercial_partner_id.id)
            & Domain("parent_state", "=", "posted")
            & Domain("account_id.account_type", "=", "asset_receivable")
        )

    def _lines(self):
        # who may read an account may know what is owed under it
        self.account_ids._origin.check_access("read")
        return self.env["account.move.line"].sudo()

    def _owed_before(self):
        if not self.date_from:
            return 0.0
        domain = self._domain() & Domain("date", "<", self.date_from)
        return self._lines()._read_group(domain, [], ["balance:sum"])[0][0] or 0.0

    def _entries(self):
        """What was charged and paid in the period, an entry a row, in the order of days.

        :return: [{date, name, what, debit, credit}], amounts in the company's currency
        """
        domain = self._domain()
        domain &= Domain("date", ">=", self.date_from) & Domain("date", "<=", self.date_to)
        sums = defaultdict(float)
        for line in self._lines().search(domain, order="date, move_id, id"):
            sums[line.move_id, line.move_id.utility_payment_batch_id.collector_id] += line.balance
        return [
            {
                "date": move.date,
                "name": move.name or "",
                "what": self._what(move, collector),
                "debit": max(amount, 0.0),
                "credit": max(-amount, 0.0),
            }
            for (move, collector), amount in self._in_order(sums)
        ]

    def _what(self, move, collector):
        if move.move_type == "out_refund":
            return self.env._("Correction, credit note")
        return super()._what(move, collector)

    def _conclusion(self):
        """The last sentence: who owes whom how much."""
        values = {
            "day": self._day(self.date_to),
            "amount": self._money(abs(self.closing)),
            "payer": self.partner_id.display_name,
            "supplier": self.company_id.name,
        }
        if self.currency_id.is_zero(self.closing):
            return self.env._("On %(day)s neither side owes the other anything.", **values)
        if self.closing > 0:
            return self.env._("On %(day)s %(payer)s owes %(supplier)s %(amount)s.", **values)
        return self.env._("On %(day)s %(supplier)s owes %(payer)s %(amount)s.", **values)

    # -- buttons ----------------------------------------------------------------------------

    def action_print(self):
        self.ensure_one()
        if not self.account_ids:
            raise UserError(
                self.env._(
                    "%s pays for no account of the company: choose whom the act is with.",
                    self.partner_id.display_name,
                )
            )
        return self.env.ref("utility_billing.reconciliation_act_report").report_action(
            self, config=False
        )
