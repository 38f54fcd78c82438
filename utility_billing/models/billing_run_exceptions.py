from odoo import api, fields, models
from odoo.exceptions import RedirectWarning
from odoo.tools import SQL

from odoo.addons.utility_base.tools.bulk import bulk_create

# by a decision; what could not be rated has no charges anyway
HELD_OUT = [("state", "=", "held"), ("kind", "!=", "unrated")]


class BillingRun(models.Model):
    """Checks between calculation and approval: what they find is decided by people."""

    _inherit = "utility.billing.run"

    exception_ids = fields.One2many("utility.billing.exception", "run_id", readonly=True)
    exception_count = fields.Integer("Exceptions", compute="_compute_exception_counts")
    undecided_count = fields.Integer("Exceptions to Decide", compute="_compute_exception_counts")
    blocking_count = fields.Integer("Of Which Stop Approval", compute="_compute_exception_counts")
    kept_out_count = fields.Integer("Accounts Held out", compute="_compute_exception_counts")

    @api.depends("exception_ids.state", "exception_ids.level")
    def _compute_exception_counts(self):
        counts = {}
        for run, state, level, count in self.env["utility.billing.exception"]._read_group(
            [("run_id", "in", self.ids)], ["run_id", "state", "level"], ["__count"]
        ):
            counts.setdefault(run, {})[state, level] = count
        held = dict(
            self.env["utility.billing.exception"]._read_group(
                [("run_id", "in", self.ids), *HELD_OUT], ["run_id"], ["account_id:count_distinct"]
            )
        )
        for run in self:
            own = counts.get(run, {})
            run.exception_count = sum(own.values())
            run.blocking_count = own.get(("open", "blocking"), 0)
            run.undecided_count = own.get(("open", "warning"), 0) + run.blocking_count
            run.kept_out_count = held.get(run, 0)

    # -- finding ----------------------------------------------------------------------------

    def _conclude(self):
        calculated = self.state == "calculating"
        done = super()._conclude()
        if calculated:
            self._check_bills()
        return done

    def _recalculate_accounts(self, accounts):
        done = super()._recalculate_accounts(accounts)
        self._check_bills(accounts)
        return done

    def _check_bills(self, accounts=None):
        """Let all checks look at the run's bills, each at all of them at once.

        :param accounts: only at the bills of these
        """
        checks = self.env["utility.billing.check"]._for_company(self.company_id)
        ids = None if accounts is None else accounts.ids
        checks._gather(self, ids)
        found = {
            (account_id, check): (amount, figures)
            for check in checks
            for account_id, amount, figures in check._find(self, ids)
        }
        # whoever calculates may be tied to some buildings: what is known of others stays
        known = self.sudo().exception_ids
        if accounts is not None:
            known = known.filtered(lambda exception: exception.account_id in accounts)
        self._review_exceptions(known, found)
        fresh = found.keys() - {(row.account_id.id, row.check_id) for row in known}
        self._note_exceptions({key: found[key] for key in fresh})

    def _review_exceptions(self, known, found):
        """What was found before: is it still so? A decision holds as long as the figures do."""
        for exception in known:
            now = found.get((exception.account_id.id, exception.check_id))
            if now is None:
                if exception.state == "open" or exception.kind == "unrated":
                    exception.state = "mended"
                continue
            vals = _figure_vals(*now)
            if exception.state == "mended" or (
                exception.state == "released" and _differs(exception, vals)
            ):
                vals |= {"decided_by": False, "decided_at": False}
                vals["state"] = "held" if exception.kind == "unrated" else "open"
            exception.write(vals)

    def _note_exceptions(self, found):
        bulk_create(
            # exceptions are the run's own; people decide on them by buttons
            self.env["utility.billing.exception"].sudo(),
            [
                {
                    "run_id": self.id,
                    "account_id": account_id,
                    "check_id": check.id,
                    "kind": check.kind,
                    "level": check.level,
                    "state": "held" if check.kind == "unrated" else "open",
                    **_figure_vals(amount, figures),
                }
                for (account_id, check), (amount, figures) in found.items()
            ],
            replaced=["_check_company"],
        )
        self.invalidate_recordset(["exception_ids"])

    # -- accounts held out ------------------------------------------------------------------

    def _accounts_held(self):
        """Accounts that somebody took out of the run."""
        # held is held, whoever may see why
        exceptions = self.env["utility.billing.exception"].sudo()
        held = exceptions.search([("run_id", "=", self.id), *HELD_OUT]).account_id
        return held.sudo(self.env.su)

    def _rate_accounts(self, accounts, batch):
        accounts -= self._accounts_held()
        return super()._rate_accounts(accounts, batch) if accounts else None

    def _hold_accounts(self, accounts):
        """Take accounts out: nothing of them is charged or claimed, so that a later run can."""
        self._refuse_unless("review")
        self._take_out(accounts)
        self.exception_ids.filtered(
            lambda exception: (
                exception.account_id in accounts and exception.state in ("open", "released")
            )
        )._decide("held")
        self._sum_up()

    def _take_in(self, accounts):
        """Undo holding."""
        self._refuse_unless("review")
        self.exception_ids.filtered(
            lambda exception: (
                exception.account_id in accounts
                and exception.state == "held"
                and exception.kind != "unrated"
            )
        )._undecide()
        self._recalculate_accounts(accounts)

    def _take_out(self, accounts):
        """Remove charges of accounts, and what approval would claim for them."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "DELETE FROM utility_charge "
                "WHERE run_id = %s AND account_id = ANY(%s) AND state = 'calculated'",
                self.id,
                accounts.ids,
            )
        )
        self.env.cr.execute(
            SQL(
                """
            UPDATE utility_billing_batch batch
            SET rated = (
                    SELECT jsonb_agg(entry ORDER BY place)
                    FROM jsonb_array_elements(batch.rated) WITH ORDINALITY AS kept(entry, place)
                    WHERE (entry->>0)::int <> ALL(%(accounts)s)),
                charge_count = (
                    SELECT count(*) FROM utility_charge WHERE batch_id = batch.id)
            WHERE batch.run_id = %(run)s AND batch.rated IS NOT NULL AND EXISTS (
                SELECT FROM unnest(%(accounts)s) AS account(id)
                WHERE account.id BETWEEN batch.first_id AND batch.last_id)
            """,
                run=self.id,
                accounts=accounts.ids,
            )
        )
        self.env.invalidate_all()

    def action_discard(self):
        done = super().action_discard()
        # exceptions are the run's own; people decide on them by buttons
        self.sudo().exception_ids.unlink()
        return done

    # -- the gate ---------------------------------------------------------------------------

    def action_approve(self):
        """:raise RedirectWarning: exceptions that stop approval are not decided"""
        self.check_access("write")
        for run in self.filtered(lambda run: run.state == "review"):
            run._lock()
            run._refuse_undecided()
            held = run._accounts_held()
            if held:
                run._take_out(held)
        done = super().action_approve()
        for run in self:
            run._release_with_approval()
        return done

    def _refuse_undecided(self):
        # what stops approval stops it for those too who are tied to some buildings
        count = len(
            self.sudo().exception_ids.filtered(
                lambda exception: exception.state == "open" and exception.level == "blocking"
            )
        )
        if count:
            raise RedirectWarning(
                self.env._(
                    "%(count)s exceptions of “%(run)s” stop its approval: correct and recalculate "
                    "them, release them, or hold their accounts out of the run.",
                    count=count,
                    run=self.name,
                ),
                {
                    **self.action_open_exceptions(),
                    "context": {"search_default_open": 1, "search_default_blocking": 1},
                },
                self.env._("Decide on Them"),
            )

    def _release_with_approval(self):
        # approval is the decision on all that only asks
        undecided = self.sudo().exception_ids.filtered(lambda exception: exception.state == "open")
        if undecided:
            undecided._decide("released")
            undecided.filtered(lambda exception: not exception.note).note = self.env._(
                "Released by approving the run."
            )

    def action_open_amounts(self):
        """Charges by account and service, to look through, print or export."""
        self.ensure_one()
        return {
            **self._opened("utility.charge", self.env._("Amounts of %s", self.name)),
            "view_mode": "pivot,list,graph,form",
            "context": {
                "pivot_row_groupby": ["account_id"],
                "pivot_column_groupby": ["service_id"],
                "pivot_measures": ["amount"],
                "search_default_group_account": 1,
            },
        }

    def action_open_exceptions(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Exceptions of %s", self.name),
            "res_model": "utility.billing.exception",
            "view_mode": "list,form",
            "views": [(False, "list"), (False, "form")],
            "domain": [("run_id", "=", self.id)],
            "context": {"search_default_group_check": 1, "search_default_to_see": 1},
        }


def _figure_vals(amount, figures):
    return {
        "amount": float(amount or 0),
        "average_amount": float(figures.get("average") or 0),
        "figures": figures,
    }


def _differs(exception, vals):
    return exception.figures != vals["figures"] or exception.currency_id.compare_amounts(
        exception.amount, vals["amount"]
    )
