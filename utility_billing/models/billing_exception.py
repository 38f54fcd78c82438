from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .billing_check import KINDS

STATES = [
    ("open", "To Decide"),
    ("released", "Released"),
    ("held", "Held"),
    ("mended", "Mended"),
]
BY_HAND = frozenset({"note"})


class BillingException(models.Model):
    """A check found something about an account of a run: somebody releases it, mends it, or holds
    the account out of the run."""

    _name = "utility.billing.exception"
    _description = "Exception of a Billing Run"
    _order = "run_id desc, sequence, account_id, id"
    _check_company_auto = True

    run_id = fields.Many2one(
        "utility.billing.run", required=True, index=True, readonly=True, ondelete="cascade"
    )
    run_state = fields.Selection(related="run_id.state", string="Run is")
    month = fields.Date(related="run_id.month")
    company_id = fields.Many2one(related="run_id.company_id", store=True, precompute=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    account_id = fields.Many2one(
        "utility.account", required=True, index=True, readonly=True, ondelete="cascade"
    )
    premise_id = fields.Many2one(
        related="account_id.premise_id", store=True, index=True, precompute=True
    )
    check_id = fields.Many2one(
        "utility.billing.check", required=True, index=True, readonly=True, ondelete="restrict"
    )
    sequence = fields.Integer(related="check_id.sequence", store=True, precompute=True)
    kind = fields.Selection(KINDS, required=True, readonly=True)
    level = fields.Selection(
        [("warning", "Asks"), ("blocking", "Stops approval")], required=True, readonly=True
    )
    amount = fields.Monetary("Bill", readonly=True, help="Tax not included.")
    average_amount = fields.Monetary(
        "Usual",
        readonly=True,
        aggregator=None,
        help="The average of the months before, tax not included.",
    )
    figures = fields.Json(readonly=True, help="What the check found, for the message.")
    message = fields.Char("What Was Found", compute="_compute_message")
    advice = fields.Text(related="check_id.note", string="What to Do")
    state = fields.Selection(STATES, required=True, default="open", readonly=True, index=True)
    decided_by = fields.Many2one("res.users", readonly=True)
    decided_at = fields.Datetime("Decided on", readonly=True)
    note = fields.Text(help="Why it was decided so.")
    history = fields.Json(compute="_compute_history")
    problem_ids = fields.Many2many(
        "utility.billing.problem", string="What to Mend", compute="_compute_problem_ids"
    )

    _one_of_a_check = models.Constraint(
        "UNIQUE (run_id, account_id, check_id)", "A check speaks of an account once a run."
    )

    @api.depends("account_id", "check_id")
    def _compute_display_name(self):
        for exception in self:
            parts = (exception.account_id.display_name, exception.check_id.name)
            exception.display_name = ", ".join(filter(None, parts))

    @api.depends("run_id", "account_id", "kind")
    def _compute_problem_ids(self):
        found = self.env["utility.billing.problem"].search(
            [
                ("run_id", "in", self.run_id.ids),
                ("account_id", "in", self.account_id.ids),
                ("state", "=", "open"),
            ]
        )
        by_bill = found.grouped(lambda problem: (problem.run_id, problem.account_id))
        for exception in self:
            known = by_bill.get((exception.run_id, exception.account_id), found.browse())
            exception.problem_ids = known if exception.kind == "unrated" else False

    def write(self, vals):
        if set(vals) - BY_HAND and not self.env.su:
            raise AccessError(
                self.env._("Exceptions are decided by their buttons: release, hold, recalculate.")
            )
        return super().write(vals)

    # -- buttons ----------------------------------------------------------------------------

    def action_release(self):
        """The bill is right as it is.

        :raise UserError: there is no bill to release
        """
        self._refuse_after_review()
        for exception in self.filtered(lambda exception: exception.kind == "unrated"):
            raise UserError(
                self.env._(
                    "%s could not be rated, so there is no bill to release: mend what is missing, "
                    "then recalculate.",
                    exception.account_id.number,
                )
            )
        self.filtered(lambda exception: exception.state == "held").action_reopen()
        self.filtered(lambda exception: exception.state == "open")._decide("released")

    def action_hold(self):
        """Take the accounts out of their runs; later runs bill them."""
        self._refuse_after_review()
        for run, exceptions in self.grouped("run_id").items():
            run._hold_accounts(exceptions.account_id)

    def action_reopen(self):
        """Undo a decision: what was held is calculated again and waits to be decided."""
        self._refuse_after_review()
        self.filtered(lambda exception: exception.state == "released")._undecide()
        held = self.filtered(lambda exception: exception.state == "held")
        for run, exceptions in held.grouped("run_id").items():
            run._take_in(exceptions.account_id)

    def action_recalculate(self):
        """Rate the accounts again, after something was corrected; what is found no more is mended.

        :raise UserError: an account is held out of the run
        """
        self._refuse_after_review()
        for exception in self:
            if exception.state == "held" and exception.kind != "unrated":
                raise UserError(
                    self.env._(
                        "%s is held out of the run. Undo that first: it is calculated again then.",
                        exception.account_id.number,
                    )
                )
        for run, exceptions in self.grouped("run_id").items():
            run._recalculate_accounts(exceptions.account_id)

    def action_open_account(self):
        self.ensure_one()
        return self.account_id.get_formview_action()

    def action_open_readings(self):
        self.ensure_one()
        points = self.account_id.agreement_ids.service_point_id
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Readings of %s", self.account_id.number),
            "res_model": "utility.reading",
            "view_mode": "list,form",
            "domain": [("service_point_id", "in", points.ids)],
        }

    def action_open_charges(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Charges of %s", self.account_id.number),
            "res_model": "utility.charge",
            "view_mode": "list,form",
            "domain": [("run_id", "=", self.run_id.id), ("account_id", "=", self.account_id.id)],
        }

    # -- decisions --------------------------------------------------------------------------

    def _refuse_after_review(self):
        self.check_access("write")
        for run in self.run_id:
            # the order of pages must not let somebody decide on what is final meanwhile
            run._lock()
            if run.state != "review":
                raise UserError(
                    self.env._(
                        "“%s” is not to be reviewed any more: its exceptions are decided.", run.name
                    )
                )

    def _decide(self, state):
        # decisions are made by buttons, each of which asks who may
        self.sudo().write(
            {"state": state, "decided_by": self.env.uid, "decided_at": fields.Datetime.now()}
        )

    def _undecide(self):
        self.sudo().write({"state": "open", "decided_by": False, "decided_at": False})
