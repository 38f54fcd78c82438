from odoo import api, fields, models
from odoo.fields import Domain


class BillingPeriodCheck(models.Model):
    """A point of a month's checklist: counted whenever it is looked at."""

    _name = "utility.billing.period.check"
    _description = "Point of a Month's Checklist"
    _order = "period_id, sequence"

    period_id = fields.Many2one(
        "utility.billing.period", required=True, index=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="period_id.company_id", store=True, precompute=True)
    sequence = fields.Integer(readonly=True)
    code = fields.Selection(
        [
            ("read", "All meters are read or estimated"),
            ("usage", "All quantities are calculated"),
            ("rated", "All accounts are billed"),
            ("held", "No account is held"),
            ("posted", "All runs are posted"),
            ("numbers", "Numbers of bills have no gaps"),
            ("charges", "Charges agree with the bills"),
            ("owed", "All that is owed is under an account"),
            ("suspense", "The suspense account is empty"),
        ],
        "Point",
        required=True,
        readonly=True,
    )
    count = fields.Integer("Open", compute="_compute_count")
    is_ok = fields.Boolean("In Order", compute="_compute_count")
    message = fields.Char("What to Do", compute="_compute_count")

    _code_unique = models.Constraint("UNIQUE (period_id, code)", "The point is there already.")

    @api.model
    def _codes(self):
        return [code for code, _label in self._fields["code"].selection]

    @api.depends("code", "period_id.month")
    def _compute_count(self):
        for check in self:
            check.count = check._counted()
            check.is_ok = not check.count
            check.message = check.count and check._advice() or False

    def _counted(self):
        """How much of the point is open."""
        if self.code == "numbers":
            return self._missing_numbers()
        model, domain = self._open()
        # what is counted is said; it is opened with the user's own rights
        return self.env[model].sudo().search_count(domain)

    def _advice(self):
        texts = {
            "read": self.env._("Mend what keeps quantities from being found."),
            "usage": self.env._("Facts changed: calculate the quantities again."),
            "rated": self.env._("Bill these accounts, or end what they take no more."),
            "held": self.env._("Mend what is missing, and calculate them again."),
            "posted": self.env._("Approve and post them, or throw them away."),
            "numbers": self.env._("Post the batches that keep numbers."),
            "charges": self.env._("Have an accountant look at what was changed by hand."),
            "owed": self.env._("Lines of what is owed lost their account: put it back."),
            "suspense": self.env._("Assign what the bank statements left open."),
        }
        return texts[self.code]

    def action_open(self):
        """The records behind the number."""
        self.ensure_one()
        model, domain = self._open()
        return {
            "type": "ir.actions.act_window",
            "name": dict(self._fields["code"]._description_selection(self.env))[self.code],
            "res_model": model,
            "view_mode": "list,form",
            "domain": list(domain),
        }

    # -- what is open -----------------------------------------------------------------------

    def _open(self):
        """(model, domain) of what is open."""
        return getattr(self, f"_open_{self.code}")(self.company_id, *self.period_id._span())

    def _open_read(self, company, first, last):
        return "utility.usage.problem", (
            Domain("company_id", "=", company.id)
            & Domain("state", "=", "open")
            & Domain("date_start", "<=", last)
            & Domain("date_end", ">=", first)
        )

    def _open_usage(self, company, first, last):
        return "utility.usage.stale", (
            Domain("company_id", "=", company.id)
            & Domain("date_from", "<=", last)
            & (Domain("date_to", "=", False) | Domain("date_to", ">=", first))
        )

    def _open_rated(self, company, first, last):
        return "utility.account", Domain("id", "in", self._unbilled(company, first, last))

    def _open_held(self, company, first, last):
        return "utility.billing.problem", (
            Domain("company_id", "=", company.id)
            & Domain("state", "=", "open")
            & Domain("run_id.month", ">=", first)
            & Domain("run_id.month", "<=", last)
            & Domain("run_id.state", "!=", "cancelled")
            & Domain("account_id", "in", self._unbilled(company, first, last))
        )

    def _open_posted(self, company, first, last):
        return "utility.billing.run", (
            Domain("company_id", "=", company.id)
            & Domain("month", ">=", first)
            & Domain("month", "<=", last)
            & Domain("state", "in", ("calculating", "review", "approved", "posting"))
        )

    def _open_numbers(self, company, _first, _last):
        return "utility.bill.range", Domain("company_id", "=", company.id) & (
            Domain("state", "=", "free") | Domain("posting_id.state", "!=", "done")
        )

    def _open_charges(self, company, first, _last):
        return "account.move", Domain("id", "in", self._moves_that_disagree(company, first))

    def _open_owed(self, company, first, _last):
        return "account.move.line", (
            Domain("company_id", "=", company.id)
            & Domain("parent_state", "=", "posted")
            & Domain("move_id.utility_month", "=", first)
            & Domain("move_id.utility_account_id", "!=", False)
            & Domain("account_type", "=", "asset_receivable")
            & Domain("utility_account_id", "=", False)
        )

    def _open_suspense(self, company, _first, last):
        suspense = company.sudo().account_journal_suspense_account_id
        return "account.move.line", (
            Domain("company_id", "=", company.id)
            & Domain("parent_state", "=", "posted")
            & Domain("account_id", "in", suspense.ids)
            & Domain("date", "<=", last)
            & Domain("reconciled", "=", False)
            & Domain("balance", "!=", 0)
        )
