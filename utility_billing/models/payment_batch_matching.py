from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .payment_matching import TO_MATCH


class PaymentBatch(models.Model):
    """Matching a list: by what payments say, then by names; what is sure registers itself."""

    _inherit = "utility.payment.batch"
    _working_states = ("matching", "searching", "registering")

    state = fields.Selection(
        selection_add=[("searching", "Searching by Name"), ("review",)],
        ondelete={"searching": "set default"},
    )
    matched_count = fields.Integer("Matched", compute="_compute_matched_count")
    doubtful_count = fields.Integer("To Be Looked At", compute="_compute_matched_count")
    registered_count = fields.Integer("Registered", compute="_compute_matched_count")
    progress = fields.Float(compute="_compute_progress")
    failed_message = fields.Text("What to Mend", compute="_compute_failed_message")
    is_different = fields.Boolean("Differs from What Is Stated", compute="_compute_is_different")

    @api.depends("payment_ids.state")
    def _compute_matched_count(self):
        for batch, sums in self._sums_by_state():
            batch.matched_count = _count(sums, "matched")
            batch.doubtful_count = _count(sums, "new", "doubtful", "unmatched")
            batch.registered_count = _count(sums, "registered", "returned")

    @api.depends("slice_ids.message", "open_count")
    def _compute_failed_message(self):
        for batch in self:
            told = filter(None, batch.slice_ids.mapped("message")) if batch.open_count else ()
            batch.failed_message = "\n".join(dict.fromkeys(told)) or False

    @api.depends("totals_problem")
    def _compute_is_different(self):
        for batch in self:
            batch.is_different = bool(batch.totals_problem)

    @api.depends("state")
    def _compute_progress(self):
        for batch in self:
            batch.progress = batch._done_share("payment_count")

    # -- matching ---------------------------------------------------------------------------

    def action_match(self):
        """Find the accounts of all payments that are not placed by hand; again, if they were
        looked for before."""
        self.ensure_one()
        self.check_access("write")
        if self.state not in ("draft", "review"):
            raise UserError(
                self.env._("%s is being worked on, or settled already.", self.display_name)
            )
        if not self.payment_ids:
            raise UserError(
                self.env._("%s has no payments yet: type them, or import a file.", self.name)
            )
        self._match_payments()
        return True

    def _match_payments(self):
        own = Domain("batch_id", "=", self.id)
        # what was typed with its account is placed
        typed = Domain("account_id", "!=", False) | Domain("part_ids", "!=", False)
        payments = self.env["utility.payment"]
        payments.search(own & Domain("state", "=", "new") & typed)._placed_by_hand()
        waiting = payments.search(own & TO_MATCH)
        if waiting:
            self._begin_stage("matching", waiting)
        else:
            self.state = "review"
            self._register_sure()

    def _conclude(self):
        """After what payments say names are looked for; then sure payments are registered."""
        self.ensure_one()
        if self.state == "matching":
            unmatched = self._payments_in(("unmatched",))
            if unmatched:
                return self._begin_stage("searching", unmatched)
        elif self.state == "searching":
            # what follows matching follows the search
            self.state = "matching"
        if self.state == "matching" and self.import_batch_id:
            # files are their importers'; the readings in them go with what was paid
            self.import_batch_id.sudo()._send_readings()
        return super()._conclude()

    # -- giving up --------------------------------------------------------------------------

    def action_cancel(self):
        """Give the list up; its payments are kept as they are."""
        for batch in self:
            batch.check_access("write")
            if batch.state not in ("draft", "review"):
                raise UserError(
                    self.env._("%s is being worked on, or settled already.", batch.display_name)
                )
            if batch.registered_count:
                raise UserError(
                    self.env._(
                        "Payments of %s are in the ledger: take them back first, or leave out "
                        "those that are open.",
                        batch.display_name,
                    )
                )
        self.state = "cancelled"

    def action_reopen(self):
        """A list that was cancelled goes on."""
        self.check_access("write")
        self.filtered(lambda batch: batch.state == "cancelled").state = "review"

    # -- how far it is ----------------------------------------------------------------------

    def progress_info(self):
        """How far the list is with what it is at; see `utility.billing.run`."""
        self.ensure_one()
        self.check_access("read")
        slices = self._slices()
        done = sum(slices.filtered(lambda part: part.state == "done").mapped("payment_count"))
        total = sum(slices.mapped("payment_count"))
        return {
            **self._pace(done, total),
            "posting": False,
            "paused": False,
            "title": dict(self._fields["state"]._description_selection(self.env))[self.state],
            "unit": self.env._("payments"),
            "wrong": self.env._("steps failed"),
            "errors": len(slices.filtered(lambda part: part.state == "failed")),
        }

    # -- buttons ----------------------------------------------------------------------------

    def action_open_payments(self):
        self.ensure_one()
        return self._action_payments()

    def action_open_unplaced(self):
        self.ensure_one()
        return self._action_payments(search_default_to_place=1)

    def _action_payments(self, **context):
        action = self.env["ir.actions.act_window"]._for_xml_id("utility_billing.payment_action")
        return {
            **action,
            "name": self.name,
            "domain": [("batch_id", "=", self.id)],
            "context": {"default_batch_id": self.id, "create": self.state == "draft", **context},
        }

    def action_open_entries(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Entries of %s", self.name),
            "res_model": "account.move",
            "view_mode": "list,form",
            "domain": [("utility_payment_batch_id", "=", self.id)],
            "context": {"create": False},
        }


def _count(sums, *states):
    return sum(sums.get(state, (0, 0.0))[0] for state in states)
