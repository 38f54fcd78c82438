from ast import literal_eval
from datetime import date

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.utility_metering.engine.spans import intersect

OPEN = ("draft", "calculating", "review")


class BillingRun(models.Model):
    """Which accounts a run bills besides places and names: a filter, and the cycles of supplies."""

    _inherit = "utility.billing.run"

    account_domain = fields.Char(
        "Filter on Accounts",
        default="[]",
        help="A filter on accounts: of the places and accounts chosen, those that it finds.",
    )
    account_model = fields.Char(compute="_compute_account_model")
    cycle_ids = fields.Many2many(
        "utility.billing.cycle",
        "utility_billing_run_cycle_rel",
        string="Billing Cycles",
        help="Only what is billed in these cycles; empty: all cycles that are due.",
    )
    overlap_ids = fields.Many2many(
        "utility.billing.run",
        string="Overlapping Runs",
        compute="_compute_overlap_ids",
        help="Runs of the same month, not approved yet, that have accounts and services of this "
        "one. Whichever is approved first bills them.",
    )

    def _compute_account_model(self):
        self.account_model = "utility.account"

    @api.depends("cycle_ids.name")
    def _compute_name(self):
        return super()._compute_name()

    def _scope_names(self):
        filtered = [self.env._("chosen accounts")] if self._filter() else []
        return [*super()._scope_names(), *filtered, *self.cycle_ids.mapped("name")]

    @api.depends("account_domain", "cycle_ids")
    def _compute_account_count(self):
        return super()._compute_account_count()

    @api.depends(
        *("month", "company_id", "account_ids", "account_domain", "premise_ids", "service_ids"),
        *("cycle_ids", "state"),
    )
    def _compute_overlap_ids(self):
        for run in self:
            found = run._runs_beside() if run.state in OPEN and run.month else self.browse()
            run.overlap_ids = found.filtered(run._overlaps)

    def _runs_beside(self):
        first, last = self._span()
        return self.search(
            [
                ("id", "!=", self._origin.id),
                ("company_id", "=", self.company_id.id),
                ("month", ">=", first),
                ("month", "<=", last),
                ("state", "in", OPEN),
            ]
        )

    def _overlaps(self, other):
        """Whether another run has an account with a service of this one."""
        for mine, others in (
            (self.service_ids, other.service_ids),
            (self.cycle_ids, other.cycle_ids),
        ):
            if mine and others and not mine._origin & others:
                return False
        both = self._domain_accounts() & other._domain_accounts()
        return bool(self.env["utility.account"].search(both, limit=1))

    @api.constrains("account_domain")
    def _check_account_domain(self):
        for run in self:
            try:
                Domain(run._filter()).validate(self.env["utility.account"])
            except (ValueError, SyntaxError, TypeError, KeyError) as error:
                raise ValidationError(
                    self.env._("The filter on accounts cannot be read: choose it again.")
                ) from error

    def _filter(self):
        """The filter on accounts, as a list; empty: all."""
        return literal_eval(self.account_domain or "[]")

    def _domain_accounts(self):
        domain = super()._domain_accounts()
        if self._filter():
            domain &= Domain(self._filter())
        if self.cycle_ids:
            domain &= Domain(
                "agreement_ids",
                "any",
                [("billing_cycle_id", "in", self.cycle_ids.ids), ("voided_at", "=", False)],
            )
        return domain

    def _is_part(self):
        return super()._is_part() or bool(self._filter() or self.cycle_ids)

    # -- cycles -----------------------------------------------------------------------------

    def _due(self, accounts):
        return self._in_cycles(super()._due(accounts))

    def _redone(self, changed):
        return self._in_cycles(super()._redone(changed))

    def _in_cycles(self, due):
        """What is due in the run's cycles.

        :param due: {(account id, point id): [`Due`]}
        """
        if not self.cycle_ids or not due:
            return due
        spans = self._cycle_spans({account_id for account_id, _point_id in due})
        kept = {
            key: [
                entry
                for entry in entries
                if any(intersect(span, entry.period) for span in spans.get(key, ()))
            ]
            for key, entries in due.items()
        }
        return {key: entries for key, entries in kept.items() if entries}

    def _cycle_spans(self, account_ids):
        """{(account id, point id): [(first, last day)]} of agreements in the run's cycles."""
        self.env["utility.service.agreement"].flush_model()
        spans = {}
        for account_id, point_id, start, end in self.env.execute_query(
            SQL(
                """
            SELECT account_id, service_point_id, date_start, date_end
            FROM utility_service_agreement
            WHERE voided_at IS NULL AND account_id = ANY(%s) AND billing_cycle_id = ANY(%s)
            """,
                list(account_ids),
                self.cycle_ids.ids,
            )
        ):
            spans.setdefault((account_id, point_id), []).append((start, end or date.max))
        return spans

    # -- whole runs from elsewhere ----------------------------------------------------------

    @api.model
    def _action_bill(self, **scope):
        """A new run of what is on the screen, to look at and to calculate."""
        self.check_access("create")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Bill"),
            "res_model": "utility.billing.run",
            "view_mode": "form",
            "context": {f"default_{name}": value for name, value in scope.items()},
        }
