from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_date, split_every

from ..engine.tax_keys import tax_ids

SMALL = 60
# states before bills are dated
UNDATED = ("draft", "calculating", "review", "approved")


class BillingRun(models.Model):
    """From approved charges to posted bills: batches of accounts, each in a transaction."""

    _inherit = "utility.billing.run"

    _working_states = ("calculating", "posting")

    state = fields.Selection(
        selection_add=[
            ("posting", "Posting"),
            ("posted", "Posted"),
            ("delivered", "Delivered"),
            ("cancelled",),
        ],
        ondelete=dict.fromkeys(("posting", "posted", "delivered"), "set default"),
    )
    bill_date = fields.Date(
        "Date of Bills",
        compute="_compute_bill_date",
        store=True,
        readonly=False,
        help="In the ledger too. What the period of the ledger allows is checked before posting.",
    )
    is_dated = fields.Boolean(
        compute="_compute_is_dated", help="Bills have the date, or may be getting it."
    )
    posting_ids = fields.One2many("utility.billing.posting", "run_id", readonly=True)
    move_ids = fields.One2many("account.move", "utility_run_id", "Ledger Entries", readonly=True)
    posted_at = fields.Datetime("Posted on", readonly=True, copy=False)
    bill_count = fields.Integer("Bills", compute="_compute_posted")
    billed_amount = fields.Monetary("Billed", compute="_compute_posted")
    failed_count = fields.Integer("Failed Batches", compute="_compute_posted")
    orm_count = fields.Integer("Posted One by One", compute="_compute_posted")

    @api.depends("month", "company_id.utility_bill_dating")
    def _compute_bill_date(self):
        for run in self:
            if run.state in UNDATED or not run.bill_date:
                run.bill_date = run.company_id._utility_bill_date(run.month or run._span()[0])

    @api.depends("state", "posting_ids.state")
    def _compute_is_dated(self):
        for run in self:
            failed = all(part.state == "failed" for part in run.posting_ids)
            run.is_dated = run.state not in UNDATED and not (run.state == "posting" and failed)

    @api.depends("posting_ids.state", "posting_ids.bill_count", "posting_ids.way")
    def _compute_posted(self):
        for run in self:
            parts = run.posting_ids
            run.bill_count = sum(parts.mapped("bill_count"))
            run.billed_amount = sum(parts.mapped("amount"))
            run.failed_count = len(parts.filtered(lambda part: part.state == "failed"))
            run.orm_count = len(parts.filtered("fallback_reason"))

    def write(self, vals):
        if "bill_date" in vals:
            self._refuse_dated(fields.Date.to_date(vals["bill_date"]))
        return super().write(vals)

    def _refuse_dated(self, day):
        for run in self:
            if run.is_dated and run.bill_date != day:
                raise UserError(
                    self.env._(
                        "Bills of “%(run)s” are dated %(day)s already: all of them bear one date.",
                        run=run.name,
                        day=run._shown(run.bill_date),
                    )
                )

    def _shown(self, day):
        return format_date(self.env, day)

    def _slices(self):
        return self.posting_ids if self.state == "posting" else super()._slices()

    # -- buttons ----------------------------------------------------------------------------

    def action_post(self):
        """Post the bills: at once when there are few accounts, else as jobs.

        :raise UserError: the ledger does not allow it
        """
        self.ensure_one()
        self.check_access("write")
        self._lock()
        self._refuse_unless("approved")
        accounts = self._accounts_to_post()
        if not accounts:
            raise UserError(self.env._("%s has no charges to post.", self.name))
        self._prepare_ledger()
        self._refuse_locked()
        # the user may write the run; its steps are written by nobody else
        self.sudo().write({**self._beginning(), "state": "posting"})
        parts = self.env["utility.billing.posting"].sudo().create(self._prepare_postings(accounts))
        self._begin_postings(parts, len(accounts))
        return True

    def action_post_failed(self):
        """Post the batches that failed again, after what kept them was mended."""
        self.ensure_one()
        self.check_access("write")
        self._lock()
        self._refuse_unless("posting")
        self._prepare_ledger()
        self._refuse_locked()
        failed = self.sudo().posting_ids.filtered(lambda part: part.state == "failed")
        failed.write({"state": "todo", "message": False})
        self._begin_postings(failed, sum(failed.mapped("account_count")))
        return True

    def _refuse_locked(self):
        """:raise UserError: the ledger is locked on the day of the bills"""
        taxed = self.env["utility.charge"].search_count(
            [("run_id", "=", self.id), ("state", "=", "approved"), ("tax_key", "!=", False)],
            limit=1,
        )
        locked = self._locked_words(bool(taxed))
        if locked:
            raise UserError(locked)

    def _locked_words(self, taxed):
        """Which locks of the ledger the day of the bills violates, and what to do; or False.

        :param taxed: the bills have taxes
        """
        # operators post; they need not read the ledger's set-up
        company = self.company_id.sudo()
        locks = company._get_violated_lock_dates(
            self.bill_date, taxed, company._utility_bill_journal()
        )
        if not locks:
            return False
        what = {"day": self._shown(self.bill_date), "locks": company._format_lock_dates(locks)}
        if self.bill_count:
            return self.env._(
                "%(day)s is locked in the ledger (%(locks)s), and other bills of the run bear that "
                "date: have an accountant open the period.",
                **what,
            )
        return self.env._(
            "%(day)s is locked in the ledger (%(locks)s): date the bills later, or have an "
            "accountant open the period.",
            **what,
        )

    def _begin_postings(self, parts, accounts):
        parts = parts.sudo(False)
        if accounts <= SMALL:
            for part in parts:
                part._job_calculate()
            self._finish()
        else:
            parts._enqueue()

    def _prepare_ledger(self):
        """What batches share is made before them, so that they need not wait for each other."""
        self.company_id._utility_bill_journal()
        self._make_analytic_accounts()
        self._make_twins()

    def _make_twins(self):
        keys = self.env["utility.charge"]._read_group(
            [("run_id", "=", self.id), ("tax_key", "!=", False)], ["tax_key", "tax_included"]
        )
        for tax_key, included in keys:
            self.env["account.tax"].browse(tax_ids(tax_key))._utility_priced(included)

    # -- batches ----------------------------------------------------------------------------

    def _accounts_to_post(self):
        """Ids of the accounts that get a bill: a member's charges are on its collective's."""
        self.env.flush_all()
        return [
            row[0]
            for row in self.env.execute_query(
                SQL(
                    """
                SELECT DISTINCT COALESCE(account.bill_to_account_id, account.id) AS bill_id
                FROM utility_charge charge JOIN utility_account account
                ON account.id = charge.account_id
                WHERE charge.run_id = %s AND charge.state = 'approved' ORDER BY bill_id
                """,
                    self.id,
                )
            )
        ]

    def _prepare_postings(self, account_ids):
        return [
            {
                "run_id": self.id,
                "first_id": part[0],
                "last_id": part[-1],
                "account_count": len(part),
            }
            for part in split_every(self._batch_size(), account_ids, list)
        ]

    def _conclude(self):
        if self.state != "posting":
            return super()._conclude()
        if not self.failed_count:
            # the user may write the run; its steps are written by nobody else
            now = fields.Datetime.now()
            self.sudo().write({"state": "posted", "ended_at": now, "posted_at": now})
        return None

    def action_open_bills(self):
        self.ensure_one()
        return self.env["account.move"]._action_utility_bills([("utility_run_id", "=", self.id)])

    def action_open_postings(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Posting Batches"),
            "res_model": "utility.billing.posting",
            "view_mode": "list,form",
            "domain": [("run_id", "=", self.id)],
        }
